"""The recorder in somebody's own `fit`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attnviz
from attnviz.backend import keras
from attnviz.errors import SettingError

WORDS = ("good", "bad", "film", "plot", "the", "a")
INDEX = {word: id for id, word in enumerate(("", "[UNK]", *WORDS))}
TEXTS = ("the plot is good", "a bad film")


def build(attends: bool = True) -> Any:
    keras.utils.set_random_seed(3)
    inputs = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Dropout(0.2)(keras.layers.Embedding(len(INDEX), 6)(inputs))
    if attends:
        weights = keras.layers.Softmax(axis=1, name="weights")(keras.layers.Dense(1)(vectors))
        states = keras.layers.Flatten()(keras.layers.Dot(axes=1)([weights, vectors]))
        states = keras.layers.Reshape((6,))(states)
    else:
        states = keras.layers.GlobalAveragePooling1D()(vectors)
    model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(states))
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    return model


def samples() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.integers(4, len(INDEX), (64, 5), dtype=np.int32)
    y = rng.integers(0, 2, 64)
    x[:, 2] = np.where(y, INDEX["good"], INDEX["bad"])
    return x, y


def fit(model: Any, *callbacks: Any, **more: Any) -> Any:
    return model.fit(*samples(), batch_size=8, shuffle=False, verbose=0, callbacks=list(callbacks), **more)


def test_a_run_keeps_what_the_network_made_of_the_texts_at_each_moment() -> None:
    model = build()
    explainer = attnviz.wrap(model, INDEX, pad="right")
    recorder = attnviz.AttentionRecorder(TEXTS, explainer)
    with pytest.raises(SettingError, match="before `fit`"):
        _ = recorder.time_lapse
    before = explainer.explain_batch(TEXTS, "attention")
    fit(model, recorder, epochs=3)
    lapse = recorder.time_lapse
    places = [(0, 0), (0, 1), (0, 2), (0, 4), (0, 8), (1, 0), (2, 0), (3, 0)]
    assert [moment.place for moment in lapse.moments] == places
    assert lapse.steps == 8
    for moment, truth in ((0, before), (-1, explainer.explain_batch(TEXTS, "attention"))):
        for text, explained in enumerate(truth):
            kept = lapse.explain(text, moment)
            assert kept.tokens == explained.tokens
            np.testing.assert_allclose(kept.scores, explained.scores, atol=explained.scores.max() / 255)
            assert kept.prediction.probabilities == pytest.approx(explained.prediction.probabilities, abs=1e-4)
    good = lapse.get_weights(0)[:, 3]
    assert lapse.texts[0].tokens[3].text == "good"
    assert good[-1] > good[0], "the word that decides drew the attention"


def test_watching_does_not_change_the_training() -> None:
    watched, alone = build(), build()
    recorder = attnviz.AttentionRecorder(TEXTS, attnviz.wrap(watched, INDEX, pad="right"))
    keras.utils.set_random_seed(5)
    fit(alone, epochs=2)
    keras.utils.set_random_seed(5)
    fit(watched, recorder, epochs=2)
    for one, other in zip(alone.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_goes_on_in_its_file(tmp_path: Path) -> None:
    model, path = build(), tmp_path / "snapshots.jsonl"
    explainer = attnviz.wrap(model, INDEX, pad="right")
    fit(model, attnviz.AttentionRecorder(TEXTS, explainer, path=path, steps=[3]), epochs=1)
    assert [moment.place for moment in attnviz.load_time_lapse(path).moments] == [(0, 0), (0, 3), (1, 0)]
    recorder = attnviz.AttentionRecorder(TEXTS, explainer, path=path)
    fit(model, recorder, epochs=3, initial_epoch=1)
    assert [moment.place for moment in recorder.time_lapse.moments] == [(0, 0), (0, 3), (1, 0), (2, 0), (3, 0)]
    assert attnviz.load_time_lapse(path) == recorder.time_lapse


def test_several_batches_between_two_calls_pass_over_no_moment() -> None:
    model = build()
    model.compile("sgd", "binary_crossentropy", steps_per_execution=3)
    recorder = attnviz.AttentionRecorder(TEXTS, attnviz.wrap(model, INDEX, pad="right"))
    fit(model, recorder, epochs=1)
    assert [moment.place for moment in recorder.time_lapse.moments] == [(0, 0), (0, 3), (0, 6), (0, 8), (1, 0)]


def test_without_attention_the_probabilities_are_kept() -> None:
    model = build(attends=False)
    recorder = attnviz.AttentionRecorder([*TEXTS, ""], attnviz.wrap(model, INDEX, attention=None, pad="right"))
    fit(model, recorder, epochs=1)
    lapse = recorder.time_lapse
    assert not lapse.has_attention(0)
    assert lapse.probabilities.shape == (6, 3, 2)
    assert np.isnan(lapse.probabilities[:, 2]).all()
    assert lapse.explain(0).probability != lapse.explain(0, 0).probability


@pytest.mark.parametrize("texts", [[], "a text", [1]])
def test_only_lists_of_texts_are_taken(texts: Any) -> None:
    explainer = attnviz.wrap(build(), INDEX, pad="right")
    with pytest.raises(SettingError, match="a list of at least one text"):
        attnviz.AttentionRecorder(texts, explainer)
    with pytest.raises(SettingError, match="from 1 on"):
        attnviz.AttentionRecorder(TEXTS, explainer, steps=[0])


def test_another_model_than_the_explained_one_is_refused() -> None:
    recorder = attnviz.AttentionRecorder(TEXTS, attnviz.wrap(build(), INDEX, pad="right"))
    with pytest.raises(SettingError, match="of another model"):
        fit(build(), recorder, epochs=1)
