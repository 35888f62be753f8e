"""The outputs of any layers of a Keras 3 model, from one call of one model.

Source of the interface: keract (https://github.com/philipperemy/keract), which does not run on Keras 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError


def get_activations(
    model: keras.Model,
    x: Any,
    layer_names: str | Sequence[str] | None = None,
    nested: bool = False,
    shapes_only: bool = False,
) -> dict[str, Any]:
    """The outputs of the layers of `model` for the inputs `x`, in inference mode.

    Args:
        model: a functional or Sequential model; a Sequential one that was never called is built from `x`.
        x: what the model takes: an array (batch, ...), or a list or dict of arrays for several inputs.
        layer_names: one name or several; all layers if None.
        nested: also go into the layers of functional and Sequential models inside the model; they are named
            'outer/inner'.
        shapes_only: return the shapes of the outputs instead of the outputs.

    Returns:
        {layer name: array}, in the order of the model's layers. A layer with several outputs, or one that is used
        several times, has a list of arrays in place of the array.

    Raises:
        UnknownNameError: a layer name that the model does not have; the message lists those it has.
        SettingError: a subclassed model, whose layers are not connected to its inputs in a graph.
    """
    _check_is_graph(model, x)
    outputs = _layer_outputs(model, nested)
    wanted = _select(outputs, layer_names)
    if not wanted:
        return {}
    probe = keras.Model(_graph(model).input, wanted)
    # Traced, although it runs only once: a recurrent layer would otherwise go step by step through Python.
    arrays = tf.function(lambda inputs: probe(inputs, training=False))(x)
    convert = (lambda tensor: tuple(tensor.shape)) if shapes_only else keras.ops.convert_to_numpy
    return {name: keras.tree.map_structure(convert, arrays[name]) for name in wanted}


def _check_is_graph(model: keras.Model, x: Any) -> None:
    if isinstance(model, keras.Sequential) and not model.built:
        model.build((None, *np.shape(x)[1:]))
    if not _is_graph(model):
        raise SettingError(
            f"get_activations needs a functional or Sequential Keras model, got {type(model).__name__}; the layers of "
            "a subclassed model are not connected in a graph."
        )


def _is_graph(layer: Any) -> bool:
    return isinstance(layer, keras.Model) and bool(getattr(layer, "inputs", None))


def _graph(model: keras.Model) -> keras.Model:
    """The functional model that a Sequential one keeps; any other as it is."""
    return model._functional if isinstance(model, keras.Sequential) else model


def _select(outputs: dict[str, Any], layer_names: str | Sequence[str] | None) -> dict[str, Any]:
    if layer_names is None:
        return outputs
    names = {layer_names} if isinstance(layer_names, str) else set(layer_names)
    for name in names - outputs.keys():
        raise UnknownNameError("layer", name, outputs)
    return {name: output for name, output in outputs.items() if name in names}


def _layer_outputs(model: keras.Model, nested: bool) -> dict[str, Any]:
    """{layer name: symbolic output(s)}, connected to the inputs of `model`, in model order."""
    outputs: dict[str, Any] = {}
    for layer in model.layers:
        nodes = _nodes(model, layer)
        calls = [_without_tuple(node.output_tensors) for node in nodes]
        outputs[layer.name] = calls[0] if len(calls) == 1 else calls
        if nested and _is_graph(layer):
            outputs |= {f"{layer.name}/{name}": tensor for name, tensor in _inner_outputs(layer, nodes).items()}
    return outputs


def _inner_outputs(inner: keras.Model, nodes: list[Any]) -> dict[str, Any]:
    """The layer outputs of a model inside a model, recomputed from the tensors that the outer model gives it."""
    inside = _layer_outputs(inner, nested=True)
    probe = keras.Model(inner.inputs, inside)
    calls = [probe(_without_tuple(node.input_tensors)) for node in nodes]
    return {name: calls[0][name] if len(calls) == 1 else [call[name] for call in calls] for name in inside}


def _nodes(model: keras.Model, layer: keras.layers.Layer) -> list[Any]:
    """The calls of `layer` that belong to `model`; a layer may also be used by other models."""
    own = {id(node) for nodes in _graph(model)._nodes_by_depth.values() for node in nodes}
    return [node for node in layer._inbound_nodes if id(node) in own]


def _without_tuple(tensors: Iterable[Any]) -> Any:
    tensors = list(tensors)
    return tensors[0] if len(tensors) == 1 else tensors
