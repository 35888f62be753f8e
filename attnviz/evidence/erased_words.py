"""Comprehensiveness and sufficiency (ERASER) of the methods' scores, beside scores that know nothing of the words.

Random scores depend on nothing. Shifted ones are a method's own, moved around the text by a random number of words:
they are as uneven, but on other words. Source: DeYoung et al. 2020, arXiv:1911.03429.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attnviz.evidence.part_reading import Columns, PartReading
from attnviz.explain.measures import measure_erasure, order_words
from attnviz.values.arrays import FloatArray

RANDOM, SHIFTED = "random", "shifted"


def measure_erased(reading: PartReading) -> Columns:
    """Of each method's scores, of random and of shifted ones: comprehensiveness and sufficiency, means of 5 shares."""
    indices = np.flatnonzero(reading.part.erased[reading.places])
    if not len(indices):
        return
    found = np.array([_erase(reading, index) for index in indices.tolist()])  # (texts, 2, orders)
    for number, name in enumerate((*reading.scores, RANDOM, SHIFTED)):
        yield f"comprehensiveness, {name}", reading.spread(found[:, 0, number], reading.part.erased)
        yield f"sufficiency, {name}", reading.spread(found[:, 1, number], reading.part.erased)


def _erase(reading: PartReading, index: int) -> FloatArray:
    """(2, orders) of one of the places."""
    place = int(reading.places[index])
    orders = order_words(np.stack(list(_list_scores(reading, index))))
    row, answer = reading.encoded[place].inputs, int(reading.predicted[place])
    return np.stack(measure_erasure(reading.classifier, row, orders, answer))


def _list_scores(reading: PartReading, index: int) -> Iterator[FloatArray]:
    """Those of the methods, all for the predicted label, random ones, and those of the first method, shifted."""
    scores = [found[index] for found in reading.scores.values()]
    random = reading.draw(int(reading.places[index]))
    yield from scores
    yield random.random(len(scores[0]), dtype=np.float32)
    yield np.roll(scores[0], random.integers(1, len(scores[0])))
