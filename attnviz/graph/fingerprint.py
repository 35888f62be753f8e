"""Whether a model is still the one that was traced: the same layers, variables and settings of layers."""

from __future__ import annotations

import weakref
from typing import Any

from attnviz.backend import keras, tf
from attnviz.graph.restoring import all_layers

PLAIN = (type(None), bool, int, float, str, bytes)
OF_TRAINING = {
    *("compiled", "history", "loss", "optimizer", "steps_per_execution", "unrolled_steps_per_execution"),
    *("predict_function", "test_function", "train_function", "stop_evaluating", "stop_predicting", "stop_training"),
}
"""Attributes that `compile` and `fit` set in a model, and that its answer does not depend on."""


class Fingerprint:
    """What a trace of a model depends on, apart from the values of its variables.

    It sees layers and variables that were added, taken away or replaced, and public attributes of layers that were set
    anew (`layer.activation = ...`). It does not see what was changed inside of an array, list or object that a layer
    holds. It keeps no layer alive.
    """

    def __init__(self, model: keras.layers.Layer) -> None:
        layers = all_layers(model)
        settings = [value for layer in layers for name, value in vars(layer).items() if _counts(name, value)]
        self._marks = [_mark(thing) for thing in (*layers, *model.variables, *settings)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fingerprint) or len(self._marks) != len(other._marks):
            return False
        return all(mine is theirs for mine, theirs in zip(self._marks, other._marks, strict=True))

    __hash__ = None  # type: ignore[assignment]


def _counts(name: str, value: Any) -> bool:
    return not (name.startswith("_") or name in OF_TRAINING or isinstance(value, tf.Tensor))


def _mark(thing: Any) -> Any:
    """Something that is the same object as long as the thing is: a weak reference, or the plain value itself."""
    if isinstance(thing, PLAIN) or (isinstance(thing, tuple) and all(isinstance(item, PLAIN) for item in thing)):
        return thing
    try:
        return weakref.ref(thing)
    except TypeError:
        return type(thing)
