"""A text network in two halves, before and after its attention, so that other weights can be put in."""

from __future__ import annotations

from typing import Any

import numpy as np

from attnviz.backend import keras, tf
from attnviz.explain.parts import STATES, build_decision
from attnviz.training.batches import Ids
from attnviz.values.arrays import FloatArray

_ROWS = 64
"""How many rows of weights go through the network at once."""

Tensor = Any


class Decision:
    """What a network with attention decides when its weights are replaced; the states of a text are computed once.

    Args:
        model: a network of the table with attention.
        attention_layer: the layer whose output are the weights.
    """

    def __init__(self, model: keras.Model, attention_layer: str) -> None:
        weights = model.get_layer(attention_layer).output
        self._before = keras.Model(model.input, [model.get_layer(STATES).output, weights])
        self._after = build_decision(model, attention_layer)
        self._whole = keras.Model([model.input, weights], model.output)
        states = tf.TensorSpec((1, None, self._before.output_shape[0][-1]), tf.float32)
        self._decide = tf.function(self._run, input_signature=[states, tf.TensorSpec((None, *weights.shape[1:]))])

    def read(self, ids: Ids) -> tuple[Tensor, FloatArray]:
        """The hidden states (1, words, units) and the own weights (words,) or (words, units) of word ids (words,)."""
        states, weights = self._before(ids[None], training=False)
        return states, weights.numpy()[0]

    def decide(self, states: Tensor, weights: FloatArray) -> FloatArray:
        """The probabilities (batch,) with the weights (batch, words) or (batch, words, units)."""
        rows = (weights[start : start + _ROWS] for start in range(0, len(weights), _ROWS))
        return np.concatenate([self._decide(states, tf.constant(part, tf.float32)).numpy() for part in rows])

    def run_again(self, ids: Ids, weights: FloatArray) -> float:
        """The probability when the whole network reads word ids (words,) with the weights put in place of its own."""
        put_in = tf.constant(weights[None], tf.float32)
        return float(self._whole([tf.constant(ids[None]), put_in], training=False)[0, 0])

    def _run(self, states: Tensor, weights: Tensor) -> Tensor:
        states = tf.repeat(states, tf.shape(weights)[0], axis=0)
        return self._after([states, tf.ones(tf.shape(states)[:2], tf.bool), weights], training=False)[:, 0]
