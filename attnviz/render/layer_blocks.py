"""The layers of a large network as blocks that a picture has room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from attnviz.values.layer_row import LayerRow

MOST_BOXES = 24
"""A network of more layers is folded."""

LONGEST = 40
"""So many layers at most are looked at as one pattern that repeats."""

ENDS = 8
"""So many blocks are shown at each end of a network that is too large even when it is folded."""


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive layers of a network.

    Attributes:
        layers: all of them, in order.
        pattern: how many of them make up what repeats; all of them where nothing does.
        reads: the places of the blocks whose output goes into it.
    """

    layers: tuple[LayerRow, ...]
    pattern: int
    reads: tuple[int, ...]

    @property
    def repeats(self) -> int:
        """How often its pattern stands in it."""
        return len(self.layers) // self.pattern

    @property
    def is_cut(self) -> bool:
        """Whether different layers were taken together only to save room."""
        return len(self.layers) > 1 and self.repeats == 1

    @property
    def attention(self) -> bool:
        """Whether a layer in it computes attention weights that are shown."""
        return any(layer.attention for layer in self.layers)

    @property
    def parameters(self) -> int:
        """Of all its layers."""
        return sum(layer.parameters for layer in self.layers)


def fold_layers(layers: Sequence[LayerRow]) -> list[Block]:
    """The layers as blocks: one each where there is room, else patterns that repeat are one block."""
    spans = [(place, place + 1, 1) for place in range(len(layers))]
    if len(layers) > MOST_BOXES:
        spans = _cut_middle(list(_find_repeats(layers)))
    owner = {place: block for block, (start, stop, _) in enumerate(spans) for place in range(start, stop)}
    return [_build(layers, span, owner) for span in spans]


_Span = tuple[int, int, int]
"""Where a block starts and stops, and the length of its pattern."""


def _find_repeats(layers: Sequence[LayerRow]) -> Iterator[_Span]:
    """From the front on the pattern that takes the most layers together; of equal ones the shortest."""
    kinds = [(layer.kind, layer.output[1:], layer.attention) for layer in layers]
    start = 0
    while start < len(kinds):
        spans = [_repeat(kinds, start, length) for length in range(1, min(LONGEST, len(kinds) - start) + 1)]
        found = max(spans, key=lambda span: (span[1] - start if span[1] - start > span[2] else 0, -span[2]))
        yield found if found[1] - start > found[2] else (start, start + 1, 1)
        start = max(found[1] if found[1] - start > found[2] else 0, start + 1)


def _repeat(kinds: Sequence[object], start: int, length: int) -> _Span:
    """How far the pattern of that length at that place repeats."""
    pattern, stop = kinds[start : start + length], start + length
    while kinds[stop : stop + length] == pattern:
        stop += length
    return start, stop, length


def _cut_middle(spans: list[_Span]) -> list[_Span]:
    """The spans, those in the middle as one where there are still too many."""
    if len(spans) <= MOST_BOXES:
        return spans
    middle = spans[ENDS:-ENDS]
    start, stop = middle[0][0], middle[-1][1]
    return [*spans[:ENDS], (start, stop, stop - start), *spans[-ENDS:]]


def _build(layers: Sequence[LayerRow], span: _Span, owner: dict[int, int]) -> Block:
    start, stop, pattern = span
    inside = tuple(layers[start:stop])
    reads = {owner[place] for layer in inside for place in layer.reads} - {owner[start]}
    return Block(inside, pattern, tuple(sorted(reads)))
