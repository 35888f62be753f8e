"""Whether a network needs its attention weights: its answers with others in their place, without retraining."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from attnviz.evidence.attention_batches import AttendedBatch, find_obstacle, read_batch
from attnviz.evidence.concentration import compute_entropy, compute_strongest
from attnviz.evidence.corpus_part import NO_ANSWER
from attnviz.evidence.part_reading import Columns, PartReading
from attnviz.evidence.replaced_weights import REPLACEMENTS, make_even, reverse_ranks, shuffle, stretch
from attnviz.explain.attention_maps import get_attending_graph, get_shown
from attnviz.explain.attribution import find_answers
from attnviz.explain.batching import Indices, run_batches
from attnviz.training.batches import sorted_batches
from attnviz.values.arrays import FloatArray

BATCH = 64
"""How many texts are read together, of similar length; the text before is the other text of each."""

_WEIGHTS = 20_000_000
"""How many attention weights at most: matrices of many words go in smaller batches."""


def measure_concentration(reading: PartReading) -> Columns:
    """How unevenly the attention that words receive is spread over them."""
    received = reading.scores["attention"]
    yield "strongest", reading.spread([compute_strongest(weights) for weights in received])
    yield "entropy", reading.spread([compute_entropy(weights) for weights in received])


def measure_need(reading: PartReading) -> Columns:
    """With each replacement whether the answer is right, whether it is the same, and by how much its label moves."""
    if find_obstacle(reading.classifier) or not len(reading.places):
        return
    found = _decide_all(reading)
    predicted, answers = reading.predicted[reading.places], reading.part.answers[reading.places]
    own = np.take_along_axis(reading.probabilities[reading.places], predicted[:, None], axis=1)[:, 0]
    for name, probabilities in found.items():
        label = find_answers(probabilities)
        moved = np.abs(np.take_along_axis(probabilities, predicted[:, None], axis=1)[:, 0] - own)
        blank = ~np.isfinite(probabilities).all(axis=1)
        unknown = blank | (answers == NO_ANSWER)
        yield f"correct, {name}", reading.spread(np.where(unknown, np.nan, label == answers))
        yield f"same, {name}", reading.spread(np.where(blank, np.nan, label == predicted))
        yield f"moved, {name}", reading.spread(moved)


def _decide_all(reading: PartReading) -> dict[str, FloatArray]:
    """Of each replacement (places, k) the probabilities; NaN for another text's weights where there is none."""
    rows = reading.rows
    size = (len(rows), reading.probabilities.shape[1])
    found = {name: np.full(size, np.nan) for name in REPLACEMENTS}

    def run(batch: Indices) -> None:
        read = read_batch(reading.classifier, [rows[index] for index in batch])
        for name, replace in _replacements(reading, batch).items():
            if name != "another text's" or len(batch) > 1:
                found[name][batch] = read.decide(replace(read))

    run_batches(run, sorted_batches(np.array([len(row) for row in rows]), _choose_size(reading)))
    return found


def _replacements(reading: PartReading, batch: Indices) -> dict[str, Callable[[AttendedBatch], list[FloatArray]]]:
    def shuffle_all(read: AttendedBatch) -> list[FloatArray]:
        places: npt.NDArray[np.int64] = reading.places[batch]
        return [shuffle(own, reading.draw(place)) for own, place in zip(read.own, places.tolist(), strict=True)]

    makers = (_make_all_even, shuffle_all, _take_from_another, _reverse_all)
    return dict(zip(REPLACEMENTS, makers, strict=True))


def _make_all_even(read: AttendedBatch) -> list[FloatArray]:
    return [make_even(own) for own in read.own]


def _take_from_another(read: AttendedBatch) -> list[FloatArray]:
    """Each from the text before, the first from the last; in a batch they are of nearly the same length."""
    before: Sequence[FloatArray] = [read.own[-1], *read.own[:-1]]
    return [stretch(other, own.shape[-1]) for other, own in zip(before, read.own, strict=True)]


def _reverse_all(read: AttendedBatch) -> list[FloatArray]:
    return [reverse_ranks(own) for own in read.own]


def _choose_size(reading: PartReading) -> int:
    """How many texts at once."""
    shown = get_shown(get_attending_graph(reading.classifier))
    longest = max(len(row) for row in reading.rows)
    weights = len(shown.names) * longest * (longest if shown.is_matrix else 1)
    return max(2, min(BATCH, _WEIGHTS // weights))
