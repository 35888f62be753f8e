"""The search for attention in bounded memory: what is read at once, and that it finds the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.backend import keras, tf
from attnviz.graph import attention_search, step_influence, tensor_groups
from attnviz.graph.attention_search import search_attention
from attnviz.graph.step_influence import StepInfluence
from attnviz.graph.tensor_groups import choose_texts, measure_bytes, split_by_bytes
from attnviz.graph.text_runs import TextRuns
from attnviz.graph.traced import TracedModel

layers, ops = keras.layers, keras.ops
STEPS, HEADS = 40, 4
IDS = np.random.default_rng(0).integers(1, 50, (2, STEPS)).astype(np.int32)


class OpenAttention(layers.Layer):
    """Attention by hand with heads in the batch, of which the graph knows no size."""

    def call(self, states: Any) -> Any:
        shape = ops.shape(states)
        parts = tf.reshape(tf.transpose(tf.reshape(states, [-1, shape[1], HEADS, 8]), [0, 2, 1, 3]), [-1, shape[1], 8])
        weights = ops.softmax(parts @ ops.transpose(parts, (0, 2, 1)))
        mixed = tf.transpose(tf.reshape(weights @ parts, [-1, HEADS, shape[1], 8]), [0, 2, 1, 3])
        return tf.reshape(mixed, [-1, shape[1], HEADS * 8])


def build_deep(steps: int | None = STEPS) -> keras.Model:
    """Three layers of self-attention and one with heads in the batch."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((steps,), dtype="int32")
    states = layers.Embedding(50, 32, embeddings_initializer="normal")(inputs)
    for number in range(3):
        states = layers.add([states, layers.MultiHeadAttention(HEADS, 8, name=f"att_{number}")(states, states)])
    states = OpenAttention()(states)
    return keras.Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling1D()(states)))


def trace(model: keras.Model) -> TracedModel:
    return TracedModel(model, tf.TensorSpec(model.input_shape, tf.int32))


@pytest.fixture
def few_bytes(monkeypatch: pytest.MonkeyPatch) -> int:
    most = 500_000
    monkeypatch.setattr(attention_search, "GROUP_BYTES", most)
    monkeypatch.setattr(tensor_groups, "GROUP_BYTES", most)
    return most


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each run of the search held: of the groups and of the ids and answers that go with the first."""
    read, found = TextRuns._read, list[int]()

    def count(self: TextRuns, tensors: Any) -> Any:
        readings = read(self, tensors)
        found.append(sum(reading.values.nbytes + reading.shorter.nbytes for reading in readings))
        return readings

    monkeypatch.setattr(TextRuns, "_read", count)
    return found


@pytest.mark.parametrize("steps", [None, STEPS])
def test_no_more_bytes_are_held_than_may_be(few_bytes: int, held: list[int], steps: int | None) -> None:
    model = build_deep(steps)
    traced = trace(model)
    names = [attention.name for attention in search_attention(traced, [IDS]).attentions]
    beside = 3 * (IDS.nbytes + 4 * len(IDS))
    assert names == ["att_0", "att_1", "att_2"]
    assert len(held) > 4
    assert max(held) <= few_bytes + beside < sum(held) / 4


@pytest.mark.parametrize("steps", [None, STEPS])
def test_groups_find_what_is_found_at_once(monkeypatch: pytest.MonkeyPatch, held: list[int], steps: int | None) -> None:
    model = build_deep(steps)
    traced = trace(model)
    at_once = search_attention(traced, [IDS])
    assert len(held) == 1
    for module in (attention_search, tensor_groups):
        monkeypatch.setattr(module, "GROUP_BYTES", 500_000)
    apart = search_attention(traced, [IDS])
    assert len(held) > 5
    assert [(one.found, one.axes, one.place) for one in apart.attentions] == [
        (one.found, one.axes, one.place) for one in at_once.attentions
    ]
    assert apart.hidden == at_once.hidden


@pytest.mark.usefixtures("few_bytes")
def test_a_large_model_is_asked_about_two_texts(held: list[int]) -> None:
    model = build_deep()
    traced = trace(model)
    many = np.concatenate([IDS[:1], IDS[:1], IDS, IDS[:1]])
    search_attention(traced, [many])
    both = list(held)
    held.clear()
    search_attention(traced, [IDS])
    assert both == held


@pytest.mark.usefixtures("few_bytes")
def test_sizes_that_the_graph_does_not_say_are_asked_for() -> None:
    model = build_deep(None)
    traced = trace(model)
    kept = [t for op in traced.inputs[0].graph.get_operations() for t in op.outputs if t.dtype.is_floating]
    tensors = [tensor for tensor in kept if tensor.shape.rank != 0 and tensor.op.type in ("Softmax", "Transpose")]
    values = traced.function(traced.inputs, tensors)(tf.constant(IDS))
    assert measure_bytes(traced, [IDS], tensors) == [value.numpy().nbytes // 2 for value in values]


@given(st.lists(st.integers(0, 30)), st.integers(1, 40))
def test_groups_keep_the_order_and_the_limit(sizes: list[int], most: int) -> None:
    groups = list(split_by_bytes(range(len(sizes)), sizes, most))
    assert [item for group in groups for item in group] == list(range(len(sizes)))
    assert all(len(group) == 1 or sum(sizes[item] for item in group) <= most for group in groups if sizes)


@given(st.lists(st.integers(0, 2), min_size=2, max_size=9).filter(lambda row: len(set(row)) > 1))
def test_two_texts_that_differ_stand_for_many(row: list[int]) -> None:
    texts = np.array(row)[:, None]
    first, second = choose_texts([np.zeros_like(texts), texts], most=0)
    assert row[first] != row[second]
    assert choose_texts([texts], most=len(row)) == list(range(len(row)))


@pytest.mark.parametrize("kind", ["attention", "classes"])
def test_some_steps_of_a_long_text_tell_attention_from_units(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """With as many units as steps; and few texts go through the model at once."""
    steps, asked = step_influence.MOST_STEPS + 7, list[int]()
    keras.utils.set_random_seed(0)
    inputs = keras.Input((steps,), dtype="int32")
    states = layers.Embedding(50, 16, embeddings_initializer="normal")(inputs)
    if kind == "attention":
        scores = layers.Dense(1, kernel_initializer="normal")(layers.Dense(steps, activation="tanh")(states))
        mixed = ops.sum(ops.softmax(10 * scores, axis=1) * states, axis=1)
    else:
        mixed = layers.Dense(steps, activation="softmax", kernel_initializer="normal")(layers.GRU(8)(states))
    model = keras.Model(inputs, layers.Dense(1)(mixed))
    traced = trace(model)
    read = StepInfluence._read_slopes

    def count(self: StepInfluence, vectors: Any, own: Any, some: Any, pairs: Any) -> Any:
        asked.append(len(some))
        return read(self, vectors, own, some, pairs)

    monkeypatch.setattr(StepInfluence, "_read_slopes", count)
    monkeypatch.setattr(step_influence, "RUN_BYTES", 20_000)
    ids = np.random.default_rng(1).integers(1, 50, (2, steps)).astype(np.int32)
    assert len(search_attention(traced, [ids]).attentions) == (kind == "attention")
    assert sum(asked) % step_influence.SOME_STEPS == 0
    assert max(asked) < step_influence.SOME_STEPS
