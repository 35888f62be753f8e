"""The words' vectors in a model's graph: what it looks up first for each id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.traced import TracedModel
from attnviz.values.finding_forms import NO_EMBEDDING

Tensor = Any

_PASSING = frozenset({"Cast", "Identity", "EnsureShape", "StopGradient", "PreventGradient", "CheckNumerics"})
"""Operations that hand ids on; Keras casts them to what it looks up."""

_LOOKUPS = frozenset({"ResourceGather", "GatherV2", "Gather"})
"""Operations that look rows up; their second input says which."""


def find_vectors(traced: TracedModel, ids: Tensor) -> Tensor:
    """(batch, steps, units) the words' vectors: what the first lookup of the ids gives.

    An Embedding layer anywhere in the model, or else any gathering of rows by the ids.

    Raises:
        SettingError: there is none, so that the words have no gradient.
    """
    for found in (*_find_embeddings(traced, ids), *_find_lookups(traced, ids)):
        if traced.has(found) and found.dtype.is_floating and found.shape.rank == 3:
            return found
    raise SettingError(NO_EMBEDDING)


def _find_embeddings(traced: TracedModel, ids: Tensor) -> Iterator[Tensor]:
    for call in traced.calls:
        if isinstance(call.layer, keras.layers.Embedding) and _is(call.inputs, ids):
            yield call.outputs


def _find_lookups(traced: TracedModel, ids: Tensor) -> Iterator[Tensor]:
    for op in ids.graph.get_operations():
        if op.type in _LOOKUPS and _is(op.inputs[1], ids):
            yield op.outputs[0]


def _is(value: Any, tensor: Tensor) -> bool:
    """Whether a value is the tensor itself, or made of it by operations that change no id."""
    while value is not tensor:
        if not (tf.is_symbolic_tensor(value) and value.op.type in _PASSING):
            return False
        value = value.op.inputs[0]
    return True
