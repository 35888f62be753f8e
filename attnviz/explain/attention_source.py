"""Where a model's attention weights are, and the order of their axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from attnviz.backend import tf
from attnviz.graph.traced import TracedModel
from attnviz.values.arrays import FloatArray

Tensor = Any


class AttentionSource(Protocol):
    """Attention weights of a model, in whatever trace of it."""

    @property
    def name(self) -> str:
        """Of this attention alone."""

    @property
    def axes(self) -> tuple[str, ...]:
        """What the axes after the batch are: 'tokens' among them; 'queries', and 'heads' or 'features', which have maps
        of their own."""

    def locate(self, traced: TracedModel) -> Tensor:
        """The tensor that holds them.

        Raises:
            AttnvizError: the model has none such.
        """


class LayerAttention(NamedTuple):
    """Attention weights that are the output of a layer.

    Attributes:
        layer: its path, 'outer/inner'.
        axes: as of an AttentionSource.
    """

    layer: str
    axes: tuple[str, ...] = ("tokens",)

    @property
    def name(self) -> str:
        """The layer's path."""
        return self.layer

    def locate(self, traced: TracedModel) -> Tensor:
        """The layer's output in its last call."""
        return traced.find(self.layer)


def to_maps(weights: Any, axes: Sequence[str]) -> Any:
    """(batch, maps, queries, tokens) from weights with these axes after the batch; of TensorFlow or of NumPy."""
    library = np if isinstance(weights, np.ndarray) else tf
    names = [*_map_axes(axes), *(axis for axis in ("queries", "tokens") if axis in axes)]
    ordered = library.transpose(weights, [0, *(list(axes).index(name) + 1 for name in names)])
    if "queries" not in axes:
        ordered = library.expand_dims(ordered, -2)
    if len(_map_axes(axes)) > 1:
        return _merge(library, ordered, len(_map_axes(axes)))
    return ordered if _map_axes(axes) else library.expand_dims(ordered, 1)


def from_maps(maps: FloatArray, axes: Sequence[str]) -> FloatArray:
    """The inverse of `to_maps`, of NumPy, where not more than one axis has maps."""
    names = [*_map_axes(axes), *(axis for axis in ("queries", "tokens") if axis in axes)]
    missing = (*(() if _map_axes(axes) else (1,)), *(() if "queries" in axes else (2,)))
    squeezed = np.squeeze(maps, axis=missing)
    return np.transpose(squeezed, [0, *(names.index(axis) + 1 for axis in axes)])


def name_maps(axes: Sequence[str], count: int) -> tuple[str, ...]:
    """What each of the maps is called: 'head 1', 'feature 7', or 'attention' where there is one."""
    if count == 1:
        return ("attention",)
    kind = next((axis.removesuffix("s") for axis in _map_axes(axes)), "map")
    return tuple(f"{kind} {number}" for number in range(1, count + 1))


def _map_axes(axes: Sequence[str]) -> list[str]:
    return [axis for axis in axes if axis not in ("queries", "tokens")]


def _merge(library: Any, ordered: Any, count: int) -> Any:
    """The first axes after the batch as one; their sizes are those of the model's weights and so known."""
    sizes, rest = ordered.shape[1 : count + 1], library.shape(ordered)[count + 1 :]
    return library.reshape(ordered, [-1, math.prod(sizes), *(rest[place] for place in range(2))])
