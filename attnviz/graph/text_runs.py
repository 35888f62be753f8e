"""What the tensors of a model hold for some texts, for the same with other words, and for shorter ones."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
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
        tensors: what is to be read.
        operations: those of the model.

    Attributes:
        readings: of the tensors.
        steps: the sizes that an axis of steps has, for the texts and for the shorter ones, as `Reading.sizes` gives
            them: those of the inputs, and of the ids that are looked up.
    """

    def __init__(
        self, traced: TracedModel, arrays: Sequence[Array], tensors: Sequence[Tensor], operations: Sequence[Any]
    ) -> None:
        ids = [op.inputs[1] for op in operations if op.type in LOOKUPS and op.inputs[1].shape.rank not in (0, 1)]
        self._inputs, self._wanted = traced.inputs, [*tensors, *ids]
        self._function = traced.function(traced.inputs, self._wanted)
        readings = self._read(arrays)
        self.readings = readings[: len(tensors)]
        lookups = [reading for reading in readings[len(tensors) :] if reading.is_batch_first]
        self.steps |= {reading.sizes(axis) for reading in lookups for axis in range(1, reading.values.ndim)}

    def _read(self, arrays: Sequence[Array]) -> list[Reading]:
        twice = [np.concatenate(pair) for pair in zip(arrays, with_other_words(arrays), strict=True)]
        values, (read, shorter) = self._run(twice), self._run_shorter(arrays)
        pairs = zip(arrays, read, strict=True)
        self.steps = {(array.shape[1], short.shape[1]) for array, short in pairs if has_steps(array)}
        return [
            Reading(tensor, np.nan_to_num(value), np.nan_to_num(short), len(arrays[0]))
            for tensor, value, short in zip(self._wanted, values, shorter, strict=True)
        ]

    def _run_shorter(self, arrays: Sequence[Array]) -> tuple[Sequence[Array], list[Array]]:
        """The texts without their last step if the model can read such, else all of them, and what they give."""
        shorter = shorten(arrays)
        triples = zip(self._inputs, arrays, shorter, strict=True)
        if all(tensor.shape[1] is None for tensor, array, short in triples if short.shape != array.shape):
            with suppress(tf.errors.OpError, ValueError, TypeError):
                return shorter, self._run(shorter)
        return arrays, self._run(arrays)

    def _run(self, arrays: Sequence[Array]) -> list[Array]:
        return [_to_array(value) for value in self._function(*map(to_tensor, arrays, self._inputs))]


def to_tensor(array: Array, like: Tensor) -> Tensor:
    """The array as what is fed to a tensor of the graph."""
    return tf.cast(array, like.dtype) if array.dtype.kind in "biuf" else tf.constant(array, like.dtype)


def _to_array(value: Tensor) -> Array:
    """bfloat16 has no type in NumPy."""
    return np.asarray(tf.cast(value, tf.float32) if value.dtype.is_floating else value)
