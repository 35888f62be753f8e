"""What an attention layer of attnviz multiplies for its scores, as tensors of a classifier's graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from attnviz.backend import tf
from attnviz.errors import SettingError
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.graph.recorder import Call
from attnviz.languages import tr
from attnviz.models.attention_layers import (
    AdditiveAttention,
    DotProductAttention,
    FeaturewiseAttention,
    LuongAttention,
    additive_scores,
    dot_product_scores,
    featurewise_scores,
    luong_scores,
)

Tensor = Any


@dataclass(frozen=True, slots=True)
class Parts:
    """The tensors of one text alone, which has no padding, so that its last state is the last one.

    A score is `f(keys @ query / scale + bias)`, with f the tanh where there is a bias and nothing where there is none.

    Attributes:
        states: (1, n, units). keys: (1, n, d). query: (d,) or (d, features). bias: (n,) or (features,) or None.
        scores: (1, n) or (1, n, features).
    """

    states: Tensor
    keys: Tensor
    query: Tensor
    bias: Tensor | None
    scores: Tensor
    scale: float = 1.0

    def wanted(self, vectors: Tensor) -> dict[str, Tensor | None]:
        """The tensors by name, with the words' vectors."""
        names = ("states", "keys", "query", "bias", "scores")
        return {"vectors": vectors, **{name: getattr(self, name) for name in names}}


def find_parts(graph: ClassifierGraph, attending: Call) -> Parts:
    """The parts of the scores of an attention layer; they become part of the graph.

    Raises:
        SettingError: a layer of another kind.
    """
    find = _FINDERS.get(type(attending.layer))
    if find is None:
        known = ", ".join(kind.__name__ for kind in _FINDERS)
        raise SettingError(
            tr(
                "{kind} can't be followed step by step; what can be: {known}.",
                kind=type(attending.layer).__name__,
                known=known,
            )
        )
    states = attending.inputs[0] if isinstance(attending.inputs, (list, tuple)) else attending.inputs
    return graph.traced.extend(lambda: find(attending.layer, states))


def _find_dot(layer: DotProductAttention, states: Tensor) -> Parts:
    query = states[:, -1]
    scores = dot_product_scores(states, query, layer.query_kernel, layer.key_kernel)
    keys = tf.matmul(states[0], layer.key_kernel)[None]
    projected = tf.matmul(query, layer.query_kernel)[0]
    return Parts(states, keys, projected, None, scores, layer.key_kernel.shape[-1] ** 0.5)


def _find_luong(layer: LuongAttention, states: Tensor) -> Parts:
    query = states[:, -1]
    scores = luong_scores(states, query, layer.kernel)
    return Parts(states, states, tf.linalg.matvec(layer.kernel, query[0]), None, scores)


def _find_additive(layer: AdditiveAttention, states: Tensor) -> Parts:
    scores, bias = additive_scores(states, layer.kernel, layer.bias), layer.bias[: tf.shape(states)[1], 0]
    return Parts(states, states, layer.kernel[:, 0], bias, scores)


def _find_featurewise(layer: FeaturewiseAttention, states: Tensor) -> Parts:
    scores = featurewise_scores(states, layer.kernel, layer.bias)
    return Parts(states, states, tf.identity(layer.kernel), tf.identity(layer.bias), scores)


_FINDERS: Mapping[type, Callable[[Any, Tensor], Parts]] = {
    DotProductAttention: _find_dot,
    LuongAttention: _find_luong,
    AdditiveAttention: _find_additive,
    FeaturewiseAttention: _find_featurewise,
}
