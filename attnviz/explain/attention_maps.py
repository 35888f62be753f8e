"""All attention weights of a text, and the network run with others in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.errors import SettingError
from attnviz.explain.arranging import Row
from attnviz.explain.attention_source import AttentionSource, from_maps
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.explain.shown_attention import ShownAttention
from attnviz.explain.word_attention import WordWeights, gather_words
from attnviz.languages import tr
from attnviz.values.arrays import FloatArray
from attnviz.values.attention import Attention

_ROWS = 64
"""How many rows of weights go through the network at once."""

_NUMBERS = 2_000_000
"""How many weights at most: matrices of many words go in smaller batches."""

KEPT_NUMBERS = 40_000_000
"""How many weights of texts that were looked at stay at hand, 160 MB: 12 layers of 12 heads over 512 words are 38."""

Tensor = Any


def get_attending_graph(classifier: TextClassifier) -> ClassifierGraph:
    """The graph of a classifier with attention.

    Raises:
        SettingError: it has none.
    """
    if classifier.graph is None or classifier.graph.shown is None:
        raise SettingError(tr("{model} has no attention.", model=classifier.name))
    return classifier.graph


def get_shown(graph: ClassifierGraph) -> ShownAttention:
    """The attention of a graph of which `get_attending_graph` has said that it has one."""
    assert graph.shown is not None
    return graph.shown


def read_attention(classifier: TextClassifier, row: Row) -> Attention:
    """All attention weights of a text's words; without words there are none to look at, maps of no tokens.

    Raises:
        SettingError: a classifier without attention.
    """
    graph = get_attending_graph(classifier)
    shown = get_shown(graph)
    if not len(row):
        return Attention(np.zeros((len(shown.names), 1, 0)), shown.names, shown.layers)
    arranged, given = graph.arrange([row])
    (maps,) = graph.traced.function(graph.given, [shown.maps])(*given)
    weights, outside = gather_words(maps.numpy()[0], arranged.places[0], len(row), is_matrix=shown.is_matrix)
    return Attention(weights, shown.names, shown.layers, outside)


class KeptAttention:
    """The attention of the last texts: whoever chooses a head has the text read once, not at each choice.

    A new tuple needs no lock: of two threads one may forget the other's, which is then read again.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[str, Attention], ...] = ()

    def recall(self, text: str, read: Callable[[str], Attention]) -> Attention:
        """The attention of a text, which is read only if it is none of the last ones."""
        found = next((kept for key, kept in self._kept if key == text), None)
        if found is None:
            found = read(text)
            self._kept = tuple(_keep_newest([(text, found), *self._kept]))
        return found


def _keep_newest(kept: Sequence[tuple[str, Attention]]) -> Iterator[tuple[str, Attention]]:
    """The newest one, and the others as long as all together are not too large."""
    numbers = 0
    for key, attention in kept:
        numbers += attention.weights.size
        if numbers <= KEPT_NUMBERS or attention is kept[0][1]:
            yield key, attention


class Intervention:
    """One text whose attention weights are replaced: what does not depend on them is computed once.

    Args:
        classifier: one with attention. row: at least one word.

    Attributes:
        own: (maps, queries, words) the network's own weights.
        rows: how many rows of such weights go through the network at once.

    Raises:
        SettingError: a classifier without attention, or whose attention can't be replaced by weights of words.
    """

    def __init__(self, classifier: TextClassifier, row: Row) -> None:
        self._graph = graph = get_attending_graph(classifier)
        self._source = get_only_source(classifier.name, graph)
        self._beside = graph.beside
        arranged, self._given = graph.arrange([row])
        shown = get_shown(graph)
        maps, *self._values = graph.traced.function(graph.given, [shown.maps, *self._beside])(*self._given)
        self._words = WordWeights(maps.numpy()[0], arranged.places[0], len(row), is_matrix=shown.is_matrix)
        self.own: FloatArray = self._words.own
        self._decide = graph.traced.function([graph.ids, graph.attention, *self._beside], [graph.probabilities])
        self.rows = max(1, min(_ROWS, _NUMBERS // self.own.size))

    def decide(self, weights: FloatArray) -> FloatArray:
        """(rows, k) the probabilities with the weights (rows, maps, queries, words)."""
        starts = range(0, len(weights), self.rows)
        return np.concatenate([self._run(weights[start : start + self.rows]) for start in starts])

    def run_whole(self, weights: FloatArray) -> FloatArray:
        """(k,) the probabilities when the whole network reads the text with weights (maps, queries, words)."""
        run = self._graph.traced.function([self._graph.ids, self._graph.attention], [self._graph.probabilities])
        return run(self._given[0], self._put_in(weights[None]))[0].numpy()[0]

    def read(self, weights: FloatArray, wanted: Sequence[Tensor]) -> list[FloatArray]:
        """The values of tensors of the graph with weights (maps, queries, words), without the axis of the batch."""
        given = [self._graph.ids, self._graph.attention, *self._beside]
        read = self._graph.traced.function(given, wanted)
        values = read(self._given[0], self._put_in(weights[None]), *self._values)
        return [value.numpy()[0] for value in values]

    def _run(self, weights: FloatArray) -> FloatArray:
        count = len(weights)
        values = [tf.repeat(value, count, axis=0) for value in (self._given[0], *self._values)]
        return self._decide(values[0], self._put_in(weights), *values[1:])[0].numpy()

    def _put_in(self, weights: FloatArray) -> Tensor:
        maps = from_maps(self._words.spread(weights), self._source.axes)
        return tf.constant(maps, self._graph.attention.dtype)


def get_only_source(name: str, graph: ClassifierGraph) -> AttentionSource:
    """The one source of a graph's attention, whose weights can be replaced.

    Args:
        name: of the classifier.

    Raises:
        SettingError: there are several, or its queries are not the steps.
    """
    shown = get_shown(graph)
    if len(shown.sources) > 1:
        raise SettingError(
            tr("{model} has attention in several layers; only the weights of a single one can be replaced.", model=name)
        )
    (source,) = shown.sources
    queries = graph.attention.shape[1 + source.axes.index("queries")] if "queries" in source.axes else 1
    if queries != 1 and not shown.is_matrix:
        raise SettingError(
            tr("The queries of {model}'s attention are no words, so its weights can't be replaced.", model=name)
        )
    return source
