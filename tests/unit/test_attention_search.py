"""Attention in the models of tutorials: found where there is any, equal to a computation by hand, replaceable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attnviz import find_attention, get_activations
from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.attention_search import search_attention
from attnviz.graph.attention_tensor import AttentionTensor
from attnviz.graph.traced import TracedModel
from attnviz.models.fused_lstm import fused_lstms
from tests.tutorial_models import ATTENTION, LENGTH, MODELS, build, make_ids, make_inputs

layers, ops = keras.layers, keras.ops
IDS = make_ids()
Weights = Any


def trace(model: keras.Model, x: Any = IDS, steps: int | None = LENGTH, around: Any = None) -> TracedModel:
    sizes = x.shape[1:] if x.dtype == tf.string else (steps,)
    return TracedModel(model, tf.TensorSpec((None, *sizes), x.dtype), around)


def search(name: str, model: keras.Model) -> tuple[AttentionTensor, ...]:
    x = make_inputs(name)
    return search_attention(trace(model, x), [x]).attentions


def read(traced: TracedModel, tensor: Any, x: Any) -> np.ndarray:
    return np.asarray(traced.function(traced.inputs, [tensor])(tf.constant(x, traced.inputs[0].dtype))[0])


@pytest.mark.parametrize("name", MODELS)
def test_attention_is_found_where_there_is_any(name: str) -> None:
    found = find_attention(build(name), make_inputs(name))
    assert [(one.layer, one.axes) for one in found] == ([ATTENTION[name]] if name in ATTENTION else [])
    assert all(one.reaches_output and 0 < one.entropy <= 1 + 1e-6 for one in found)


@pytest.mark.parametrize("name", MODELS)
def test_a_fixed_number_of_steps_makes_no_difference(name: str) -> None:
    model = build(name)
    found = [attention.found for attention in search(name, model)]
    assert [(one.name, one.axes) for one in found] == [
        (o.name, o.axes) for o in find_attention(model, make_inputs(name))
    ]


def states_before(model: keras.Model, name: str) -> np.ndarray:
    """What the layer before that one gives."""
    names = [layer.name for layer in model.layers]
    return get_activations(model, IDS)[names[names.index(name) - 1]]


def compute_transformer(model: keras.Model) -> Weights:
    states = model.layers[1](ops.convert_to_tensor(IDS))
    return model.get_layer("block_1").att(states, states, return_attention_scores=True)[1]


def compute_keras_attention(model: keras.Model) -> Weights:
    states = ops.convert_to_tensor(states_before(model, "att"))
    masks = [ops.convert_to_tensor(IDS != 0)] * 2
    return model.get_layer("att")([states, states], mask=masks, return_attention_scores=True)[1]


def compute_3d_block(model: keras.Model) -> Weights:
    return keras.Model(model.input, model.get_layer("steps").output)(IDS)


def compute_subclassed(model: keras.Model) -> Weights:
    vectors = model.emb(IDS)
    mask = ops.convert_to_tensor(IDS != 0)
    states = model.lstm(vectors, mask=mask)
    return model.att(states, states, query_mask=mask, value_mask=mask, return_attention_scores=True)[1]


def softmax(scores: np.ndarray, allowed: np.ndarray | bool = True) -> np.ndarray:
    shares = np.exp(scores) * allowed
    return shares / shares.sum(axis=1, keepdims=True)


def compute_tutorial_attention(model: keras.Model) -> Weights:
    layer = model.get_layer("att")
    scores = np.tanh(states_before(model, "att") @ np.asarray(layer.W) + np.asarray(layer.b))
    return softmax(scores).swapaxes(1, 2)


def compute_with_context(model: keras.Model) -> Weights:
    layer = model.get_layer("att")
    inner = np.tanh(states_before(model, "att") @ np.asarray(layer.W) + np.asarray(layer.b))
    return softmax((inner * np.asarray(layer.u)).sum(axis=-1), IDS != 0)


BY_HAND = {
    "transformer": compute_transformer,
    "attention": compute_keras_attention,
    "additive-attention": compute_keras_attention,
    "attention-3d-block": compute_3d_block,
    "subclassed": compute_subclassed,
    "tutorial-attention": compute_tutorial_attention,
    "attention-with-context": compute_with_context,
}


@pytest.mark.parametrize("name", ATTENTION)
def test_the_weights_are_those_that_one_computes_by_hand(name: str) -> None:
    model = build(name)
    (attention,) = search(name, model)
    traced = trace(model)
    found, expected = read(traced, attention.locate(traced), IDS), np.asarray(BY_HAND[name](model))
    if name == "subclassed":  # asked for its scores, Keras' layer gives queries of padding 0, else an even share
        found, expected = (weights * (IDS != 0)[:, None, :, None] for weights in (found, expected))
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("name", ATTENTION)
def test_own_weights_in_their_place_change_nothing_and_even_ones_do(name: str) -> None:
    """In another trace, for any number of steps and with other kernels for the LSTM."""
    model = build(name)
    for weight in model.weights:  # the weights of an untrained model are nearly even
        weight.assign(weight * 2)
    (attention,) = search(name, model)
    traced = trace(model, steps=None, around=fused_lstms(model))
    weights, given = attention.locate(traced), tf.constant(IDS)
    own, answer = traced.function(traced.inputs, [weights, *traced.outputs])(given)
    replaced = traced.function([*traced.inputs, weights], traced.outputs)
    np.testing.assert_array_equal(replaced(given, own)[0], answer)
    even = np.full(own.shape, 1 / LENGTH, np.float32)
    assert np.abs(replaced(given, tf.constant(even))[0] - answer).max() > 1e-6


def test_the_model_is_as_before() -> None:
    model = build("subclassed")
    predicted, kept = model.predict(IDS, verbose=0), [vars(layer).copy() for layer in model._flatten_layers()]
    find_attention(model, IDS)
    assert [vars(layer) for layer in model._flatten_layers()] == kept
    np.testing.assert_array_equal(model.predict(IDS, verbose=0), predicted)


def test_a_model_that_was_never_called_is_built() -> None:
    inner = build("tutorial-attention")
    model = keras.Sequential([layer.__class__.from_config(layer.get_config()) for layer in inner.layers])
    assert [found.layer for found in find_attention(model, IDS)] == ["att"]


def test_several_inputs_by_name() -> None:
    words, flags = keras.Input((None,), dtype="int32", name="words"), keras.Input((1,), name="flags")
    states = layers.Embedding(200, 6)(words)
    pooled = layers.GlobalAveragePooling1D()(layers.Attention(name="att")([states, states]))
    model = keras.Model({"words": words, "flags": flags}, layers.Dense(1)(layers.concatenate([pooled, flags])))
    (found,) = find_attention(model, {"words": IDS, "flags": np.ones((3, 1), np.float32)})
    assert (found.name, found.kind, found.axes, found.maps) == ("att", "Attention", ("queries", "tokens"), 1)


def test_another_model_is_refused() -> None:
    (attention,) = search("transformer", build("transformer"))
    with pytest.raises(SettingError, match="Softmax"):
        attention.locate(trace(build("gru")))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (IDS[:1], "two texts or more"),
        (np.repeat(IDS[:1], 3, axis=0), "differ"),
        (IDS + 1000, "cannot compute with these texts"),
        (IDS[:, :, None, None], "cannot be called"),
    ],
)
def test_texts_that_say_nothing_are_refused(x: Any, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        find_attention(build("attention"), x)


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(SettingError, match="needs a Keras model, got str"):
        find_attention("model.keras", IDS)  # type: ignore[arg-type]
