"""Scores that a network's own computation gives to its input words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError

Tensor = Any
ScoreFunction = Callable[[Tensor], tuple[Tensor, Tensor]]
"""Word ids (batch, steps) to probabilities (batch,) and scores (batch, steps)."""


def attention_scores(model: keras.Model, layer_name: str) -> ScoreFunction:
    """The attention weights of a layer; weights of several features are averaged.

    Every feature's weights sum to 1 over the words, so their mean does as well.
    """
    both = keras.Model(model.input, [model.output, model.get_layer(layer_name).output])

    def scores(ids: Tensor) -> tuple[Tensor, Tensor]:
        probability, weights = both(ids, training=False)
        if len(weights.shape) == 3:
            weights = tf.reduce_mean(weights, axis=-1)
        return probability[:, 0], weights

    return scores


def gradient_scores(model: keras.Model) -> ScoreFunction:
    """Gradient x input: the probability's gradient at each word's vector, times that vector.

    To first order, the score is what the word adds to the probability: positive toward a positive review. Source:
    Shrikumar et al. 2016, 'Not just a black box', arXiv:1605.01713.
    """
    both = keras.Model(model.input, [model.output, find_embedding(model).output])

    def scores(ids: Tensor) -> tuple[Tensor, Tensor]:
        with tf.GradientTape() as tape:
            probability, vectors = both(ids, training=False)
        # The rows of a batch do not depend on each other, so the gradient of the sum holds each row's own.
        return probability[:, 0], tf.reduce_sum(tape.gradient(probability, vectors) * vectors, axis=-1)

    return scores


def find_embedding(model: keras.Model) -> keras.layers.Embedding:
    """The first embedding layer of a model.

    Raises:
        SettingError: it has none.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.Embedding):
            return layer
    raise SettingError(f"The model {model.name} has no Embedding layer, so its input words have no gradient.")
