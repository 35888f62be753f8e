"""Small Keras 3 models with random weights, as the tutorials of the web write them. None of them knows attnviz.

`build(name)` gives a model that was called, `make_inputs(name)` what it takes, `ATTENTION` where it attends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnviz.backend import keras, tf

layers, ops = keras.layers, keras.ops

VOCABULARY = 200
"""Words that the models know, among them padding (0) and the unknown word (1)."""

LENGTH = 13
"""Steps of those that read a fixed number: odd, and no other axis of the models has this size."""

TEXTS = ("a truly wonderful film", "bad acting and a weak plot", "not bad at all really quite good in the end")
register = keras.saving.register_keras_serializable("tutorials")


@register
class TransformerBlock(layers.Layer):
    """keras.io, 'Text classification with Transformer'."""

    def __init__(self, embed_dim: int, num_heads: int, ff_dim: int, rate: float = 0.1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = {"embed_dim": embed_dim, "num_heads": num_heads, "ff_dim": ff_dim, "rate": rate}
        self.att = layers.MultiHeadAttention(num_heads=num_heads, key_dim=embed_dim, name="att")
        self.ffn = keras.Sequential([layers.Dense(ff_dim, activation="relu"), layers.Dense(embed_dim)])
        self.layernorm1 = layers.LayerNormalization(epsilon=1e-6)
        self.layernorm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout1, self.dropout2 = layers.Dropout(rate), layers.Dropout(rate)

    def call(self, inputs: Any) -> Any:
        first = self.layernorm1(inputs + self.dropout1(self.att(inputs, inputs)))
        return self.layernorm2(first + self.dropout2(self.ffn(first)))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **self.settings}


@register
class TokenAndPositionEmbedding(layers.Layer):
    """keras.io, 'Text classification with Transformer'."""

    def __init__(self, maxlen: int, vocab_size: int, embed_dim: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = {"maxlen": maxlen, "vocab_size": vocab_size, "embed_dim": embed_dim}
        self.token_emb = layers.Embedding(vocab_size, embed_dim)
        self.pos_emb = layers.Embedding(maxlen, embed_dim)

    def call(self, x: Any) -> Any:
        return self.token_emb(x) + self.pos_emb(ops.arange(0, ops.shape(x)[-1], 1))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **self.settings}


@register
class SubclassedClassifier(keras.Model):
    """Attention inside a `call`, where no functional graph shows it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.emb = layers.Embedding(VOCABULARY, 16, mask_zero=True)
        self.lstm = layers.LSTM(16, return_sequences=True)
        self.att = layers.MultiHeadAttention(2, 8, name="att")
        self.pool = layers.GlobalAveragePooling1D()
        self.out = layers.Dense(1, activation="sigmoid")

    def call(self, x: Any) -> Any:
        states = self.lstm(self.emb(x))
        return self.out(self.pool(self.att(states, states)))


@register
class TutorialAttention(layers.Layer):
    """The `class attention(Layer)` of Keras 2 tutorials, with ops in place of K: a bias of its own for each step."""

    def build(self, input_shape: Any) -> None:
        self.W = self.add_weight(name="att_weight", shape=(input_shape[-1], 1), initializer="normal")
        self.b = self.add_weight(name="att_bias", shape=(input_shape[1], 1), initializer="zeros")
        super().build(input_shape)

    def call(self, x: Any) -> Any:
        scores = ops.tanh(ops.matmul(x, self.W) + self.b)
        return ops.sum(x * ops.softmax(scores, axis=1), axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[-1])


@register
class AttentionWithContext(layers.Layer):
    """The Hierarchical Attention Networks layer of Kaggle notebooks: exp divided by a sum, no softmax at all."""

    def build(self, input_shape: Any) -> None:
        units = input_shape[-1]
        self.W = self.add_weight(shape=(units, units), name="W")
        self.b, self.u = self.add_weight(shape=(units,), name="b"), self.add_weight(shape=(units,), name="u")

    def call(self, x: Any, mask: Any = None) -> Any:
        weights = ops.exp(ops.sum(ops.tanh(ops.matmul(x, self.W) + self.b) * self.u, axis=-1))
        if mask is not None:
            weights = weights * ops.cast(mask, weights.dtype)
        weights = weights / (ops.sum(weights, axis=1, keepdims=True) + keras.config.epsilon())
        return ops.sum(x * ops.expand_dims(weights, -1), axis=1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None


def _words(length: int | None = None, mask_zero: bool = False, units: int = 16) -> tuple[Any, Any]:
    """An input of word ids and their vectors."""
    inputs = keras.Input((length,), dtype="int32")
    return inputs, layers.Embedding(VOCABULARY, units, mask_zero=mask_zero)(inputs)


def _answer(inputs: Any, states: Any) -> keras.Model:
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(states))


def build_transformer(blocks: int = 1, labels: int = 2) -> keras.Model:
    inputs = keras.Input((LENGTH,))
    x = TokenAndPositionEmbedding(LENGTH, VOCABULARY, 32)(inputs)
    for number in range(1, blocks + 1):
        x = TransformerBlock(32, 2, 32, name=f"block_{number}")(x)
    x = layers.Dropout(0.1)(layers.GlobalAveragePooling1D()(x))
    x = layers.Dropout(0.1)(layers.Dense(20, activation="relu")(x))
    return keras.Model(inputs, layers.Dense(labels, activation="softmax")(x))


