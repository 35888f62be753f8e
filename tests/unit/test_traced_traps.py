"""What a trace must not do to a model, to Keras, to other threads and to the terminal, and models of every make."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from attnviz import build_model
from attnviz.backend import keras, tf
from attnviz.graph.recorder import record_calls
from attnviz.graph.traced import TracedModel
from attnviz.models.fused_lstm import fuse_lstms

layers, ops = keras.layers, keras.ops
IDS = np.array([[1, 2, 3, 4], [5, 6, 7, 0]], np.int32)
ANY = tf.TensorSpec((None, None), tf.int32)
X = np.ones((2, 3), np.float32)
FLOATS = tf.TensorSpec((None, 3))


def answer(traced: TracedModel, *values: Any) -> list[np.ndarray]:
    return [np.asarray(value) for value in traced.function(traced.inputs, traced.outputs)(*map(tf.constant, values))]


def patched() -> list[Any]:
    compiled = type(tf.function(lambda: None))
    return [keras.layers.Layer.__call__, keras.layers.TimeDistributed.call, compiled.__call__]


def contents(model: keras.Model) -> list[dict[str, int]]:
    return [{name: id(value) for name, value in vars(layer).items()} for layer in model._flatten_layers()]


class Stashing(layers.Layer):
    """Keeps what it computes, as tutorials do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(activity_regularizer="l2", **kwargs)
        self.maps: list[Any] = []
        self.by_name: dict[str, Any] = {}

    def call(self, x: Any) -> Any:
        self.last = x * 2
        self.maps.append(x)
        self.by_name["x"] = (x, 1)
        return x

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


def test_the_model_is_as_before() -> None:
    inputs = keras.Input((None,), dtype="int32")
    states = layers.Bidirectional(layers.LSTM(3))(layers.Embedding(9, 3, mask_zero=True)(inputs))
    model = keras.Model(inputs, layers.Dense(1)(layers.BatchNormalization()(states)))
    predicted, weights = model.predict(IDS, verbose=0), [weight.copy() for weight in model.get_weights()]
    before, nodes = contents(model), [len(layer._inbound_nodes) for layer in model.layers]
    TracedModel(model, ANY)
    assert contents(model) == before
    assert [len(layer._inbound_nodes) for layer in model.layers] == nodes
    for old, new in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(model.predict(IDS, verbose=0), predicted)


def test_no_tensor_of_the_trace_stays_in_a_layer() -> None:
    stash = Stashing()
    stash(X)
    held = [stash.last, list(stash.maps), stash.by_name["x"], list(stash.losses)]
    TracedModel(keras.Sequential([stash]), FLOATS)
    assert [stash.last, list(stash.maps), stash.by_name["x"], list(stash.losses)] == held
    fresh = Stashing(name="fresh")
    TracedModel(keras.Sequential([fresh]), FLOATS)
    assert not hasattr(fresh, "last")
    assert (list(fresh.maps), list(fresh.losses), dict(fresh.by_name)) == ([], [], {})


def test_names_of_later_layers_do_not_depend_on_a_trace() -> None:
    keras.utils.clear_session()
    inputs = keras.Input((3,))
    model = keras.Model(inputs, layers.Dense(2)(inputs))
    TracedModel(model, FLOATS)
    assert (layers.Dense(2).name, keras.Model(inputs, model.output).name) == ("dense_1", "functional_1")


class Failing(layers.Layer):
    def call(self, x: Any) -> Any:
        self.seen = x
        raise RuntimeError("on purpose")


def test_after_an_error_all_is_as_before() -> None:
    methods, layer = patched(), Failing()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="on purpose"):
            TracedModel(layer, FLOATS)
    assert patched() == methods
    assert not hasattr(layer, "seen")
    assert tf.executing_eagerly()


def test_a_traced_model_does_not_keep_its_model_alive() -> None:
    model = keras.Sequential([layers.Embedding(9, 3), layers.LSTM(2)])
    traced, kept = TracedModel(model, ANY), weakref.ref(model)
    del model
    gc.collect()
    assert kept() is None
    assert [call.layer for call in traced.calls] == [None] * len(traced.calls)


def test_the_calls_of_other_threads_pass_through_and_are_not_recorded() -> None:
    model, other = layers.Dense(2, name="mine"), layers.Dense(2, name="other")
    expected = np.asarray(other(X))
    with record_calls() as recorder, ThreadPoolExecutor(1) as pool:
        model(X)
        np.testing.assert_array_equal(pool.submit(other, X).result(), expected)
        np.testing.assert_array_equal(pool.submit(tf.function(other), X).result(), expected)
    assert [call.path for call in recorder.calls] == ["mine"]


def test_threads_trace_call_and_differentiate_at_once() -> None:
    model = build_model("lstm-dot", vocabulary_size=20)
    expected, start = np.asarray(model(IDS)), threading.Barrier(6)
    shared = TracedModel(model, ANY)

    def work(number: int) -> float:
        start.wait()
        traced = shared if number % 2 else TracedModel(model, ANY)
        vectors = traced.find("embedding")
        gradient = traced.differentiate(traced.outputs[0], vectors)
        found, slope = traced.function(traced.inputs, [*traced.outputs, gradient])(tf.constant(IDS))
        assert np.isfinite(slope).all()
        return max(np.abs(found - expected).max(), np.abs(np.asarray(model(IDS)) - expected).max())

    with ThreadPoolExecutor(6) as pool:
        assert max(pool.map(work, range(6))) < 1e-6
    assert len({id(shared.differentiate(shared.outputs[0], shared.find("embedding"))) for _ in range(3)}) == 1


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    model = build_model("luong", vocabulary_size=20)
    for steps in range(2, 12):
        traced = TracedModel(model, tf.TensorSpec((None, steps), tf.int32))
        traced.differentiate(traced.outputs[0], traced.find("embedding"))
        answer(traced, np.ones((1, steps), np.int32))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["luong", "lstm-featurewise"])
def test_the_faster_kernel_can_be_put_around_a_trace(name: str) -> None:
    model = build_model(name, vocabulary_size=20)

    @contextmanager
    def fused() -> Any:
        usual = [vars(layer).copy() for layer in model.layers]
        fuse_lstms(model)
        yield
        for layer, attributes in zip(model.layers, usual, strict=True):
            vars(layer).clear()
            vars(layer).update(attributes)

    fast, slow = TracedModel(model, ANY, fused()), TracedModel(model, ANY)
    kinds = [{op.type for op in traced.inputs[0].graph.get_operations()} for traced in (fast, slow)]
    assert ["BlockLSTM" in found for found in kinds] == [True, False]
    results = []
    for traced in (fast, slow):
        slope = traced.differentiate(traced.outputs[0], traced.find("embedding"))
        results.append(traced.function(traced.inputs, [*traced.outputs, slope])(tf.constant(IDS)))
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
