"""Which layers a Keras model calls, and with which tensors, also where the calls are hidden inside a layer's `call`."""

from __future__ import annotations

import functools
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from attnviz.backend import keras, tf
from attnviz.graph.distributed import map_steps

Tensor = Any
Compiled = type(tf.function(lambda: None))
autograph = tf.__internal__.autograph

_patching = threading.RLock()
"""The patched methods belong to all threads: one records at a time, and the calls of the others pass through."""


@dataclass(frozen=True)
class Call:
    """One call of a layer.

    Attributes:
        path: the names of the layers around it and its own, 'outer/inner'; the model that is called has ''. The second
            layer of one name in the same place is 'name#2'.
        reference: the layer, weakly, so that a kept graph does not keep a model alive.
        inputs, outputs: what its `call` got first and what it returned; nested structures of tensors.
    """

    path: str
    reference: Callable[[], keras.layers.Layer]
    inputs: Any
    outputs: Any

    @property
    def layer(self) -> keras.layers.Layer:
        """The layer; None when its model is gone."""
        return self.reference()


@dataclass(frozen=True)
class Span:
    """Which operations one call of a layer made; those of the layers that it calls are among them.

    Unlike a `Call`, every run of a layer inside TimeDistributed has one.

    Attributes:
        path, reference: as a `Call` has them.
        graph: where the operations are; inside a loop or a branch of TensorFlow it is not that of the model.
        start, stop: the places of the operations in `graph.get_operations()`.
    """

    path: str
    reference: Callable[[], keras.layers.Layer]
    graph: Any
    start: int
    stop: int


class Recorder:
    """Collects the calls of layers, in the order in which they return.

    Args:
        root: the model that is called, whose path is ''; None if the outermost layers are to have their names.

    Attributes:
        calls: what was collected. The input layers of a functional model, which Keras does not call, count as called.
        spans: the operations of every call, a layer's after those inside it.
        found_unbuilt: a layer was called that had no weights yet. Keras then calls what is in it once more than the
            model does, to learn the shapes.
    """

    def __init__(self, root: Any = None) -> None:
        self.calls: list[Call] = []
        self.spans: list[Span] = []
        self.found_unbuilt = False
        self._call = keras.layers.Layer.__call__
        self._root = root
        self._open: list[str] = []
        self._siblings: dict[tuple[str, str], list[keras.layers.Layer]] = {}

    def record(self, layer: keras.layers.Layer, inputs: Any, run: Callable[[], Any]) -> Any:
        """What `run` returns, kept as the output of a call of `layer`."""
        path = self._path(layer)
        self.found_unbuilt |= not layer.built
        self._open.append(path)
        graph = tf.compat.v1.get_default_graph()
        start = graph.version
        try:
            if is_functional(layer):
                self._record_inputs(layer, inputs)
            outputs = run()
        finally:
            self._open.pop()
        self.calls.append(Call(path, weakref.ref(layer), inputs, outputs))
        self.spans.append(Span(path, weakref.ref(layer), graph, start, graph.version))
        return outputs

    def distribute(
        self, wrapper: keras.layers.TimeDistributed, inputs: Tensor, training: Any = None, mask: Any = None
    ) -> Tensor:
        """What TimeDistributed returns; the calls inside it are kept as one, with all steps of the sequence."""
        layer, inner, leaves = wrapper.layer, list[Call](), dict[int, Tensor]()

        def step(tensor: Tensor, mask: Tensor | None) -> tuple[Tensor, list[Tensor]]:
            options = {"training": training} if layer._call_has_training_arg else {}
            if layer._call_has_mask_arg and mask is not None:
                options["mask"] = mask
            before = len(self.calls)
            output = self.record(layer, tensor, lambda: layer.call(tensor, **options))
            inner[:] = self.calls[before:]
            del self.calls[before:]
            leaves.clear()
            leaves.update((id(leaf), leaf) for call in inner for leaf in _leaves(call))
            return output, list(leaves.values())

        output, stacked = map_steps(step, inputs, mask)
        found = dict(zip(leaves, stacked, strict=True))
        self.calls.extend(_replace_leaves(call, found) for call in inner)
        return output

    def _record_inputs(self, model: keras.Model, inputs: Any) -> None:
        """Keep what the input layers of a functional model hold: `inputs` as Keras casts and orders them."""
        values = self._call(keras.Model(model.input, list(model.inputs), name="inputs"), inputs)
        sources = {id(layer.output): layer for layer in model.layers if isinstance(layer, keras.layers.InputLayer)}
        for symbol, value in zip(model.inputs, keras.tree.flatten(values), strict=True):
            layer = sources[id(symbol)]
            self.calls.append(Call(self._path(layer), weakref.ref(layer), value, value))

    def _path(self, layer: keras.layers.Layer) -> str:
        if not self._open and layer is self._root:
            return ""
        around = self._open[-1] if self._open else ""
        siblings = self._siblings.setdefault((around, layer.name), [])
        place = next((index for index, sibling in enumerate(siblings) if sibling is layer), len(siblings))
        siblings[place:] = siblings[place:] or [layer]
        name = layer.name if place == 0 else f"{layer.name}#{place + 1}"
        return f"{around}/{name}" if around else name


