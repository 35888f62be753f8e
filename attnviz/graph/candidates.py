"""Tensors of a model whose numbers are shares of its steps: what may be attention weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnviz.graph.dataflow import COPIES
from attnviz.graph.distributions import are_choices, are_shares, measure_gap
from attnviz.graph.text_runs import Reading
from attnviz.graph.text_variants import Array

Tensor = Any
Operation = Any

NEVER_WEIGHTS = frozenset(
    {
        *("BiasAdd", "MatMul", "AddV2", "Add", "Sub", "Neg", "Erf", "Tanh", "Sigmoid", "Rsqrt", "Square", "Conv2D"),
        *("SquaredDifference", "ResourceGather", "GatherV2", "OneHot", "ReadVariableOp", "Const", "Fill", "ZerosLike"),
    }
)
"""Operations in which no computation of attention weights ends; leaving them out saves memory."""

MOST_AXES = 5


MOST_NUMBERS = 100_000
"""Of so many of its numbers in their order a tensor is known; of more, every n-th."""


@dataclass(frozen=True)
class Candidate:
    """A tensor with shares of steps that may be attention weights; its values are not kept.

    Attributes:
        tensor: of the graph.
        axis: along which they sum to 1.
        step_axes: the axes that are as long as the texts, that one among them.
        sizes: of all axes, for the texts as they are.
        is_in_attention: whether a layer of attention makes it.
        is_batch_first: see `Reading`.
        is_sure: whether the axis is one of steps beyond doubt: shorter texts make it shorter.
        count: how many numbers it has, where an axis along which they do not change counts once.
        numbers: these in ascending order, MOST_NUMBERS at most.
    """

    tensor: Tensor
    axis: int
    step_axes: tuple[int, ...]
    sizes: tuple[int, ...]
    is_in_attention: bool
    is_batch_first: bool
    is_sure: bool
    count: int
    numbers: Array

    def equals(self, other: Candidate) -> bool:
        """Whether the other one has the same numbers, up to rounding, in whatever order."""
        return self.count == other.count and np.allclose(self.numbers, other.numbers, rtol=1e-5, atol=1e-8)


def list_shares(operations: Sequence[Operation]) -> list[Tensor]:
    """The outputs of operations that may hold attention weights, by their type and shape alone."""
    kept: dict[str, Tensor] = {}
    for op in operations:
        if op.type not in NEVER_WEIGHTS and (op.type not in COPIES or op.inputs[0].name in kept):
            kept.update((tensor.name, tensor) for tensor in op.outputs if _may_hold(tensor))
    return list(kept.values())


def find_candidates(
    readings: Iterable[Reading], steps: set[tuple[int, int]], is_attention: Callable[[Tensor], bool]
) -> Iterator[tuple[Candidate, Array]]:
    """Those whose numbers are shares along an axis of steps, or along one that grows with the text, and their values.

    A layer of attention makes them, or they behave as what one makes: they depend on the words and are not all 0 or 1,
    as where one step is picked or looked up.

    Args:
        readings: of tensors, in the order of the graph.
        steps: the sizes of an axis of steps, see `TextRuns.steps`.
        is_attention: whether a layer of attention makes a tensor: its shares count along any axis.

    Yields:
        Each with its values (batch, ...) for the texts as they are.
    """
    for reading in readings:
        is_inside = is_attention(reading.tensor)
        axis = _find_axis(reading, steps, is_inside) if 2 <= reading.values.ndim <= MOST_AXES else None
        if axis is not None and (is_inside or (reading.depends_on_words and not are_choices(reading.values))):
            candidate = _describe(reading, axis, steps, is_inside)
            yield candidate, reading.values[: candidate.sizes[0]]


def _describe(reading: Reading, axis: int, steps: set[tuple[int, int]], is_in_attention: bool) -> Candidate:
    values = reading.values
    numbers = _sort(values, axis)
    return Candidate(
        tensor=reading.tensor,
        axis=axis,
        step_axes=tuple(a for a in range(1, values.ndim) if reading.sizes(a) in steps),
        sizes=(len(values) // 2, *values.shape[1:]),
        is_in_attention=is_in_attention,
        is_batch_first=reading.is_batch_first,
        is_sure=reading.changes(axis),
        count=len(numbers),
        numbers=numbers[:: -(-len(numbers) // MOST_NUMBERS)].copy(),
    )


def _sort(values: Array, axis: int) -> Array:
    """All numbers in ascending order; an axis along which they do not change counts once."""
    for other in range(1, values.ndim):
        if other != axis and (np.ptp(values, axis=other) == 0).all():
            values = np.take(values, [0], axis=other)
    return np.sort(values, axis=None)


def _find_axis(reading: Reading, steps: set[tuple[int, int]], is_in_attention: bool) -> int | None:
    """Nearly even weights sum to 1 along several axes nearly; only one of them does so exactly."""
    axes = [axis for axis in range(reading.values.ndim) if _sums_to_one(reading, axis)]
    axis = min(reversed(axes), key=lambda axis: measure_gap(reading.values, axis), default=0)
    return axis if axes and (_is_along_steps(reading, axis, steps) or (axis > 0 and is_in_attention)) else None


def _sums_to_one(reading: Reading, axis: int) -> bool:
    tolerance = 1e-3 if reading.tensor.dtype.size >= 4 else 2e-2  # float16 and bfloat16 round so
    return are_shares(reading.values, axis, tolerance) and are_shares(reading.shorter, axis, tolerance)


def _is_along_steps(reading: Reading, axis: int, steps: set[tuple[int, int]]) -> bool:
    size, shorter = reading.sizes(axis)
    grows = reading.changes(axis) and size != 2 * shorter
    return size > 1 and (reading.sizes(axis) in steps or grows)


def _may_hold(tensor: Tensor) -> bool:
    """Numbers with an open axis, which is that of the batch."""
    rank = tensor.shape.rank
    known = rank is not None and (rank < 2 or rank > MOST_AXES or None not in tensor.shape.as_list())
    return tensor.dtype.is_floating and not known
