"""Activations inside subclassed models and wrappers, compared with calling what is inside by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attnviz import get_activations
from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError

layers, ops = keras.layers, keras.ops
IDS = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [1, 1, 0, 0]], np.int32)


def assert_equal(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, np.asarray(expected), atol=1e-6)


class Block(layers.Layer):
    """Calls its dense layer twice and returns two tensors."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dense = layers.Dense(3, activation="tanh", name="dense")

    def call(self, x: Any) -> Any:
        first = self.dense(x)
        return first, self.dense(first)


class Reader(keras.Model):
    """Its layers are called in another order than they were made in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.answer = layers.Dense(2, name="answer")
        self.block = Block(name="block")
        self.vectors = layers.Embedding(9, 3, name="vectors")
        self.dropout = layers.Dropout(0.9, name="dropout")

    def call(self, ids: Any, training: bool | None = None) -> Any:
        _, states = self.block(self.dropout(self.vectors(ids), training=training))
        return {"probabilities": self.answer(ops.mean(states, axis=1)), "states": states}


@pytest.mark.parametrize("state", ["called", "never called"])
def test_a_subclassed_model_gives_the_layers_that_it_calls(state: str) -> None:
    model = Reader()
    if state == "called":
        model(IDS)
    found = get_activations(model, IDS)
    assert list(found) == ["answer", "block", "vectors", "dropout"]
    vectors = model.vectors(IDS)
    assert_equal(found["vectors"], vectors)
    assert_equal(found["dropout"], vectors)  # inference mode
    for array, expected in zip(found["block"], model.block(vectors), strict=True):
        assert_equal(array, expected)
    assert_equal(found["answer"], model(IDS)["probabilities"])


def test_own_layers_are_opened_and_repeated_calls_are_a_list() -> None:
    model = Reader()
    found = get_activations(model, IDS, nested=True)
    assert list(found) == ["answer", "block", "block/dense", "vectors", "dropout"]
    once, twice = found["block/dense"]
    assert_equal(once, model.block.dense(model.vectors(IDS)))
    assert_equal(twice, model.block.dense(once))


def test_a_layer_that_is_never_called_is_no_valid_name() -> None:
    model = Compiled()
    model.unused = layers.Dense(3, name="unused")
    with pytest.raises(UnknownNameError, match=r"'unused'. Valid names: first, second\."):
        get_activations(model, np.ones((2, 3), np.float32), "unused")


def test_a_subclassed_model_inside_a_functional_one_is_one_layer_or_opened() -> None:
    inputs = keras.Input((4,), dtype="int32", name="x")
    inner = Reader(name="inner")
    inner(IDS)
    model = keras.Model(inputs, inner(inputs)["probabilities"])
    assert list(get_activations(model, IDS)) == ["x", "inner"]
    found = get_activations(model, IDS, nested=True)
    assert list(found) == ["x", "inner", *(f"inner/{name}" for name in get_activations(inner, IDS, nested=True))]
    assert_equal(found["inner/vectors"], inner.vectors(IDS))


@pytest.mark.parametrize("masked", [True, False])
def test_bidirectional_shows_both_directions(masked: bool) -> None:
    inputs = keras.Input((None,), dtype="int32", name="x")
    vectors = layers.Embedding(9, 3, mask_zero=masked, name="vectors")
    wrapper = layers.Bidirectional(layers.LSTM(4, return_sequences=True, name="lstm"), name="states")
    found = get_activations(keras.Model(inputs, wrapper(vectors(inputs))), IDS, nested=True)
    assert list(found) == ["x", "vectors", "states", "states/forward_lstm", "states/backward_lstm"]
    embedded, mask = vectors(IDS), IDS != 0 if masked else None
    assert_equal(found["states/forward_lstm"], wrapper.forward_layer(embedded, mask=mask))
    assert_equal(found["states/backward_lstm"], wrapper.backward_layer(embedded, mask=mask))
    assert_equal(found["states"][..., 4:], found["states/backward_lstm"][:, ::-1])


@pytest.mark.parametrize("steps", [5, None])
@pytest.mark.parametrize("batch", [2, 5, 7])
def test_inside_time_distributed_all_steps_are_in_one_array(steps: int | None, batch: int) -> None:
    """With any number of steps Keras 3.15 itself confuses them with the batch, so each step is called by hand."""
    words = keras.Input((6,), dtype="int32", name="words")
    vectors, lstm = layers.Embedding(9, 3, name="vectors"), layers.LSTM(4, name="lstm")
    sentence = keras.Model(words, lstm(vectors(words)), name="sentence")
    inputs = keras.Input((steps, 6), dtype="int32", name="x")
    model = keras.Model(inputs, layers.TimeDistributed(sentence, name="sentences")(inputs))
    x = np.random.default_rng(0).integers(0, 9, (batch, 5, 6)).astype(np.int32)
    found = get_activations(model, x, nested=True)
    inside = ["words", "vectors", "lstm"]
    inner = [f"sentences/sentence/{name}" for name in inside]
    assert list(found) == ["x", "sentences", "sentences/sentence", *inner]
    by_hand = [get_activations(sentence, x[:, step]) for step in range(5)]
    for name in inside:
        assert_equal(found[f"sentences/sentence/{name}"], np.stack([step[name] for step in by_hand], axis=1))
    assert_equal(found["sentences"], found["sentences/sentence/lstm"])


def test_time_distributed_passes_its_mask_on() -> None:
    inputs = keras.Input((None, 2), name="x")
    masked = layers.Masking(name="masked")(inputs)
    lstm = layers.TimeDistributed(layers.Dense(3, name="dense"), name="dense_steps")
    model = keras.Model(inputs, layers.LSTM(2, name="read")(lstm(masked)))
    x = np.ones((3, 4, 2), np.float32)
    x[1, 2:] = 0
    assert_equal(get_activations(model, x, "read")["read"][1], get_activations(model, x[:, :2], "read")["read"][1])


class Looping(keras.Model):
    """Calls one layer in a loop of TensorFlow and one in a branch."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.looped = layers.Dense(3, name="looped")
        self.chosen = layers.Dense(3, name="chosen")
        self.after = layers.Dense(2, name="after")

    def build(self, shape: Any) -> None:
        for layer in (self.looped, self.chosen, self.after):
            layer.build((shape[0], 3))

    def call(self, x: Any) -> Any:
        x = tf.map_fn(lambda row: self.looped(row[None])[0], x)
        return self.after(tf.cond(tf.reduce_sum(x) > 0, lambda: self.chosen(x), lambda: x))


