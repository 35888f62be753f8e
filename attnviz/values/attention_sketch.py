"""Attention matrices of any size as they travel: a sketch of all maps, then the rows of what is looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.values.arrays import FloatArray
from attnviz.values.attention import Attention, Reduction, pick_query
from attnviz.values.packed_array import PackedArray, Span, pool

THUMBNAIL = 48
"""The longest side of the small picture of a map."""

SIDE = 512
"""The longest side of a map that is sent word by word; of longer texts blocks of words are sent, or a part."""


@dataclass(frozen=True, slots=True)
class MapSketch:
    """One map at a glance.

    Attributes:
        thumbnail: (rows, columns) at most THUMBNAIL each: the means of blocks of weights, in 8 bits.
        received: (1, tokens) the mean over its queries, in 16 bits; of a map with one query its weights.
        least, largest: of its weights.
        entropy: of each query's weights over the logarithm of the tokens, the mean over the queries: 1 is an even
            share, 0 a single token.
        outside: the mean share of its attention that went to steps that are no words; None where there are none.
    """

    thumbnail: PackedArray
    received: PackedArray
    least: float
    largest: float
    entropy: float
    outside: float | None = None


@dataclass(frozen=True, slots=True)
class AttentionSketch:
    """All maps of a text at a glance.

    Attributes:
        names, layers: of the maps, as those of `Attention`.
        shape: (queries, tokens) of every map.
        maps: one a name.
        rollout: of `Attention.roll_out`; None where there is none.
    """

    names: tuple[str, ...]
    layers: tuple[str, ...]
    shape: tuple[int, int]
    maps: tuple[MapSketch, ...]
    rollout: MapSketch | None = None

    @property
    def is_matrix(self) -> bool:
        """Whether every token has a query of its own."""
        return self.shape[0] > 1

    @property
    def weights(self) -> int:
        """How many weights all maps have."""
        return len(self.maps) * self.shape[0] * self.shape[1]


@dataclass(frozen=True, slots=True)
class AttentionRows:
    """What is looked at of one map, or of a mean of several, or of the rollout.

    Attributes:
        how: which map or mean, and whose scores.
        rows, tokens: which queries and tokens the weights are of.
        weights: of these, at most SIDE each way, in 16 bits and by row; of more queries or tokens the means of blocks.
        scores: (1, all tokens) as `Attention.reduce`.
    """

    how: Reduction
    rows: Span
    tokens: Span
    weights: PackedArray
    scores: PackedArray


def sketch_attention(attention: Attention) -> AttentionSketch:
    """All maps of a text at a glance; of a text with words."""
    outside = [None] * len(attention.names) if attention.outside is None else attention.outside.mean(axis=1).tolist()
    maps = tuple(_sketch(*parts) for parts in zip(attention.weights, outside, strict=True))
    rollout = _sketch(attention.roll_out()) if attention.has_rollout else None
    _, queries, tokens = attention.weights.shape
    return AttentionSketch(attention.names, attention.layers, (queries, tokens), maps, rollout)


def cut_rows(
    attention: Attention, how: Reduction, rows: Span | None = None, tokens: Span | None = None
) -> AttentionRows:
    """What is looked at of the maps of a text.

    Args:
        how: which map or mean; its query is whose scores are wanted beside the weights.
        rows, tokens: a part of the map; None for all queries, all tokens.

    Raises:
        SettingError: what `Attention.reduce` raises, and a part that there is not.
    """
    merged = attention.merge(how)
    rows, tokens = (_check_span(*parts) for parts in zip((rows, tokens), merged.shape, strict=True))
    weights = pool(merged[slice(*rows), slice(*tokens)], SIDE)
    scores = pick_query(merged, how)[None]
    return AttentionRows(how, rows, tokens, PackedArray.pack(weights, 16, by_row=True), PackedArray.pack(scores, 16))


def measure_entropy(weights: FloatArray) -> float:
    """The entropy of rows that sum to 1 over that of an even share, 0 to 1, the mean over the rows."""
    positive = np.maximum(weights, np.finfo(np.float32).tiny)
    return float(-(weights * np.log(positive)).sum(axis=-1).mean() / max(np.log(weights.shape[-1]), 1e-9))


def _sketch(weights: FloatArray, outside: float | None = None) -> MapSketch:
    return MapSketch(
        thumbnail=PackedArray.pack(pool(weights, THUMBNAIL), 8),
        received=PackedArray.pack(weights.mean(axis=0, keepdims=True, dtype=np.float64), 16),
        least=float(weights.min()),
        largest=float(weights.max()),
        entropy=measure_entropy(weights),
        outside=outside,
    )


def _check_span(span: Span | None, count: int) -> Span:
    start, stop = span or (0, count)
    if not 0 <= start < stop <= count:
        raise SettingError(
            tr("A part of a map must lie between 0 and {n}, got {start} to {stop}.", n=count, start=start, stop=stop)
        )
    return start, stop
