"""The attention layers that tutorials write themselves, each in a small classifier; none of them knows attnviz.

`CUSTOM` maps a name to (what builds a model, the path of the layer with the attention weights, its class, their axes).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from attnviz.backend import keras, tf
from tests.tutorial_models import VOCABULARY

layers, ops = keras.layers, keras.ops
UNITS = 6
"""Numbers in a state of each word; no text of the tests has so many steps."""


class Plain(layers.Layer):
    """A layer that gives one vector a text."""

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], shape[-1])


class BahdanauAttention(Plain):
    """Three Dense layers and the last state as the query, as TensorFlow's translation tutorial has them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.w1, self.w2, self.v = layers.Dense(4), layers.Dense(4), layers.Dense(1)

    def call(self, states: Any) -> Any:
        scores = self.v(ops.tanh(self.w1(states[:, -1])[:, None] + self.w2(states)))
        return ops.sum(ops.softmax(scores, axis=1) * states, axis=1)


class LuongAttention(Plain):
    """The general score, the last state as the query, and a layer of Keras for the softmax."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.w, self.normalise = layers.Dense(UNITS, use_bias=False), layers.Softmax(axis=-1)

    def call(self, states: Any) -> Any:
        weights = self.normalise(ops.sum(self.w(states) * states[:, -1:], axis=-1))
        return ops.einsum("bs,bsd->bd", weights, states)


class SoftmaxPooling(Plain):
    """Each feature has a softmax of its own over the words."""

    def call(self, states: Any) -> Any:
        return ops.sum(ops.softmax(states, axis=1) * states, axis=1)


class ExpOverSum(Plain):
    """No softmax: exp, a mask, a sum."""

    def build(self, shape: Any) -> None:
        self.w = self.add_weight(shape=(shape[-1], 1))

    def call(self, states: Any, mask: Any = None) -> Any:
        weights = ops.exp(ops.tanh(ops.matmul(states, self.w)))
        weights = weights if mask is None else weights * ops.cast(mask, weights.dtype)[..., None]
        return ops.sum(states * (weights / ops.sum(weights, axis=1, keepdims=True)), axis=1)


class MaskedAfterwards(Plain):
    """A softmax over all steps, then the padding is set to 0 and the rest rescaled: only the last is used."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.score = layers.Dense(1)

    def call(self, states: Any, mask: Any = None) -> Any:
        weights = ops.softmax(ops.squeeze(self.score(states), -1))
        weights = weights if mask is None else weights * ops.cast(mask, weights.dtype)
        weights = weights / (ops.sum(weights, axis=1, keepdims=True) + 1e-9)
        return ops.sum(weights[..., None] * states, axis=1)


