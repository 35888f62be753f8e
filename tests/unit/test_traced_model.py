"""Tensors inside a traced model, read, replaced and differentiated, against the same computed by hand."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from attnviz import build_model
from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.graph.traced import TracedModel

layers, ops = keras.layers, keras.ops
IDS = tf.constant([[1, 2, 3, 4], [5, 6, 7, 8], [1, 1, 0, 0]], tf.int32)
ANY = tf.TensorSpec((None, None), tf.int32)


class HiddenAttention(layers.Layer):
    """A tutorial's own layer, with the weights inside its `call`."""

    def build(self, shape: Any) -> None:
        self.kernel = self.add_weight(shape=(shape[-1], 1), name="kernel")

    def call(self, states: Any) -> Any:
        weights = ops.softmax(ops.matmul(states, self.kernel)[..., 0])
        return ops.sum(states * weights[..., None], axis=1)


class Attended(keras.Model):
    """Subclassed; float64, so that finite differences are exact enough."""

    def __init__(self, dtype: str = "float64") -> None:
        super().__init__(dtype=dtype)
        self.vectors = layers.Embedding(9, 5, name="vectors", dtype=dtype)
        self.states = layers.LSTM(4, return_sequences=True, name="states", dtype=dtype)
        self.attention = HiddenAttention(name="attention", dtype=dtype)
        self.answer = layers.Dense(3, activation="softmax", name="answer", dtype=dtype)

    def build(self, shape: Any) -> None:
        self.vectors.build(shape)
        self.states.build((*shape, 5))
        self.attention.build((*shape, 4))
        self.answer.build((shape[0], 4))

    def call(self, ids: Any) -> Any:
        return self.answer(self.attention(self.states(self.vectors(ids))))


@pytest.fixture(scope="module")
def attended() -> tuple[Attended, TracedModel]:
    keras.utils.set_random_seed(0)
    model = Attended()
    return model, TracedModel(model, ANY)


def find_softmax(traced: TracedModel) -> Any:
    operations = traced.inputs[0].graph.get_operations()
    return next(op.outputs[0] for op in operations if op.type == "Softmax" and "attention" in op.name)


def test_the_outputs_are_those_of_the_model(attended: Any) -> None:
    model, traced = attended
    (found,) = traced.function(traced.inputs, traced.outputs)(IDS)
    np.testing.assert_allclose(found, model(IDS), atol=1e-12)
    np.testing.assert_allclose(found, model.predict(IDS, verbose=0), atol=1e-12)


def test_own_weights_fed_back_change_nothing_at_all(attended: Any) -> None:
    _, traced = attended
    weights = find_softmax(traced)
    own, answer = traced.function(traced.inputs, [weights, *traced.outputs])(IDS)
    np.testing.assert_allclose(tf.reduce_sum(own, axis=1), 1, atol=1e-12)
    (again,) = traced.function([*traced.inputs, weights], traced.outputs)(IDS, own)
    assert np.abs(again - answer).max() == 0


@pytest.mark.parametrize("name", ["luong", "lstm-dot", "bilstm-additive", "lstm-featurewise"])
def test_own_weights_of_the_networks_of_the_table_too(name: str) -> None:
    traced = TracedModel(build_model(name, vocabulary_size=20), ANY)
    weights = traced.find("attention_weights")
    own, answer = traced.function(traced.inputs, [weights, *traced.outputs])(IDS)
    (again,) = traced.function([*traced.inputs, weights], traced.outputs)(IDS, own)
    assert np.abs(again - answer).max() == 0


def test_even_weights_give_what_the_network_computes_by_hand(attended: Any) -> None:
    model, traced = attended
    even = tf.fill((3, 4), tf.constant(0.25, tf.float64))
    (found,) = traced.function([*traced.inputs, find_softmax(traced)], traced.outputs)(IDS, even)
    np.testing.assert_allclose(
        found, model.answer(tf.reduce_mean(model.states(model.vectors(IDS)), axis=1)), atol=1e-12
    )


def test_a_function_outlives_the_model_that_it_was_made_from() -> None:
    model = Attended()
    expected, run = model(IDS), TracedModel(model, ANY)
    run, model = run.function(run.inputs, run.outputs), None
    gc.collect()
    np.testing.assert_allclose(run(IDS)[0], expected, atol=1e-12)


def test_what_is_given_needs_no_inputs_before_it(attended: Any) -> None:
    model, traced = attended
    vectors = traced.find("vectors")
    given = tf.constant(np.random.default_rng(0).normal(size=(2, 6, 5)))
    (found,) = traced.function([vectors], traced.outputs)(given)
    np.testing.assert_allclose(found, model.answer(model.attention(model.states(given))), atol=1e-12)
    (same,) = traced.function([vectors], [vectors])(given)
    np.testing.assert_array_equal(same, given)


