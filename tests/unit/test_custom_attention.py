"""Attention in the layers that people write themselves: found, read and replaced like Keras' own."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz import build_model, find_attention
from attnviz.backend import keras, tf
from attnviz.graph.attention_search import search_attention
from attnviz.graph.traced import TracedModel
from attnviz.models.registry import MODELS
from tests.tutorial_layers import CUSTOM
from tests.tutorial_models import LENGTH, make_ids

ANY, FIXED = tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, LENGTH), tf.int32)


@pytest.mark.parametrize("name", CUSTOM)
def test_it_is_found(name: str) -> None:
    keras.utils.set_random_seed(3)
    custom = CUSTOM[name]
    (found,) = find_attention(custom.build(), make_ids())
    assert (found.layer, found.kind, found.axes) == (custom.path, custom.kind, custom.axes)
    assert found.reaches_output
    assert 0 < found.entropy <= 1 + 1e-6


@pytest.mark.parametrize("name", CUSTOM)
def test_it_can_be_replaced_in_another_trace(name: str) -> None:
    keras.utils.set_random_seed(3)
    model, ids = CUSTOM[name].build(), make_ids()
    (attention,) = search_attention(TracedModel(model, ANY), [ids]).attentions
    traced = TracedModel(model, FIXED)
    weights, inputs = attention.locate(traced), traced.inputs
    own, answer = traced.function(inputs, [weights, *traced.outputs])(tf.constant(ids))
    replaced = traced.function([*inputs, weights], traced.outputs)
    np.testing.assert_array_equal(replaced(tf.constant(ids), own)[0], answer)
    axis = 1 + attention.axes.index("tokens")
    np.testing.assert_allclose(own.numpy().sum(axis=axis), 1, atol=1e-5)
    one_hot = np.zeros(own.shape, np.float32)
    np.moveaxis(one_hot, axis, 1)[:, 0] = 1
    assert np.abs(replaced(tf.constant(ids), tf.constant(one_hot))[0] - answer).max() > 1e-5


@pytest.mark.parametrize("name", MODELS)
def test_it_is_found_in_the_shipped_networks(name: str) -> None:
    keras.utils.set_random_seed(0)
    spec = MODELS[name]
    model = build_model(name, vocabulary_size=200) if spec.vocabulary_size else build_model(name)
    x = make_ids() if spec.vocabulary_size else np.random.default_rng(0).random((3, 4))
    assert [one.layer for one in find_attention(model, x)] == ([spec.attention_layer] if spec.attention_layer else [])
