"""The gradients of a Keras 3 model's loss with respect to its activations or its weights.

Source of the interface: keract (https://github.com/philipperemy/keract), which needs TensorFlow's mode without eager
execution for the first and does not run on Keras 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.activations import select_paths
from attnviz.graph.model_inputs import explain, prepare, to_tensors
from attnviz.graph.probe import Probe
from attnviz.graph.recorder import Call

Tensor = Any
Loss = Any
"""What `compile` takes as a loss: a name, a function, an object, or a list or dict of them for several outputs."""

KINDS = ("activations", "weights")


def get_gradients(
    model: keras.Model,
    x: Any,
    y: Any,
    of: str = "activations",
    loss: Loss = None,
    layer_names: str | Iterable[str] | None = None,
    nested: bool = False,
) -> dict[str, Any]:
    """How the loss changes with each activation, or with each weight, in inference mode: no dropout.

    The loss is the mean over the batch, as in `fit`, with the penalties of regularizers and `add_loss`. Each call
    traces the model anew, which takes from a tenth of a second to some seconds. The model stays as it is.

    Args:
        model: any Keras model, functional, Sequential or subclassed. One that was never called is built from `x`.
        x: what the model takes: an array (batch, ...), or a list, tuple or dict of arrays for several inputs.
        y: the targets that the loss takes: an array (batch, ...), or a list, tuple or dict for several outputs.
        of: 'activations' or 'weights'.
        loss: whatever `compile` takes as a loss; that of the compiled model if None.
        layer_names, nested: which layers, as in `get_activations`; for activations only.

    Returns:
        Of activations: {layer name: array}, with the names, shapes and lists of `get_activations`. What does not reach
        the loss has zeros. Left out are outputs that are no floating-point numbers (word ids, texts) and, beside those
        that `get_activations` leaves out, the layers inside TimeDistributed.
        Of weights: {'layer/weight': array} for each trainable weight, in the model's order, with the shape of the
        weight; the layer is named as `get_activations(nested=True)` names it.

    Raises:
        SettingError: no Keras model, another `of`, no loss, inputs or targets that do not fit, a layer asked for by
            name without a gradient, or an operation that has none.
        UnknownNameError: a layer name that the model does not have or does not call; the message lists the others.
    """
    if of not in KINDS:
        raise SettingError(f"of must be 'activations' or 'weights', got {of!r}.")
    if of == "weights" and (layer_names is not None or nested):
        raise SettingError("layer_names and nested choose activations; of='weights' gives those of all layers.")
    given = prepare(model, x, "get_gradients"), keras.tree.map_structure(_to_float, to_tensors(y))
    traced = _TracedLoss(model, given, _make_loss(model, loss))
    wanted = traced.find_weights() if of == "weights" else traced.find_activations(layer_names, nested)
    return traced.compute(wanted)


def _to_float(target: Tensor) -> Tensor:
    """Targets in the precision of the outputs; a loss of one's own may subtract one from the other."""
    return tf.cast(target, keras.config.floatx()) if target.dtype == tf.float64 else target


def _make_loss(model: keras.Model, loss: Loss) -> Any:
    """What `compile` makes of a loss; a copy of the model's own, which counts what it is called with."""
    make = keras.src.trainers.compile_utils.CompileLoss
    names = getattr(model, "output_names", None)
    if loss is not None:
        return make(loss, output_names=names)
    if not model.compiled:
        raise SettingError(
            f"{model.name} has no loss to differentiate: give one, as in get_gradients(..., loss='mse'), or compile it."
        )
    own = model._compile_loss
    return own and make(own._user_loss, own._user_loss_weights, own.reduction, output_names=own.output_names)


class _Objective(keras.layers.Layer):
    """The loss of a model as a layer on (x, y)."""

    def __init__(self, model: keras.Model, loss: Any) -> None:
        super().__init__(name="objective", dtype="float32", autocast=False)
        self.model, self._loss, self.built = model, loss, True

    def call(self, inputs: tuple[Any, Any]) -> Tensor:
        """The loss (), of (x, y)."""
        x, y = inputs
        predicted = self.model(x, training=False)
        with _with_loss(self.model, self._loss):
            return self.model.compute_loss(x=x, y=y, y_pred=predicted, sample_weight=None)


@contextmanager
def _with_loss(model: keras.Model, loss: Any) -> Iterator[None]:
    """Let `compute_loss`, which people may have written themselves, use this loss."""
    own = model._compile_loss
    model._compile_loss = loss
    try:
        yield
    finally:
        model._compile_loss = own