def differences(function: Callable[[Any], Any], at: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """The gradient of a number by central differences."""
    found = np.zeros_like(at)
    for index in np.ndindex(*at.shape):
        change = np.zeros_like(at)
        change[index] = step
        found[index] = (float(function(at + change)) - float(function(at - change))) / (2 * step)
    return found


@pytest.mark.parametrize("path", ["vectors", "states", "attention"])
def test_gradients_are_finite_differences(attended: Any, path: str) -> None:
    _, traced = attended
    inner = traced.find(path)
    first = traced.extend(lambda: traced.outputs[0][:, 0])
    gradient, own = traced.function(traced.inputs, [traced.differentiate(first, inner), inner])(IDS[:2])
    run = traced.function([inner], [first])
    expected = differences(lambda values: tf.reduce_sum(run(tf.constant(values))[0]), own.numpy())
    np.testing.assert_allclose(gradient, expected, atol=1e-9)
    assert np.abs(expected).max() > 1e-4


def test_the_gradient_by_hidden_weights_is_that_of_a_tape_by_hand(attended: Any) -> None:
    model, traced = attended
    weights = find_softmax(traced)
    (found,) = traced.function(traced.inputs, [traced.differentiate(traced.outputs[0], weights)])(IDS)
    answer = traced.extend(lambda: tf.reduce_max(traced.outputs[0], axis=1))
    (found,) = traced.function(traced.inputs, [traced.differentiate(answer, weights)])(IDS)
    states = model.states(model.vectors(IDS))
    own = ops.softmax(ops.matmul(states, model.attention.kernel)[..., 0])
    with tf.GradientTape() as tape:
        tape.watch(own)
        by_hand = tf.reduce_max(model.answer(ops.sum(states * own[..., None], axis=1)), axis=1)
    np.testing.assert_allclose(found, tape.gradient(by_hand, own), atol=1e-12)


def test_the_gradient_by_a_table_that_is_looked_up_is_dense(attended: Any) -> None:
    """TensorFlow gives the gradient of a look-up as slices; asked twice, it is the same tensor."""

    class Table(keras.Model):
        def call(self, table: Any) -> Any:
            return tf.reduce_sum(tf.gather(table * 2.0, [1, 1, 0]) ** 2, axis=-1)

    traced = TracedModel(Table(), tf.TensorSpec((None, 2)))
    gradient = traced.differentiate(traced.outputs[0], traced.inputs[0])
    assert traced.differentiate(traced.outputs[0], traced.inputs[0]) is gradient
    doubled = traced.inputs[0].consumers()[0].outputs[0]
    slices = traced.differentiate(traced.outputs[0], doubled)
    table = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    dense, by_doubled = traced.function(traced.inputs, [gradient, slices])(table)
    np.testing.assert_allclose(dense, [[8, 16], [48, 64], [0, 0]])
    np.testing.assert_allclose(by_doubled, [[4, 8], [24, 32], [0, 0]])


def test_what_does_not_depend_has_no_gradient(attended: Any) -> None:
    _, traced = attended
    for of, by in [
        (traced.find("vectors"), traced.outputs[0]),
        (traced.outputs[0], traced.inputs[0]),
        (traced.extend(lambda: tf.argmax(traced.outputs[0], axis=1)), traced.find("vectors")),
    ]:
        for _ in range(2):
            with pytest.raises(SettingError, match="has no gradient with respect to"):
                traced.differentiate(of, by)


def test_a_tensor_of_another_graph_is_refused(attended: Any) -> None:
    """Tensors of two graphs may have the same name."""
    _, traced = attended
    other = TracedModel(attended[0], ANY)
    assert other.outputs[0].name == traced.outputs[0].name
    with pytest.raises(SettingError, match="is not a tensor of this graph"):
        traced.function(traced.inputs, other.outputs)
    with pytest.raises(SettingError, match="is not a tensor of this graph"):
        traced.differentiate(traced.outputs[0], other.find("vectors"))
    with pytest.raises(SettingError, match="is not a tensor of this graph"):
        traced.function([tf.constant(1.0)], traced.outputs)


def test_an_input_that_is_needed_and_not_given_is_named(attended: Any) -> None:
    _, traced = attended
    with pytest.raises(SettingError, match=r"need an input that is not given, of \['Placeholder"):
        traced.function([], traced.outputs)


def test_unknown_paths_and_several_outputs_are_told(attended: Any) -> None:
    _, traced = attended
    with pytest.raises(UnknownNameError, match=r"'query'. Valid names: .*vectors, .*attention, answer\."):
        traced.find("query")
    with pytest.raises(SettingError, match="is not one tensor"):
        traced.find("states/lstm_cell")


def test_a_compiled_program_around_a_function_gives_the_same(attended: Any) -> None:
    model, traced = attended
    run = traced.function(traced.inputs, [traced.differentiate(traced.outputs[0], traced.find("attention"))])
    compiled = tf.function(lambda ids: run(ids), jit_compile=True)
    np.testing.assert_allclose(compiled(IDS)[0], run(IDS)[0], atol=1e-12)
    answer = traced.function(traced.inputs, traced.outputs)
    np.testing.assert_allclose(tf.function(answer, jit_compile=True)(IDS)[0], model(IDS), atol=1e-12)
