"""Tensors of a model whose numbers are shares of its steps: what may be attention weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnviz.graph.dataflow import COPIES
from attnviz.graph.distributions import are_alike, are_choices, are_shares, measure_gap
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


@dataclass(frozen=True)
class Candidate:
    """A tensor with shares of steps.

    Attributes:
        reading: its values.
        axis: along which they sum to 1.
        step_axes: the axes that are as long as the texts, that one among them.
    """

    reading: Reading
    axis: int
    step_axes: tuple[int, ...]

    @property
    def tensor(self) -> Tensor:
        """The tensor of the graph."""
        return self.reading.tensor

    @property
    def values(self) -> Array:
        """(batch, ...) for the texts as they are."""
        return self.reading.values[: len(self.reading.values) // 2]

    @property
    def is_sure(self) -> bool:
        """Whether the axis is one of steps beyond doubt: shorter texts make it shorter."""
        return self.reading.changes(self.axis)

    @property
    def depends_on_words(self) -> bool:
        """Whether the weights differ from text to text, and in a text when its words do: else they follow from the
        places or the padding alone.
        """
        own, others = np.split(np.moveaxis(self.reading.values, self.reading.batch_axis, 0), 2)
        return not are_alike(own, own[:1]) and not are_alike(own, others)

    @property
    def is_choice(self) -> bool:
        """Whether each query has one step with all the weight, as where one is picked or looked up."""
        return are_choices(self.reading.values)


def list_shares(operations: Sequence[Operation]) -> list[Tensor]:
    """The outputs of operations that may hold attention weights, by their type and shape alone."""
    kept: dict[str, Tensor] = {}
    for op in operations:
        if op.type not in NEVER_WEIGHTS and (op.type not in COPIES or op.inputs[0].name in kept):
            kept.update((tensor.name, tensor) for tensor in op.outputs if _may_hold(tensor))
    return list(kept.values())


def find_candidates(
    readings: Sequence[Reading], steps: set[tuple[int, int]], is_attention: Callable[[Tensor], bool]
) -> list[Candidate]:
    """Those whose numbers are shares along an axis of steps, or along one that grows with the text.

    Args:
        readings: of tensors, in the order of the graph.
        steps: the sizes of an axis of steps, see `TextRuns.steps`.
        is_attention: whether a layer of attention makes a tensor: its shares count along any axis.
    """
    ranked = [reading for reading in readings if 2 <= reading.values.ndim <= MOST_AXES]
    found = (_find_axis(reading, steps, is_attention) for reading in ranked)
    return [candidate for candidate in found if candidate is not None]


def _find_axis(
    reading: Reading, steps: set[tuple[int, int]], is_attention: Callable[[Tensor], bool]
) -> Candidate | None:
    """Nearly even weights sum to 1 along several axes nearly; only one of them does so exactly."""
    axes = [axis for axis in range(reading.values.ndim) if _sums_to_one(reading, axis)]
    axis = min(reversed(axes), key=lambda axis: measure_gap(reading.values, axis), default=0)
    if not axes or not (_is_along_steps(reading, axis, steps) or (axis > 0 and is_attention(reading.tensor))):
        return None
    return Candidate(reading, axis, tuple(a for a in range(1, reading.values.ndim) if reading.sizes(a) in steps))


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
