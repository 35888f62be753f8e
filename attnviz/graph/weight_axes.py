"""What the axes of attention weights are: tokens, queries, heads, features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attnviz.graph.candidates import Candidate
from attnviz.graph.dataflow import copies_of

Tensor = Any
Axes = tuple[str, ...]


def name_axes(candidate: Candidate) -> Axes:
    """A name for each axis after the batch.

    An axis as long as the text is one of queries. One of another length has heads, or features where each feature of
    the states has weights of its own. An axis of length 1 gets a name that is left. In a layer of attention every
    distribution belongs to a query, so that one other axis is that of queries.

    Args:
        candidate: (batch, ...) with three axes after the batch at most.
    """
    named = {candidate.axis: "tokens"}
    others = [axis for axis in range(1, len(candidate.sizes)) if axis != candidate.axis]
    queries = _find_queries(candidate, others)
    named.update({} if queries is None else {queries: "queries"})
    maps = "features" if _is_featurewise(candidate.tensor) else "heads"
    for axis, name in zip([a for a in others if a != queries], _names_left(named, maps), strict=False):
        named[axis] = name
    return tuple(named[axis] for axis in sorted(named))


def drop_single(candidate: Candidate, axes: Sequence[str]) -> Axes:
    """The names of the axes that are longer than 1, and of the tokens."""
    sizes = candidate.sizes[1:]
    return tuple(name for name, size in zip(axes, sizes, strict=True) if size > 1 or name == "tokens")


def _find_queries(candidate: Candidate, others: list[int]) -> int | None:
    """The last of the axes that are as long as the text; if none is, the last of two, or of a layer with queries."""
    long = [axis for axis in others if axis in candidate.step_axes]
    return max(long or (others if candidate.is_in_attention or len(others) > 1 else []), default=None)


def _names_left(named: dict[int, str], maps: str) -> list[str]:
    return [name for name in (maps, "queries") if name not in named.values()]


def _is_featurewise(tensor: Tensor) -> bool:
    """Whether the weights multiply numbers of the same shape, none of them standing for several."""
    users = [(copy, op) for copy in copies_of(tensor) for op in copy.consumers()]
    return any(op.type == "Mul" and _same_shape(copy, op.outputs[0]) for copy, op in users)


def _same_shape(one: Tensor, other: Tensor) -> bool:
    return one.shape.rank == other.shape.rank and one.shape.as_list() == other.shape.as_list()
