"""A Keras model traced once, as a graph in which any tensor can be read, replaced and differentiated.

To look inside a model and to intervene in it are one question: given these tensors, what are those? A sub-model answers
it only where a model is functional and only at the borders of layers; a graph answers it anywhere, for functional,
Sequential and subclassed models alike, and what lies outside of the question is not computed. The idea is that of
TransformerLens' and nnsight's tracing; the means are TensorFlow's `wrap_function` and `prune`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.graph.recorder import Call, record_calls

Tensor = Any
Function = Callable[..., list[Tensor]]
"""Values of the tensors that are given to the values of those that are asked for."""


class TracedModel:
    """The graph of a model in inference mode; traced at construction. Its methods may be called from any thread.

    The graph reads the model's variables where they are, so that new weights count at once. The model itself is left as
    it is.

    Args:
        model: any callable of Keras that takes one structure of inputs.
        signature: what it takes: a `tf.TensorSpec`, or a list or dict of them for several inputs.
        around: entered while the model is traced, e.g. to let its layers use other kernels.

    Attributes:
        inputs: the tensors of the signature, flat.
        outputs: the tensors that the model returns, flat.
        calls: every call of a layer; those inside a loop or a function of TensorFlow have tensors of another graph.
    """

    def __init__(
        self,
        model: Callable[..., Any],
        signature: Any,
        around: AbstractContextManager[Any] | None = None,
    ) -> None:
        flat = keras.tree.flatten(signature)

        def call(*tensors: Tensor) -> Any:
            return model(keras.tree.pack_sequence_as(signature, tensors), training=False)

        with around or nullcontext(), record_calls() as calls:
            self._function = tf.compat.v1.wrap_function(call, flat)
        self.calls: tuple[Call, ...] = tuple(calls)
        self.inputs: list[Tensor] = list(self._function.inputs[: len(flat)])
        self.outputs: list[Tensor] = list(self._function.outputs)
        self._lock = threading.RLock()
        self._kept: dict[Any, Any] = {}

    def find(self, path: str) -> Tensor:
        """The output of the layer with that path ('outer/inner'), of its last call.

        Raises:
            UnknownNameError: no layer of that path was called.
            SettingError: it has several outputs, or they are hidden inside a loop or a function of TensorFlow.
        """
        found = [call.outputs for call in self.calls if call.path == path]
        if not found:
            raise UnknownNameError("layer", path, dict.fromkeys(call.path for call in self.calls if call.path))
        if not self.has(found[-1]):
            raise SettingError(f"The output of {path} is not one tensor of the model's graph.")
        return found[-1]

    def has(self, tensor: Any) -> bool:
        """Whether it is a tensor of this graph."""
        return isinstance(tensor, tf.Tensor) and tensor.graph is self._function.graph

    def extend(self, build: Callable[[], Any]) -> Any:
        """What `build` makes of tensors of this graph; it becomes part of the graph."""
        with self._lock, self._function.graph.as_default():
            return build()

    def differentiate(self, of: Tensor, by: Tensor) -> Tensor:
        """The gradient of the sum of `of` with respect to `by`, a tensor with the shape of `by`.

        Raises:
            SettingError: `of` does not depend on `by`, or not smoothly.
        """
        (gradient,) = self._keep(("d", *_name([of, by])), lambda: self.extend(lambda: tf.gradients(of, [by])))
        if gradient is None:
            raise SettingError(f"{of.name} has no gradient with respect to {by.name}.")
        return tf.convert_to_tensor(gradient) if isinstance(gradient, tf.IndexedSlices) else gradient

    def function(self, given: Sequence[Tensor], wanted: Sequence[Tensor]) -> Function:
        """From the values of the given tensors to those of the wanted ones; built once for each question.

        Whatever is given is replaced where it stands in the graph; what the wanted tensors do not need is not computed.
        Of inputs that are not given but needed, TensorFlow says so when the function is built.
        """
        key = ("f", *_name(given), "->", *_name(wanted))
        return self._keep(key, lambda: self._function.prune(list(given), list(wanted)))

    def find_beside(self, of: Tensor, by: Tensor) -> list[Tensor]:
        """What `of` needs beside `by`: the tensors that do not depend on `by` and meet it on the way.

        Given together with `by`, they make everything before them superfluous. Only numbers (batch, ..., at least one
        more axis) count: sizes and masks cost nothing and follow from the inputs.
        """
        return self._keep(("b", *_name([of, by])), lambda: _find_beside(of, by))

    def _keep(self, key: Any, build: Callable[[], Any]) -> Any:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = build()
            return self._kept[key]


def _name(tensors: Iterable[Tensor]) -> list[str]:
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
