"""The attention layer of the package `attention`, on Keras 3: formulas by hand, masks, saving, precision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attnviz import find_attention, get_activations
from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.layers import Attention

BATCH, STEPS, SIZE, UNITS = 3, 7, 5, 4
STATES = np.random.default_rng(0).normal(size=(BATCH, STEPS, SIZE)).astype(np.float32)
RIGHT = np.arange(STEPS) < np.array([[7], [4], [1]])
LEFT = RIGHT[:, ::-1]


def built(score: str, **settings: Any) -> Attention:
    layer = Attention(UNITS, score, **settings)
    layer.build(STATES.shape)
    for seed, weight in enumerate(layer.weights):
        weight.assign(np.random.default_rng(seed + 1).normal(size=weight.shape))
    return layer


def by_hand(layer: Attention, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Output (units,) and weights (steps,) of one text without padding, from the formulas."""
    kernel = {weight.name: np.asarray(weight, np.float64) for weight in layer.weights}
    last = states[-1].astype(np.float64)
    if layer.score == "luong":
        scores = np.array([state @ kernel["luong_w"] @ last for state in states])
    else:
        w1, w2, v = (kernel[f"bahdanau_{name}"] for name in ("w1", "w2", "v"))
        scores = np.array([(np.tanh(last @ w1 + state @ w2) @ v)[0] for state in states])
    weights = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    return np.tanh(np.concatenate([weights @ states, last]) @ kernel["attention_vector"]), weights


def text_model(**settings: Any) -> keras.Model:
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(20, 6, mask_zero=True)(ids)
    states = keras.layers.LSTM(SIZE, return_sequences=True)(vectors)
    return keras.Model(ids, Attention(UNITS, name="attention", **settings)(states))


@pytest.mark.parametrize("score", ["luong", "bahdanau"])
@pytest.mark.parametrize("mask", [None, RIGHT, LEFT], ids=["none", "right", "left"])
def test_output_and_weights_are_those_of_the_formulas(score: str, mask: np.ndarray | None) -> None:
    layer = built(score, return_attention=True)
    outputs, weights = map(np.asarray, layer(STATES, mask=mask))
    real = np.ones((BATCH, STEPS), bool) if mask is None else mask
    for row in range(BATCH):
        output, shares = by_hand(layer, STATES[row][real[row]])
        np.testing.assert_allclose(outputs[row], output, atol=1e-5)
        np.testing.assert_allclose(weights[row][real[row]], shares, atol=1e-5)
        assert (weights[row][~real[row]] == 0).all()


@pytest.mark.parametrize("score", ["luong", "bahdanau"])
@pytest.mark.parametrize("mask", [RIGHT, LEFT], ids=["right", "left"])
def test_what_stands_in_the_padding_counts_for_nothing(score: str, mask: np.ndarray) -> None:
    layer = built(score)
    wild = np.where(mask[..., None], STATES, np.float32(np.nan))
    np.testing.assert_array_equal(layer(STATES, mask=mask), layer(wild, mask=mask))


def test_a_text_without_a_word_has_no_weights_and_no_nan() -> None:
    output, weights = built("luong", return_attention=True)(STATES, mask=np.zeros((BATCH, STEPS), bool))
    assert (np.asarray(weights) == 0).all()
    assert (np.asarray(output) == 0).all()


@pytest.mark.parametrize(
    ("score", "features", "units", "parameters"),
    [
        ("luong", 32, 64, 32 * 32 + 64 * 64),
        ("bahdanau", 32, 64, 2 * 32 * 32 + 32 + 64 * 64),
        ("luong", 100, 128, 35_600),  # with an embedding of 160,000, an LSTM of 53,200 and a Dense of 129: 248,929
    ],
)
def test_it_has_as_many_parameters_as_the_package(score: str, features: int, units: int, parameters: int) -> None:
    layer = Attention(units, score)
    layer.build((None, None, features))
    assert layer.count_params() == parameters


def test_the_network_of_the_packages_imdb_example_has_the_published_size() -> None:
    ids = keras.Input((500,))
    x = keras.layers.LSTM(100, return_sequences=True)(keras.layers.Embedding(5000, 32)(ids))
    assert keras.Model(ids, keras.layers.Dense(1)(Attention(128)(x))).count_params() == 248_929


@pytest.mark.parametrize("score", ["luong", "bahdanau"])
@pytest.mark.parametrize("return_attention", [False, True])
def test_a_saved_model_gives_equal_outputs(score: str, return_attention: bool, tmp_path: Path) -> None:
    model = text_model(score=score, return_attention=return_attention)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.get_layer("attention").get_config() == model.get_layer("attention").get_config()
    ids = np.array([[3, 4, 5, 6], [7, 8, 0, 0]])
    for one, two in zip(keras.tree.flatten(model(ids)), keras.tree.flatten(loaded(ids)), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("ids", [[[7, 8, 0, 0, 0]], [[0, 0, 0, 7, 8]]], ids=["right", "left"])
def test_padding_changes_nothing_and_the_weights_are_an_activation(ids: list[list[int]]) -> None:
    model = text_model(score="bahdanau")
    np.testing.assert_allclose(model(np.array(ids)), model(np.array([[7, 8]])), atol=1e-6)
    weights = get_activations(model, np.array(ids), "attention/attention_weight", nested=True)
    (row,) = weights["attention/attention_weight"]
    assert (row[np.array(ids[0]) == 0] == 0).all()
    np.testing.assert_allclose(row.sum(), 1, atol=1e-6)


@pytest.mark.parametrize(
    "settings", [{}, {"score": "bahdanau"}, {"return_attention": True}, {"dtype": "mixed_float16"}]
)
def test_its_attention_is_found_once(settings: dict[str, Any]) -> None:
    ids = np.random.default_rng(2).integers(1, 20, (5, 13))
    ids[0, 9:] = 0
    (found,) = find_attention(text_model(**settings), ids)
    assert (found.layer, found.axes, found.maps) == ("attention/attention_weight", ("tokens",), 1)
    assert found.reaches_output


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_in_half_precision_the_weights_still_sum_to_1(policy: str) -> None:
    """A float16 softmax over 3,000 steps would round each of the weights to three digits."""
    layer = Attention(UNITS, return_attention=True, dtype=policy)
    states = np.random.default_rng(1).normal(size=(2, 3000, SIZE))
    symbols = layer(keras.Input((3000, SIZE)))
    output, weights = layer(states, mask=np.arange(3000) < np.array([[3000], [2000]]))
    assert [str(tensor.dtype) for tensor in symbols] == [keras.backend.standardize_dtype(output.dtype), "float32"]
    assert keras.backend.standardize_dtype(output.dtype) == policy.removeprefix("mixed_")
    np.testing.assert_allclose(np.asarray(weights, np.float64).sum(axis=1), 1, atol=1e-5)
    assert (np.asarray(weights)[1, 2000:] == 0).all()


def test_symbolic_shapes_equal_those_of_the_values() -> None:
    output, weights = Attention(UNITS, return_attention=True)(keras.Input((None, SIZE)))
    assert (output.shape, weights.shape) == ((None, UNITS), (None, None))


@pytest.mark.parametrize("settings", [{"score": "dot"}, {"units": 0}, {"units": 2.5}, {"units": True}])
def test_other_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        Attention(**settings)


def test_a_vector_is_no_sequence() -> None:
    with pytest.raises(SettingError, match="states"):
        Attention().build((None, 5))
