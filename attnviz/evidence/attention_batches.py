"""A batch of texts read with other attention weights in place of the network's own, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from attnviz.backend import tf
from attnviz.errors import SettingError
from attnviz.explain.arranging import Row
from attnviz.explain.attention_maps import Intervention, get_attending_graph, get_only_source, get_shown
from attnviz.explain.attention_source import from_maps
from attnviz.explain.classifier import TextClassifier
from attnviz.values.arrays import FloatArray


class AttendedBatch(Protocol):
    """Some texts and the attention weights that a network gives their words.

    Attributes:
        own: of each text (maps, queries, words).
    """

    own: list[FloatArray]

    def decide(self, weights: Sequence[FloatArray]) -> FloatArray:
        """(texts, k) the probabilities with other weights, shaped as the own ones."""


def read_batch(classifier: TextClassifier, rows: Sequence[Row]) -> AttendedBatch:
    """The texts, padded to each other's length where the network allows that, else one by one.

    Args:
        rows: of at least one word each.

    Raises:
        SettingError: as `find_obstacle`.
    """
    graph = get_attending_graph(classifier)
    return PaddedBatch(classifier, rows) if graph.plain else SeparateTexts(classifier, rows)


def find_obstacle(classifier: TextClassifier) -> str:
    """Why attention weights can't be replaced, in a sentence; '' if they can."""
    try:
        get_only_source(classifier.name, get_attending_graph(classifier))
    except SettingError as error:
        return str(error)
    return ""


class PaddedBatch:
    """Texts of a network to which padding makes no difference; padded steps keep their attention, which is none."""

    def __init__(self, classifier: TextClassifier, rows: Sequence[Row]) -> None:
        graph = get_attending_graph(classifier)
        self._axes = get_only_source(classifier.name, graph).axes
        self._lengths, self._is_matrix = [len(row) for row in rows], get_shown(graph).is_matrix
        _, (self._ids, *_) = graph.arrange(rows)
        maps, *self._values = graph.traced.function(graph.given, [get_shown(graph).maps, *graph.beside])(self._ids)
        self._maps, self._dtype = maps.numpy(), graph.attention.dtype
        self._run = graph.traced.function([graph.ids, graph.attention, *graph.beside], [graph.probabilities])
        self.own = [self._cut(maps, length) for maps, length in zip(self._maps, self._lengths, strict=True)]

    def decide(self, weights: Sequence[FloatArray]) -> FloatArray:
        """(texts, k) the probabilities with other weights, shaped as the own ones."""
        maps = self._maps.copy()
        for place, (length, one) in enumerate(zip(self._lengths, weights, strict=True)):
            self._cut(maps[place], length)[...] = one
        return self._run(self._ids, tf.constant(from_maps(maps, self._axes), self._dtype), *self._values)[0].numpy()

    def _cut(self, maps: FloatArray, words: int) -> FloatArray:
        """A view of (maps, queries, steps) without padding."""
        return maps[:, :words, :words] if self._is_matrix else maps[:, :, :words]


class SeparateTexts:
    """Texts of a network that has padding of its own, or several steps a word."""

    def __init__(self, classifier: TextClassifier, rows: Sequence[Row]) -> None:
        self._texts = [Intervention(classifier, row) for row in rows]
        self.own = [text.own for text in self._texts]

    def decide(self, weights: Sequence[FloatArray]) -> FloatArray:
        """(texts, k) the probabilities with other weights, shaped as the own ones."""
        return np.concatenate([text.decide(one[None]) for text, one in zip(self._texts, weights, strict=True)])