class StructuredSelfAttention(Plain):
    """Several hops with weights of their own (Lin et al. 2017, arXiv:1703.03130)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.inner, self.hops = layers.Dense(5, activation="tanh"), layers.Dense(4)

    def call(self, states: Any) -> Any:
        weights = ops.softmax(self.hops(self.inner(states)), axis=1)
        return ops.reshape(ops.matmul(ops.transpose(weights, (0, 2, 1)), states), (-1, 4 * UNITS))

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], 4 * UNITS)


class HandMadeHeads(Plain):
    """Multi-head attention written out, as keras.io had it before the layer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.projections = [layers.Dense(UNITS) for _ in range(3)]

    def call(self, states: Any) -> Any:
        query, key, value = (self.split(layer(states)) for layer in self.projections)
        weights = ops.softmax(ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / 3**0.5, axis=-1)
        joined = ops.transpose(ops.matmul(weights, value), (0, 2, 1, 3))
        return ops.mean(ops.reshape(joined, (ops.shape(states)[0], -1, UNITS)), axis=1)

    def split(self, states: Any) -> Any:
        parts = ops.reshape(states, (ops.shape(states)[0], -1, 2, UNITS // 2))
        return ops.transpose(parts, (0, 2, 1, 3))


class Decorated(Plain):
    """The `call` is a function of TensorFlow."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.score = layers.Dense(1)

    @tf.function
    def call(self, states: Any) -> Any:
        return tf.reduce_sum(tf.nn.softmax(self.score(states), axis=1) * states, axis=1)


class HiddenInCall(keras.Model):
    """A subclassed model that computes attention in its own `call`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.embed, self.score = layers.Embedding(VOCABULARY, UNITS), layers.Dense(1)
        self.answer = layers.Dense(1, activation="sigmoid")

    def call(self, ids: Any) -> Any:
        states = self.embed(ids)
        weights = ops.softmax(ops.squeeze(self.score(ops.tanh(states)), -1), axis=-1)
        return self.answer(ops.sum(states * weights[..., None], axis=1))


def build_with(layer: layers.Layer, mask_zero: bool = False, length: int | None = None) -> keras.Model:
    """Words, states, the layer, a probability."""
    inputs = keras.Input((length,), dtype="int32")
    states = layers.Embedding(VOCABULARY, UNITS, embeddings_initializer="normal", mask_zero=mask_zero)(inputs)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(layer(states)))


def build_dot_and_softmax() -> keras.Model:
    """Layers of Keras only: Dot with the last state, Activation, Dot."""
    inputs = keras.Input((None,), dtype="int32")
    states, last = layers.GRU(UNITS, return_sequences=True, return_state=True)(layers.Embedding(VOCABULARY, 5)(inputs))
    weights = layers.Activation("softmax", name="weights")(layers.Dot(axes=(2, 1))([states, last]))
    context = layers.Dot(axes=(1, 1))([weights, states])
    return keras.Model(inputs, layers.Dense(1)(context))


def build_repeated() -> keras.Model:
    """Weights that are repeated for each feature and multiplied, as many notebooks do."""
    inputs = keras.Input((None,), dtype="int32")
    states = layers.LSTM(UNITS, return_sequences=True)(layers.Embedding(VOCABULARY, 5)(inputs))
    weights = layers.Softmax(axis=1, name="weights")(layers.Dense(1, activation="tanh")(states))
    repeated = layers.Permute((2, 1))(layers.RepeatVector(UNITS)(layers.Reshape((-1,))(weights)))
    context = layers.GlobalAveragePooling1D()(layers.multiply([states, repeated]))
    return keras.Model(inputs, layers.Dense(1)(context))


class Custom(NamedTuple):
    build: Callable[[], keras.Model]
    path: str
    kind: str
    axes: tuple[str, ...]


CUSTOM = {
    "bahdanau": Custom(lambda: build_with(BahdanauAttention(name="att")), "att", "BahdanauAttention", ("tokens",)),
    "luong": Custom(lambda: build_with(LuongAttention(name="att")), "att", "LuongAttention", ("tokens",)),
    "softmax pooling": Custom(
        lambda: build_with(SoftmaxPooling(name="att")), "att", "SoftmaxPooling", ("features", "tokens")
    ),
    "exp over sum": Custom(
        lambda: build_with(ExpOverSum(name="att"), mask_zero=True), "att", "ExpOverSum", ("tokens",)
    ),
    "masked afterwards": Custom(
        lambda: build_with(MaskedAfterwards(name="att"), mask_zero=True), "att", "MaskedAfterwards", ("tokens",)
    ),
    "structured": Custom(
        lambda: build_with(StructuredSelfAttention(name="att")), "att", "StructuredSelfAttention", ("heads", "tokens")
    ),
    "hand-made heads": Custom(
        lambda: build_with(HandMadeHeads(name="att")), "att", "HandMadeHeads", ("heads", "queries", "tokens")
    ),
    "decorated": Custom(lambda: build_with(Decorated(name="att")), "att", "Decorated", ("tokens",)),
    "hidden in call": Custom(HiddenInCall, "", "HiddenInCall", ("tokens",)),
    "dot and softmax": Custom(build_dot_and_softmax, "weights", "Activation", ("tokens",)),
    "repeated": Custom(build_repeated, "weights", "Softmax", ("tokens",)),
}
