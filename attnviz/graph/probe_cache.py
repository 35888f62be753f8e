"""The probes of the models that were asked lately: a model is traced once for each kind of input."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.fingerprint import Fingerprint
from attnviz.graph.model_inputs import explain
from attnviz.graph.probe import Probe

Tensor = Any
Spec = Any
Shape = tuple[int | None, ...]

MOST_MODELS = 32
MOST_PROBES = 8
"""So many are kept for each model."""

_kept: weakref.WeakKeyDictionary[keras.Model, ModelProbes] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def get_probe(model: keras.Model, x: Any) -> Probe:
    """The probe of `model` for inputs like `x`, a structure of tensors (batch, ...).

    A probe serves batches of any size, and sequences of any length where the model says in its inputs that it takes
    them. Where it does not say so, the second length that comes is taken as a sign for it, if the model lets itself be
    traced so. A model whose layers, variables or settings were changed is traced anew.

    Raises:
        SettingError: the model cannot be called with `x`.
    """
    with _lock:
        probes = _kept.pop(model, None) or ModelProbes()
        _kept[model] = probes
        while len(_kept) > MOST_MODELS:
            _kept.pop(next(iter(_kept.keys())))
    return probes.get(model, x)


class ModelProbes:
    """The probes of one model; one thread at a time looks for one or traces it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._probes: list[Probe] = []
        self._fingerprint: Fingerprint | None = None
        self._stretches = True

    def get(self, model: keras.Model, x: Any) -> Probe:
        """The probe for inputs like `x`, traced if there is none yet."""
        tensors = keras.tree.flatten(x)
        with self._lock:
            if Fingerprint(model) != self._fingerprint:
                self._forget()
            probe = next((probe for probe in self._probes if probe.takes(x, tensors)), None)
            if probe is None:
                probe = self._trace(model, x, tensors)
                self._fingerprint = Fingerprint(model)  # now that it is built
                self._probes = [*self._probes, probe][-MOST_PROBES:]
            return probe

    def _trace(self, model: keras.Model, x: Any, tensors: Sequence[Tensor]) -> Probe:
        """With as few sizes fixed as the model allows."""
        proposals = self._propose(model, tensors)
        for specs in proposals[:-1]:
            try:
                return Probe(model, x, specs)
            except Exception:  # whatever a `call` does with a size that it does not know
                self._stretches = False
        try:
            return Probe(model, x, proposals[-1])
        except (ValueError, TypeError, tf.errors.OpError) as error:
            self._stretches = True  # it was these inputs
            shapes = [tuple(tensor.shape) for tensor in tensors]
            raise SettingError(f"{model.name} cannot be called with x of {shapes}: {explain(error)}") from error

    def _propose(self, model: keras.Model, tensors: Sequence[Tensor]) -> list[list[Spec]]:
        """Kinds of input to trace the model for, the widest first; the last fixes every size."""
        declared = _declared(model, tensors)
        shapes = [_loosen(tuple(tensor.shape), known) for tensor, known in zip(tensors, declared, strict=True)]
        alike = [probe.specs for probe in self._probes if _alike(probe.specs, tensors)] if self._stretches else []
        merged = [[_merge(shape, spec.shape) for shape, spec in zip(shapes, alike[-1], strict=True)]] if alike else []
        return [_specify(tensors, any_of) for any_of in (*merged, shapes, [tuple(tensor.shape) for tensor in tensors])]


def _declared(model: keras.Model, tensors: Sequence[Tensor]) -> list[Shape]:
    """The shapes that the model says that it takes; those of the tensors where it says none."""
    inputs = keras.tree.flatten(getattr(model, "inputs", None) or [])
    shapes = [tuple(tensor.shape) for tensor in tensors]
    if len(inputs) != len(shapes):
        return shapes
    return [tuple(i.shape) if len(i.shape) == len(shape) else shape for i, shape in zip(inputs, shapes, strict=True)]


def _loosen(shape: Shape, declared: Shape) -> Shape:
    """Any batch, and any size where any is declared."""
    return (None, *(None if known is None else size for size, known in zip(shape[1:], declared[1:], strict=True)))


def _merge(one: Shape, other: Shape) -> Shape:
    return tuple(size if size == other_size else None for size, other_size in zip(one, other, strict=True))


def _alike(specs: Sequence[Spec], tensors: Sequence[Tensor]) -> bool:
    kinds = [[(thing.dtype, len(thing.shape)) for thing in things] for things in (specs, tensors)]
    return kinds[0] == kinds[1]


def _specify(tensors: Sequence[Tensor], shapes: Sequence[Shape]) -> list[Spec]:
    return [tf.TensorSpec(shape, tensor.dtype) for tensor, shape in zip(tensors, shapes, strict=True)]
