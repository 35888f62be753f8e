"""The outputs of any layers of a Keras 3 model, from one call of one model.

Source of the interface: keract (https://github.com/philipperemy/keract), which does not run on Keras 3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.graph.model_inputs import explain, prepare
from attnviz.graph.probe import Probe
from attnviz.graph.probe_cache import get_probe


def get_activations(
    model: keras.Model,
    x: Any,
    layer_names: str | Iterable[str] | None = None,
    nested: bool = False,
    shapes_only: bool = False,
) -> dict[str, Any]:
    """The outputs of the layers of `model` for the inputs `x`, in inference mode.

    The first call traces the model, later ones with other batches take milliseconds; new weights count at once.

    Args:
        model: any Keras model, functional, Sequential or subclassed. One that was never called is built from `x`.
        x: what the model takes: an array (batch, ...), or a list, tuple or dict of arrays for several inputs.
        layer_names: one name or several; all layers if None.
        nested: also go into layers that call others: models, Bidirectional, TimeDistributed, own layers. What is inside
            is named 'outer/inner'.
        shapes_only: return the shapes of the outputs instead of the outputs.

    Returns:
        {layer name: array}, in the order of the model's layers, and of the calls inside layers that are no models. A
        layer with several outputs, or one that is called several times, has a list of arrays in place of the array. A
        layer inside TimeDistributed has one array (batch, steps, ...). Of two layers with one name in one place the
        second is 'name#2'. Layers whose calls are hidden inside a loop or a branch of TensorFlow, such as the cells of
        an LSTM, are left out.

    Raises:
        UnknownNameError: a layer name that the model does not have or does not call; the message lists the others.
        SettingError: no Keras model, a layer that is asked for by name and hidden, or inputs that do not fit the model.
    """
    inputs = prepare(model, x, "get_activations")
    probe = get_probe(model, inputs)
    paths = select_paths(probe.outputs, probe.hidden, layer_names, nested)
    found = _read(probe, inputs, paths) if paths else {}
    convert = (lambda tensor: tuple(tensor.shape)) if shapes_only else keras.ops.convert_to_numpy
    return {path: keras.tree.map_structure(convert, found[path]) for path in paths}


def select_paths(
    outputs: Iterable[str], hidden: Collection[str], layer_names: str | Iterable[str] | None, nested: bool
) -> list[str]:
    """The paths of the wanted layers, in the order of `outputs`.

    Args:
        outputs: the paths of the layers that can be read.
        hidden: those of the layers that are called and cannot be read.
        layer_names, nested: as in `get_activations`.
    """
    paths = [path for path in outputs if nested or "/" not in path]
    if layer_names is None:
        return paths
    names = {layer_names} if isinstance(layer_names, str) else set(layer_names)
    for name in sorted(names.difference(paths), key=str):
        if name in hidden:
            raise SettingError(
                f"The layer {name} is called inside a loop or a branch of TensorFlow, which keeps its steps to itself."
            )
        raise UnknownNameError("layer", name, paths)
    return [path for path in paths if path in names]


def _read(probe: Probe, inputs: Any, paths: list[str]) -> dict[str, Any]:
    try:
        return probe.read(keras.tree.flatten(inputs), paths)
    except tf.errors.InvalidArgumentError as error:
        raise SettingError(f"The model cannot compute with this x: {explain(error)}") from error
