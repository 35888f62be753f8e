"""What flows from a tensor of a graph to which others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

Tensor = Any
Operation = Any

COPIES = frozenset(
    {
        *("Identity", "IdentityN", "Reshape", "Transpose", "ExpandDims", "Squeeze", "Cast", "StopGradient"),
        *("PreventGradient", "Snapshot", "CheckNumerics", "BroadcastTo", "Tile"),
    }
)
"""Operations whose result holds the same numbers in another form."""

ELEMENTWISE = frozenset(
    {
        *("Mul", "RealDiv", "DivNoNan", "Add", "AddV2", "Sub", "Maximum", "Minimum", "Select", "SelectV2", "AddN"),
    }
)
"""Operations that keep every number in its place."""


def follow(start: Iterable[Tensor], through: Callable[[Operation], bool], cut: Collection[str] = ()) -> list[Tensor]:
    """The tensors that depend on some by operations of which `through` is true, and the first ones themselves.

    Args:
        start: tensors of a graph.
        through: which operations to follow.
        cut: names of tensors that are not followed nor counted.
    """
    found = {tensor.name: tensor for tensor in start if tensor.name not in cut}
    open_ones = list(found.values())
    while open_ones:
        fresh = [tensor for op in open_ones.pop().consumers() if through(op) for tensor in op.outputs]
        fresh = [tensor for tensor in fresh if tensor.name not in found and tensor.name not in cut]
        found.update((tensor.name, tensor) for tensor in fresh)
        open_ones += fresh
    return list(found.values())


def copies_of(tensor: Tensor) -> list[Tensor]:
    """The tensor and those that hold the same numbers in another form."""
    return follow([tensor], _is_copy)


def refinements_of(tensor: Tensor) -> list[Tensor]:
    """The tensor and those that are made of it number by number, such as masked or rescaled weights."""
    return follow([tensor], lambda op: _is_copy(op) or op.type in ELEMENTWISE)


def is_used(tensor: Tensor, outputs: Iterable[Tensor], without: Collection[str] = ()) -> bool:
    """Whether one of the outputs is computed from the tensor, other than as a copy of it.

    Args:
        tensor: of the graph.
        outputs: what the model answers.
        without: names of tensors on which the way must not lead.
    """
    names = {output.name for output in outputs}
    copies = follow([tensor], _is_copy, without)
    users = [op for copy in copies for op in copy.consumers() if not _is_copy(op)]
    results = [output for op in users for output in op.outputs]
    return any(result.name in names for result in follow(results, lambda op: True, without))


def is_among(tensor: Tensor, outputs: Iterable[Tensor]) -> bool:
    """Whether a copy of the tensor is one of the outputs."""
    names = {output.name for output in outputs}
    return any(copy.name in names for copy in copies_of(tensor))


def _is_copy(op: Operation) -> bool:
    return op.type in COPIES or (op.type == "StridedSlice" and _adds_axes(op))


def _adds_axes(op: Operation) -> bool:
    """Whether a slice takes everything and only adds axes of length 1, as `x[..., None]` does."""
    every = (1 << (op.inputs[1].shape[0] or 0)) - 1
    whole = op.get_attr("begin_mask") & op.get_attr("end_mask")
    return (whole | op.get_attr("ellipsis_mask") | op.get_attr("new_axis_mask")) == every
