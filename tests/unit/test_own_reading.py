"""What is found in models that read sub-words, padding on either side and special steps, as computed by hand."""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from attnviz import Explainer
from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.attention_source import LayerAttention
from attnviz.values.methods import pick_typed
from tests.unit.explained import list_numbers
from tests.unit.hand_reader import IDS, HandReader, answer, explain_with, scramble

TEXTS = ("the goal of a wonderful vote, the atom of goal", "something terribly boring", "no way")
LABELS = ("sport", "politics", "science")


class Case(NamedTuple):
    """A reader, and whether the model hides padding."""

    reader: HandReader
    masked: bool


CASES = {
    "any length": Case(HandReader(), False),
    "left": Case(HandReader(steps=15, fixed=15, left=True), False),
    "left, masked": Case(HandReader(steps=15, fixed=15, left=True), True),
    "right": Case(HandReader(steps=15, fixed=15), True),
    "sub-words": Case(HandReader(cls=True, pieces=True), False),
    "sub-words, padded": Case(HandReader(steps=16, fixed=16, cls=True, pieces=True), False),
}


class Look(keras.layers.Layer):
    """Weights over the steps, none for padding where there is a mask."""

    supports_masking = True

    def build(self, shape: tuple) -> None:
        self.kernel = self.add_weight(shape=(shape[-1], 1))

    def call(self, states: object, mask: object = None) -> object:
        scores = keras.ops.matmul(states, self.kernel)[..., 0]
        return keras.ops.softmax(scores if mask is None else keras.ops.where(mask, scores, -1e9))

    def compute_output_shape(self, shape: tuple) -> tuple:
        return shape[:2]

    def compute_mask(self, states: object, mask: object = None) -> None:
        return None


class Head(keras.layers.Layer):
    """From vectors to the answer and the weights."""

    supports_masking = True

    def __init__(self) -> None:
        super().__init__(name="head")
        self.read = keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True))
        self.look = Look(name="looks")
        self.decide = keras.layers.Dense(3, activation="softmax")

    def call(self, vectors: object, mask: object = None) -> object:
        states = self.read(vectors, mask=mask)
        weights = self.look(states, mask=mask)
        return self.decide(keras.ops.sum(weights[:, :, None] * states, axis=1)), weights

    def compute_mask(self, vectors: object, mask: object = None) -> None:
        return None


@cache
def build(name: str) -> tuple[keras.Model, Explainer]:
    keras.utils.set_random_seed(1)
    reader, masked = CASES[name]
    ids = keras.Input((reader.fixed,), dtype="float32" if name == "left" else "int32")
    model = keras.Model(ids, Head()(keras.layers.Embedding(IDS, 6, mask_zero=masked, name="words")(ids))[0])
    scramble(model, 1.0)
    return model, explain_with(model, reader, labels=LABELS, attention=[LayerAttention("head/looks")])


def read(name: str, text: str) -> tuple[np.ndarray, np.ndarray, tf.Tensor]:
    """The ids (1, steps) of a text, which word each belongs to, and their vectors."""
    ids, places = CASES[name].reader.arrange([CASES[name].reader.encode(text).inputs])
    return ids, places[0], build(name)[0].get_layer("words").embeddings.numpy()[ids]


def run_head(name: str, ids: np.ndarray, vectors: tf.Tensor) -> list[tf.Tensor]:
    mask = tf.constant(np.repeat(ids != 0, len(vectors), axis=0)) if CASES[name].masked else None
    return build(name)[0].get_layer("head")(vectors, mask=mask)


def slope(name: str, ids: np.ndarray, vectors: tf.Tensor, target: int) -> np.ndarray:
    with tf.GradientTape() as tape:
        tape.watch(vectors := tf.constant(vectors))
        probability = run_head(name, ids, vectors)[0][:, target]
    return tape.gradient(probability, vectors).numpy()


