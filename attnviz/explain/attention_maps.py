"""All attention weights of a text, and the network run with others in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.errors import SettingError
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.training.batches import Ids
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
    if classifier.graph is None or classifier.graph.source is None:
        raise SettingError(f"{classifier.name} has no attention.")
    return classifier.graph


def read_attention(classifier: TextClassifier, ids: Ids) -> Attention:
    """All attention weights of word ids (words,); without words there are none to look at, maps of no tokens.

    Raises:
        SettingError: a classifier without attention.
    """
    graph = get_attending_graph(classifier)
    if not len(ids):
        return Attention(np.zeros((len(graph.names), 1, 0)), graph.names)
    (maps,) = graph.traced.function([graph.ids], [graph.maps])(tf.constant(ids[None]))
    return Attention(maps.numpy()[0], graph.names)


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
        classifier: one with attention. ids: (words,) at least one.

    Attributes:
        own: (maps, queries, words) the network's own weights.
        rows: how many rows of such weights go through the network at once.
    """

    def __init__(self, classifier: TextClassifier, ids: Ids) -> None:
        self._graph = get_attending_graph(classifier)
        self._ids = ids
        traced, graph = self._graph.traced, self._graph
        self._beside = graph.beside
        maps, *self._values = traced.function([graph.ids], [graph.maps, *self._beside])(tf.constant(ids[None]))
        self.own: FloatArray = maps.numpy()[0]
        self._decide = traced.function([graph.ids, graph.attention, *self._beside], [graph.probabilities])
        self.rows = max(1, min(_ROWS, _NUMBERS // self.own.size))

    def decide(self, weights: FloatArray) -> FloatArray:
        """(rows, k) the probabilities with the weights (rows, maps, queries, words)."""
        starts = range(0, len(weights), self.rows)
        return np.concatenate([self._run(weights[start : start + self.rows]) for start in starts])

    def run_whole(self, weights: FloatArray) -> FloatArray:
        """(k,) the probabilities when the whole network reads the text with weights (maps, queries, words)."""
        run = self._graph.traced.function([self._graph.ids, self._graph.attention], [self._graph.probabilities])
        return run(tf.constant(self._ids[None]), self._put_in(weights[None]))[0].numpy()[0]

    def read(self, weights: FloatArray, wanted: Sequence[Tensor]) -> list[FloatArray]:
        """The values of tensors of the graph with weights (maps, queries, words), without the axis of the batch."""
        given = [self._graph.ids, self._graph.attention, *self._beside]
        read = self._graph.traced.function(given, wanted)
        values = read(tf.constant(self._ids[None]), self._put_in(weights[None]), *self._values)
        return [value.numpy()[0] for value in values]

    def _run(self, weights: FloatArray) -> FloatArray:
        count = len(weights)
        ids = tf.constant(np.repeat(self._ids[None], count, axis=0))
        values = [tf.repeat(value, count, axis=0) for value in self._values]
        return self._decide(ids, self._put_in(weights), *values)[0].numpy()

    def _put_in(self, weights: FloatArray) -> Tensor:
        assert self._graph.source is not None
        return tf.constant(self._graph.source.from_maps(weights), tf.float32)
