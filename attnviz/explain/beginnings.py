"""The probability after each beginning of a text: where a review turns, as far as the network is concerned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnviz.explain.attribution import NO_ANSWER, find_answers
from attnviz.explain.classifier import TextClassifier
from attnviz.values.arrays import FloatArray, to_numbers
from attnviz.values.prediction import Prediction, find_predicted
from attnviz.values.reading_curve import ReadingCurve

MOST_BEGINNINGS = 200
"""So many beginnings are read at most, the whole text among them."""


def measure_reading_curve(classifier: TextClassifier, text: str, target: int | None) -> ReadingCurve:
    """What the classifier says of the first word that it reads, of the first two, and so on, each read alone.

    Args:
        target: the label whose probability is followed, an index; None for the one that is predicted for the whole.

    Raises:
        SettingError: as `encode`.
    """
    encoded = classifier.encode(text)
    counts = choose_beginnings(len(encoded.tokens))
    found = classifier.predict([encoded.inputs[:count] for count in counts]) if counts else np.zeros((0, 2))
    prediction = Prediction(classifier.labels, _get_last(found))
    if target is None:
        target = 0 if prediction.probabilities is None else find_predicted(prediction.probabilities)
    return ReadingCurve(
        text,
        tuple(encoded.tokens),
        prediction,
        target,
        classifier.name,
        encoded.truncated,
        tuple(counts),
        to_numbers(found[:, target]),
        tuple(None if answer == NO_ANSWER else answer for answer in find_answers(found).tolist()),
    )


def choose_beginnings(words: int) -> Sequence[int]:
    """How many words the beginnings have: each number from 1 on, or MOST_BEGINNINGS of them as even as they go."""
    if words <= MOST_BEGINNINGS:
        return range(1, words + 1)
    return [1 + (words - 1) * step // (MOST_BEGINNINGS - 1) for step in range(MOST_BEGINNINGS)]


def _get_last(found: FloatArray) -> tuple[float, ...] | None:
    """The probabilities of the whole text; None where they are no numbers, or there is no word."""
    return tuple(found[-1].tolist()) if len(found) and np.isfinite(found[-1]).all() else None
