from __future__ import annotations

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.layer_blocks import MOST_BOXES, fold_layers
from attnviz.render.layer_picture import HEIGHT, WIDTH, describe_marks, render_layers
from attnviz.values.layer_row import LayerRow

SVG = "{http://www.w3.org/2000/svg}"
NETWORK = (
    LayerRow("word_ids", "InputLayer", (None, None), 0),
    LayerRow("embedding", "Embedding", (None, None, 32), 320, (0,)),
    LayerRow("weights", "LuongAttention", (None, None), 10, (1,), attention=True),
    LayerRow("context", "WeightedSum", (None, 32), 0, (1, 2)),
)


def chain(kinds: list[str]) -> tuple[LayerRow, ...]:
    return tuple(LayerRow(f"layer_{i}", kind, (None, 4), 2, (i - 1,) if i else ()) for i, kind in enumerate(kinds))


def boxes(picture: str) -> list[tuple[float, float]]:
    frames = ElementTree.fromstring(picture).iter(f"{SVG}rect")
    return [(float(f.get("x", 0)), float(f.get("y", 0))) for f in frames if f.get("width") == str(WIDTH)]


def test_a_box_stands_below_all_that_it_reads() -> None:
    picture = render_layers(NETWORK, "luong")
    tops = [top for _, top in boxes(picture)]
    for place, layer in enumerate(NETWORK):
        assert all(tops[place] >= tops[one] + HEIGHT for one in layer.reads)
    assert len([path for path in ElementTree.fromstring(picture).iter(f"{SVG}path") if path.get("marker-end")]) == 4


def test_attention_is_marked_and_said_not_by_colour_alone() -> None:
    picture = ElementTree.fromstring(render_layers(NETWORK, "luong"))
    marked = [group for group in picture.iter(f"{SVG}g") if len(group.findall(f"{SVG}rect")) == 2]
    assert [group.findall(f"{SVG}text")[0].text for group in marked] == ["◆ Weights"]
    assert "Attention: Weights." in picture.get("aria-label", "")
    assert "◆" in describe_marks(NETWORK)
    assert "◆" not in describe_marks(NETWORK[:2])


def test_boxes_of_one_rank_stand_side_by_side() -> None:
    fork = (*NETWORK[:2], *(LayerRow(name, "Dense", (None, 4), 1, (1,)) for name in "abc"))
    places = boxes(render_layers(fork, "fork"))[2:]
    assert len({top for _, top in places}) == 1
    lefts = sorted(left for left, _ in places)
    assert all(right - left > WIDTH for left, right in itertools.pairwise(lefts))


def test_what_repeats_in_a_large_network_is_one_block() -> None:
    layers = chain(["InputLayer", "Embedding", *["Conv1D", "Dense", "Dropout"] * 33, "Dense"])
    blocks = fold_layers(layers)
    assert [(len(block.layers), block.repeats) for block in blocks] == [(1, 1), (1, 1), (99, 33), (1, 1)]
    assert [block.reads for block in blocks] == [(), (0,), (1,), (2,)]
    assert "33 × 3 layers" in render_layers(layers, "deep")
    assert describe_marks(layers).endswith("99 layers are folded into 1 block.")


def test_without_a_pattern_the_middle_is_folded() -> None:
    blocks = fold_layers(chain([f"Kind{i}" for i in range(60)]))
    assert len(blocks) < MOST_BOXES
    assert max(len(block.layers) for block in blocks) == 60 - len(blocks) + 1
    assert [block.is_cut for block in blocks].count(True) == 1


@given(st.lists(st.sampled_from(["Dense", "Conv1D", "Add"]), min_size=1, max_size=120))
def test_no_layer_is_lost_and_a_block_reads_what_stands_before_it(kinds: list[str]) -> None:
    layers = chain(kinds)
    blocks = fold_layers(layers)
    assert tuple(layer for block in blocks for layer in block.layers) == layers
    assert len(blocks) <= max(MOST_BOXES, len(layers) if len(layers) <= MOST_BOXES else 0)
    assert all(one < place for place, block in enumerate(blocks) for one in block.reads)
    assert sum(block.parameters for block in blocks) == sum(layer.parameters for layer in layers)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a & b", "x" * 300, "\x00"])
def test_a_stranger_s_names_are_text(name: str) -> None:
    picture = render_layers((LayerRow(name, name, (), 1),), name)
    texts = [text.text or "" for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]
    assert "<script>" not in picture
    assert all(len(text) <= 42 for text in texts)
