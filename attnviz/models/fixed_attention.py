"""Attention weights that nobody learned, for networks that are trained without theirs.

A network whose attention is replaced starts from the very weights that the untouched one starts from, and has fewer
parameters by those of its attention layer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from attnviz.backend import keras
from attnviz.errors import SettingError, UnknownNameError
from attnviz.languages import mark
from attnviz.models.attention_layers import PACKAGE, Tensor, _first, _StepLayer
from attnviz.models.registry import ModelSpec

ops = keras.ops

PATTERNS = ("even", "alone")
"""All words have the same weight; or the last word has all of it; in a matrix, each word attends to itself alone."""

_READ_BY_ATTENTION_ALONE = ("queries", "keys")
"""Layers of the table that make no difference any more; they are neither trained nor counted."""


def count_trained(model: keras.Model) -> int:
    """How many parameters of a model are trained."""
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def replace_attention(model: keras.Model, spec: ModelSpec, pattern: str) -> keras.Model:
    """A network like `model` with fixed weights in the place of its attention layer.

    Args:
        model: of the table, as `build_model` makes it; it is left as it is.
        spec: its row of the table.
        pattern: of PATTERNS.

    Raises:
        UnknownNameError: no such pattern.
        SettingError: the network has no attention.
    """
    if pattern not in PATTERNS:
        raise UnknownNameError(mark("attention"), pattern, ("own", *PATTERNS))
    if spec.attention_layer is None:
        raise SettingError(f"{spec.name} has no attention that could be replaced.")

    def clone(layer: keras.Layer) -> keras.Layer:
        if layer.name != spec.attention_layer:
            return layer.__class__.from_config(layer.get_config())
        return FixedAttention(pattern, spec.attention_axes, spec.attention_maps, name=layer.name)

    twin = keras.models.clone_model(model, clone_function=clone)
    for layer in twin.layers:
        layer.trainable = layer.name not in _READ_BY_ATTENTION_ALONE
        if layer.weights:
            layer.set_weights(model.get_layer(layer.name).get_weights())
    return twin


@keras.saving.register_keras_serializable(PACKAGE)
class FixedAttention(_StepLayer):
    """The weights of a pattern on states (batch, steps, units), the first input; padding has none.

    Args:
        pattern: of PATTERNS.
        axes: what the axes of the weights after the batch are, as in a ModelSpec.
        maps: how many features or heads there are.
    """

    def __init__(self, pattern: str, axes: Sequence[str], maps: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pattern, self.axes, self.maps = pattern, tuple(axes), maps

    def call(self, inputs: Any, mask: Any = None) -> Tensor:
        """Weights of the shape that the axes say."""
        states, mask = _first(inputs), _first(mask)
        real = ops.ones(ops.shape(states)[:2]) if mask is None else ops.cast(mask, "float32")
        if "queries" in self.axes:
            return ops.repeat(_fix_pairs(real, self.pattern)[:, None], self.maps, axis=1)
        weights = _fix_words(real, self.pattern)
        return ops.repeat(weights[..., None], self.maps, axis=2) if "features" in self.axes else weights

    def compute_output_shape(self, input_shape: Any) -> Any:
        """(batch, steps), (batch, steps, features) or (batch, heads, steps, steps)."""
        batch, steps = (input_shape[0] if isinstance(input_shape[0], (list, tuple)) else input_shape)[:2]
        if "queries" in self.axes:
            return (batch, self.maps, steps, steps)
        return (batch, steps, self.maps) if "features" in self.axes else (batch, steps)

    def get_config(self) -> dict[str, Any]:
        """The arguments, for saving."""
        return {**super().get_config(), "pattern": self.pattern, "axes": self.axes, "maps": self.maps}


def _fix_words(real: Tensor, pattern: str) -> Tensor:
    """(batch, steps) from 1 for a word and 0 for padding on the right."""
    count = ops.sum(real, axis=1, keepdims=True)
    if pattern == "even":
        return real / ops.maximum(count, 1.0)
    return real * ops.cast(ops.cumsum(real, axis=1) == count, real.dtype)


def _fix_pairs(real: Tensor, pattern: str) -> Tensor:
    """(batch, queries, steps) from 1 for a word and 0 for padding."""
    if pattern == "even":
        return real[:, :, None] * _fix_words(real, pattern)[:, None]
    places = ops.arange(ops.shape(real)[1])
    return real[:, :, None] * ops.cast(places[None, :, None] == places[None, None], real.dtype)
