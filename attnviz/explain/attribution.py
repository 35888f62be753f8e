"""Scores that a network's own computation gives to its input words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from attnviz.backend import keras, tf
from attnviz.explain.parts import build_head, find_embedding
from attnviz.training.batches import Ids
from attnviz.values.arrays import FloatArray

IG_STEPS, FINE_IG_STEPS = 32, 128
"""Points on the path of integrated gradients; the second for the few texts of which the first miss LARGEST_GAP."""

LARGEST_GAP = 0.01
"""Integrated gradients whose sum misses more than this are computed again with FINE_IG_STEPS."""

Tensor = Any
Predict = Callable[[Sequence[Ids]], FloatArray]
"""Some texts as word ids, each (number of words,), to their probabilities (number of texts,)."""


class Scores(NamedTuple):
    """What a method finds in a batch of texts.

    Attributes:
        probability: (batch,) of a positive review.
        values: (batch, steps) a score for each word; or a list of arrays, one a text, as long as its words.
        gap: (batch,) by how much the scores' sum misses what it should be, for methods that have such a sum.
    """

    probability: Tensor
    values: Tensor
    gap: Tensor | None = None


ScoreFunction = Callable[[Tensor], Scores]
"""Word ids (batch, steps), padded on the right with 0, to what a method finds."""


def attention_scores(model: keras.Model, layer_name: str) -> ScoreFunction:
    """The attention weights of a layer; weights of several features are averaged.

    Every feature's weights sum to 1 over the words, so their mean does as well.
    """
    both = keras.Model(model.input, [model.output, model.get_layer(layer_name).output])

    def scores(ids: Tensor) -> Scores:
        probability, weights = both(ids, training=False)
        if len(weights.shape) == 3:
            weights = tf.reduce_mean(weights, axis=-1)
        return Scores(probability[:, 0], weights)

    return scores


def gradient_scores(model: keras.Model) -> ScoreFunction:
    """Gradient x input: the probability's gradient at each word's vector, times that vector.

    To first order, the score is what the word adds to the probability: positive toward a positive review. Source:
    Shrikumar et al. 2016, 'Not just a black box', arXiv:1605.01713.
    """
    both = keras.Model(model.input, [model.output, find_embedding(model).output])

    def scores(ids: Tensor) -> Scores:
        with tf.GradientTape() as tape:
            probability, vectors = both(ids, training=False)
        # The rows of a batch do not depend on each other, so the gradient of the sum holds each row's own.
        return Scores(probability[:, 0], tf.reduce_sum(tape.gradient(probability, vectors) * vectors, axis=-1))

    return scores


def integrated_gradient_scores(model: keras.Model, steps: int = IG_STEPS) -> ScoreFunction:
    """Integrated gradients along the straight line from a text whose words' vectors are all 0.

    A score is a signed part of the probability f(x): together the scores are f(x) - f(baseline), but for an error of
    the points on the line, which is the gap. The baseline has as many words as the text. Source: Sundararajan, Taly &
    Yan 2017, 'Axiomatic attribution for deep networks', arXiv:1703.01365.

    Args:
        model: a text network.
        steps: how many points, an even number.
    """
    head, table = build_head(model), find_embedding(model).embeddings
    # Gauss-Legendre points: the line's ends, where a network saturates, get more of them than evenly spaced ones would.
    points, weights = np.polynomial.legendre.leggauss(steps)
    places = tf.constant([0.0, *(points + 1) / 2, 1.0], tf.float32)
    shares = tf.constant([0.0, *weights / 2, 0.0], tf.float32)  # the two ends are there for the gap only

    def scores(ids: Tensor) -> Scores:
        vectors, mask = tf.gather(table, ids), tf.not_equal(ids, 0)
        path = tf.reshape(places[:, None, None, None] * vectors, [-1, *_sizes(vectors)[1:]])
        halves, half_mask = tf.split(path, 2), tf.tile(mask, [len(places) // 2, 1])
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(halves)
            # Two calls in one graph run side by side; the fused LSTM uses one thread each.
            probabilities = [head([half, half_mask], training=False) for half in halves]
        slopes = tf.concat(tape.gradient(probabilities, halves), axis=0)
        # In a chaotic network a slope may overflow; it counts as 0, and the gap tells what is missing.
        slopes = tf.reshape(tf.where(tf.math.is_finite(slopes), slopes, 0.0), [len(places), *_sizes(vectors)])
        values = tf.reduce_sum(tf.reduce_sum(shares[:, None, None, None] * slopes, axis=0) * vectors, axis=-1)
        answers = tf.reshape(tf.concat(probabilities, axis=0), [len(places), -1])
        return Scores(answers[-1], values, tf.reduce_sum(values, axis=1) - (answers[-1] - answers[0]))

    return scores


def occlusion_scores(rows: Sequence[Ids], predict: Predict) -> Scores:
    """For every word the probability with it minus the probability of the text without it.

    Args:
        rows: texts as word ids, each (number of words,).
        predict: the network; it is asked once, for all texts and all texts without one of their words.

    Source: Li, Monroe & Jurafsky 2016, 'Understanding neural networks through representation erasure',
    arXiv:1612.08220; the difference is one of probabilities here, not of log-likelihoods.
    """
    shortened = [np.delete(row, place) for row in rows for place in range(len(row))]
    found = predict([*rows, *shortened])
    probability, without = found[: len(rows)], found[len(rows) :]
    parts = np.split(without, np.cumsum([len(row) for row in rows])[:-1])
    return Scores(probability, [whole - part for whole, part in zip(probability, parts, strict=True)])


def _sizes(tensor: Tensor) -> list[Tensor]:
    return tf.unstack(tf.shape(tensor))
