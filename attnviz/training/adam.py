"""Adam on one flat vector of weights, without variables: each step makes a new state from the old one.

Keras' own optimizers on TensorFlow assign to variables, which a compiled loop cannot carry. Adam treats every number by
itself, so one vector of all weights takes the same steps as the weights that it is made of.

Source: Kingma & Ba 2015, *Adam: A Method for Stochastic Optimization*, in the form and with the constants of
`keras.optimizers.Adam`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from attnviz.backend import tf

Tensor = Any

MEAN_DECAY, SQUARE_DECAY, EPSILON = 0.9, 0.999, 1e-7


class AdamState(NamedTuple):
    """Weights, moving averages of gradient and squared gradient, each (size,), and the number of steps taken."""

    weights: Tensor
    mean: Tensor
    square: Tensor
    steps: Tensor


def start_adam(weights: Tensor) -> AdamState:
    """The state before the first step from these weights (size,)."""
    return AdamState(weights, tf.zeros_like(weights), tf.zeros_like(weights), tf.constant(0.0))


def step_adam(state: AdamState, gradient: Tensor, rate: Tensor) -> AdamState:
    """The state after one step against the gradient (size,) at that learning rate."""
    steps = state.steps + 1
    mean = state.mean + (gradient - state.mean) * (1 - MEAN_DECAY)
    square = state.square + (tf.square(gradient) - state.square) * (1 - SQUARE_DECAY)
    rate = rate * tf.sqrt(1 - tf.pow(SQUARE_DECAY, steps)) / (1 - tf.pow(MEAN_DECAY, steps))
    return AdamState(state.weights - mean * rate / (tf.sqrt(square) + EPSILON), mean, square, steps)
