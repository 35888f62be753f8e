"""The layers of a Keras model as rows of a table."""

from __future__ import annotations

import math

from attnviz.backend import keras
from attnviz.values.layer_row import LayerRow


def list_layers(model: keras.Model) -> tuple[LayerRow, ...]:
    """One row a layer of a functional model, in its order: name, kind, output shape, trainable parameters."""
    return tuple(map(_describe, model.layers))


def _describe(layer: keras.layers.Layer) -> LayerRow:
    shapes = [tuple(None if size is None else int(size) for size in tensor.shape) for tensor in _outputs(layer)]
    parameters = sum(math.prod(variable.shape) for variable in layer.trainable_variables)
    return LayerRow(layer.name, type(layer).__name__, shapes[0], parameters)


def _outputs(layer: keras.layers.Layer) -> list[keras.KerasTensor]:
    return keras.tree.flatten(layer.output)
