"""Whether each share belongs to a step of its own, asked of the model: a word that changes moves the value of its step.

Where a model reads a fixed number of steps, an axis of that length may be something else: as many classes, experts or
units. A weight multiplies the value of its step, so the slope of the answer at that weight moves most when the word of
that very step changes. A class, an expert or a unit has no step to which it belongs. A recurrent layer carries a word
into other steps, so the states that it gives are changed too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from attnviz.backend import keras, tf
from attnviz.graph.candidates import Candidate
from attnviz.graph.dataflow import copies_of, follow
from attnviz.graph.model_inputs import as_fed
from attnviz.graph.text_runs import LOOKUPS
from attnviz.graph.text_variants import Array
from attnviz.graph.traced import TracedModel

Tensor = Any

ENOUGH = 2.0
"""How much more a word moves its own step and those beside it than the others. Measured with random weights: classes,
experts and units 0.8 to 1.4, attention 4 to 7.
"""

MOST_STEPS, SOME_STEPS = 64, 16
"""Of a text of more steps so many are changed."""

RUN_BYTES = 2_000_000_000
"""So much the values of the texts may take that go through the model, and back, at once; one with its change takes
more if it must.
"""

STEP_BY_STEP = (
    *(keras.layers.RNN, keras.layers.Bidirectional, keras.layers.Conv1D, keras.layers.Dense, keras.layers.Dropout),
    *(keras.layers.SpatialDropout1D, keras.layers.LayerNormalization, keras.layers.BatchNormalization),
    *(keras.layers.Activation, keras.layers.Masking, keras.layers.TimeDistributed),
)
"""Layers that give a vector for each vector that they get, in the same order."""


class StepInfluence:
    """Changes the vectors of a text one by one.

    Args:
        traced: the model.
        arrays: its inputs for some texts; the first text is looked at.
        operations: those of the model.
        text_bytes: what the values of a text take, which tells how many go through the model at once.
    """

    def __init__(
        self, traced: TracedModel, arrays: Sequence[Array], operations: Sequence[Any], text_bytes: int
    ) -> None:
        self._traced, self._operations = traced, operations
        self._together = max(1, RUN_BYTES // max(1, text_bytes) - 1)
        self._inputs = [np.asarray(array[:1]) for array in arrays]

    def find_local(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those whose shares, of which there are as many as steps, belong to the steps."""
        slopes = self._differentiate(candidates)
        local: dict[str, Candidate] = {}
        for vectors in self._vectors if slopes else ():
            left = [pair for pair in slopes if pair[0].tensor.name not in local and _comes_before(vectors, pair[0])]
            local.update((c.tensor.name, c) for c in (self._find_banded(vectors, left) if left else ()))
        return [candidate for candidate in candidates if candidate.tensor.name in local]

    @property
    def _answer(self) -> Tensor:
        """One number of the answer: the sum of all shares of classes would always be 1."""
        answer = self._traced.outputs[0]
        return tf.reduce_sum(answer[..., 0] if answer.shape.rank != 1 else answer)

    @cached_property
    def _vectors(self) -> list[Tensor]:
        """What stands for the words or numbers of a text, (batch, steps, units) or given as (batch, steps), and what
        layers make of it.
        """
        inputs = [t for t, a in zip(self._traced.inputs, self._inputs, strict=True) if _are_vectors(t) or _is_row(a)]
        looked_up = [op.outputs[0] for op in self._operations if op.type in (*LOOKUPS, "OneHot")]
        found = [*inputs, *(tensor for tensor in looked_up if _are_vectors(tensor))]
        names = {copy.name for tensor in found for copy in copies_of(tensor)}
        for call in self._traced.calls:
            given, made = _get_tensor(call.inputs), _get_tensor(call.outputs)
            in_order = isinstance(call.layer, STEP_BY_STEP) and self._traced.has(given) and self._traced.has(made)
            if in_order and given.name in names and made.name not in names and _have_as_many_steps(given, made):
                found.append(made)
                names.add(made.name)
        return found

    def _differentiate(self, candidates: Sequence[Candidate]) -> list[tuple[Candidate, Tensor]]:
        """The slope of the answer at the weights of those that have one, all in one way back through the model."""
        tensors = [candidate.tensor for candidate in candidates]
        try:
            slopes = self._traced.extend(lambda: tf.gradients(self._answer, tensors)) if tensors else []
        except LookupError:  # an operation on the way has no gradient
            return []
        return [pair for pair in zip(candidates, slopes, strict=True) if isinstance(pair[1], tf.Tensor)]

    def _find_banded(self, vectors: Tensor, pairs: Sequence[tuple[Candidate, Tensor]]) -> list[Candidate]:
        """Those whose slopes move most where a vector of the same step turns round."""
        (own,) = self._traced.function(self._traced.inputs, [vectors])(*self._given)
        steps = _choose_steps(own.shape[1])
        moved: list[list[Array]] = [[] for _ in pairs]
        for first in range(0, len(steps), self._together):
            slopes = self._read_slopes(vectors, np.asarray(own), steps[first:][: self._together], pairs)
            for columns, slope, (candidate, _) in zip(moved, slopes, pairs, strict=True):
                columns.append(_measure(slope, candidate.axis))
        found = zip(moved, pairs, strict=True)
        return [pair[0] for columns, pair in found if _is_banded(np.concatenate(columns, axis=1), steps, own.shape[1])]

    @cached_property
    def _given(self) -> list[Tensor]:
        return [as_fed(array, tensor) for array, tensor in zip(self._inputs, self._traced.inputs, strict=True)]

    def _read_slopes(
        self, vectors: Tensor, own: Array, steps: Array, pairs: Sequence[tuple[Candidate, Tensor]]
    ) -> list[Array]:
        """(1 + steps, ...) each slope for the text as it is, and with the vectors of these steps turned round."""
        turned = np.repeat(own, len(steps) + 1, axis=0)
        turned[np.arange(len(steps)) + 1, steps] *= -1
        repeated = [tf.repeat(value, len(turned), axis=0) for value in self._given]
        fed = {t.name: (t, v) for t, v in zip(self._traced.inputs, repeated, strict=True)}
        fed[vectors.name] = (vectors, tf.constant(turned))
        feeds, values = zip(*fed.values(), strict=True)
        found = self._traced.function(feeds, [slope for _, slope in pairs])(*values)
        return [np.asarray(tf.cast(slope, tf.float32)) for slope in found]


