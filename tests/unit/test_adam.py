"""Adam without variables against Keras' own."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz.backend import keras, tf
from attnviz.training.adam import start_adam, step_adam


@pytest.mark.parametrize("rate", [1e-5, 1e-3, 0.3])
def test_it_takes_the_steps_of_keras(rate: float) -> None:
    rng = np.random.default_rng(0)
    start = rng.normal(size=50).astype(np.float32)
    gradients = (rng.normal(size=(30, 50)) * 10.0 ** rng.integers(-8, 3, (30, 50))).astype(np.float32)
    state, variable, optimizer = start_adam(tf.constant(start)), keras.Variable(start), keras.optimizers.Adam(rate)
    for gradient in gradients:
        state = step_adam(state, tf.constant(gradient), tf.constant(rate))
        optimizer.apply([tf.constant(gradient)], [variable])
        np.testing.assert_allclose(state.weights, variable.numpy(), rtol=1e-6, atol=rate * 1e-5)
    assert np.abs(state.weights - start).max() > rate, "the steps moved them"
    assert int(state.steps) == 30


def test_the_vector_takes_the_steps_of_its_parts() -> None:
    weights, gradient, rate = tf.constant([1.0, -2.0, 0.5]), tf.constant([0.3, -4.0, 0.0]), tf.constant(0.1)
    whole = step_adam(start_adam(weights), gradient, rate).weights
    parts = [step_adam(start_adam(weights[i : i + 1]), gradient[i : i + 1], rate).weights[0] for i in range(3)]
    np.testing.assert_array_equal(whole, parts)
    np.testing.assert_allclose(whole, [0.9, -1.9, 0.5], atol=1e-5)
