"""The attention functions against numpy, and the layers that call them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.models import attention_layers
from attnviz.models.attention_layers import (
    AdditiveAttention,
    DotProductAttention,
    FeaturewiseAttention,
    LastState,
    LuongAttention,
    WeightedSum,
    masked_softmax,
    tanh_sigmoid,
)

BATCH, STEPS, UNITS = 4, 7, 5
LENGTHS = (7, 3, 1, 0)
MASK = np.arange(STEPS)[None, :] < np.array(LENGTHS)[:, None]


def random(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


STATES, QUERY = random(BATCH, STEPS, UNITS), random(BATCH, UNITS, seed=1)
KERNEL, KEY_KERNEL = random(UNITS, UNITS, seed=2), random(UNITS, UNITS, seed=3)
BIAS = random(STEPS + 2, 1, seed=4)

WEIGHTS = {
    "luong": lambda mask: attention_layers.luong_weights(STATES, QUERY, KERNEL, mask),
    "dot": lambda mask: attention_layers.dot_product_weights(STATES, QUERY, KERNEL, KEY_KERNEL, mask),
    "additive": lambda mask: attention_layers.additive_weights(STATES, KERNEL[:, :1], BIAS, mask),
    "featurewise": lambda mask: attention_layers.featurewise_weights(STATES, KERNEL, KERNEL[0], mask),
}


def softmax(scores: np.ndarray, axis: int = -1) -> np.ndarray:
    exponentials = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_sum_to_1_over_real_steps_and_are_0_on_padding(name: str) -> None:
    weights = np.asarray(WEIGHTS[name](MASK))
    assert (weights >= 0).all()
    assert (weights[~MASK] == 0).all()
    np.testing.assert_allclose(weights[:3].sum(axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_row_without_a_real_step_gets_zeros(name: str) -> None:
    assert (np.asarray(WEIGHTS[name](MASK))[3] == 0).all()


@pytest.mark.parametrize("name", WEIGHTS)
def test_no_mask_means_that_every_step_is_real(name: str) -> None:
    np.testing.assert_allclose(WEIGHTS[name](None), WEIGHTS[name](np.ones_like(MASK)), atol=1e-6)


def test_luong_weights_of_an_example() -> None:
    scores = [[state @ KERNEL @ query for state in states] for states, query in zip(STATES, QUERY, strict=True)]
    np.testing.assert_allclose(WEIGHTS["luong"](None), softmax(np.array(scores)), atol=1e-5)


def test_dot_product_weights_of_an_example() -> None:
    keys, queries = STATES @ KEY_KERNEL, QUERY @ KERNEL
    scores = np.einsum("btu,bu->bt", keys, queries) / np.sqrt(UNITS)
    np.testing.assert_allclose(WEIGHTS["dot"](None), softmax(scores), atol=1e-5)


def test_additive_weights_of_an_example() -> None:
    scores = np.tanh((STATES @ KERNEL[:, :1] + BIAS[:STEPS])[:, :, 0])
    np.testing.assert_allclose(WEIGHTS["additive"](None), softmax(scores), atol=1e-5)


def test_featurewise_weights_of_an_example() -> None:
    scores = np.tanh(STATES @ KERNEL + KERNEL[0])
    np.testing.assert_allclose(WEIGHTS["featurewise"](None), softmax(scores, axis=1), atol=1e-5)


@pytest.mark.parametrize("mask", [None, np.ones((1, 3), dtype=bool)])
@pytest.mark.parametrize("offset", [-1e6, -500.0, 0.0, 500.0, 1e6])
def test_the_softmax_is_stable_for_large_scores(mask: np.ndarray | None, offset: float) -> None:
    weights = masked_softmax(np.array([[offset, offset, offset + 1]], dtype=np.float32), mask)
    np.testing.assert_allclose(weights, softmax(np.array([[0.0, 0.0, 1.0]])), atol=1e-6)


def test_a_large_score_on_padding_does_not_touch_the_real_steps() -> None:
    scores, mask = np.array([[1.0, 2.0, 1e8]], dtype=np.float32), np.array([[True, True, False]])
    np.testing.assert_allclose(masked_softmax(scores, mask), [[*softmax(np.array([1.0, 2.0])), 0.0]], atol=1e-6)


def test_the_last_state_is_that_of_the_last_real_step() -> None:
    last = np.asarray(attention_layers.last_state(STATES, MASK))
    np.testing.assert_array_equal(last[:3], [STATES[0, 6], STATES[1, 2], STATES[2, 0]])
    np.testing.assert_array_equal(attention_layers.last_state(STATES), STATES[:, -1])


def test_the_weighted_sum_takes_weights_a_step_or_a_step_and_feature() -> None:
    a_step, a_feature = random(BATCH, STEPS, seed=5), random(BATCH, STEPS, UNITS, seed=6)
    np.testing.assert_allclose(
        attention_layers.weighted_sum(a_step, STATES), np.einsum("bt,btu->bu", a_step, STATES), rtol=1e-4, atol=1e-5
    )
    np.testing.assert_allclose(
        attention_layers.weighted_sum(a_feature, STATES), (a_feature * STATES).sum(axis=1), rtol=1e-4, atol=1e-5
    )


def model_of(layer: keras.layers.Layer, inputs: str) -> keras.Model:
    """Word ids -> vectors with a mask -> the layer -> something that sums up."""
    ids = keras.Input((None,), dtype="int32")
    states = keras.layers.Embedding(9, UNITS, mask_zero=True)(ids)
    last = LastState()(states)
    outputs = layer([states, last] if inputs == "both" else states)
    if not isinstance(layer, LastState):
        outputs = [outputs, WeightedSum()([outputs, states])]
    model = keras.Model(ids, outputs)
    for seed, weight in enumerate(model.weights):
        weight.assign(random(*weight.shape, seed=seed))
    return model


@pytest.mark.parametrize(
    ("layer", "inputs"),
    [
        (lambda: LuongAttention(name="attention_weights"), "both"),
        (lambda: DotProductAttention(name="attention_weights"), "both"),
        (lambda: AdditiveAttention(6, name="attention_weights"), "states"),
        (lambda: FeaturewiseAttention(name="attention_weights"), "states"),
        (lambda: LastState(name="last"), "states"),
    ],
    ids=["luong", "dot", "additive", "featurewise", "last"],
)
def test_a_saved_model_gives_equal_outputs(layer, inputs: str, tmp_path: Path) -> None:
    model = model_of(layer(), inputs)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    ids = np.array([[1, 2, 3, 4, 5], [6, 7, 0, 0, 0]])
    for one, two in zip(keras.tree.flatten(model(ids)), keras.tree.flatten(loaded(ids)), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("kind", [LuongAttention, DotProductAttention, FeaturewiseAttention, LastState, WeightedSum])
def test_a_layer_comes_back_from_its_config(kind: type) -> None:
    layer = kind(name="mine")
    again = kind.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again.name == "mine"


def test_additive_attention_keeps_its_number_of_steps() -> None:
    assert AdditiveAttention.from_config(AdditiveAttention(200).get_config()).steps == 200


def test_symbolic_shapes_equal_those_of_the_values() -> None:
    ids = np.array([[1, 2, 3, 4]])
    for layer, inputs in ((LuongAttention(), "both"), (FeaturewiseAttention(), "states"), (LastState(), "states")):
        model = model_of(layer, inputs)
        for symbolic, value in zip(keras.tree.flatten(model.outputs), keras.tree.flatten(model(ids)), strict=True):
            assert tuple(size or known for size, known in zip(symbolic.shape, value.shape, strict=True)) == value.shape


def test_attention_ends_the_mask_since_its_output_has_no_step_to_skip() -> None:
    model = model_of(LuongAttention(), "both")
    assert all(getattr(output, "_keras_mask", None) is None for output in model(np.array([[1, 2, 0]])))


def test_the_sigmoid_by_tanh_is_the_sigmoid() -> None:
    x = np.linspace(-30, 30, 601, dtype=np.float32)
    np.testing.assert_allclose(tanh_sigmoid(x), keras.ops.sigmoid(x), atol=2e-7)
