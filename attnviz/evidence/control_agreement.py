"""How far two networks of the table agree on reviews: their answers, and the weights that words receive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnviz.backend import keras, tf
from attnviz.evidence.control_run import Agreement
from attnviz.explain.adversarial import compute_divergence
from attnviz.explain.attention_source import to_maps
from attnviz.explain.attribution import find_answers
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.models.registry import ModelSpec
from attnviz.training.batches import Ids, pad, sorted_batches
from attnviz.training.encoded_reviews import EncodedReviews
from attnviz.values.arrays import FloatArray

_WEIGHTS = 4_000_000
"""How many attention weights are held at a time."""


@dataclass(frozen=True)
class Reading:
    """What a network says of a batch: (batch, k) probabilities, and (batch, steps) weights if it has attention."""

    probabilities: FloatArray
    received: FloatArray | None


class Reader:
    """A network of the table that is asked for answers and weights; padding on the right makes no difference.

    Args:
        model: trained; its LSTMs get the fused kernel.
        spec: its row of the table.
    """

    def __init__(self, model: keras.Model, spec: ModelSpec) -> None:
        self.labels = len(spec.labels)
        self._axes, self.maps = spec.attention_axes, spec.attention_maps * (spec.steps if _is_matrix(spec) else 1)
        outputs = (
            [model.output, model.get_layer(spec.attention_layer).output] if spec.attention_layer else [model.output]
        )
        read = keras.Model(fuse_lstms(model).input, outputs)
        self._run = tf.function(lambda ids: tf.nest.flatten(read(ids, training=False)), reduce_retracing=True)

    def read(self, ids: Ids) -> Reading:
        """What it says of word ids (batch, steps)."""
        probabilities, *weights = (found.numpy() for found in self._run(tf.constant(ids)))
        return Reading(probabilities, _receive(weights[0], self._axes) if weights else None)


def measure_agreement(base: Reader, control: Reader, reviews: EncodedReviews) -> Agreement:
    """The agreement over all reviews, a batch of similar length at a time."""
    steps = max(max(map(len, reviews.rows), default=1), 1)
    size = int(np.clip(_WEIGHTS // (steps * max(base.maps, control.maps)), 1, 256))
    parts = [_compare(base, control, rows) for rows in _list_batches(reviews, size)]
    same, distance, divergence = (np.concatenate(column).astype(np.float64) for column in zip(*parts, strict=True))
    apart = None if np.isnan(divergence).all() else round(float(np.nanmean(divergence)), 6)
    return Agreement(len(reviews), round(float(same.mean()), 6), round(float(distance.mean()), 6), apart)


def measure_f1(reader: Reader, reviews: EncodedReviews) -> float | None:
    """F1 of the second of two labels, the harmonic mean of its precision and recall; None with more labels."""
    if reader.labels != 2:
        return None
    found = wrong = 0
    for batch in sorted_batches(reviews.lengths, 256):
        said = find_answers(_complete(reader.read(pad([reviews.rows[index] for index in batch])).probabilities))
        answers = reviews.labels[batch]
        found += int(((said == 1) & (answers == 1)).sum())
        wrong += int((said != answers).sum())
    return round(2 * found / max(2 * found + wrong, 1), 6)


def _list_batches(reviews: EncodedReviews, size: int) -> list[list[Ids]]:
    return [[reviews.rows[index] for index in batch] for batch in sorted_batches(reviews.lengths, size)]


def _compare(base: Reader, control: Reader, rows: Sequence[Ids]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(batch,) each: same answer, distance, divergence; NaN for a divergence that there is not."""
    ids = pad(rows)
    one, two = base.read(ids), control.read(ids)
    first, second = (_complete(said.probabilities) for said in (one, two))
    same = find_answers(first) == find_answers(second)
    distance = np.abs(first - second).sum(axis=1) / 2
    return same, distance, _diverge(one, two, np.array([len(row) for row in rows]))


def _diverge(one: Reading, two: Reading, lengths: FloatArray) -> FloatArray:
    if one.received is None or two.received is None:
        return np.full(len(lengths), np.nan)
    found = compute_divergence(one.received, two.received)
    return np.where(lengths > 0, np.maximum(found, 0.0), np.nan)


def _receive(weights: FloatArray, axes: Sequence[str]) -> FloatArray:
    """(batch, steps) the mean weight that each word receives over maps and queries; those of a text sum to 1."""
    total = to_maps(weights, axes).astype(np.float64).sum(axis=(1, 2))
    return total / np.maximum(total.sum(axis=-1, keepdims=True), 1e-12)


def _complete(probabilities: FloatArray) -> FloatArray:
    """(batch, k) also of two labels, where the network has the probability of the second alone."""
    if probabilities.shape[1] > 1:
        return probabilities.astype(np.float64)
    second = probabilities[:, 0].astype(np.float64)
    return np.stack([1 - second, second], axis=1)


def _is_matrix(spec: ModelSpec) -> bool:
    return "queries" in spec.attention_axes
