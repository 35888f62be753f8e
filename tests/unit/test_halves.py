"""Two halves of a batch compute what the model itself computes."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz.backend import keras, tf
from attnviz.models.architectures import build_model
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.training.halves import split_in_halves

pytestmark = pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="on a GPU there are no halves")


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(3)
    return fuse_lstms(build_model("bilstm-additive", vocabulary_size=20, word_dropout=0.0))


@pytest.mark.parametrize("batch", [1, 2, 3, 8])
def test_outputs_and_gradients_equal_those_of_the_model_itself(model: keras.Model, batch: int) -> None:
    ids = np.random.default_rng(batch).integers(3, 20, size=(batch, 6)).astype(np.int32)
    ids[0, 4:] = 0
    halves = split_in_halves(model)
    results = []
    for network in (model, halves):
        with tf.GradientTape() as tape:
            outputs = network(ids, training=False)
            loss = tf.reduce_sum(outputs**2)
        results.append((outputs, [tf.convert_to_tensor(g) for g in tape.gradient(loss, model.trainable_variables)]))
    (outputs, gradients), (half_outputs, half_gradients) = results
    assert half_outputs.shape == (batch, 1)
    np.testing.assert_allclose(half_outputs, outputs, atol=1e-6)
    for ours, theirs in zip(half_gradients, gradients, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("name", ["word-additive", "transformer", "stars"])
@pytest.mark.parametrize("batch", [1, 5])
def test_networks_without_recurrence_run_in_halves_as_well(name: str, batch: int) -> None:
    keras.utils.set_random_seed(4)
    network = build_model(name, vocabulary_size=20)
    ids = np.random.default_rng(batch).integers(3, 20, size=(batch, 6)).astype(np.int32)
    ids[0, 4:] = 0
    outputs = split_in_halves(network)(ids, training=False)
    assert outputs.shape == (batch, network.output_shape[-1])
    np.testing.assert_allclose(outputs, network(ids, training=False), atol=1e-6)


def test_the_halves_share_the_weights_of_the_model(model: keras.Model) -> None:
    halves = split_in_halves(model)
    assert [id(weight) for weight in halves.weights] == [id(weight) for weight in model.weights]


def test_one_step_of_fit_moves_the_weights_as_without_towers() -> None:
    ids = np.random.default_rng(0).integers(3, 20, size=(7, 5)).astype(np.int32)
    labels = np.arange(7, dtype=np.float32)[:, None] % 2
    weights = []
    for wrap in (lambda network: network, split_in_halves):
        keras.utils.set_random_seed(1)
        inner = fuse_lstms(build_model("lstm-dot", vocabulary_size=20, word_dropout=0.0))
        outer = wrap(inner)
        outer.compile(keras.optimizers.SGD(1.0), loss="binary_crossentropy")
        outer.train_on_batch(ids, labels)
        weights.append(inner.get_weights())
    for ours, theirs in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
