"""The attention weights of one text, and how several weights of a token become one score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnviz.errors import SettingError
from attnviz.languages import mark, tr
from attnviz.values.arrays import FloatArray, frozen_array


@dataclass(frozen=True, slots=True)
class Reduction:
    """Which of a token's weights make its score.

    Attributes:
        map: of which map (a head, a feature), counted from 0; None for the mean of all.
        query: what the token of that place attends to; None for the mean over all queries, which is the attention that
            a token receives.
        layer: the mean of the maps of that layer, counted from 0, in place of one map or all.
        rollout: in place of maps, the attention followed through all layers (`Attention.roll_out`).
    """

    map: int | None = None
    query: int | None = None
    layer: int | None = None
    rollout: bool = False

    def __post_init__(self) -> None:
        if (self.map is not None) + (self.layer is not None) + self.rollout > 1:
            raise SettingError(tr("A reduction takes one map, one layer or the rollout, not two of them."))


@dataclass(frozen=True, slots=True)
class Attention:
    """All attention weights of one text.

    Attributes:
        weights: (maps, queries, tokens), at least 0; those of each query sum to 1 over the tokens. Classic attention
            has one query, self-attention as many as there are tokens.
        names: (maps) what each map is: 'head 1', 'feature 7', or 'attention' where there is one; of several layers
            'layer 2, head 1'.
        layers: (maps) which layer each map belongs to, from the input to the output; empty where there is one layer.
        outside: (maps, queries) the share of each query's attention that went to steps that are no words (padding,
            '[CLS]'), before the weights of the words were made to sum to 1; None where there are no such steps.
    """

    weights: FloatArray
    names: tuple[str, ...]
    layers: tuple[str, ...] = ()
    outside: FloatArray | None = None

    def __post_init__(self) -> None:
        weights = frozen_array(self.weights)
        if weights.ndim != 3 or len(weights) != len(self.names):
            raise ValueError(f"{len(self.names)} maps need weights (maps, queries, tokens), got {weights.shape}")
        object.__setattr__(self, "weights", weights)
        if self.layers and len(self.layers) != len(self.names):
            raise ValueError(f"{len(self.names)} maps need as many layers, got {self.layers}")
        if self.outside is not None:
            object.__setattr__(self, "outside", frozen_array(self.outside))

    @property
    def is_matrix(self) -> bool:
        """Whether every token has a query of its own."""
        return self.weights.shape[1] > 1

    @property
    def has_rollout(self) -> bool:
        """Whether there are several layers, each a square matrix over the same tokens."""
        _, queries, tokens = self.weights.shape
        return queries == tokens > 1 and len(set(self.layers)) > 1

    def reduce(self, how: Reduction = Reduction()) -> FloatArray:  # a frozen value
        """(tokens,) one score a token; they sum to 1, as the weights of each query do.

        Raises:
            SettingError: a map, a layer, a query or a rollout that there is not.
        """
        return pick_query(self.merge(how), how)

    def merge(self, how: Reduction = Reduction()) -> FloatArray:
        """(queries, tokens) one map, the mean of a layer's or of all, or the rollout; the query is left open.

        Raises:
            SettingError: as `reduce`.
        """
        if how.rollout:
            return self.roll_out()
        places = self.find_maps(how)
        chosen = self.weights if len(places) == len(self.weights) else self.weights[places]  # all need no copy
        return chosen.mean(axis=0, dtype=np.float64)

    def find_maps(self, how: Reduction) -> list[int]:
        """The places of the maps whose mean is taken.

        Raises:
            SettingError: a map or a layer that there is not.
        """
        if how.map is not None:
            return [_check(mark("map"), how.map, len(self.names))]
        if how.layer is None or not self.layers:
            return list(range(_check(mark("layer"), how.layer or 0, 1), len(self.names)))
        layers = list_layers(self.layers)
        wanted = layers[_check(mark("layer"), how.layer, len(layers))]
        return [place for place, layer in enumerate(self.layers) if layer == wanted]

    def roll_out(self) -> FloatArray:
        """(tokens, tokens) attention rollout: how much of each token of the input reaches each place of the output.

        Each layer passes on half of what stands at a place (the residual connection) and half of what its attention
        brings, 0.5 I + 0.5 A with A the mean over its heads; the layers are multiplied. Abnar & Zuidema 2020,
        *Quantifying Attention Flow in Transformers*, arXiv:2005.00928. It follows words: attention that went to steps
        that are no words was left out before.

        Raises:
            SettingError: there is one layer, or a layer that is no square matrix.
        """
        if not self.has_rollout:
            raise SettingError(
                tr("Rollout follows attention through several layers of square matrices over the words.")
            )
        reached = eye = np.eye(self.weights.shape[-1])
        for layer in range(len(set(self.layers))):
            mixed = 0.5 * self.merge(Reduction(layer=layer)) + 0.5 * eye
            reached = mixed / mixed.sum(axis=-1, keepdims=True) @ reached
        return reached

    def describe(self, how: Reduction = Reduction()) -> str:
        """In words what `reduce` does; '' where a token has a single weight."""
        return describe_reduction(self.names, self.is_matrix, how, self.layers)


def pick_query(rows: FloatArray, how: Reduction) -> FloatArray:
    """(tokens,) of rows (queries, tokens) the one of the query, or their mean.

    Raises:
        SettingError: a query that there is not.
    """
    chosen = rows if how.query is None else rows[[_check(mark("query"), how.query, len(rows))]]
    return chosen.mean(axis=0, dtype=np.float64).astype(np.float32)


def list_layers(layers: Sequence[str]) -> list[str]:
    """The layers of the maps, each once, in their order."""
    return list(dict.fromkeys(layers))


def describe_reduction(names: Sequence[str], is_matrix: bool, how: Reduction, layers: Sequence[str] = ()) -> str:
    """In words, how several weights of a token become one; '' where it has one.

    Args:
        names: of the maps.
        is_matrix: whether every token has a query of its own.
        layers: of the maps; empty where there is one.
    """
    maps = _describe_maps(names, how, layers)
    if not is_matrix:
        return maps if len(names) > 1 else ""
    queries = "received from all words" if how.query is None else f"from word {how.query + 1}"
    return f"{maps}, {queries}" if len(names) > 1 else queries


def get_kind(name: str) -> str:
    """What a map is: 'head' of 'layer 2, head 1', 'feature' of 'feature 7'."""
    return name.rpartition(", ")[2].partition(" ")[0]


def count_maps(names: Sequence[str], layers: Sequence[str] = ()) -> str:
    """'2 heads', of several layers '2 layers × 4 heads', or where they have unlike numbers '7 maps of 2 layers'."""
    kind, counts = get_kind(names[0]), set(Counter(layers).values())
    number = len(set(layers))
    if number < 2:
        return f"{len(names)} {kind}s" if len(names) > 1 else f"one {kind}"
    if len(counts) > 1:
        return f"{len(names)} maps of {number} layers"
    (each,) = counts
    return f"{number} layers × {each} {kind}s" if each > 1 else f"{number} layers"


def _describe_maps(names: Sequence[str], how: Reduction, layers: Sequence[str]) -> str:
    if how.rollout:
        return f"rollout through {len(set(layers))} layers"
    if how.map is not None:
        return names[how.map]
    if how.layer is None or not layers:
        return f"mean of {count_maps(names, layers)}"
    layer = list_layers(layers)[how.layer]
    of = [name for name, own in zip(names, layers, strict=True) if own == layer]
    return f"mean of {len(of)} {get_kind(of[0])}s of {layer}" if len(of) > 1 else of[0]


def _check(kind: str, place: int, count: int) -> int:
    if not 0 <= place < count:
        raise SettingError(
            tr("The {kind} must lie between 0 and {last}, got {place}.", kind=tr(kind), last=count - 1, place=place)
        )
    return place
