"""What the tensors of a model hold for some texts, for the same with other words, and for shorter ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.graph.distributions import are_alike
from attnviz.graph.model_inputs import as_fed
from attnviz.graph.text_variants import Array, has_steps, shorten, with_other_words
from attnviz.graph.traced import Function, TracedModel

Tensor = Any
Operation = Any
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

    @property
    def depends_on_words(self) -> bool:
        """Whether the values differ from text to text, and in a text when its words do: else they follow from the
        places or the padding alone.
        """
        own, others = np.split(np.moveaxis(self.values, self.batch_axis, 0), 2)
        return not are_alike(own, own[:1]) and not are_alike(own, others)


class TextRuns:
    """A traced model run on texts and on their variants, for a group of tensors at a time.

    What a group needs is computed again for it, so few groups save time, and small ones memory.

    Args:
        traced: the model.
        arrays: its inputs for some texts, flat, each (batch, ...).
        groups: what is to be read; each in one run.
        operations: those of the model.

    Attributes:
        steps: the sizes that an axis of steps has, for the texts and for the shorter ones, as `Reading.sizes` gives
            them: those of the inputs, and of the ids that are looked up.
    """

    def __init__(
        self,
        traced: TracedModel,
        arrays: Sequence[Array],
        groups: Sequence[Sequence[Tensor]],
        operations: Sequence[Operation],
    ) -> None:
        self._traced, self._arrays, self._groups = traced, arrays, groups
        self._twice = [np.concatenate(pair) for pair in zip(arrays, with_other_words(arrays), strict=True)]
        self._shorter = self._shorten()
        ids = [op.inputs[1] for op in operations if op.type in LOOKUPS and op.inputs[1].shape.rank not in (0, 1)]
        found = self._read([*groups[0], *ids, *traced.outputs])  # the outputs tell whether shorter texts can be read
        self._first = found[: len(groups[0])]
        lookups = [reading for reading in found[len(groups[0]) :][: len(ids)] if reading.is_batch_first]
        pairs = zip(arrays, self._shorter, strict=True)
        self.steps = {(array.shape[1], short.shape[1]) for array, short in pairs if has_steps(array)}
        self.steps |= {reading.sizes(axis) for reading in lookups for axis in range(1, reading.values.ndim)}

    def read(self) -> Iterator[Reading]:
        """Each tensor once, in the order of the groups; what was read is let go when the next one is asked for."""
        found, self._first = self._first, []
        yield from _hand_over(found)
        for group in self._groups[1:]:
            yield from _hand_over(self._read(group))

    def _read(self, tensors: Sequence[Tensor]) -> list[Reading]:
        function, count = self._traced.function(self._traced.inputs, tensors), len(self._arrays[0])
        values, shorter = self._run(function, self._twice), self._run_shorter(function)
        return [Reading(*triple, count) for triple in zip(tensors, values, shorter, strict=True)]

    def _shorten(self) -> Sequence[Array]:
        """The texts without their last step if the model was traced for such, else as they are."""
        shorter = shorten(self._arrays)
        triples = zip(self._traced.inputs, self._arrays, shorter, strict=True)
        is_open = all(tensor.shape[1] is None for tensor, array, short in triples if short.shape != array.shape)
        return shorter if is_open else self._arrays

    def _run_shorter(self, function: Function) -> list[Array]:
        """What the shorter texts give; all of them from then on if the model cannot read shorter ones."""
        with suppress(tf.errors.OpError, ValueError, TypeError):
            return self._run(function, self._shorter)
        self._shorter = self._arrays
        return self._run(function, self._shorter)

    def _run(self, function: Function, arrays: Sequence[Array]) -> list[Array]:
        return [_to_array(value) for value in function(*map(as_fed, arrays, self._traced.inputs))]


def _hand_over(readings: list[Reading]) -> Iterator[Reading]:
    """The readings in order, none of which is kept."""
    readings.reverse()
    while readings:
        yield readings.pop()


def _to_array(value: Tensor) -> Array:
    """The values, 0 for what is no number; bfloat16 has no type in NumPy."""
    array = np.asarray(tf.cast(value, tf.float32) if value.dtype.is_floating else value)
    return np.nan_to_num(array) if array.dtype.kind == "f" and not np.isfinite(array).all() else array
