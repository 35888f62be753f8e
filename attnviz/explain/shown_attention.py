"""The attention weights of a classifier that are shown, as tensors of its graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attnviz.backend import tf
from attnviz.explain.attention_source import AttentionSource, name_maps, to_maps
from attnviz.graph.traced import TracedModel

Tensor = Any

_TINY = 1e-12
"""In place of 0 where a query attends to no word at all."""


class ShownAttention:
    """Attention weights of one or several sources; what is made of them becomes part of the graph.

    Args:
        traced: the graph.
        sources: at least one.
        ids: (batch, steps).
        places: (batch, steps) the word that each step belongs to, -1 for none; None where every id but 0 is a word and
            padding gets no attention.

    Attributes:
        sources: as given; tensors: the weights as each source has them.
        maps: (batch, maps, queries, steps) of all sources, as the model computes them.
        names: (maps) what each is called. layers: (maps) which source it belongs to; () if there is one source.
        is_matrix: whether every step has a query of its own.
        received: (batch, steps) the mean over maps and over the queries of words; its sum is 1, and steps of no word
            have 0.
        outside: (batch,) the share that went to steps of no word and is left out of `received`; None without places.
    """

    def __init__(
        self, traced: TracedModel, sources: Sequence[AttentionSource], ids: Tensor, places: Tensor | None
    ) -> None:
        self.sources = tuple(sources)
        self.tensors = [source.locate(traced) for source in sources]
        maps = traced.extend(lambda: self._collect(ids, places))
        self.is_matrix = _is_matrix(maps[0])
        self.names, self.layers = self._name([one.shape[1] for one in maps])
        self.maps = traced.extend(lambda: maps[0] if len(maps) == 1 else tf.concat(maps, axis=1))
        self.received, self.outside = traced.extend(lambda: self._reduce(ids, places))

    def _collect(self, ids: Tensor, places: Tensor | None) -> list[Tensor]:
        """(batch, maps, queries, steps) of each source, with the same queries."""
        pairs = zip(self.tensors, self.sources, strict=True)
        maps = [to_maps(tf.cast(tensor, tf.float32), source.axes) for tensor, source in pairs]
        if all(map(_is_matrix, maps)):
            return maps
        return [_as_one_query(one, ids, places) for one in maps]

    def _name(self, counts: Sequence[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The maps' names and layers."""
        if len(counts) == 1:
            return name_maps(self.sources[0].axes, counts[0]), ()
        layers = [f"layer {number}" for number, count in enumerate(counts, start=1) for _ in range(count)]
        pairs = zip(self.sources, counts, strict=True)
        maps = [name for source, count in pairs for name in name_maps(source.axes, count)]
        named = (layer if name == "attention" else f"{layer}, {name}" for layer, name in zip(layers, maps, strict=True))
        return tuple(named), tuple(layers)

    def _reduce(self, ids: Tensor, places: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """`received` and `outside`."""
        if places is None:
            return _receive(self.maps, tf.not_equal(ids, 0)), None
        words = tf.cast(places >= 0, tf.float32)[:, None, None, :]
        inside = tf.reduce_sum(self.maps * words, axis=-1, keepdims=True)
        whole = tf.reduce_sum(self.maps, axis=-1, keepdims=True)
        outside = 1 - inside / tf.maximum(whole, _TINY)
        received = _receive_words(self.maps * words / tf.maximum(inside, _TINY), places)
        return received, tf.reduce_sum(_receive_words(outside, places), axis=1)


def _is_matrix(maps: Tensor) -> bool:
    """Whether each step has a query: as many queries as steps, or of neither a number that is known."""
    return maps.shape[2] == maps.shape[3] and maps.shape[2] != 1


def _as_one_query(maps: Tensor, ids: Tensor, places: Tensor | None) -> Tensor:
    """(batch, maps, 1, steps): the mean over the queries of words, or over queries that are none of the steps."""
    if not _is_matrix(maps):
        return maps if maps.shape[2] == 1 else tf.reduce_mean(maps, axis=2, keepdims=True)
    share = _normalise(tf.cast(tf.not_equal(ids, 0), tf.float32)) if places is None else _share_by_words(places)
    return tf.reduce_sum(maps * share[:, None, :, None], axis=2, keepdims=True)


def _receive(maps: Tensor, real: Tensor) -> Tensor:
    """The mean over maps and queries; a padded query, if every token has one, does not count."""
    if maps.shape[2] == 1:
        return tf.reduce_mean(maps[:, :, 0], axis=1)
    weights = tf.cast(real, maps.dtype)
    rows = tf.reduce_sum(tf.reduce_mean(maps, axis=1) * weights[:, :, None], axis=1)
    return rows / tf.maximum(tf.reduce_sum(weights, axis=1, keepdims=True), 1)


def _receive_words(maps: Tensor, places: Tensor) -> Tensor:
    """(batch, steps) the mean over maps and over the queries of words."""
    rows = tf.reduce_mean(maps, axis=1)
    return rows[:, 0] if maps.shape[2] == 1 else tf.reduce_sum(rows * _share_by_words(places)[:, :, None], axis=1)


def _share_by_words(places: Tensor) -> Tensor:
    """(batch, steps) how much each step's query counts: every word the same, shared among its steps."""
    real = places >= 0
    alike = (places[:, :, None] == places[:, None, :]) & real[:, :, None]
    counts = tf.reduce_sum(tf.cast(alike, tf.float32), axis=2)
    return _normalise(tf.math.divide_no_nan(tf.cast(real, tf.float32), counts))


def _normalise(weights: Tensor) -> Tensor:
    return tf.math.divide_no_nan(weights, tf.reduce_sum(weights, axis=1, keepdims=True))
