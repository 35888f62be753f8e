"""What models give, as probabilities of labels, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.errors import SettingError
from tests.unit.hand_reader import IDS, HandReader, answer, explain_with, scramble

TEXTS = ["the goal of a vote", "atoms are small", "no"]
Layer = Callable[[Any], Any]


def build(*heads: Layer, mean: bool = True, **compiled: Any) -> keras.Model:
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(IDS, 6)(ids)
    pooled = keras.layers.GlobalAveragePooling1D()(vectors) if mean else vectors
    outputs = [head(pooled) for head in heads]
    model = scramble(keras.Model(ids, outputs[0] if len(heads) == 1 else outputs))
    if compiled:
        model.compile(**compiled)
    return model


def dense(units: int, activation: str | None = None, name: str | None = None) -> keras.layers.Dense:
    return keras.layers.Dense(units, activation=activation, name=name)


def predict(model: keras.Model, **settings: Any) -> np.ndarray:
    return explain_with(model, HandReader(), **settings).predict_texts(TEXTS)


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


def test_logits_get_a_softmax_and_a_sentence() -> None:
    model = build(dense(3))
    explainer = explain_with(model, HandReader())
    np.testing.assert_allclose(explainer.predict_texts(TEXTS), softmax(answer(model, HandReader(), TEXTS)), atol=1e-6)
    assert explainer.labels == ("class 0", "class 1", "class 2")
    assert "The model gives logits; a softmax makes probabilities of them." in explainer.card.notes
    assert any("labels have no names" in note for note in explainer.card.notes)


def test_small_logits_are_no_probabilities() -> None:
    """An untrained model may give logits between 0 and 1."""
    model = build(dense(3))
    model.layers[-1].kernel.assign(model.layers[-1].kernel * 1e-3)
    model.layers[-1].bias.assign([0.3, 0.3, 0.4])
    np.testing.assert_allclose(predict(model), softmax(answer(model, HandReader(), TEXTS)), atol=1e-6)


@pytest.mark.parametrize("settings", [{"labels": ["no", "yes"]}, {}])
def test_one_logit_gets_a_sigmoid_where_it_must_be_one(settings: dict[str, Any]) -> None:
    model = build(dense(1), loss=keras.losses.BinaryCrossentropy(from_logits=True))
    expected = 1 / (1 + np.exp(-answer(model, HandReader(), TEXTS)[:, 0]))
    np.testing.assert_allclose(predict(model, **settings)[:, 1], expected, atol=1e-6)


@pytest.mark.filterwarnings("ignore:.*softmax over axis")
@pytest.mark.parametrize(
    ("model", "settings", "said"),
    [
        (lambda: build(dense(1)), {}, "no probability.*If it is a logit, give two labels"),
        (lambda: build(dense(1), loss="mse"), {"labels": ["a", "b"]}, "predicts numbers .its loss is mse"),
        (lambda: build(dense(4), loss="mean_absolute_error"), {}, "predicts numbers"),
        (lambda: build(dense(3, "sigmoid")), {}, "3 labels a probability of its own"),
        (lambda: build(dense(1, "softmax")), {}, "always 1"),
        (lambda: build(dense(3, "softmax"), mean=False), {}, r"\(batch, 12, 3\).*answer for each word"),
        (lambda: build(dense(3, "softmax")), {"labels": ["a", "b"]}, "2 labels, but the model gives 3"),
    ],
)
def test_what_is_no_choice_of_labels_is_refused(model: Callable[[], Any], settings: dict, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        explain_with(model(), HandReader(), **settings).explain("a vote")


def test_of_several_outputs_the_first_classifier_is_read() -> None:
    model = build(dense(2, "sigmoid", "tags"), dense(3, "softmax", "topic"))
    explainer = explain_with(model, HandReader(), labels=["a", "b", "c"])
    expected = answer(lambda ids: model(ids)[1], HandReader(), TEXTS)
    np.testing.assert_allclose(explainer.predict_texts(TEXTS), expected, atol=1e-6)
    assert "The model has 2 outputs; the answer is read from the output topic." in explainer.card.notes


def test_an_output_can_be_given() -> None:
    model = build(dense(2, "softmax"), dense(3, "softmax"))
    found = predict(model, output=lambda outputs: outputs[1])
    assert found.shape == (3, 3)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


def test_half_precision_is_read_as_32_bits() -> None:
    model = build(keras.layers.Dense(3, activation="softmax", dtype="mixed_bfloat16"))
    explainer = explain_with(model, HandReader())
    found = explainer.predict_texts(TEXTS)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, answer(model, HandReader(), TEXTS), atol=2e-3)
    assert abs(explainer.explain(TEXTS[0], "integrated_gradients").gap) < 0.01
