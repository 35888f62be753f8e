"""What sums to 1 and is no attention: classes, experts, gates, places, padding, even if there are as many as steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from attnviz import find_attention
from attnviz.backend import keras, tf
from attnviz.graph.attention_search import SearchResult, search_attention
from attnviz.graph.traced import TracedModel
from tests.tutorial_models import LENGTH, VOCABULARY, TutorialAttention, make_ids

layers, ops = keras.layers, keras.ops
IDS = make_ids()
FIXED = tf.TensorSpec((None, LENGTH), tf.int32)


def words(length: int | None = None, mask_zero: bool = False) -> tuple[Any, Any]:
    inputs = keras.Input((length,), dtype="int32")
    return inputs, layers.Embedding(VOCABULARY, 16, mask_zero=mask_zero, embeddings_initializer="normal")(inputs)


def answer(inputs: Any, states: Any) -> keras.Model:
    return keras.Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling1D()(states)))


def build_classes(length: int | None) -> keras.Model:
    """As many classes as steps."""
    inputs, vectors = words(length)
    return keras.Model(inputs, layers.Dense(LENGTH, activation="softmax")(layers.GRU(8)(vectors)))


def build_class_of_each_step(length: int | None) -> keras.Model:
    """A tagger, as before a CRF: shares of as many tags as steps, for each step."""
    inputs, vectors = words(length)
    states = layers.Bidirectional(layers.LSTM(8, return_sequences=True))(vectors)
    return keras.Model(inputs, layers.Dense(LENGTH, activation="softmax")(states))


def build_hidden_classes(length: int | None) -> keras.Model:
    """Shares of topics, as many as steps, on the way to the answer."""
    inputs, vectors = words(length)
    topics = layers.Dense(LENGTH, activation="softmax", kernel_initializer="normal")(layers.GRU(8)(vectors))
    return keras.Model(inputs, layers.Dense(1)(topics))


def build_feature_gates(length: int | None) -> keras.Model:
    """A softmax over as many features as steps, which gates the features of each step."""
    inputs, vectors = words(length)
    states = layers.GRU(LENGTH, return_sequences=True)(vectors)
    gates = layers.Dense(LENGTH, activation="softmax", kernel_initializer="normal")(states)
    return answer(inputs, layers.multiply([states, gates]))


def build_experts(length: int | None) -> keras.Model:
    """A mixture of as many experts as steps."""
    inputs, vectors = words(length)
    state = layers.GRU(8)(vectors)
    gates = layers.Dense(LENGTH, activation="softmax", kernel_initializer="normal")(state)
    experts = layers.Reshape((LENGTH, 4))(layers.Dense(LENGTH * 4, activation="tanh")(state))
    return keras.Model(inputs, layers.Dense(1)(layers.Dot(axes=(1, 1))([gates, experts])))


def build_experts_of_each_step(length: int | None) -> keras.Model:
    inputs, vectors = words(length)
    gates = layers.Dense(LENGTH, activation="softmax", kernel_initializer="normal")(vectors)
    experts = layers.Reshape((-1, LENGTH, 4))(layers.Dense(LENGTH * 4, activation="tanh")(vectors))
    mixed = layers.Lambda(lambda both: ops.einsum("bse,bsed->bsd", *both))([gates, experts])
    return answer(inputs, mixed)


class Places(layers.Layer):
    """Shares that are learned for each place, the same in every text."""

    def build(self, shape: Any) -> None:
        self.scores = self.add_weight(shape=(LENGTH, 1), initializer="normal")

    def call(self, states: Any) -> Any:
        weights = ops.softmax(self.scores, axis=0) * ops.ones_like(states[..., :1])
        return states * weights

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class MeanOfWords(layers.Layer):
    """An even share for each word, none for padding."""

    supports_masking = True

    def call(self, states: Any, mask: Any = None) -> Any:
        shares = ops.cast(mask, states.dtype)
        shares = shares / ops.sum(shares, axis=1, keepdims=True)
        return states * shares[..., None]

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class LastWord(layers.Layer):
    """Picks one state with a one-hot vector."""

    def call(self, states: Any, mask: Any = None) -> Any:
        best = ops.argmax(ops.sum(states, axis=-1), axis=1)
        return states * ops.one_hot(best, ops.shape(states)[1])[..., None]

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class Capsules(layers.Layer):
    """Routing by agreement: each word shares itself out among capsules (Sabour et al. 2017)."""

    def build(self, shape: Any) -> None:
        self.w = self.add_weight(shape=(shape[-1], 5, 4), initializer="normal")

    def call(self, states: Any) -> Any:
        votes = ops.einsum("bsd,dkc->bskc", states, self.w)
        logits = ops.zeros_like(votes[..., 0])
        for _ in range(3):
            shares = ops.softmax(logits, axis=-1)
            capsules = ops.tanh(ops.einsum("bsk,bskc->bkc", shares, votes))
            logits = logits + ops.einsum("bkc,bskc->bsk", capsules, votes)
        return capsules

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], 5, 4)


def build_with(layer: layers.Layer, mask_zero: bool = False) -> Callable[[int | None], keras.Model]:
    def build(length: int | None) -> keras.Model:
        inputs, vectors = words(length, mask_zero)
        return answer(inputs, layer(vectors))

    return build


def build_gru(length: int | None) -> keras.Model:
    inputs, vectors = words(length, mask_zero=True)
    states = layers.GRU(LENGTH, return_sequences=True, unroll=length is not None, activation="softmax")(vectors)
    return answer(inputs, states)


NONE = {
    "classes": build_classes,
    "tags": build_class_of_each_step,
    "topics": build_hidden_classes,
    "feature gates": build_feature_gates,
    "experts": build_experts,
    "experts of each step": build_experts_of_each_step,
    "places": build_with(Places()),
    "mean of the words": build_with(MeanOfWords(), mask_zero=True),
    "one of the words": build_with(LastWord()),
    "capsules": build_with(Capsules()),
    "gates of a GRU": build_gru,
}


@pytest.mark.parametrize("length", [None, LENGTH])
@pytest.mark.parametrize("name", NONE)
def test_it_is_no_attention(name: str, length: int | None) -> None:
    keras.utils.set_random_seed(0)
    model = NONE[name](length)
    assert find_attention(model, IDS) == ()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["topics", "feature gates", "experts", "experts of each step"])
def test_nor_is_it_where_the_model_was_traced_for_a_fixed_number_of_steps(name: str, seed: int) -> None:
    keras.utils.set_random_seed(seed)
    model = NONE[name](LENGTH)
    traced = TracedModel(model, FIXED)
    assert search_attention(traced, [make_ids(seed=seed)]) == SearchResult(())


def build_with_long_memory() -> keras.Model:
    """What a word says is kept in all states after it and before it, and the attention has a bias for each step."""
    inputs, vectors = words(LENGTH)
    lstm = layers.LSTM(16, return_sequences=True, kernel_initializer=keras.initializers.RandomNormal(stddev=1.5))
    model = keras.Model(inputs, layers.Dense(1)(TutorialAttention(name="att")(layers.Bidirectional(lstm)(vectors))))
    for cell in (layer for layer in model._flatten_layers() if isinstance(layer, layers.LSTMCell)):
        cell.bias.assign(np.where(np.arange(64) // 16 == 1, 5.0, 0.0))  # of the forget gate
    return model


def test_attention_is_told_from_units_where_words_reach_far() -> None:
    keras.utils.set_random_seed(0)
    model = build_with_long_memory()
    traced = TracedModel(model, FIXED)
    assert [attention.name for attention in search_attention(traced, [IDS]).attentions] == ["att"]


def test_an_answer_over_the_steps_is_no_attention() -> None:
    """Where an answer begins: a share of each word, and nothing is computed from it."""
    inputs, vectors = words()
    scores = layers.Reshape((-1,))(layers.Dense(1)(layers.Conv1D(8, 3, padding="same")(vectors)))
    assert find_attention(keras.Model(inputs, layers.Softmax()(scores)), IDS) == ()


def test_weights_that_nobody_uses_are_said_to_be_so() -> None:
    class Unused(layers.Layer):
        def build(self, shape: Any) -> None:
            self.att = layers.Attention(name="inner")

        def call(self, states: Any) -> Any:
            self.att([states, states])
            return states

    inputs, vectors = words()
    (found,) = find_attention(answer(inputs, Unused(name="unused")(vectors)), IDS)
    assert (found.layer, found.reaches_output) == ("unused/inner", False)
    assert np.isfinite(found.entropy)