@contextmanager
def record_calls(root: Any = None) -> Iterator[Recorder]:
    """Record the calls of all layers in this thread.

    Functions of TensorFlow that are called meanwhile become part of the caller's graph, where their tensors can be
    reached, instead of a call to a graph of their own.
    """
    with _patching:
        recorder = Recorder(root)

        def call(usual: Callable[..., Any], layer: keras.layers.Layer, *args: Any, **kwargs: Any) -> Any:
            inputs = args[0] if args else next(iter(kwargs.values()), None)
            return recorder.record(layer, inputs, lambda: usual(layer, *args, **kwargs))

        def inline(_: Callable[..., Any], function: Any, *args: Any, **kwargs: Any) -> Any:
            return autograph.tf_convert(function.python_function, autograph.control_status_ctx())(*args, **kwargs)

        def distribute(_: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            return recorder.distribute(*args, **kwargs)

        with ExitStack() as stack:
            stack.enter_context(_patched(keras.layers.Layer, "__call__", call))
            stack.enter_context(_patched(keras.layers.TimeDistributed, "call", distribute))
            stack.enter_context(_patched(Compiled, "__call__", inline))
            yield recorder


def is_functional(layer: Any) -> bool:
    """Whether it is a model with input layers; a Sequential one hides its own."""
    return isinstance(layer, keras.Model) and not isinstance(layer, keras.Sequential) and bool(_inputs(layer))


def _inputs(model: keras.Model) -> Any:
    return getattr(model, "inputs", None)


@contextmanager
def _patched(owner: type, name: str, instead: Callable[..., Any]) -> Iterator[None]:
    """Call `instead` with the usual method and its arguments, in this thread only."""
    usual, thread = getattr(owner, name), threading.get_ident()

    @functools.wraps(usual)
    def method(*args: Any, **kwargs: Any) -> Any:
        return instead(usual, *args, **kwargs) if threading.get_ident() == thread else usual(*args, **kwargs)

    setattr(owner, name, method)
    try:
        yield
    finally:
        setattr(owner, name, usual)


def _leaves(call: Call) -> list[Tensor]:
    """The tensors of a call that the function being traced may return; those inside of a loop in it are not."""
    graph = tf.compat.v1.get_default_graph()
    leaves = keras.tree.flatten((call.inputs, call.outputs))
    return [leaf for leaf in leaves if tf.is_symbolic_tensor(leaf) and leaf.graph is graph]


def _replace_leaves(call: Call, found: dict[int, Tensor]) -> Call:
    inputs, outputs = keras.tree.map_structure(lambda leaf: found.get(id(leaf), leaf), (call.inputs, call.outputs))
    return replace(call, inputs=inputs, outputs=outputs)
