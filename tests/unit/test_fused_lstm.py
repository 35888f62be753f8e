"""The fused kernel against Keras' own path."""

from __future__ import annotations

from types import MethodType

import numpy as np
import pytest

from attnviz.backend import keras, tf
from attnviz.models.fused_lstm import fuse_lstms

pytestmark = pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="on a GPU Keras keeps its kernel")

STEPS, INPUTS, UNITS = 9, 3, 4
LENGTHS = (9, 4, 1, 7, 2)


def make_model(layer: keras.layers.Layer) -> keras.Model:
    """Sequences and a mask -> the layer, with weights large enough to saturate some gates."""
    sequences, mask = keras.Input((None, INPUTS)), keras.Input((None,), dtype="bool")
    model = keras.Model([sequences, mask], layer(sequences, mask=mask))
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(scale=0.8, size=weight.shape) for weight in model.get_weights()])
    return model


def run(model: keras.Model, batch: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Outputs, 0 on padding, and the gradients of a function of the real ones by the sequences and all weights."""
    mask = np.arange(STEPS)[None, :] < np.array(LENGTHS[:batch])[:, None]
    sequences = tf.constant(np.random.default_rng(1).normal(size=(batch, STEPS, INPUTS)).astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(sequences)
        outputs = model([sequences, tf.constant(mask)], training=True)
        if len(outputs.shape) == 3:
            outputs *= mask[:, :, None].astype(np.float32)
        loss = tf.reduce_sum(tf.sin(3.0 * outputs) * np.linspace(0.5, 2.0, outputs.shape[-1], dtype=np.float32))
    gradients = tape.gradient(loss, [sequences, *(weight.value for weight in model.trainable_variables)])
    return outputs.numpy(), [gradient.numpy() for gradient in gradients]


@pytest.mark.parametrize("batch", [1, 2, 5])
@pytest.mark.parametrize("sequences", [True, False], ids=["sequences", "last"])
@pytest.mark.parametrize("directions", [1, 2], ids=["forward", "bidirectional"])
def test_outputs_and_gradients_equal_those_of_keras(directions: int, sequences: bool, batch: int) -> None:
    layer = keras.layers.LSTM(UNITS, return_sequences=sequences)
    model = make_model(layer if directions == 1 else keras.layers.Bidirectional(layer))
    outputs, gradients = run(model, batch)
    fused_outputs, fused_gradients = run(fuse_lstms(model), batch)
    assert np.abs(outputs).max() > 0.3
    np.testing.assert_allclose(fused_outputs, outputs, atol=1e-5)
    for fused, gradient in zip(fused_gradients, gradients, strict=True):
        np.testing.assert_allclose(fused, gradient, rtol=1e-4, atol=1e-5)


def test_a_model_without_a_mask_is_fused_to_the_last_step() -> None:
    inputs = keras.Input((STEPS, INPUTS))
    model = keras.Model(inputs, keras.layers.LSTM(UNITS)(inputs))
    x = np.random.default_rng(2).normal(size=(3, STEPS, INPUTS)).astype(np.float32)
    before = np.asarray(model(x))
    np.testing.assert_allclose(fuse_lstms(model)(x), before, atol=1e-5)
    assert is_fused(model.layers[1])


def test_an_initial_state_is_taken_over() -> None:
    sequences, states = keras.Input((STEPS, INPUTS)), [keras.Input((UNITS,)), keras.Input((UNITS,))]
    model = keras.Model([sequences, *states], keras.layers.LSTM(UNITS)(sequences, initial_state=states))
    rng = np.random.default_rng(3)
    inputs = [rng.normal(size=shape).astype(np.float32) for shape in ((5, STEPS, INPUTS), (5, UNITS), (5, UNITS))]
    before = np.asarray(model(inputs))
    assert np.abs(before - np.asarray(model([inputs[0], *np.zeros((2, 5, UNITS), np.float32)]))).max() > 1e-3
    np.testing.assert_allclose(fuse_lstms(model)(inputs), before, atol=1e-5)


def test_the_fused_path_works_in_a_graph_of_any_length_and_batch() -> None:
    model = make_model(keras.layers.LSTM(UNITS, return_sequences=True))
    x, mask = np.ones((2, 6, INPUTS), np.float32), np.ones((2, 6), bool)
    before = np.asarray(model([x, mask]))
    fuse_lstms(model)
    signature = [tf.TensorSpec((None, None, INPUTS)), tf.TensorSpec((None, None), tf.bool)]
    compiled = tf.function(lambda x, mask: model([x, mask]), input_signature=signature)
    np.testing.assert_allclose(compiled(x, mask), before, atol=1e-5)


def is_fused(layer: keras.layers.LSTM) -> bool:
    return isinstance(vars(layer).get("inner_loop"), MethodType)


@pytest.mark.parametrize(
    "settings",
    [
        {"recurrent_dropout": 0.1},
        {"dropout": 0.1},
        {"activation": "relu"},
        {"recurrent_activation": "hard_sigmoid"},
        {"use_bias": False},
        {"unroll": True},
        {"stateful": True},
        {"return_state": True},
        {"dtype": "float16"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_a_layer_that_the_kernel_does_not_compute_keeps_the_path_of_keras(settings: dict) -> None:
    inputs = keras.Input(batch_shape=(2, STEPS, INPUTS))
    layer = keras.layers.LSTM(UNITS, **settings)
    model = keras.Model(inputs, layer(inputs))
    fuse_lstms(model)
    assert "inner_loop" not in vars(layer)


def test_other_recurrent_layers_keep_the_path_of_keras() -> None:
    class OwnLSTM(keras.layers.LSTM):
        pass

    inputs = keras.Input((STEPS, INPUTS))
    layers = [keras.layers.GRU(UNITS, return_sequences=True), OwnLSTM(UNITS)]
    fuse_lstms(keras.Model(inputs, layers[1](layers[0](inputs))))
    assert not any("inner_loop" in vars(layer) for layer in layers)


def test_both_directions_of_a_bidirectional_layer_are_fused() -> None:
    layer = keras.layers.Bidirectional(keras.layers.LSTM(UNITS))
    fuse_lstms(make_model(layer))
    assert is_fused(layer.forward_layer)
    assert is_fused(layer.backward_layer)


def test_a_fused_model_is_saved_as_the_stock_layers_of_keras(tmp_path) -> None:
    model = make_model(keras.layers.LSTM(UNITS))
    config = model.get_config()
    fuse_lstms(model).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    layer = next(layer for layer in loaded.layers if isinstance(layer, keras.layers.LSTM))
    assert type(layer) is keras.layers.LSTM
    assert "inner_loop" not in vars(layer)
    assert model.get_config() == config
