"""Which layers a Keras model calls, and with which tensors, also where the calls are hidden inside a layer's `call`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from attnviz.backend import keras

Tensor = Any

_patching = threading.RLock()
"""`Layer.__call__` belongs to all threads: one records at a time, and the calls of the others pass through."""


class Call(NamedTuple):
    """One call of a layer.

    Attributes:
        path: the names of the layers around it and its own, 'outer/inner'; the model that is called has ''.
        layer: the layer.
        inputs, outputs: what its `call` got first and what it returned; nested structures of tensors.
    """

    path: str
    layer: keras.layers.Layer
    inputs: Any
    outputs: Any


@contextmanager
def record_calls() -> Iterator[list[Call]]:
    """Collect the calls of all layers in this thread, in the order in which they return.

    The first call is the outermost one, so that its path is '' and that of a layer in it the layer's name.
    """
    calls: list[Call] = []
    open_names: list[str] = []
    owner = threading.get_ident()

    def recording(layer: keras.layers.Layer, *args: Any, **kwargs: Any) -> Any:
        if threading.get_ident() != owner:
            return usual(layer, *args, **kwargs)
        open_names.append(layer.name)
        try:
            outputs = usual(layer, *args, **kwargs)
            inputs = args[0] if args else next(iter(kwargs.values()), None)
            calls.append(Call("/".join(open_names[1:]), layer, inputs, outputs))
            return outputs
        finally:
            open_names.pop()

    with _patching:
        usual = keras.layers.Layer.__call__
        keras.layers.Layer.__call__ = recording
        try:
            yield calls
        finally:
            keras.layers.Layer.__call__ = usual
