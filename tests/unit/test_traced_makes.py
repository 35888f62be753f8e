"""Models of every make, traced: what the graph answers is what the model answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.traced import TracedModel

layers, ops = keras.layers, keras.ops
IDS = np.array([[1, 2, 3, 4], [5, 6, 7, 0]], np.int32)
ANY = tf.TensorSpec((None, None), tf.int32)
X = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]], np.float32)
FLOATS = tf.TensorSpec((None, 3))


def answer(traced: TracedModel, *values: Any) -> list[np.ndarray]:
    return [np.asarray(value) for value in traced.function(traced.inputs, traced.outputs)(*map(tf.constant, values))]


class Many(keras.Model):
    """Several outputs, in a structure whose keys are not in order."""

    def call(self, x: Any) -> Any:
        return {"b": [x + 2, None], "a": (x, x + 1), "ab": np.float32(7.0)}


class Recursive(layers.Layer):
    def call(self, x: Any, depth: int = 2) -> Any:
        return self(x * 2, depth=depth - 1) if depth else x + 1


class Branching(layers.Layer):
    def call(self, x: Any) -> Any:
        _, doubled = tf.while_loop(lambda i, _: i < 3, lambda i, value: (i + 1, value * 2), (0, x))
        return tf.cond(tf.reduce_sum(x) > 0, lambda: doubled**2, lambda: -doubled)


class Recomputed(layers.Layer):
    """A gradient of its own."""

    def call(self, x: Any) -> Any:
        @tf.custom_gradient
        def square(x: Any) -> Any:
            return x * x, lambda slope: slope * 10.0

        return square(x)


def test_outputs_are_flat_in_the_order_of_keras() -> None:
    model = Many()
    found = answer(TracedModel(model, FLOATS), X)
    expected = [leaf for leaf in keras.tree.flatten(model(X)) if leaf is not None]
    assert len(found) == len(expected) == 4
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_several_inputs_are_flat_in_the_order_of_keras() -> None:
    first, second = keras.Input((3,), name="b"), keras.Input((3,), name="a")
    model = keras.Model({"b": first, "a": second}, layers.Subtract()([first, second]))
    traced = TracedModel(model, {"b": FLOATS, "a": FLOATS})
    np.testing.assert_array_equal(answer(traced, X, 3 * X)[0], 2 * X)
    np.testing.assert_array_equal(traced.function([traced.find("b"), traced.find("a")], traced.outputs)(X, X)[0], 0 * X)


def test_a_mask_may_be_an_input() -> None:
    class Masked(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.read = layers.LSTM(3)

        def call(self, inputs: Any) -> Any:
            return self.read(inputs[0], mask=inputs[1])

    model = Masked()
    sequence, mask = np.random.default_rng(0).normal(size=(2, 4, 3)).astype(np.float32), IDS != 0
    model([sequence, mask])
    traced = TracedModel(model, [tf.TensorSpec((None, None, 3)), tf.TensorSpec((None, None), tf.bool)])
    np.testing.assert_allclose(answer(traced, sequence, mask)[0], model.read(sequence, mask=mask), atol=1e-6)
    assert np.abs(answer(traced, sequence, mask)[0] - answer(traced, sequence, mask | True)[0]).max() > 1e-3


def test_dropout_and_noise_are_off() -> None:
    model = keras.Sequential([layers.Dropout(0.5), layers.GaussianNoise(1.0), layers.SpatialDropout1D(0.5)])
    sequence = np.ones((2, 4, 3), np.float32)
    np.testing.assert_array_equal(answer(TracedModel(model, tf.TensorSpec((None, None, 3))), sequence)[0], sequence)


@pytest.mark.parametrize("policy", ["float16", "mixed_float16", "mixed_bfloat16"])
def test_other_precisions(policy: str) -> None:
    inputs = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(9, 3, dtype=policy, name="vectors")(inputs)
    model = keras.Model(inputs, layers.Dense(2, dtype=policy)(layers.LSTM(3, dtype=policy)(vectors)))
    traced = TracedModel(model, ANY)
    (found,) = traced.function(traced.inputs, traced.outputs)(tf.constant(IDS))
    expected = model(IDS)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(tf.cast(found, tf.float32), tf.cast(expected, tf.float32), atol=2e-2)
    slope = traced.differentiate(traced.outputs[0], traced.find("vectors"))
    assert traced.function(traced.inputs, [slope])(tf.constant(IDS))[0].shape == (2, 4, 3)


def test_texts_are_read_inside_the_model() -> None:
    words = layers.TextVectorization(vocabulary=["good", "film"], name="ids")
    model = keras.Sequential([words, layers.Embedding(9, 2, name="vectors"), layers.GlobalAveragePooling1D()])
    texts = tf.constant(["good film", "bad"])
    model(texts)
    traced = TracedModel(model, tf.TensorSpec((None,), tf.string))
    np.testing.assert_allclose(traced.function(traced.inputs, traced.outputs)(texts)[0], model(texts), atol=1e-6)
    ids = traced.function(traced.inputs, [traced.find("ids")])(texts)[0]
    assert ids.numpy().tolist() == [[2, 3], [1, 0]]
    slope = traced.differentiate(traced.outputs[0], traced.find("vectors"))
    np.testing.assert_allclose(traced.function(traced.inputs, [slope])(texts)[0], np.full((2, 2, 2), 0.5))


@pytest.mark.parametrize("spec", [tf.RaggedTensorSpec((None, None)), tf.SparseTensorSpec((None, 3))])
def test_ragged_and_sparse_inputs_are_refused(spec: Any) -> None:
    with pytest.raises(SettingError, match="ragged or sparse input cannot be looked into"):
        TracedModel(layers.Dense(2), [FLOATS, spec])


def test_ragged_outputs_are_refused() -> None:
    class Ragged(keras.Model):
        def call(self, x: Any) -> Any:
            return tf.RaggedTensor.from_tensor(x)

    with pytest.raises(SettingError, match="ragged or sparse output"):
        TracedModel(Ragged(), FLOATS)


def test_new_weights_count_and_a_saved_model_is_the_same(tmp_path: Path) -> None:
    model = keras.Sequential([layers.Embedding(9, 3), layers.LSTM(2, name="read"), layers.Dense(2)])
    model(IDS)
    traced = TracedModel(model, ANY)
    before = answer(traced, IDS)[0]
    model.set_weights([weight + 0.5 for weight in model.get_weights()])
    after = answer(traced, IDS)[0]
    np.testing.assert_allclose(after, model(IDS), atol=1e-6)
    assert np.abs(before - after).max() > 1e-3
    model.save(tmp_path / "model.keras")
    loaded = TracedModel(keras.saving.load_model(tmp_path / "model.keras"), ANY)
    np.testing.assert_allclose(answer(loaded, IDS)[0], after, atol=1e-6)


@pytest.mark.parametrize(
    ("layer", "expected", "slope"),
    [
        (layers.Lambda(lambda x: x**2, name="own"), X**2, 2 * X),
        (Recursive(name="own"), 4 * X + 1, 4 + 0 * X),
        (Branching(name="own"), 64 * X**2, 128 * X),
        (Recomputed(name="own"), X**2, 10 + 0 * X),
        (layers.Activation(tf.function(lambda x: x * 3), name="own"), 3 * X, 3 + 0 * X),
    ],
)
def test_own_code_and_its_gradient(layer: keras.layers.Layer, expected: Any, slope: Any) -> None:
    traced = TracedModel(keras.Sequential([layers.Rescaling(1.0, name="same"), layer]), FLOATS)
    gradient = traced.differentiate(traced.find("own"), traced.find("same"))
    found, by = traced.function(traced.inputs, [traced.find("own"), gradient])(tf.constant(X))
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    np.testing.assert_allclose(by, slope, rtol=1e-6)


def test_a_layer_inside_itself_has_a_path_for_each_depth() -> None:
    layer = Recursive(name="own")
    traced = TracedModel(layer, FLOATS)
    assert [call.path for call in traced.calls] == ["own/own", "own", ""]
    np.testing.assert_array_equal(traced.function(traced.inputs, [traced.find("own/own")])(X)[0], 4 * X + 1)


def test_a_function_around_layers_shows_them_by_name() -> None:
    first, second = layers.Dense(3, name="first"), layers.Dense(2, name="second")
    traced = TracedModel(lambda x, training: second(first(x)), FLOATS)
    assert [call.path for call in traced.calls] == ["first", "second"]
    np.testing.assert_allclose(answer(traced, X)[0], second(first(X)), atol=1e-6)


@pytest.mark.parametrize("built", [True, False])
def test_an_unbuilt_model_has_each_call_once(built: bool) -> None:
    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = layers.Dense(3, name="first"), layers.Dense(2, name="second")

        def call(self, x: Any) -> Any:
            return self.second(self.first(x))

    model: Callable[..., Any] = Own()
    if built:
        model(X)
    traced = TracedModel(model, FLOATS)
    assert [call.path for call in traced.calls] == ["first", "second", ""]
    assert all(traced.has(call.outputs) for call in traced.calls)
    np.testing.assert_allclose(answer(traced, X)[0], model(X), atol=1e-6)


class Alike(keras.Model):
    """Its own weight and that of a layer inside it would have one name in a graph."""

    def __init__(self) -> None:
        super().__init__(name="alike")
        self.first, self.second = layers.Dense(3, name="dense"), layers.Dense(3, name="dense")

    def call(self, x: Any) -> Any:
        return self.second(self.first(x))


def test_weights_that_are_made_for_a_trace_are_as_good_as_any() -> None:
    model = Alike()
    traced = TracedModel(model, FLOATS)
    np.testing.assert_allclose(answer(traced, X)[0], model(X), atol=1e-6)
    assert [weight.numpy().shape for weight in model.weights] == [(3, 3), (3,)] * 2
    model.first.kernel.assign(np.eye(3) * 2)
    np.testing.assert_allclose(answer(traced, X)[0], model(X), atol=1e-6)
    inputs = keras.Input((3,))
    later = keras.Model(inputs, Alike()(inputs))  # Keras finishes here what a trace has left half done
    assert later(X).shape == (2, 3)
