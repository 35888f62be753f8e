"""The fused kernel in anybody's model: padding on either side, holes in a mask, and what padded steps give."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz.backend import keras, tf
from attnviz.graph.traced import TracedModel
from attnviz.models.fused_lstm import exact_lstms, find_plain_lstms

pytestmark = pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="on a GPU Keras keeps its kernel")

IDS = {
    "right": [[3, 4, 5, 0, 0], [6, 0, 0, 0, 0]],
    "left": [[0, 0, 3, 4, 5], [0, 0, 0, 0, 6]],
    "none": [[3, 4, 5, 6, 7], [6, 2, 2, 3, 9]],
    "holes": [[3, 0, 4, 5, 0], [0, 6, 0, 0, 7]],
    "nothing": [[0, 0, 0, 0, 0], [3, 4, 0, 0, 0]],
}


def build(masked: bool, sequences: bool, both: bool, backwards: bool) -> keras.Model:
    keras.utils.set_random_seed(0)
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(10, 4, mask_zero=masked)(ids)
    layer = keras.layers.LSTM(3, return_sequences=sequences, go_backwards=backwards)
    states = (keras.layers.Bidirectional(layer) if both else layer)(vectors)
    model = keras.Model(ids, states)
    model.set_weights([weight * 5 + 0.1 for weight in model.get_weights()])
    return model


@pytest.mark.parametrize("both", [False, True], ids=["one", "both"])
@pytest.mark.parametrize("sequences", [False, True], ids=["last", "sequences"])
@pytest.mark.parametrize("masked", [False, True], ids=["unmasked", "masked"])
def test_every_step_is_that_of_keras_whatever_is_padded(masked: bool, sequences: bool, both: bool) -> None:
    for backwards in (False,) if both else (False, True):
        model = build(masked, sequences, both, backwards)
        traced = TracedModel(model, tf.TensorSpec((None, None), tf.int32), exact_lstms(model))
        run = traced.function(traced.inputs, traced.outputs)
        for name, rows in IDS.items():
            (found,) = run(tf.constant(rows, tf.int32))
            expected = model(np.array(rows, np.int32), training=False)
            np.testing.assert_allclose(found, expected, atol=1e-6, err_msg=f"{name}, backwards {backwards}")


def test_gradients_are_those_of_keras() -> None:
    model = build(masked=True, sequences=True, both=True, backwards=False)
    found = []
    for around in (None, exact_lstms(model)):
        traced = TracedModel(model, tf.TensorSpec((None, None), tf.int32), around)
        vectors = next(call.outputs for call in traced.calls if "embedding" in call.path)
        slope = traced.differentiate(traced.outputs[0], vectors)
        found.append([traced.function(traced.inputs, [slope])(tf.constant(rows, tf.int32))[0] for rows in IDS.values()])
    for usual, fused in zip(*found, strict=True):
        np.testing.assert_allclose(fused, usual, atol=1e-5)


def test_the_model_keeps_its_own_loop() -> None:
    model = build(masked=True, sequences=True, both=True, backwards=False)
    with exact_lstms(model):
        assert all("inner_loop" in vars(layer) for layer in find_plain_lstms(model))
    assert not any("inner_loop" in vars(layer) for layer in find_plain_lstms(model))
