"""The layers of a network as a picture: boxes from the words down to the answer, and arrows for what flows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from attnviz.languages import mark, tr, tr_n
from attnviz.render.html import escape_text
from attnviz.render.layer_blocks import Block, fold_layers
from attnviz.render.numerals import format_count
from attnviz.render.palette import ATTENTION
from attnviz.render.phrases import join_list, join_sentences
from attnviz.render.sentences import count_parameters, describe_shape
from attnviz.values.layer_row import LayerRow

WIDTH, HEIGHT, GAP, DROP, LANE = 268, 60, 20, 30, 16
"""Pixels: of a box, between boxes side by side and below each other, and between the lines that pass by."""

_SMALL = 'font-size="12"'
NAME, TEXT = 28, 42
"""Letters of a name, and of a smaller line, that have room in a box."""

KINDS = {
    "InputLayer": mark("what the network reads"),
    "Embedding": mark("a vector for each word"),
    "PositionEmbedding": mark("adds where a word stands"),
    "LSTM": mark("reads in order and remembers"),
    "GRU": mark("reads in order and remembers"),
    "SimpleRNN": mark("reads in order and remembers"),
    "Bidirectional": mark("reads in both directions"),
    "Dense": mark("weighted sums"),
    "Dropout": mark("leaves out numbers in training"),
    "SpatialDropout1D": mark("leaves out numbers in training"),
    "WeightedSum": mark("sum of the states by weight"),
    "MultiHeadSum": mark("sums of the states, head by head"),
    "LastState": mark("the state after the last word"),
    "MaskedMean": mark("mean of all words"),
    "GlobalAveragePooling1D": mark("mean of all steps"),
    "GlobalMaxPooling1D": mark("the largest of all steps"),
    "Concatenate": mark("side by side"),
    "Add": mark("added up"),
    "Multiply": mark("multiplied, number by number"),
    "LayerNormalization": mark("brings numbers to one scale"),
    "BatchNormalization": mark("brings numbers to one scale"),
    "Conv1D": mark("looks at neighbouring steps"),
    "Flatten": mark("all in one row"),
    "Softmax": mark("shares that sum to 1"),
}
"""What a kind of layer does, in plain words; of others the kind itself is said; in English."""


class _Place(NamedTuple):
    """Where a box stands: its left edge and its top."""

    x: float
    y: float


def render_layers(layers: Sequence[LayerRow], full_name: str) -> str:
    """The picture as SVG in the colour of the text around it.

    Args:
        layers: in the order of their calls, each after those that it reads.
        full_name: of the network, for the description.
    """
    blocks = fold_layers(layers)
    ranks = _rank(blocks)
    places, width = _lay_out(ranks)
    lanes = sum(ranks[place] - ranks[one] > 1 for place, block in enumerate(blocks) for one in block.reads)
    total, height = width + LANE * (lanes + 1), (max(ranks) + 1) * (HEIGHT + DROP) - DROP + 4
    said = escape_text(_describe(layers, blocks, full_name))
    drawn = "".join([*_draw_arrows(blocks, places, ranks, width), *map(_draw_box, blocks, places)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{said}" width="{total}" height="{height}" '
        f'viewBox="-2 -2 {total} {height}" style="display:block"><defs><marker id="attnviz-arrow" '
        f'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="currentColor"/></marker></defs>{drawn}</svg>'
    )


def _rank(blocks: Sequence[Block]) -> list[int]:
    """How many boxes stand before each on its longest way."""
    ranks: list[int] = []
    for block in blocks:
        ranks.append(1 + max((ranks[place] for place in block.reads), default=-1))
    return ranks


def _lay_out(ranks: Sequence[int]) -> tuple[list[_Place], int]:
    """The place of each box, those of one rank side by side in the middle; and how wide all are together."""
    widest = max(ranks.count(rank) for rank in ranks)
    width, seen, places = widest * (WIDTH + GAP) - GAP, [0] * (max(ranks) + 1), []
    for rank in ranks:
        beside = ranks.count(rank) * (WIDTH + GAP) - GAP
        places.append(_Place((width - beside) / 2 + seen[rank] * (WIDTH + GAP), rank * (HEIGHT + DROP)))
        seen[rank] += 1
    return places, width


def _draw_arrows(blocks: Sequence[Block], places: Sequence[_Place], ranks: Sequence[int], width: int) -> Iterator[str]:
    """An arrow for each flow; one that passes other boxes goes around them at the right, in a lane of its own."""
    lane = 0
    for other, block in enumerate(blocks):
        for one in block.reads:
            start, end = places[one], places[other]
            path = f"M{start.x + WIDTH / 2:g} {start.y + HEIGHT:g}L{end.x + WIDTH / 2:g} {end.y:g}"
            if ranks[other] - ranks[one] > 1:
                lane += 1
                path = _pass_by(start, end, width + LANE * lane)
            yield f'<path d="{path}" fill="none" stroke="currentColor" opacity=".7" marker-end="url(#attnviz-arrow)"/>'


def _pass_by(start: _Place, end: _Place, x: float) -> str:
    """Down between the boxes, to the lane, along it, back above the other box, and down to it."""
    low, high = start.y + HEIGHT + 9, end.y - 15
    begin = f"M{start.x + WIDTH * 0.62:g} {start.y + HEIGHT:g}V{low:g}"
    return f"{begin}H{x - 6:g}q6 0 6 6V{high - 6:g}q0 6 -6 6H{end.x + WIDTH * 0.62:g}V{end.y:g}"


def _draw_box(block: Block, place: _Place) -> str:
    name, kind, numbers = _name(block), _explain(block), _count(block)
    texts = ((20, 'font-weight="600" font-size="14"', name), (36, _SMALL, kind), (51, _SMALL, numbers))
    lines = "".join(
        f'<text x="{place.x + 12:g}" y="{place.y + top:g}" {font} fill="currentColor">{escape_text(text)}</text>'
        for top, font, text in texts
    )
    full = "; ".join(f"{layer.name} ({layer.kind})" for layer in block.layers[:4])
    return f"<g><title>{escape_text(full)}</title>{_draw_frame(block, place)}{lines}</g>"


def _draw_frame(block: Block, place: _Place) -> str:
    """A frame; that of attention is double and filled, and a folded block has another one behind it."""
    size = f'width="{WIDTH}" height="{HEIGHT}" rx="6" stroke="currentColor"'
    frame = f'<rect x="{place.x:g}" y="{place.y:g}" {size} fill="currentColor" fill-opacity=".05"/>'
    if block.attention:
        frame = f'<rect x="{place.x:g}" y="{place.y:g}" {size} stroke-width="2" fill="{ATTENTION}" fill-opacity=".3"/>'
        inner = f'width="{WIDTH - 8}" height="{HEIGHT - 8}" rx="4" stroke="currentColor" fill="none"'
        frame += f'<rect x="{place.x + 4:g}" y="{place.y + 4:g}" {inner}/>'
    if len(block.layers) > 1:
        edge = f"M{place.x + WIDTH + 4:g} {place.y + 8:g}v{HEIGHT - 8}q0 4 -4 4H{place.x + 8:g}"
        frame += f'<path d="{edge}" fill="none" stroke="currentColor" opacity=".6"/>'
    return frame


def _name(block: Block) -> str:
    """What stands first in a box."""
    if block.is_cut:
        count = len(block.layers)
        return tr_n("{n} more layer", "{n} more layers", count, n=format_count(count))
    name = _name_pattern(block)
    name = name if block.repeats == 1 else f"{format_count(block.repeats)} × {name}"
    return _shorten(f"◆ {name}" if block.attention else name, NAME)


def _name_pattern(block: Block) -> str:
    """What repeats in a block, or its layer."""
    if block.pattern == 1:
        return _plain(block.layers[0].name)
    return tr_n("{n} layer", "{n} layers", block.pattern, n=format_count(block.pattern))


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _plain(name: str) -> str:
    """'attention_weights' as 'Attention weights'; the number that Keras gave a layer goes."""
    words = re.sub(r"_\d+$", "", name.rpartition("/")[2]).replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}"


def _explain(block: Block) -> str:
    """What a block does, or what is in it."""
    kinds = [layer.kind for layer in block.layers[: block.pattern]]
    if len(kinds) > 1:
        text = ", ".join(dict.fromkeys(kinds))
    elif block.attention:
        text = tr("attention: shares that sum to 1")
    else:
        text = tr(KINDS.get(kinds[0], kinds[0]))
    return _shorten(text, TEXT)


def _count(block: Block) -> str:
    """The shape of what it gives, and its parameters."""
    shape, held = describe_shape(block.layers[-1].output), block.parameters
    return _shorten(f"{shape} · {count_parameters(held)}" if held else shape, TEXT)


def _describe(layers: Sequence[LayerRow], blocks: Sequence[Block], full_name: str) -> str:
    """The picture in a sentence; the table beside it has everything."""
    order = tr_n(
        "{name}: {n} layer, from what it reads down to its answer: {order}.",
        "{name}: {n} layers, from what it reads down to its answer: {order}.",
        len(layers),
        name=full_name,
        n=format_count(len(layers)),
        order=join_list(map(_name, blocks)),
    )
    return join_sentences([order, _describe_attention([_plain(layer.name) for layer in layers if layer.attention])])


def _describe_attention(names: Sequence[str]) -> str:
    return tr("Attention: {names}.", names=join_list(names)) if names else tr("No attention is marked.")


def describe_marks(layers: Sequence[LayerRow]) -> str:
    """What the marks of the picture mean, as far as they occur."""
    blocks = fold_layers(layers)
    parts = [tr("Each box: what the layer does, the shape of what it gives for one text, and its parameters.")]
    if any(block.attention for block in blocks):
        parts.append(tr("◆ and a double frame: attention."))
    if folded := [len(block.layers) for block in blocks if len(block.layers) > 1]:
        parts.append(_describe_folded(sum(folded), len(folded)))
    return join_sentences(parts)


def _describe_folded(layers: int, blocks: int) -> str:
    return tr_n(
        "{layers} layers are folded into {n} block.",
        "{layers} layers are folded into {n} blocks.",
        blocks,
        layers=format_count(layers),
        n=format_count(blocks),
    )
