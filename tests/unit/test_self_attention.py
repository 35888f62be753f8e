"""Multi-head self-attention against Keras' own layer and numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.models.self_attention import (
    MaskedMean,
    MultiHeadSum,
    MultiHeadWeights,
    PositionEmbedding,
    join_heads,
    masked_mean,
    multi_head_sum,
    multi_head_weights,
    split_heads,
)

BATCH, STEPS, UNITS, HEADS, SIZE = 4, 7, 5, 2, 3
LENGTHS = (7, 3, 1, 0)
MASK = np.arange(STEPS)[None, :] < np.array(LENGTHS)[:, None]
X = np.random.default_rng(0).normal(size=(BATCH, STEPS, UNITS)).astype(np.float32)


@pytest.fixture(scope="module")
def stock() -> keras.layers.MultiHeadAttention:
    keras.utils.set_random_seed(0)
    layer = keras.layers.MultiHeadAttention(HEADS, SIZE, use_bias=False)
    layer(X, X)
    for weight in layer.weights:
        weight.assign(weight * 3.0)
    return layer


def project(stock: keras.layers.MultiHeadAttention) -> list[np.ndarray]:
    """Queries, keys and values (batch, steps, heads * size) of X with the weights of the stock layer."""
    kernels = [np.asarray(weight).reshape(UNITS, HEADS * SIZE) for weight in stock.weights[:3]]
    return [X @ kernel for kernel in kernels]


@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "padded"])
def test_weights_and_sum_are_those_of_keras_own_layer(stock: keras.layers.MultiHeadAttention, mask: object) -> None:
    pairs = None if mask is None else MASK[:, :, None] & MASK[:, None, :]
    attended, expected = stock(X, X, attention_mask=pairs, return_attention_scores=True)
    queries, keys, values = project(stock)
    weights = multi_head_weights(queries, keys, HEADS, mask)
    real = np.ones_like(MASK) if mask is None else MASK
    np.testing.assert_allclose(
        np.asarray(weights) * real[:, None, :, None], expected * real[:, None, :, None], atol=1e-5
    )
    ours = np.asarray(multi_head_sum(weights, values)) @ np.asarray(stock.weights[3]).reshape(HEADS * SIZE, UNITS)
    np.testing.assert_allclose(ours[real], np.asarray(attended)[real], atol=1e-5)


def test_padding_neither_gets_attention_nor_gives_it() -> None:
    weights = np.asarray(multi_head_weights(np.tile(X, HEADS), np.tile(X, HEADS), HEADS, MASK))
    assert weights.shape == (BATCH, HEADS, STEPS, STEPS)
    pairs = np.broadcast_to((MASK[:, :, None] & MASK[:, None, :])[:, None], weights.shape)
    assert (weights[~pairs] == 0).all()
    assert (weights[pairs] > 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), np.broadcast_to(MASK[:, None, :], weights.shape[:3]), atol=1e-5)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_the_softmax_over_pairs_is_stable(scale: float) -> None:
    weights = np.asarray(multi_head_weights(scale * X[..., :4], scale * X[..., :4], HEADS, MASK))
    assert np.isfinite(weights).all()


def test_heads_come_apart_and_together_again() -> None:
    parted = np.asarray(split_heads(X[..., :4], HEADS))
    np.testing.assert_array_equal(parted[:, 1], X[..., 2:4])
    np.testing.assert_array_equal(join_heads(parted), X[..., :4])


def test_the_masked_mean_is_that_of_the_words_and_0_without_words() -> None:
    means = np.asarray(masked_mean(X, MASK))
    np.testing.assert_allclose(means[:3], [X[0].mean(0), X[1, :3].mean(0), X[2, 0]], atol=1e-6)
    assert (means[3] == 0).all()
    np.testing.assert_allclose(masked_mean(X), X.mean(axis=1), atol=1e-6)


def test_a_place_adds_its_own_vector_and_keeps_the_mask() -> None:
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(9, UNITS, mask_zero=True)(ids)
    layer = PositionEmbedding(6)
    model = keras.Model(ids, [vectors, layer(vectors)])
    before, after = model(np.array([[3, 3, 3, 0]]))
    np.testing.assert_allclose((after - before)[0], layer.positions[:4], atol=1e-6)
    assert np.asarray(after._keras_mask).tolist() == [[True, True, True, False]]


def test_a_saved_model_gives_equal_outputs(tmp_path: Path) -> None:
    ids = keras.Input((None,), dtype="int32")
    x = PositionEmbedding(6)(keras.layers.Embedding(9, 4, mask_zero=True)(ids))
    weights = MultiHeadWeights(HEADS)([x, x])
    outputs = [weights, MaskedMean()(MultiHeadSum()([weights, x]))]
    keras.Model(ids, outputs).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    words = np.array([[1, 2, 3, 4, 5], [6, 7, 0, 0, 0]])
    for symbolic, one, two in zip(outputs, keras.Model(ids, outputs)(words), loaded(words), strict=True):
        np.testing.assert_array_equal(one, two)
        assert all(known in (None, size) for known, size in zip(symbolic.shape, one.shape, strict=True))