def sum_words(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    return np.array([values[places == word].sum() for word in range(places.max() + 1)])


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_model_s_own(name: str) -> None:
    model, explainer = build(name)
    expected = answer(lambda ids: model.predict(ids, verbose=0), CASES[name].reader, TEXTS)
    np.testing.assert_allclose(explainer.predict_texts(TEXTS), expected, atol=1e-6)
    assert np.ptp(expected, axis=0).max() > 0.01
    assert pick_typed(explainer.methods) == ("attention", "gradient", "integrated_gradients", "occlusion")


@pytest.mark.parametrize("name", CASES)
def test_attention_is_that_of_the_words_steps_as_shares_of_all_words(name: str) -> None:
    for text in TEXTS:
        ids, places, vectors = read(name, text)
        weights = run_head(name, ids, vectors)[1].numpy()[0]
        inside = weights[places >= 0].sum()
        explained, attention = build(name)[1].explain(text), build(name)[1].read_attention(text)
        np.testing.assert_allclose(explained.scores, sum_words(weights, places) / inside, atol=1e-6)
        np.testing.assert_allclose(attention.reduce(), explained.scores, atol=1e-6)
        assert explained.outside == pytest.approx(1 - inside, abs=1e-6)
        assert attention.outside is None or attention.outside[0, 0] == pytest.approx(1 - inside, abs=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_the_words_steps(name: str) -> None:
    ids, places, vectors = read(name, TEXTS[0])
    expected = sum_words((slope(name, ids, vectors, 1) * vectors).sum(axis=-1)[0], places)
    found = build(name)[1].explain(TEXTS[0], "gradient", 1)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(found.scores, expected, atol=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_integrated_gradients_go_from_words_without_vectors_and_leave_all_else(name: str) -> None:
    ids, places, vectors = read(name, TEXTS[0])
    moved = vectors * (places >= 0)[None, :, None]
    points = ((np.arange(200) + 0.5) / 200).astype(np.float32)[:, None, None]
    path = slope(name, ids, vectors - moved + points * moved, 2)
    expected = sum_words((np.mean(path, axis=0) * moved).sum(axis=-1)[0], places)
    found = build(name)[1].explain(TEXTS[0], "integrated_gradients", 2)
    np.testing.assert_allclose(found.scores, expected, atol=1e-4)
    blank = run_head(name, ids, vectors - moved)[0].numpy()[0, 2]
    assert found.scores.sum() == pytest.approx(found.probability - blank, abs=1e-3)
    assert abs(found.gap) < 0.01


@pytest.mark.parametrize("name", CASES)
def test_occlusion_takes_all_steps_of_a_word(name: str) -> None:
    model, explainer = build(name)
    words = TEXTS[0].replace(",", "").split()
    shorter = [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))]
    found = explainer.explain(TEXTS[0], "occlusion", 0)
    expected = found.probability - answer(model, CASES[name].reader, shorter)[:, 0]
    np.testing.assert_allclose(found.scores, expected, atol=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_nothing_depends_on_what_is_batched_together(name: str) -> None:
    explainer = build(name)[1]
    for method in pick_typed(explainer.methods):
        for text, together in zip(TEXTS, explainer.explain_batch(TEXTS, method), strict=True):
            np.testing.assert_allclose(together.scores, explainer.explain(text, method).scores, atol=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_other_weights_with_the_same_answer_are_put_into_the_words_steps(name: str) -> None:
    found = build(name)[1].find_adversarial_attention(TEXTS[0])
    assert found.change <= 0.01
    assert found.divergence > 0.1
    assert found.other.scores.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_every_measure_works_and_goes_out_as_json(name: str) -> None:
    explainer = build(name)[1]
    for method in pick_typed(explainer.methods):
        measured = explainer.measure_faithfulness(TEXTS[0], method)
        assert np.isfinite(list_numbers(measured.comprehensiveness)).all()
        curve = explainer.measure_erasure_curve(TEXTS[0], method)
        assert curve.without[0] == pytest.approx(explainer.explain(TEXTS[0], method).probability, abs=1e-5)
        json.dumps([curve.without, curve.alone, curve.random_without], allow_nan=False)


@pytest.mark.parametrize("name", ["any length", "left, masked"])
def test_programs_compiled_ahead_give_the_same(name: str) -> None:
    model, _ = build(name)
    explainer = explain_with(model, CASES[name].reader, attention=[LayerAttention("head/looks")])
    before = explainer.explain(TEXTS[0])
    explainer.warm_up()
    assert set(explainer._scorer._programs) == ({15} if CASES[name].reader.fixed else set())
    np.testing.assert_allclose(explainer.explain(TEXTS[0]).scores, before.scores, atol=1e-5)


def test_a_reader_that_arranges_another_number_of_steps_is_refused() -> None:
    model, _ = build("right")
    with pytest.raises(SettingError, match="reads 15 steps, but its texts are arranged as 12"):
        explain_with(model, _Other(fixed=12)).explain("no")


class _Other(HandReader):
    def arrange(self, rows: object, steps: int | None = None) -> object:
        return super().arrange(rows, self.fixed)


def test_it_can_t_be_followed_step_by_step() -> None:
    with pytest.raises(SettingError, match="can't be followed step by step"):
        build("sub-words")[1].trace(TEXTS[0])


def test_words_cut_at_the_end_are_told() -> None:
    explained = build("left")[1].explain("a " * 20)
    assert (len(explained.tokens), explained.truncated, explained.truncated_end) == (15, 0, 5)
