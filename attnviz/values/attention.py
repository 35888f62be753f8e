"""The attention weights of one text, and how several weights of a token become one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnviz.errors import SettingError
from attnviz.values.arrays import FloatArray, frozen_array


@dataclass(frozen=True, slots=True)
class Reduction:
    """Which of a token's weights make its score.

    Attributes:
        map: of which map (a head, a feature), counted from 0; None for the mean of all.
        query: what the token of that place attends to; None for the mean over all queries, which is the attention that
            a token receives.
    """

    map: int | None = None
    query: int | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """All attention weights of one text.

    Attributes:
        weights: (maps, queries, tokens), at least 0; those of each query sum to 1 over the tokens. Classic attention
            has one query, self-attention as many as there are tokens.
        names: (maps) what each map is: 'head 1', 'feature 7', or 'attention' where there is one; of several layers
            'layer 2, head 1'.
        layers: (maps) which layer each map belongs to; empty where there is one layer.
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

    def reduce(self, how: Reduction = Reduction()) -> FloatArray:  # a frozen value
        """(tokens,) one score a token; they sum to 1, as the weights of each query do.

        Raises:
            SettingError: a map or a query that there is not.
        """
        maps = self.weights if how.map is None else self.weights[[_check("map", how.map, len(self.names))]]
        rows = maps if how.query is None else maps[:, [_check("query", how.query, self.weights.shape[1])]]
        return rows.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)

    def describe(self, how: Reduction = Reduction()) -> str:
        """In words what `reduce` does; '' where a token has a single weight."""
        return describe_reduction(self.names, self.is_matrix, how)


def describe_reduction(names: Sequence[str], is_matrix: bool, how: Reduction) -> str:
    """In words, how several weights of a token become one; '' where it has one.

    Args:
        names: of the maps.
        is_matrix: whether every token has a query of its own.
    """
    kind = names[0].partition(" ")[0]
    maps = f"mean of {len(names)} {kind}s" if how.map is None else names[how.map]
    if not is_matrix:
        return maps if len(names) > 1 else ""
    queries = "received from all words" if how.query is None else f"from word {how.query + 1}"
    return f"{maps}, {queries}" if len(names) > 1 else queries


def _check(kind: str, place: int, count: int) -> int:
    if not 0 <= place < count:
        raise SettingError(f"The {kind} must lie between 0 and {count - 1}, got {place}.")
    return place