def build_bilstm() -> keras.Model:
    inputs, x = _words()
    x = layers.Bidirectional(layers.LSTM(8, return_sequences=True))(x)
    return _answer(inputs, layers.Bidirectional(layers.LSTM(8))(x))


def build_conv1d() -> keras.Model:
    inputs, x = _words()
    x = layers.Conv1D(16, 3, activation="relu")(layers.Dropout(0.5)(x))
    x = layers.Conv1D(16, 3, activation="relu")(x)
    return _answer(inputs, layers.Dense(16, activation="relu")(layers.GlobalMaxPooling1D()(x)))


def build_keras_attention(kind: type = layers.Attention, mask_zero: bool = True) -> keras.Model:
    inputs, x = _words(mask_zero=mask_zero)
    states = layers.Bidirectional(layers.LSTM(8, return_sequences=True))(x)
    return _answer(inputs, layers.GlobalAveragePooling1D()(kind(name="att")([states, states])))


def build_attention_3d_block() -> keras.Model:
    """A Dense over the steps of each feature, as the first Keras attention repository has it."""
    inputs, x = _words(LENGTH)
    states = layers.LSTM(8, return_sequences=True)(x)
    weights = layers.Dense(LENGTH, activation="softmax", name="steps")(layers.Permute((2, 1))(states))
    weights = layers.Permute((2, 1), name="attention_vec")(weights)
    return _answer(inputs, layers.Flatten()(layers.multiply([states, weights])))


def build_gru(labels: int = 3) -> keras.Model:
    inputs, x = _words(mask_zero=True)
    return keras.Model(inputs, layers.Dense(labels, activation="softmax")(layers.GRU(8)(x)))


def build_text_vectorization() -> keras.Model:
    """Reads texts; its words are inside."""
    vectorize = layers.TextVectorization(max_tokens=VOCABULARY, output_sequence_length=LENGTH, name="vectorize")
    vectorize.adapt(list(TEXTS))
    inputs = keras.Input((1,), dtype="string")
    x = layers.Embedding(VOCABULARY, 16, mask_zero=True)(vectorize(inputs))
    return _answer(inputs, layers.Bidirectional(layers.LSTM(8))(x))


def build_subclassed() -> keras.Model:
    model = SubclassedClassifier()
    model(np.ones((1, LENGTH), np.int32))
    return model


def build_tutorial_attention() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((LENGTH,)),
            layers.Embedding(VOCABULARY, 16),
            layers.LSTM(8, return_sequences=True),
            TutorialAttention(name="att"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def build_attention_with_context() -> keras.Model:
    inputs, x = _words(LENGTH, mask_zero=True)
    states = layers.Bidirectional(layers.GRU(8, return_sequences=True))(x)
    return _answer(inputs, AttentionWithContext(name="att")(states))


MODELS: dict[str, Callable[[], keras.Model]] = {
    "transformer": build_transformer,
    "bilstm": build_bilstm,
    "conv1d": build_conv1d,
    "attention": build_keras_attention,
    "additive-attention": lambda: build_keras_attention(layers.AdditiveAttention),
    "attention-3d-block": build_attention_3d_block,
    "gru": build_gru,
    "text-vectorization": build_text_vectorization,
    "subclassed": build_subclassed,
    "tutorial-attention": build_tutorial_attention,
    "attention-with-context": build_attention_with_context,
}

ATTENTION: dict[str, tuple[str, tuple[str, ...]]] = {
    "transformer": ("block_1/att", ("heads", "queries", "tokens")),
    "attention": ("att", ("queries", "tokens")),
    "additive-attention": ("att", ("queries", "tokens")),
    "attention-3d-block": ("steps", ("features", "tokens")),
    "subclassed": ("att", ("heads", "queries", "tokens")),
    "tutorial-attention": ("att", ("tokens",)),
    "attention-with-context": ("att", ("tokens",)),
}
"""The path of the layer that makes the attention weights and their axes; the other models have no attention."""


def build(name: str, seed: int = 0) -> keras.Model:
    """The model with the weights of that seed."""
    keras.utils.set_random_seed(seed)
    return MODELS[name]()


def make_ids(batch: int = 3, seed: int = 0, length: int = LENGTH) -> np.ndarray:
    """(batch, length) int32 word ids; each row ends in two steps of padding (0) more than the one before."""
    ids = np.random.default_rng(seed).integers(2, VOCABULARY, (batch, length)).astype(np.int32)
    for row in range(1, batch):
        ids[row, max(1, length - 2 * row) :] = 0
    return ids


def make_inputs(name: str, batch: int = 3) -> Any:
    """What the model takes: texts (batch, 1) for 'text-vectorization', word ids (batch, LENGTH) for the others."""
    if name == "text-vectorization":
        return tf.constant([[TEXTS[row % len(TEXTS)]] for row in range(batch)])
    return make_ids(batch)
