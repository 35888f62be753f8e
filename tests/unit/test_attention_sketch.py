"""Attention matrices of several layers: their reductions, the rollout, and how they travel."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.engine.protocol import ReadAttentionRows, SketchAttention
from attnviz.errors import SettingError
from attnviz.explain import attention_maps
from attnviz.explain.attention_maps import KeptAttention
from attnviz.values.attention import Attention, Reduction
from attnviz.values.attention_sketch import SIDE, THUMBNAIL, cut_rows, measure_entropy, sketch_attention
from attnviz.values.packed_array import PackedArray, pool
from attnviz.values.plain import from_plain, to_plain

Weights = npt.NDArray[np.floating[Any]]


def make_weights(maps: int, queries: int, tokens: int, power: int = 4) -> Weights:
    raw = np.random.default_rng(maps + tokens).random((maps, queries, tokens)) ** power
    return raw / raw.sum(axis=-1, keepdims=True)


def make_attention(layers: int, heads: int, tokens: int) -> Attention:
    names = [(f"layer {layer + 1}", f"head {head + 1}") for layer in range(layers) for head in range(heads)]
    weights = make_weights(layers * heads, tokens, tokens)
    return Attention(weights, tuple(map(", ".join, names)), tuple(layer for layer, _ in names))


def roll_out_by_hand(attention: Attention, heads: int) -> Weights:
    """The equations of the paper, step by step."""
    weights = attention.weights.astype(np.float64)
    rolled = np.eye(weights.shape[-1])
    for start in range(0, len(weights), heads):
        mean = weights[start : start + heads].sum(axis=0) / heads
        with_residual = (mean + np.eye(len(mean))) / 2
        rolled = (with_residual / with_residual.sum(axis=1)[:, None]) @ rolled
    return rolled


@pytest.mark.parametrize(
    "how",
    [Reduction(), Reduction(map=3, query=2), Reduction(layer=1), Reduction(rollout=True), Reduction(4, 0)],
    ids=str,
)
def test_every_reduction_sums_to_1(how: Reduction) -> None:
    scores = make_attention(2, 3, 7).reduce(how)
    assert scores.shape == (7,)
    assert scores.sum() == pytest.approx(1, abs=1e-6)


def test_a_layer_is_the_mean_of_its_maps() -> None:
    attention = make_attention(2, 3, 7)
    np.testing.assert_allclose(attention.merge(Reduction(layer=1)), attention.weights[3:].mean(axis=0), atol=1e-6)
    one_layer = Attention(attention.weights, attention.names)
    np.testing.assert_allclose(one_layer.merge(Reduction(layer=0)), one_layer.merge(), atol=1e-6)


@given(layers=st.integers(2, 4), heads=st.integers(1, 3), tokens=st.integers(2, 6))
def test_the_rollout_is_the_product_of_the_layers(layers: int, heads: int, tokens: int) -> None:
    attention = make_attention(layers, heads, tokens)
    np.testing.assert_allclose(attention.roll_out(), roll_out_by_hand(attention, heads), atol=1e-6)
    np.testing.assert_allclose(attention.roll_out().sum(axis=1), 1, atol=1e-9)


def test_the_rollout_goes_from_the_last_layer_to_the_first() -> None:
    """Layer 1 moves everything from word 2 to word 1, layer 2 from word 3 to word 2: so word 3 hears of word 1."""
    first, second = np.eye(3), np.eye(3)
    first[1], second[2] = [1, 0, 0], [0, 1, 0]
    rolled = Attention(np.stack([first, second]), ("layer 1", "layer 2"), ("layer 1", "layer 2")).roll_out()
    np.testing.assert_allclose(rolled[2], [0.25, 0.25, 0.5])


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (Reduction(), "mean of 2 layers × 4 heads, received from all words"),
        (Reduction(map=5), "layer 2, head 2, received from all words"),
        (Reduction(layer=1, query=0), "mean of 4 heads of layer 2, from word 1"),
        (Reduction(rollout=True, query=2), "rollout through 2 layers, from word 3"),
    ],
)
def test_the_reduction_of_several_layers_is_said(how: Reduction, said: str) -> None:
    assert make_attention(2, 4, 3).describe(how) == said


def test_layers_of_unlike_kinds_are_said() -> None:
    weights, names = make_weights(3, 4, 4), ("layer 1, head 1", "layer 1, head 2", "layer 2")
    mixed = Attention(weights, names, ("layer 1", "layer 1", "layer 2"))
    assert mixed.describe().startswith("mean of 3 maps of 2 layers, ")
    assert mixed.describe(Reduction(layer=1)).startswith("layer 2, ")
    pooled = Attention(make_weights(2, 1, 4), ("layer 1", "layer 2"), ("layer 1", "layer 2"))
    assert pooled.describe() == "mean of 2 layers"
    heads = Attention(make_weights(2, 4, 4), ("head 1", "head 2"))
    assert heads.describe() == "mean of 2 heads, received from all words"
    assert Attention(make_weights(1, 1, 4), ("attention",)).describe() == ""


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda attention: Reduction(map=1, layer=1), "one map, one layer or the rollout"),
        (lambda attention: Reduction(map=0, rollout=True), "one map, one layer or the rollout"),
        (lambda attention: attention.reduce(Reduction(layer=2)), "layer must lie between 0 and 1, got 2"),
        (lambda attention: attention.reduce(Reduction(map=-1)), "map must lie between 0 and 5"),
        (lambda attention: attention.reduce(Reduction(query=7)), "query must lie between 0 and 6"),
        (lambda attention: Attention(attention.weights, attention.names).roll_out(), "several layers"),
        (lambda attention: cut_rows(attention, Reduction(), (5, 9)), "between 0 and 7, got 5 to 9"),
        (lambda attention: cut_rows(attention, Reduction(), None, (3, 3)), "between 0 and 7, got 3 to 3"),
    ],
)
def test_what_there_is_not_is_refused(ask: Any, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        ask(make_attention(2, 3, 7))


def test_a_small_picture_is_the_mean_of_blocks() -> None:
    weights = make_weights(1, 7, 100)[0]
    pooled = pool(weights, 3)
    assert pooled.shape == (3, 3)
    starts = [[0, 2, 4, 7], [0, 33, 66, 100]]
    for row in range(3):
        for column in range(3):
            block = weights[starts[0][row] : starts[0][row + 1], starts[1][column] : starts[1][column + 1]]
            assert pooled[row, column] == pytest.approx(block.mean())
    np.testing.assert_array_equal(pool(weights, 100), weights)


def test_a_sketch_holds_what_the_maps_hold() -> None:
    attention = make_attention(2, 3, 60)
    sketch = sketch_attention(attention)
    assert sketch.rollout is not None
    for weights, one in zip([*attention.weights, attention.roll_out()], [*sketch.maps, sketch.rollout], strict=True):
        largest = pool(weights, THUMBNAIL).max()
        np.testing.assert_allclose(one.thumbnail.unpack(), pool(weights, THUMBNAIL), atol=largest / 255 / 2 + 1e-7)
        np.testing.assert_allclose(one.received.unpack()[0], weights.mean(axis=0), atol=1e-6)
        assert (one.least, one.largest) == (pytest.approx(weights.min()), pytest.approx(weights.max()))
        assert one.outside is None


def test_entropy_is_1_for_an_even_share_and_0_for_a_single_word() -> None:
    assert measure_entropy(np.full((3, 8), 1 / 8)) == pytest.approx(1)
    assert measure_entropy(np.eye(8)) == pytest.approx(0, abs=1e-6)
    half = np.array([[0.5, 0.5, 0, 0]])
    assert measure_entropy(half) == pytest.approx(np.log(2) / np.log(4))


def test_what_went_to_no_words_is_in_the_sketch() -> None:
    outside = np.array([[0.25, 0.75], [0, 0]])
    sketch = sketch_attention(Attention(make_weights(2, 2, 2), ("head 1", "head 2"), outside=outside))
    assert [one.outside for one in sketch.maps] == [0.5, 0]


@pytest.mark.parametrize("bits", [8, 16])
@given(rows=st.lists(st.lists(st.floats(0, 1, width=32), min_size=3, max_size=3), min_size=1, max_size=4))
def test_packed_numbers_come_back(bits: Any, rows: list[list[float]]) -> None:
    values = np.array(rows)
    packed = from_plain(PackedArray, json.loads(json.dumps(to_plain(PackedArray.pack(values, bits, by_row=True)))))
    error = values.max(axis=1, keepdims=True) / (2**bits - 1) / 2
    assert (abs(packed.unpack() - values) <= error + 1e-7).all()


@pytest.mark.parametrize(
    "change", [{"codes": "AAAA"}, {"codes": "?"}, {"largest": [1.0, 1.0, 1.0]}, {"bits": 12}, {"shape": [2, 5]}]
)
def test_what_is_no_packed_array_is_refused(change: dict[str, Any]) -> None:
    plain = to_plain(PackedArray.pack(np.ones((2, 4)), 8))
    with pytest.raises(SettingError):
        from_plain(PackedArray, {**plain, **change})


def test_rows_travel_word_by_word_and_of_a_long_text_in_blocks() -> None:
    attention = make_attention(1, 2, SIDE + 88)
    how = Reduction(map=1, query=550)
    whole, part = cut_rows(attention, how), cut_rows(attention, how, (500, 600), (0, 90))
    assert whole.weights.shape == (SIDE, SIDE)
    np.testing.assert_allclose(part.weights.unpack(), attention.weights[1, 500:, :90], atol=1e-6)
    np.testing.assert_allclose(part.scores.unpack()[0], attention.weights[1, 550], atol=1e-6)


def test_the_size_on_the_wire_of_12_layers_of_12_heads_over_512_words() -> None:
    """A sketch once a text, then one map: neither grows with what is not looked at."""
    sketch = sketch_attention(make_attention(12, 12, 512))
    assert len(json.dumps(SketchAttention("m", "t").write_result(sketch))) < 800_000
    rows = (cut_rows(make_attention(1, 2, 512), Reduction(map=1)),)
    assert len(json.dumps(ReadAttentionRows("m", "t").write_result(rows))) < 800_000


def test_the_last_texts_stay_at_hand_as_long_as_they_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention_maps, "KEPT_NUMBERS", 250)
    read: list[str] = []

    def make(text: str) -> Attention:
        read.append(text)
        return make_attention(1, 1, len(text))

    kept = KeptAttention()
    for text in ("a" * 10, "b" * 10, "a" * 10, "c" * 20, "c" * 20, "a" * 10):
        assert kept.recall(text, make).weights.shape[-1] == len(text)
    assert [text[0] for text in read] == ["a", "b", "c", "a"], "400 numbers alone stay, but nothing beside them"
