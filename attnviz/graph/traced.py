"""A Keras model traced once, as a graph in which any tensor can be read, replaced and differentiated.

To look inside a model and to intervene in it are one question: given these tensors, what are those? A sub-model answers
it only where a model is functional and only at the borders of layers; a graph answers it anywhere, for functional,
Sequential and subclassed models alike, and what lies outside of the question is not computed. The idea is that of
TransformerLens' and nnsight's tracing; the means are TensorFlow's `wrap_function` and `prune`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.graph.recorder import Call, Recorder, Span, record_calls
from attnviz.graph.restoring import all_layers, restored_attributes
from attnviz.languages import keep, mark, tr
from attnviz.values.finding_forms import NO_GRADIENT

Tensor = Any
Function = Callable[..., list[Tensor]]
"""Values of the tensors that are given to the values of those that are asked for."""

MOST_FUNCTIONS = 64
"""So many questions are kept; each has a copy of its part of the graph."""

_SPARSE_INPUT = mark("A model with a ragged or sparse input cannot be looked into: make it dense first.")
_SPARSE_OUTPUT = mark("A model with a ragged or sparse output cannot be looked into: make it dense first.")


class TracedModel:
    """The graph of a model in inference mode; traced at construction. Its methods may be called from any thread.

    The graph reads the model's variables where they are, so that new weights count at once. The model itself is left as
    it is, except that it is built if it was not, and the graph does not keep it alive.

    Args:
        model: any callable of Keras that takes one structure of inputs.
        signature: what it takes: a `tf.TensorSpec`, or a list or dict of them for several inputs.
        around: entered while the model is traced, e.g. to let its layers use other kernels.
        feed: what makes the model's inputs of tensors of the signature; by default they are the inputs.

    Attributes:
        inputs: the tensors of the signature, flat in the order of `keras.tree`.
        outputs: the tensors that the model returns, flat in the order of `keras.tree`, without those that are None.
        calls: every call of a layer; those inside a loop or a branch of TensorFlow have tensors of another graph.
        spans: the operations that each call made; see `Span`.

    Raises:
        SettingError: the signature has ragged or sparse tensors. What the model itself raises when it is called is
            passed on.
    """

    def __init__(
        self,
        model: Callable[..., Any],
        signature: Any,
        around: AbstractContextManager[Any] | None = None,
        feed: Callable[[Any], Any] = lambda inputs: inputs,
    ) -> None:
        _check_dense(_SPARSE_INPUT, keras.tree.flatten(signature))
        with around or nullcontext(), restored_attributes(model):
            if not all(layer.built for layer in all_layers(model)):
                _build(model, signature, feed)
            self._function, recorder = _trace(model, signature, feed)
            if recorder.found_unbuilt:
                self._function, recorder = _trace(model, signature, feed)
        self.calls: tuple[Call, ...] = tuple(recorder.calls)
        self.spans: tuple[Span, ...] = tuple(recorder.spans)
        self.inputs: list[Tensor] = list(self._function.inputs[: len(keras.tree.flatten(signature))])
        self.outputs: list[Tensor] = list(self._function.outputs)
        self._variables = tuple(self._function.graph.variables)
        self._lock = threading.RLock()
        self._gradients: dict[tuple[str, str], Tensor | None] = {}
        self._functions: OrderedDict[Any, Function] = OrderedDict()

    def find(self, path: str) -> Tensor:
        """The output of the layer with that path ('outer/inner'), of its last call.

        Raises:
            UnknownNameError: no layer of that path was called.
            SettingError: it has several outputs, or they are hidden inside a loop or a branch of TensorFlow.
        """
        found = [call.outputs for call in self.calls if call.path == path]
        if not found:
            raise UnknownNameError("layer", path, dict.fromkeys(call.path for call in self.calls if call.path))
        if not self.has(found[-1]):
            raise SettingError(tr("The output of {path} is not one tensor of the model's graph.", path=path))
        return found[-1]

    def has(self, tensor: Any) -> bool:
        """Whether it is a tensor of this graph."""
        return tf.is_symbolic_tensor(tensor) and tensor.graph is self._function.graph

    def extend(self, build: Callable[[], Any]) -> Any:
        """What `build` makes of tensors of this graph; it becomes part of the graph."""
        with self._lock, self._function.graph.as_default():
            return build()

    def differentiate(self, of: Tensor, by: Tensor) -> Tensor:
        """The gradient of the sum of `of` with respect to `by`, a tensor with the shape of `by`.

        Raises:
            SettingError: `of` does not depend on `by`, or not smoothly.
        """
        self._check_has([of, by])
        key = (of.name, by.name)
        with self._lock:
            if key not in self._gradients:
                self._gradients[key] = self.extend(lambda: _differentiate(of, by))
            gradient = self._gradients[key]
        if gradient is None:
            raise SettingError(keep(NO_GRADIENT, name=of.name, other=by.name))
        return gradient

    def function(self, given: Sequence[Tensor], wanted: Sequence[Tensor]) -> Function:
        """From the values of the given tensors to those of the wanted ones; built once for each question.

        Whatever is given is replaced where it stands in the graph; what the wanted tensors do not need is not computed.

        Raises:
            SettingError: a tensor is not of this graph, or the wanted ones need an input that is not given.
        """
        self._check_has([*given, *wanted])
        key = (tuple(_names(given)), tuple(_names(wanted)))
        with self._lock:
            if key not in self._functions:
                self._functions[key] = self._prune(given, wanted)
                if len(self._functions) > MOST_FUNCTIONS:
                    self._functions.popitem(last=False)
            self._functions.move_to_end(key)
            return self._functions[key]

    def find_beside(self, of: Tensor, by: Tensor) -> list[Tensor]:
        """What `of` needs beside `by`: the tensors that do not depend on `by` and meet it on the way.

        Given together with `by`, they make everything before them superfluous. Only numbers (batch, ..., at least one
        more axis) count: sizes and masks cost nothing and follow from the inputs.
        """
        self._check_has([of, by])
        return _find_beside(of, by)

    def list_operations(self, of: Tensor) -> set[str]:
        """The types of all operations that a tensor is made with."""
        self._check_has([of])
        return {op.type for op in _follow([of.op], lambda op: [tensor.op for tensor in op.inputs])}

    def _prune(self, given: Sequence[Tensor], wanted: Sequence[Tensor]) -> Function:
        try:
            specs = tuple(tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in given)  # else TensorFlow looks twice
            function = self._function.prune(list(given), list(wanted), input_signature=(specs, {}))
        except Exception as error:  # TensorFlow does not export its UnliftableError
            missing = [tensor.name for tensor in self.inputs if not any(tensor is other for other in given)]
            if not missing:
                raise
            raise SettingError(f"{_names(wanted)} need an input that is not given, of {missing}.") from error
        function.kept_variables = self._variables  # TensorFlow's functions refer to theirs weakly
        return function

    def _check_has(self, tensors: Iterable[Any]) -> None:
        for tensor in tensors:
            if not self.has(tensor):
                raise SettingError(f"{tensor!r} is not a tensor of this graph.")


def _build(model: Callable[..., Any], signature: Any, feed: Callable[[Any], Any]) -> None:
    """Let the layers make their weights, which `wrap_function` would mix up where their names are alike."""

    def call(*tensors: Tensor) -> Any:
        return model(feed(keras.tree.pack_sequence_as(signature, tensors)), training=False)

    tf.function(call, autograph=False).get_concrete_function(*keras.tree.flatten(signature))


def _trace(model: Callable[..., Any], signature: Any, feed: Callable[[Any], Any]) -> tuple[Any, Recorder]:
    """The graph of one call; what wraps it keeps no reference to the model."""
    specs, pending = keras.tree.flatten(signature), [model]

    def call(*tensors: Tensor) -> list[Tensor]:
        outputs = pending.pop()(feed(keras.tree.pack_sequence_as(signature, tensors)), training=False)
        leaves = [leaf for leaf in keras.tree.flatten(outputs) if leaf is not None]
        _check_dense(_SPARSE_OUTPUT, leaves)
        return [tf.convert_to_tensor(leaf) for leaf in leaves]

    with record_calls(model) as recorder:
        return tf.compat.v1.wrap_function(call, specs), recorder


def _differentiate(of: Tensor, by: Tensor) -> Tensor | None:
    if not (of.dtype.is_floating and by.dtype.is_floating):
        return None
    (gradient,) = tf.gradients(of, [by])
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient
    return tf.math.unsorted_segment_sum(gradient.values, gradient.indices, tf.shape(by)[0])


def _check_dense(refusal: str, leaves: Iterable[Any]) -> None:
    for leaf in leaves:
        if isinstance(leaf, (tf.RaggedTensor, tf.RaggedTensorSpec, tf.SparseTensor, tf.SparseTensorSpec)):
            raise SettingError(tr(refusal))


def _names(tensors: Iterable[Tensor]) -> list[str]:
    return [tensor.name for tensor in tensors]


def _find_beside(of: Tensor, by: Tensor) -> list[Tensor]:
    after = _follow([by.op], lambda op: [user for tensor in op.outputs for user in tensor.consumers()])
    after.discard(by.op)
    before = _follow([of.op], lambda op: [tensor.op for tensor in op.inputs])
    met = {tensor.name: tensor for op in after & before for tensor in op.inputs}
    return [tensor for tensor in met.values() if tensor.op not in after and tensor is not by and _is_batch(tensor)]


def _follow(start: list[Any], onward: Callable[[Any], list[Any]]) -> set[Any]:
    """Every operation that can be reached."""
    found, open_ones = set(start), list(start)
    while open_ones:
        fresh = [op for op in onward(open_ones.pop()) if op not in found]
        found.update(fresh)
        open_ones += fresh
    return found


def _is_batch(tensor: Tensor) -> bool:
    """Numbers with an axis for the batch, whose length is open, and another one."""
    shape = tensor.shape
    return tensor.dtype.is_floating and shape.rank is not None and shape.rank > 1 and shape[0] is None
