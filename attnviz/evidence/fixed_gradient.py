"""Gradient x input with the attention held fixed, as Jain & Wallace 2019 compute it (arXiv:1902.10186, section 4.1).

What a word changes in the attention weights, its own and the others', is left out: the gradient does not flow through
them. The gradient that attnviz shows is the whole one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.explain.arranging import Row, sum_steps
from attnviz.explain.attention_maps import get_attending_graph, get_shown
from attnviz.explain.attribution import as_targets
from attnviz.explain.batching import Indices, run_batches
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.classifier_graph import ClassifierGraph, in_32_bits
from attnviz.values.arrays import FloatArray

BATCH = 64
"""How many texts go through at once."""


class FixedGradient:
    """Scores of the words of texts, for the predicted labels.

    Args:
        classifier: with attention.

    Raises:
        SettingError: it has none, or its words have no gradient.
    """

    def __init__(self, classifier: TextClassifier) -> None:
        self._graph = graph = get_attending_graph(classifier)
        products = graph.traced.extend(lambda: _multiply(graph))
        self._read = graph.traced.function([graph.ids, graph.targets], [products])

    def score(self, rows: Sequence[Row]) -> list[FloatArray]:
        """Of each text (words,) signed scores; its rows have at least one word."""
        found: dict[int, FloatArray] = {}

        def run(batch: Indices) -> None:
            arranged, given = self._graph.arrange([rows[index] for index in batch])
            (products,) = self._read(given[0], as_targets(None, len(batch)))
            triples = zip(batch.tolist(), products.numpy(), arranged.places, strict=True)
            found.update({index: sum_steps(values, places, len(rows[index])) for index, values, places in triples})

        run_batches(run, self._graph.rows.split(rows, BATCH))
        return [np.nan_to_num(found[index]) for index in range(len(rows))]


def _multiply(graph: ClassifierGraph) -> Any:
    """(batch, steps) the slope of the chosen probabilities at each step's vector, times that vector.

    Where the answer depends on the words through the attention alone, the slope is 0.
    """
    (slope,) = tf.gradients(graph.chosen, [graph.vectors], stop_gradients=get_shown(graph).tensors)
    if slope is None:
        return tf.zeros_like(graph.vectors[..., 0], tf.float32)
    slope = tf.convert_to_tensor(slope)
    return tf.reduce_sum(in_32_bits(slope) * in_32_bits(graph.vectors), axis=-1)