def test_what_is_hidden_in_a_loop_is_left_out_and_told_when_it_is_asked_for() -> None:
    model, x = Looping(), np.ones((4, 3), np.float32)
    found = get_activations(model, x, nested=True)
    assert list(found) == ["after"]
    assert_equal(found["after"], model(x))
    for name in ("looped", "chosen"):
        with pytest.raises(SettingError, match=f"The layer {name} is called inside a loop or a branch of TensorFlow"):
            get_activations(model, x, name)


class Compiled(keras.Model):
    """Its `call` is a function of TensorFlow, which calls another one; both branch on values."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first, self.second = layers.Dense(3, name="first"), layers.Dense(2, name="second")

    def build(self, shape: Any) -> None:
        self.first.build(shape)
        self.second.build(shape)

    @tf.function
    def call(self, x: Any) -> Any:
        x = self.first(x)
        if tf.reduce_sum(x) > 100:
            x = x * 0
        return self.finish(x)

    @tf.function(jit_compile=True)
    def finish(self, x: Any) -> Any:
        if tf.reduce_sum(x) < -100:
            x = x * 0
        return self.second(x)


@pytest.mark.parametrize("state", ["called", "never called"])
def test_functions_of_tensorflow_are_looked_into(state: str) -> None:
    model, x = Compiled(), np.ones((2, 3), np.float32)
    if state == "called":
        model(x)
    found = get_activations(model, x)
    assert list(found) == ["first", "second"]
    assert_equal(found["first"], model.first(x))
    assert_equal(found["second"], model(x))


class Twins(keras.Model):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.left = keras.Sequential([layers.Dense(2, name="dense")], name="twin")
        self.right = keras.Sequential([layers.Dense(2, name="dense")], name="twin")

    def call(self, x: Any) -> Any:
        return self.left(x) + self.right(x) + self.left(x + 1)


def test_two_layers_of_one_name_stay_apart() -> None:
    model, x = Twins(), np.ones((2, 3), np.float32)
    found = get_activations(model, x, nested=True)
    assert list(found) == ["twin", "twin/dense", "twin#2", "twin#2/dense"]
    assert_equal(found["twin/dense"][0], model.left(x))
    assert_equal(found["twin/dense"][1], model.left(x + 1))
    assert_equal(found["twin#2/dense"], model.right(x))


class Constant(layers.Layer):
    """Returns something that does not depend on its input, and nothing at all when it is asked twice."""

    def call(self, x: Any) -> Any:
        return {"b": tf.constant([[2.0]]), "a": np.array([[1.0]], np.float32), "nothing": None}


def test_constants_are_outputs_too() -> None:
    class Model(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.constant = Constant(name="constant")

        def call(self, x: Any) -> Any:
            return x + self.constant(x)["a"]

    found = get_activations(Model(), np.ones((2, 1), np.float32))
    assert [array.tolist() for array in found["constant"]] == [[[1.0]], [[2.0]]]
