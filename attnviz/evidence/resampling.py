"""Bootstrap intervals: how far a number would move if other texts of the same kind had been drawn.

Texts are drawn with replacement DRAWS times; the interval holds the middle 95 % of what the number is then (the
percentile method; Efron & Tibshirani 1993, 'An introduction to the bootstrap', chapter 13). A draw is how often it has
each text, so that the numbers of all draws are a product of matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attnviz.evidence.calibration import tabulate_gaps
from attnviz.values.arrays import FloatArray

DRAWS = 1_000
COVERAGE = 0.95

_ROWS = 100
"""How many draws are looked at at once."""

Counts = npt.NDArray[np.uint8]
Statistic = Callable[[FloatArray], FloatArray]
"""From (draws, texts) how often each text is in each draw to (draws,) the number."""


class Estimate(NamedTuple):
    """A number over texts.

    Attributes:
        value: on the texts themselves. low, high: the ends of its interval. n: how many texts.
    """

    value: float
    low: float
    high: float
    n: int


def estimate_mean(values: FloatArray, seed: int = 0) -> Estimate | None:
    """The mean of those values (texts,) that are numbers; None if none is."""
    values = _drop_nan(values)
    return _estimate(lambda counts: counts @ values / counts.sum(axis=1), len(values), seed)


def estimate_median(values: FloatArray, seed: int = 0) -> Estimate | None:
    """The median of those values (texts,) that are numbers, of two middle ones the lower; None if none is."""
    values = np.sort(_drop_nan(values))

    def find_middle(counts: FloatArray) -> FloatArray:
        reached = np.cumsum(counts, axis=1)
        return values[np.argmax(reached * 2 >= reached[:, -1:], axis=1)]

    return _estimate(find_middle, len(values), seed)


def estimate_calibration_error(
    confidence: FloatArray, correct: FloatArray, bins: int, seed: int = 0
) -> Estimate | None:
    """The expected calibration error of the texts whose right answer is known; None if there is none."""
    known = ~np.isnan(correct)
    table = tabulate_gaps(confidence[known], correct[known], bins)
    return _estimate(lambda counts: np.abs(counts @ table).sum(axis=1) / counts.sum(axis=1), len(table), seed)


def estimate_f1(correct: FloatArray, answers: FloatArray, seed: int = 0) -> Estimate | None:
    """F1 of the second of two labels: the harmonic mean of its precision and recall; None without right answers.

    Args:
        correct: (texts,) 1 where the predicted label is right, 0 where it is not, NaN where that is not known.
        answers: (texts,) the right labels, 0 or 1.
    """
    known = ~np.isnan(correct)
    found, wrong = correct[known] * answers[known], 1 - correct[known]  # a wrong label is missed or false
    return _estimate(lambda counts: 2 * (counts @ found) / _at_least_1(counts @ (2 * found + wrong)), len(found), seed)


def _at_least_1(counts: FloatArray) -> FloatArray:
    return np.maximum(counts, 1)


def _drop_nan(values: FloatArray) -> FloatArray:
    values = np.asarray(values, np.float64)
    return values[~np.isnan(values)]


def _estimate(statistic: Statistic, texts: int, seed: int) -> Estimate | None:
    if not texts:
        return None
    drawn = np.concatenate([statistic(part) for part in _in_parts(_draw(texts, seed))])
    low, high = np.quantile(drawn, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    (value,) = statistic(np.ones((1, texts)))
    return Estimate(float(value), float(low), float(high), texts)


def _in_parts(counts: Counts) -> Iterator[FloatArray]:
    yield from (counts[start : start + _ROWS].astype(np.float64) for start in range(0, len(counts), _ROWS))


@lru_cache(4)
def _draw(texts: int, seed: int) -> Counts:
    """(DRAWS, texts) how often each text is drawn; no text is drawn 256 times."""
    random = np.random.default_rng([seed, texts])
    counts = np.empty((DRAWS, texts), np.uint8)
    for row in counts:
        row[:] = np.bincount(random.integers(texts, size=texts), minlength=texts)
    return counts
