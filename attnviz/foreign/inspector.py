"""What a trace and a few trials tell of somebody's model: which ids it knows, how many steps it reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.word_vectors import find_vectors
from attnviz.graph.model_inputs import explain
from attnviz.graph.traced import TracedModel
from attnviz.languages import tr
from attnviz.training.batches import Ids
from attnviz.values.arrays import FloatArray

Tensor = Any

MOST_STEPS = 1000
"""So many steps of a text are read by a model that reads any number: attention matrices grow with their square."""

_PASSING = frozenset(
    {"Cast", "Identity", "Reshape", "ExpandDims", "Squeeze", "EnsureShape", "Mul", "AddV2", "Sub", "RealDiv"}
)
_PRODUCTS = frozenset({"MatMul", "BatchMatMul", "BatchMatMulV2", "Einsum", "Conv2D"})
_LOOKUPS = frozenset({"ResourceGather", "GatherV2", "Gather"})
_SHORT, _LONGEST = 7, 10_000


class Span(NamedTuple):
    """How many steps a model can read.

    Attributes:
        least, most: of them; `most` is None where no limit was met.
    """

    least: int = 1
    most: int | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether it reads one number of steps only."""
        return self.least == self.most


class Inspector:
    """Asks a model; the model is left as it is.

    Args:
        model: what is called.
        feed: what makes its inputs of ids.
        steps: how many ids it takes; None for any number.

    Attributes:
        traced: the model's graph from ids (batch, steps) on. sizes: of the axes of all weights.

    Raises:
        SettingError: it cannot be called with word ids.
    """

    def __init__(self, model: Callable[..., Any], feed: Callable[[Tensor], Any], steps: int | None) -> None:
        try:
            self.traced = TracedModel(model, tf.TensorSpec((None, steps), tf.int32), feed=feed)
        except SettingError:
            raise
        except Exception as error:  # a model's own code raises whatever it likes
            raise SettingError(
                tr("The model can't be called with word ids (batch, steps): {error}", error=explain(error))
            ) from error
        (self.ids,) = self.traced.inputs
        self._declared = steps
        self.sizes = {size for weight in getattr(model, "weights", ()) for size in weight.shape if size}

    def ask(self, ids: Ids) -> FloatArray:
        """(batch, numbers) for ids (batch, steps) all outputs beside each other whose size is not that of the steps."""
        given = [output for output in self.traced.outputs if output.shape.rank == 1 or _has_columns(output)]
        found = self.traced.function([self.ids], given)(tf.constant(ids, tf.int32)) if given else []
        columns = [value.numpy().reshape(len(ids), -1).astype(np.float64) for value in found]
        return np.concatenate([np.zeros((len(ids), 1)), *columns], axis=1)

    def find_size(self) -> int | None:
        """How many ids the model knows: the rows of the table that it looks them up in; None if it has no table."""
        try:
            op = find_vectors(self.traced, self.ids).op
        except SettingError:
            return None
        while op.type not in _LOOKUPS:
            if not op.inputs:
                return None
            op = op.inputs[0].op
        return _count_rows(op.inputs[0])

    def reads_numbers(self) -> bool:
        """Whether the inputs are multiplied with weights as they are, so that they are no ids."""
        open_ones, seen = [self.ids], set()
        while open_ones:
            for user in open_ones.pop().consumers():
                if user.type in _PRODUCTS:
                    return True
                if user.type in _PASSING and user.name not in seen:
                    seen.add(user.name)
                    open_ones += user.outputs
        return False

    def find_span(self, said: int | str = "auto") -> Span:
        """How many steps the model reads, by trial where its inputs do not say.

        Args:
            said: a number to try, if somebody said one.

        Raises:
            SettingError: none of the numbers that were tried.
        """
        if self._declared is not None:
            return Span(self._declared, self._declared)
        short, long = self._accepts(_SHORT), self._accepts(MOST_STEPS)
        if short and long:
            return Span(self._bisect(1, _SHORT, rising=True))
        if short:
            return Span(1, self._bisect(_SHORT, MOST_STEPS, rising=False))
        if long:
            return Span(self._bisect(_SHORT, MOST_STEPS, rising=True))
        return self._try_sizes([said] if isinstance(said, int) else [])

    def _try_sizes(self, first: Sequence[int]) -> Span:
        """A model that reads one number of steps has weights of that size, or of that times the size of a vector."""
        parts = {one // other for one in self.sizes for other in self.sizes if other and one % other == 0}
        sizes = [*first, *sorted(self.sizes | parts)]
        fitting = next((size for size in sizes if 1 <= size <= _LONGEST and self._accepts(size)), None)
        if fitting is None:
            raise SettingError(
                tr("It can't be found out how many steps the model reads: say length=, as it was trained.")
            )
        return Span(fitting, fitting)

    def _accepts(self, steps: int) -> bool:
        """Whether the model answers; what it says of no steps at all, as some poolings of short texts do, is noise."""
        try:
            size, *values = self.traced.function([self.ids], [self._smallest, *self.traced.outputs])(
                tf.ones((1, steps), tf.int32)
            )
        except Exception:  # whatever the model raises, it does not read that many
            return False
        return int(size) > 0 and all(np.isfinite(value.numpy()).all() for value in values)

    @cached_property
    def _smallest(self) -> Tensor:
        """How many numbers the smallest output of a layer has, and at most the steps that a convolution has to spare.

        TensorFlow computes convolutions of fewer steps than their kernel has; the answer is whatever the memory held.
        """
        leaves = (leaf for call in self.traced.calls for leaf in keras.tree.flatten(call.outputs))
        found = [leaf for leaf in leaves if self.traced.has(leaf)]
        calls = [call for call in self.traced.calls if _count_kernel(call.layer) and self.traced.has(call.inputs)]
        return self.traced.extend(
            lambda: tf.reduce_min(
                [
                    *(tf.size(leaf) for leaf in found),
                    *(tf.shape(call.inputs)[1] - _count_kernel(call.layer) + 1 for call in calls),
                ]
                or [1]
            )
        )

    def _bisect(self, low: int, high: int, *, rising: bool) -> int:
        """Where acceptance begins (rising) or ends between two numbers, one of which is accepted."""
        if rising and self._accepts(low):
            return low
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._accepts(middle) != rising else (low, middle)
        return high if rising else low


def _count_rows(table: Tensor) -> int | None:
    if table.dtype != tf.resource:
        return table.shape[0]
    shapes = table._handle_data.shape_and_type if table._handle_data is not None else ()
    return int(shapes[0].shape.dim[0].size) if shapes else None


def _count_kernel(layer: Any) -> int:
    """How many steps a convolution without padding needs at least; 0 for any other layer."""
    kernel, rate = getattr(layer, "kernel_size", None), getattr(layer, "dilation_rate", (1,))
    if not isinstance(kernel, tuple) or getattr(layer, "padding", "") != "valid":
        return 0
    return int((kernel[0] - 1) * (rate[0] if isinstance(rate, tuple) else rate) + 1)


def _has_columns(output: Tensor) -> bool:
    return output.shape.rank == 2 and output.shape[1] is not None
