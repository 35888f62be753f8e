"""A model is traced once for each kind of input, no longer than it is the same, and no longer than it lives."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from attnviz import get_activations
from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.graph import probe_cache

layers, ops = keras.layers, keras.ops


def count_traces(traces: list[int]) -> keras.layers.Layer:
    """A layer that notes whenever its `call` runs in Python."""

    class Counted(layers.Layer):
        def call(self, x: Any) -> Any:
            traces.append(1)
            return x * 1.0

        def compute_output_shape(self, shape: Any) -> Any:
            return shape

    return Counted(name="counted")


def functional(counted: keras.layers.Layer) -> keras.Model:
    inputs = keras.Input((None,), dtype="int32")
    states = layers.LSTM(3, return_sequences=True, name="states")(counted(layers.Embedding(9, 2)(inputs)))
    return keras.Model(inputs, layers.Dense(1)(states))


class Own(keras.Model):
    def __init__(self, counted: keras.layers.Layer) -> None:
        super().__init__()
        self.vectors, self.counted, self.states = layers.Embedding(9, 2), counted, layers.LSTM(3, name="states")

    def call(self, ids: Any) -> Any:
        return self.states(self.counted(self.vectors(ids)))


class Fixed(Own):
    """Cannot be traced without its number of steps."""

    def call(self, ids: Any) -> Any:
        return super().call(ids + sum(range(ids.shape[1])) * 0)


def sequential(counted: keras.layers.Layer) -> keras.Model:
    return keras.Sequential([layers.Embedding(9, 2), counted, layers.LSTM(3, name="states")])


def ids(batch: int, steps: int, kind: Any = np.int32) -> np.ndarray:
    return np.random.default_rng(batch * steps).integers(0, 9, (batch, steps)).astype(kind)


@pytest.mark.parametrize(("make", "traced"), [(functional, 1), (sequential, 2), (Own, 2)])
def test_other_batches_and_lengths_do_not_trace_again(make: Callable[..., keras.Model], traced: int) -> None:
    """A model that does not say that it takes any length shows it with the second."""
    model = make(count_traces(traces := []))
    model(ids(2, 4))
    del traces[:]
    for batch, steps in [(2, 4), (3, 4), (1, 7), (5, 1), (2, 30), (1, 4)]:
        found = get_activations(model, ids(batch, steps), "states")["states"]
        vectors = next(layer for layer in model.layers if isinstance(layer, layers.Embedding))
        expected = model.get_layer("states")(vectors(ids(batch, steps)))
        np.testing.assert_allclose(found, expected, atol=1e-6)
    get_activations(model, ids(2, 3), nested=True)
    assert len(traces) == traced
    get_activations(model, ids(2, 3, np.int64))
    assert len(traces) == traced + 1, "another kind of numbers"


def test_a_model_that_needs_its_length_is_traced_for_each() -> None:
    model = Fixed(count_traces(traces := []))
    for steps in (3, 4, 5, 4, 3):
        np.testing.assert_allclose(
            get_activations(model, ids(2, steps), "states")["states"], model(ids(2, steps)), atol=1e-6
        )
    del traces[:]
    get_activations(model, ids(7, 5))
    get_activations(model, ids(8, 3))
    assert traces == []


def test_inputs_that_do_not_fit_change_nothing_for_the_next() -> None:
    model = sequential(count_traces(traces := []))
    get_activations(model, ids(2, 4))
    get_activations(model, ids(2, 5))
    with pytest.raises(SettingError):
        get_activations(model, np.ones((2, 4, 3), np.int32))
    del traces[:]
    get_activations(model, ids(2, 6))
    assert traces == []


def test_so_many_kinds_of_input_are_kept() -> None:
    model = Fixed(count_traces(traces := []))
    for steps in range(1, probe_cache.MOST_PROBES + 2):
        get_activations(model, ids(1, steps))
    del traces[:]
    get_activations(model, ids(1, probe_cache.MOST_PROBES + 1))
    assert traces == []
    get_activations(model, ids(1, 1))
    assert traces


@pytest.mark.parametrize("make", [functional, sequential, Own])
def test_a_model_is_freed_with_what_was_kept_of_it(make: Callable[..., keras.Model]) -> None:
    model = make(count_traces([]))
    get_activations(model, ids(2, 4), nested=True)
    probe = weakref.ref(probe_cache.get_probe(model, keras.ops.convert_to_tensor(ids(2, 4))))
    kept, model = weakref.ref(model), None
    gc.collect()
    assert kept() is None
    assert probe() is None


def test_the_number_of_kept_models_is_bounded() -> None:
    def make() -> keras.Model:
        inputs = keras.Input((2,))
        return keras.Model(inputs, layers.Rescaling(2.0)(inputs))

    models = [make() for _ in range(probe_cache.MOST_MODELS + 3)]
    for model in models:
        get_activations(model, np.ones((1, 2), np.float32))
    assert len(probe_cache._kept) == probe_cache.MOST_MODELS


def dense() -> tuple[keras.Model, np.ndarray]:
    inputs = keras.Input((4,))
    hidden = layers.Dense(3, name="hidden")(inputs)
    return keras.Model(inputs, layers.Dense(2, name="answer")(hidden)), np.ones((2, 4), np.float32)


def test_new_weights_count_at_once() -> None:
    model, x = dense()
    before = get_activations(model, x)["answer"]
    model.set_weights([weight * 2 + 1 for weight in model.get_weights()])
    after = get_activations(model, x)["answer"]
    assert not np.allclose(before, after)
    np.testing.assert_allclose(after, model(x), atol=1e-6)
    model.compile("sgd", "mse")
    model.fit(x, np.zeros((2, 2)), verbose=0)
    np.testing.assert_allclose(get_activations(model, x)["answer"], model(x), atol=1e-6)


def test_training_and_predicting_trace_nothing_again() -> None:
    model = functional(count_traces(traces := []))
    x = ids(4, 5)
    model.compile("sgd", "mse")
    for _ in range(2):
        get_activations(model, x)
        model.fit(x, np.zeros((4, 5, 1)), verbose=0)
        model.predict(x, verbose=0)
        model.evaluate(x, np.zeros((4, 5, 1)), verbose=0)
        del traces[:]
    get_activations(model, x)
    assert traces == []


def test_a_changed_setting_of_a_layer_counts() -> None:
    model, x = dense()
    get_activations(model, x)
    model.get_layer("answer").activation = keras.activations.sigmoid
    np.testing.assert_allclose(get_activations(model, x)["answer"], model(x), atol=1e-6)
    assert (get_activations(model, x)["answer"] > 0).all()


def test_a_replaced_variable_counts() -> None:
    model, x = dense()
    before = get_activations(model, x)["answer"]
    model.get_layer("answer").enable_lora(1)
    model.get_layer("answer").lora_kernel_b.assign(ops.ones((1, 2)))
    after = get_activations(model, x)["answer"]
    np.testing.assert_allclose(after, model(x), atol=1e-6)
    assert not np.allclose(before, after)


def test_added_and_removed_layers_count() -> None:
    model, x = keras.Sequential([layers.Dense(3, name="a")]), np.ones((2, 4), np.float32)
    assert list(get_activations(model, x)) == ["a"]
    model.add(layers.Dense(2, name="b"))
    found = get_activations(model, x)
    assert list(found) == ["a", "b"]
    np.testing.assert_allclose(found["b"], model(x), atol=1e-6)
    model.pop()
    assert list(get_activations(model, x)) == ["a"]


def test_threads_ask_about_one_model_and_others_at_once() -> None:
    traces: tuple[list[int], list[int]] = ([], [])
    models = [functional(count_traces(traces[0])), Own(count_traces(traces[1]))]
    for model in models:
        model(ids(2, 4))
    for noted in traces:
        del noted[:]
    start = threading.Barrier(8)

    def ask(number: int) -> bool:
        model, x = models[number % 2], ids(number + 1, 4)
        start.wait()
        found = [get_activations(model, x) for _ in range(5)]
        expected = model.get_layer("states")(found[0]["counted"])
        return all(np.allclose(one["states"], expected, atol=1e-6) for one in found)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert [len(noted) for noted in traces] == [1, 1]
