"""Where attention is hard to get at: masks, shared layers, loops, half precision, steps of another kind."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

from attnviz import find_attention
from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.attention_search import SearchResult, search_attention
from attnviz.graph.traced import TracedModel
from tests.tutorial_models import LENGTH, VOCABULARY, make_ids

layers, ops = keras.layers, keras.ops
ANY = tf.TensorSpec((None, None), tf.int32)
IDS = make_ids()
MATRIX = ("heads", "queries", "tokens")


def words(mask_zero: bool = False) -> tuple[Any, Any]:
    inputs = keras.Input((None,), dtype="int32")
    return inputs, layers.Embedding(VOCABULARY, 16, mask_zero=mask_zero)(inputs)


def answer(inputs: Any, states: Any) -> keras.Model:
    return keras.Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling1D()(states)))


def search(model: keras.Model, x: Any = IDS) -> SearchResult:
    return search_attention(TracedModel(model, ANY), [x])


def read(model: keras.Model, x: Any = IDS) -> np.ndarray:
    traced = TracedModel(model, ANY)
    (attention,) = search_attention(traced, [x]).attentions
    return np.asarray(traced.function(traced.inputs, [attention.locate(traced)])(tf.constant(x))[0])


@pytest.mark.parametrize("causal", [False, True])
def test_padding_that_is_masked_gets_no_attention(causal: bool) -> None:
    inputs, vectors = words(mask_zero=True)
    heads = layers.MultiHeadAttention(2, 8)(vectors, vectors, use_causal_mask=causal)
    weights = read(answer(inputs, heads))
    assert weights[1, :, :11, 11:].max() == 0
    assert (np.triu(weights[0, 0], 1).max() == 0) == causal


def test_without_a_mask_padding_takes_its_share() -> None:
    inputs, vectors = words()
    assert read(answer(inputs, layers.MultiHeadAttention(2, 8)(vectors, vectors)))[2, :, :, -4:].min() > 0.01


def test_several_queries_share_keys() -> None:
    inputs, vectors = words()
    (found,) = search(answer(inputs, layers.GroupQueryAttention(8, 4, 2, name="att")(vectors, vectors))).attentions
    assert (found.found.kind, found.axes, found.found.maps) == ("GroupedQueryAttention", MATRIX, 4)


def test_a_layer_that_is_called_twice_has_two_attentions() -> None:
    inputs, vectors = words()
    layer = layers.MultiHeadAttention(2, 16, name="att")
    model = answer(inputs, layer(layer(vectors, vectors), vectors))
    first, second = search(model).attentions
    assert [first.name, second.name] == ["att", "att (2)"]
    traced = TracedModel(model, tf.TensorSpec((3, 13), tf.int32))
    read_both = traced.function(traced.inputs, [first.locate(traced), second.locate(traced)])
    one, other = read_both(tf.constant(IDS))
    assert np.abs(one - other).max() > 1e-6


class Block(layers.Layer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.att = layers.MultiHeadAttention(2, 8, dropout=0.3, name="att")

    def build(self, shape: Any) -> None:
        self.att.build(shape, shape)

    def call(self, states: Any) -> Any:
        return self.att(states, states)

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class Blocks(layers.Layer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.blocks = [Block(name="block"), Block(name="block")]

    def build(self, shape: Any) -> None:
        for block in self.blocks:
            block.build(shape)

    def call(self, states: Any) -> Any:
        return self.blocks[1](self.blocks[0](states))

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


def test_layers_of_one_name_have_names_of_their_own() -> None:
    inputs, vectors = words()
    names = [attention.name for attention in search(answer(inputs, Blocks(name="blocks")(vectors))).attentions]
    assert names == ["blocks/block/att", "blocks/block#2/att"]


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision(dtype: str) -> None:
    inputs, vectors = words()
    layer = layers.MultiHeadAttention(2, 8, dtype=dtype, name="att", kernel_initializer="ones")
    (found,) = search(answer(inputs, layer(vectors, vectors))).attentions
    assert (found.name, found.axes) == ("att", MATRIX)


@pytest.mark.parametrize("kwargs", [{"jit_compile": True}, {"run_eagerly": True}])
def test_how_the_model_is_compiled_makes_no_difference(kwargs: dict[str, bool]) -> None:
    inputs, vectors = words()
    model = answer(inputs, layers.Attention(name="att")([vectors, vectors]))
    model.compile(**kwargs)
    assert [found.name for found in find_attention(model, IDS)] == ["att"]


def test_attention_from_few_queries_that_are_no_words() -> None:
    inputs, vectors = words()
    queries = layers.Dense(16)(layers.Reshape((4, 4))(layers.GlobalAveragePooling1D()(vectors)))
    (found,) = search(answer(inputs, layers.MultiHeadAttention(2, 8, name="att")(queries, vectors))).attentions
    assert (found.axes, found.found.axes, found.found.maps) == (MATRIX, MATRIX, 2)


def test_a_query_alone_is_no_axis() -> None:
    inputs, vectors = words()
    query = layers.Reshape((1, 16))(layers.GlobalAveragePooling1D()(vectors))
    (found,) = search(answer(inputs, layers.Attention(name="att")([query, vectors]))).attentions
    assert (found.axes, found.found.axes, found.found.is_matrix) == (("queries", "tokens"), ("tokens",), False)


@pytest.mark.parametrize("steps", [None, LENGTH])
def test_attention_over_other_steps_than_the_words_is_hidden(steps: int | None) -> None:
    inputs, vectors = words()
    parts = layers.Conv1D(16, 3)(vectors)
    model = answer(inputs, layers.MultiHeadAttention(2, 8, name="att")(parts, parts))
    result = search_attention(TracedModel(model, tf.TensorSpec((None, steps), tf.int32)), [IDS])
    assert result.attentions == ()
    assert result.hidden == ("att attends to 11 steps that are not those of the text.",)


class Mapped(layers.Layer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.att = layers.MultiHeadAttention(2, 8)

    def build(self, shape: Any) -> None:
        self.att.build(shape, shape)

    def call(self, states: Any) -> Any:
        return tf.map_fn(lambda row: self.att(row[None], row[None])[0], states)


def test_attention_in_a_loop_is_hidden() -> None:
    inputs, vectors = words()
    result = search(answer(inputs, Mapped(name="mapped")(vectors)))
    assert result.attentions == ()
    (sentence,) = result.hidden
    assert sentence.startswith("mapped computes a softmax inside a loop of TensorFlow")


def build_hierarchical(sentences: int | None) -> keras.Model:
    """Attention over the words of each sentence (Yang et al. 2016)."""
    inner_inputs, vectors = words()
    inner = answer(inner_inputs, layers.Attention(name="att")([vectors, vectors]))
    inputs = keras.Input((sentences, 7), dtype="int32")
    return keras.Model(
        inputs,
        layers.Dense(1)(layers.Lambda(lambda x: ops.mean(x, 1))(layers.TimeDistributed(inner, name="each")(inputs))),
    )


def test_each_step_of_time_distributed_has_an_attention() -> None:
    x = make_ids(9, length=7).reshape(3, 3, 7)
    model = build_hierarchical(3)
    result = search_attention(TracedModel(model, tf.TensorSpec((None, 3, 7), tf.int32)), [x])
    assert [attention.axes for attention in result.attentions] == [("queries", "tokens")] * 3
    assert len({attention.name for attention in result.attentions}) == 3


def test_texts_on_another_axis_than_the_first_are_hidden() -> None:
    x = make_ids(15, length=7).reshape(3, 5, 7)
    model = build_hierarchical(None)
    result = search_attention(TracedModel(model, tf.TensorSpec((None, None, 7), tf.int32)), [x])
    assert result.attentions == ()
    assert "another axis than the first" in " ".join(result.hidden)


def test_the_entropy_counts_the_queries_that_are_words() -> None:
    inputs, vectors = words()
    model = answer(inputs, layers.Attention(name="att")([vectors * 9, vectors * 9]))
    traced = TracedModel(model, ANY)
    (every,) = search_attention(traced, [IDS]).attentions
    (real,) = search_attention(traced, [IDS], IDS != 0).attentions
    weights = np.asarray(traced.function(traced.inputs, [every.locate(traced)])(tf.constant(IDS))[0], np.float64)
    entropy = -(weights * np.log(weights)).sum(-1) / np.log(13)
    assert every.found.entropy == pytest.approx(entropy.mean(), rel=1e-4)
    assert real.found.entropy == pytest.approx(entropy[IDS != 0].mean(), rel=1e-4)


def test_what_was_added_to_the_graph_later_is_not_looked_at() -> None:
    model = answer(*words())
    traced = TracedModel(model, ANY)
    traced.extend(lambda: tf.nn.softmax(tf.cast(traced.inputs[0], tf.float32) / 50, axis=1))
    assert search_attention(traced, [IDS]).attentions == ()


def test_a_trace_whose_model_is_gone_is_refused() -> None:
    traced = TracedModel(answer(*words()), ANY)
    gc.collect()
    with pytest.raises(SettingError, match="is gone"):
        search_attention(traced, [IDS])
