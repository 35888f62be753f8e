"""Layers keep no tensor of a trace: what a `call` stored in its layer meanwhile is taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attnviz.backend import keras, tf


@contextmanager
def restored_attributes(model: Any) -> Iterator[None]:
    """Give the layers of `model` back what they held, wherever a tensor of a graph has taken its place.

    A layer that stores its attention weights in itself, or adds to its losses, would otherwise hold tensors that nobody
    can use after the trace. What is computed outside a graph, e.g. weights that are built meanwhile, stays.
    """
    before = {id(layer): _copy(vars(layer)) for layer in all_layers(model)}
    try:
        yield
    finally:
        for layer in all_layers(model):
            _restore(vars(layer), before.get(id(layer), {}))


def all_layers(model: Any) -> list[keras.layers.Layer]:
    """The layer and all layers inside it, at every depth; none for what is no layer."""
    return model._flatten_layers() if isinstance(model, keras.layers.Layer) else []


def _copy(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: _copy_of(value) for name, value in attributes.items()}


def _copy_of(value: Any) -> Any:
    """The items of a list or dictionary, which a `call` may change in place; anything else itself."""
    return list(value) if isinstance(value, list) else dict(value) if isinstance(value, dict) else value


def _restore(attributes: dict[str, Any], before: dict[str, Any]) -> None:
    for name, value in list(attributes.items()):
        if _has_tensor_of_graph(value):
            _put_back(attributes, name, before)


def _put_back(attributes: dict[str, Any], name: str, before: dict[str, Any]) -> None:
    value = attributes[name]
    if isinstance(value, list):
        list.__setitem__(value, slice(None), before.get(name, []))
    elif isinstance(value, dict):
        dict.clear(value)
        dict.update(value, before.get(name, {}))
    elif name in before:
        attributes[name] = before[name]
    else:
        del attributes[name]


def _has_tensor_of_graph(value: Any, depth: int = 2) -> bool:
    """Looked for in lists and dictionaries in lists and dictionaries, not deeper; keys may be anything."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return tf.is_symbolic_tensor(value) or (depth > 0 and any(_has_tensor_of_graph(item, depth - 1) for item in items))
