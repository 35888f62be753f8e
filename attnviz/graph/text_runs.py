"""What the tensors of a model hold for some texts, for the same with other words, and for shorter ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.graph.text_variants import Array, has_steps, shorten, with_other_words
from attnviz.graph.traced import TracedModel

Tensor = Any
LOOKUPS = ("ResourceGather", "GatherV2")
"""Operations that look vectors up by ids."""


@dataclass(frozen=True)
class Reading:
    """A tensor's values.

    Attributes:
        tensor: of the graph.
        values: for the texts and then for those with other words; (2 texts, ...) where the first axis is the batch.
            What is no number is 0, as in a row that a mask leaves nothing of.
        shorter: the values for the texts alone, without their last step where the model can read such.
        texts: how many there are.
    """

    tensor: Tensor
    values: Array
    shorter: Array
    texts: int

    @property
    def is_batch_first(self) -> bool:
        """Whether the first axis is that of the texts and of nothing else."""
        return self.sizes(0) == (2 * self.texts, self.texts)

    @property
    def batch_axis(self) -> int:
        """The axis that is twice as long for twice as many texts, others may be mixed with them; 0 if there is none."""
        found = (axis for axis in range(self.values.ndim) if self.values.shape[axis] == 2 * self.shorter.shape[axis])
        return next(found, 0)

    def changes(self, axis: int) -> bool:
        """Whether the axis has another length for fewer and shorter texts."""
        return self.values.shape[axis] != self.shorter.shape[axis]

    def sizes(self, axis: int) -> tuple[int, int]:
        """How long the axis is for the texts and for the shorter ones."""
        return self.values.shape[axis], self.shorter.shape[axis]


class TextRuns:
    """A traced model run on texts and on their variants.

    Args:
        traced: the model.
        arrays: its inputs for some texts, flat, each (batch, ...).
        operations: those of the model.

    Attributes:
        steps: the sizes that an axis of steps has, for the texts and for the shorter ones, as `Reading.sizes` gives
            them: those of the inputs, and of the ids that are looked up.
    """

    def __init__(self, traced: TracedModel, arrays: Sequence[Array], operations: Sequence[Any]) -> None:
        self._traced, self._arrays = traced, arrays
        self._twice = [np.concatenate(pair) for pair in zip(arrays, with_other_words(arrays), strict=True)]
        self._shorter = self._choose_shorter()
        self.steps = {(array.shape[1], short.shape[1]) for array, short in self._pairs() if has_steps(array)}
        self.steps |= self._read_lookups(operations)

    def read(self, tensors: Sequence[Tensor]) -> list[Reading]:
        """The values of tensors of numbers."""
        values, shorter = self._run(self._twice, tensors), self._run(self._shorter, tensors)
        return [
            Reading(tensor, np.nan_to_num(value), np.nan_to_num(short), len(self._arrays[0]))
            for tensor, value, short in zip(tensors, values, shorter, strict=True)
        ]

    def _pairs(self) -> list[tuple[Array, Array]]:
        return list(zip(self._arrays, self._shorter, strict=True))

    def _choose_shorter(self) -> Sequence[Array]:
        """The texts without their last step if the model can read them."""
        shorter = shorten(self._arrays)
        for tensor, array, short in zip(self._traced.inputs, self._arrays, shorter, strict=True):
            if short.shape != array.shape and tensor.shape[1] is not None:
                return self._arrays
        try:
            self._run(shorter, self._traced.outputs)
        except (tf.errors.OpError, ValueError, TypeError):
            return self._arrays
        return shorter

    def _read_lookups(self, operations: Sequence[Any]) -> set[tuple[int, int]]:
        ids = [op.inputs[1] for op in operations if op.type in LOOKUPS and op.inputs[1].shape.rank not in (0, 1)]
        readings = self.read(ids) if ids else []
        return {r.sizes(a) for r in readings for a in range(1, r.values.ndim) if r.is_batch_first}

    def _run(self, arrays: Sequence[Array], tensors: Sequence[Tensor]) -> list[Array]:
        inputs = self._traced.inputs
        function = self._traced.function(inputs, tensors)
        return [_to_array(v) for v in function(*map(to_tensor, arrays, inputs))]


def to_tensor(array: Array, like: Tensor) -> Tensor:
    """The array as what is fed to a tensor of the graph."""
    return tf.cast(array, like.dtype) if array.dtype.kind in "biuf" else tf.constant(array, like.dtype)


def _to_array(value: Tensor) -> Array:
    """bfloat16 has no type in NumPy."""
    return np.asarray(tf.cast(value, tf.float32) if value.dtype.is_floating else value)