class _TracedLoss:
    """The graph of a model's loss, in which tensors and weights are found by name and differentiated by.

    Args:
        given: the tensors of (x, y).
        loss: a loss as `compile` makes it.
    """

    def __init__(self, model: keras.Model, given: tuple[Any, Any], loss: Any) -> None:
        self._model, self._given = model, given
        self._objective = _Objective(model, loss)
        specs = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in keras.tree.flatten(given)]
        try:
            self._probe = Probe(self._objective, given, specs)
        except (ValueError, TypeError, KeyError, tf.errors.OpError) as error:
            shapes = [tuple(spec.shape) for spec in specs]
            raise SettingError(f"{model.name} has no loss for x and y of {shapes}: {explain(error)}") from error
        self._calls = self._probe.traced.calls
        self._prefix = next(call.path for call in self._calls if call.layer is model) + "/"

    def find_activations(self, layer_names: str | Iterable[str] | None, nested: bool) -> dict[str, Any]:
        """{layer name: tensor, or a list of tensors} of the layers that have a gradient."""
        found = {self._shorten(path): tensors for path, tensors in self._probe.outputs.items()}
        found = {path: tensors for path, tensors in found.items() if path}
        paths = select_paths(found, [self._shorten(path) for path in self._probe.hidden], layer_names, nested)
        smooth = {path: found[path] for path in paths if self._has_gradient(path, found[path])}
        if layer_names is not None and len(smooth) < len(paths):
            raise SettingError(
                f"No gradient of {sorted({*paths} - {*smooth})}: their outputs are no floating-point numbers, or they "
                "are called step by step inside TimeDistributed."
            )
        return smooth

    def find_weights(self) -> dict[str, Any]:
        """{'layer/weight': variable} of the trainable weights."""
        owners: dict[int, str] = {}
        for call in sorted(self._calls, key=lambda call: call.path.count("/"), reverse=True):
            for variable in call.layer.variables:
                owners.setdefault(id(variable), self._shorten(call.path))
        named: dict[str, Any] = {}
        for variable in self._model.trainable_variables:
            owner = owners.get(id(variable))
            _add(named, f"{owner}/{variable.name}" if owner else variable.path, variable.value)
        return named

    def compute(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The gradients as arrays, with the structure of `wanted`."""
        leaves = keras.tree.flatten(wanted)
        if not leaves:
            return {}
        traced = self._probe.traced
        try:
            gradients = traced.extend(lambda: self._differentiate(leaves))
            values = traced.function(traced.inputs, gradients)(*keras.tree.flatten(self._given))
        except (LookupError, tf.errors.OpError) as error:
            raise SettingError(f"The loss of {self._model.name} has no gradients: {explain(error)}") from error
        return keras.tree.map_structure(keras.ops.convert_to_numpy, keras.tree.pack_sequence_as(wanted, values))

    def _differentiate(self, leaves: Sequence[Any]) -> list[Tensor]:
        inputs = {id(leaf) for call in self._calls if _is_input(call) for leaf in keras.tree.flatten(call.outputs)}
        sources = [_get_source(leaf) if id(leaf) in inputs else leaf for leaf in leaves]
        gradients = tf.gradients(self._probe.traced.outputs[0], sources)
        return [_shape_like(leaf, gradient) for leaf, gradient in zip(leaves, gradients, strict=True)]

    def _has_gradient(self, path: str, tensors: Any) -> bool:
        wrappers = [
            self._shorten(call.path) for call in self._calls if isinstance(call.layer, keras.layers.TimeDistributed)
        ]
        smooth = all(tensor.dtype.is_floating for tensor in keras.tree.flatten(tensors))
        return smooth and not any(path.startswith(f"{wrapper}/") for wrapper in wrappers)

    def _shorten(self, path: str) -> str:
        """The path inside the model; '' for the model itself."""
        return path[len(self._prefix) :]


def _add(named: dict[str, Any], name: str, value: Any) -> None:
    """The second weight of one name is 'name#2'."""
    place = 1 + sum(other.partition("#")[0] == name for other in named)
    named[name if place == 1 else f"{name}#{place}"] = value


def _is_input(call: Call) -> bool:
    return isinstance(call.layer, keras.layers.InputLayer)


def _get_source(tensor: Tensor) -> Tensor:
    """What an input layer's tensor is made of: Keras casts and reshapes what it takes, and the record has a copy."""
    while tensor.op.type in ("Cast", "ExpandDims", "Squeeze", "Reshape", "Identity"):
        tensor = tensor.op.inputs[0]
    return tensor


def _shape_like(leaf: Any, gradient: Any) -> Tensor:
    """The gradient with the shape and dtype of a tensor or variable; zeros for None."""
    if gradient is None:
        return tf.zeros_like(leaf)
    if isinstance(gradient, tf.IndexedSlices):  # of a lookup: a row for each time that it was looked up
        gradient = tf.math.unsorted_segment_sum(gradient.values, gradient.indices, tf.shape(leaf)[0])
    return tf.cast(tf.reshape(gradient, tf.shape(leaf)), leaf.dtype)