def _choose_steps(count: int) -> Array:
    """All steps of a short text, some of a long one."""
    return np.arange(count) if count <= MOST_STEPS else np.linspace(0, count - 1, SOME_STEPS).astype(int)


def _comes_before(vectors: Tensor, candidate: Candidate) -> bool:
    """Whether the vectors are not made with the weights."""
    return all(tensor.name != vectors.name for tensor in follow([candidate.tensor], lambda op: True))


def _measure(slopes: Array, axis: int) -> Array:
    """(shares, steps) how much the slope at each share moves when the vector of each step turns round."""
    moved = np.abs(np.moveaxis(slopes[1:] - slopes[:1], axis, 1))
    return moved.reshape(*moved.shape[:2], -1).sum(axis=-1).T


def _get_tensor(structure: Any) -> Any:
    """The first of the tensors that a layer gets or gives."""
    return next(iter(keras.tree.flatten(structure)), None)


def _are_vectors(tensor: Tensor) -> bool:
    return tensor.dtype.is_floating and tensor.shape.rank == 3


def _is_row(array: Array) -> bool:
    """Whether it is a number for each step, none of them an id."""
    return array.ndim == 2 and array.dtype.kind == "f" and bool((array != np.round(array)).any())


def _have_as_many_steps(one: Tensor, other: Tensor) -> bool:
    return _are_vectors(one) and _are_vectors(other) and one.shape[1] == other.shape[1]


def _is_banded(moved: Array, steps: Array, count: int) -> bool:
    """Whether the numbers beside the diagonal are larger than the others; words without any effect do not count.

    Args:
        moved: (shares, steps) see `_measure`.
        steps: which of all steps these are.
        count: how many there are.
    """
    told = moved.sum(axis=0) > 0
    if len(moved) != count or not told.any():
        return False
    near = np.abs(np.arange(count)[:, None] - steps[told]) <= 1
    parts = moved[:, told] / moved[:, told].sum(axis=0)
    return bool(parts[near].mean() > ENOUGH * parts[~near].mean())
