"""Plausibility: how far a method's highest words are those that a person gave as reasons.

It says what people find convincing and not what the network used: that is faithfulness, which is measured by leaving
words out. Source: DeYoung et al. 2020, 'ERASER', arXiv:1911.03429; on the difference Jacovi & Goldberg 2020,
arXiv:2004.03685.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.values.arrays import FloatArray
from attnviz.values.overlap import Overlap

DRAWS = 99
"""The chance level is the mean of so many random maps."""

Marks = npt.NDArray[np.bool_]


def measure_overlap(scores: FloatArray, marks: Marks) -> Overlap:
    """How far the highest |scores| (words,) are the marked words (words,).

    Raises:
        SettingError: no word is marked, or every one is, so that there is nothing to find; or the shapes differ.
    """
    _check(scores, marks)
    sizes = np.abs(np.asarray(scores, np.float64))
    precision = _find_precision(sizes, marks)
    return Overlap(precision, _find_area(sizes, marks), precision / (2 - precision), _find_tau(sizes, marks))


def measure_chance(marks: Marks, seed: int = 0) -> Overlap:
    """The mean overlap of DRAWS random maps; the same for the same seed.

    Raises:
        SettingError: as `measure_overlap`.
    """
    drawn = np.random.default_rng(seed).random((DRAWS, len(marks)))
    found = [measure_overlap(one, marks) for one in drawn]
    return average_overlaps(found)


def average_overlaps(found: list[Overlap]) -> Overlap:
    """The mean of at least one; tau of those that have one."""
    precision, auprc, iou = np.mean([(one.precision, one.auprc, one.iou) for one in found], axis=0).tolist()
    taus = [one.tau for one in found if one.tau is not None]
    return Overlap(precision, auprc, iou, float(np.mean(taus)) if taus else None)


def score_places(words: int) -> FloatArray:
    """(words,) scores that know only where a word stands: the last word has the highest one.

    Reviewers sum up at the end, and people mark what is summed up: on film reviews these score well without a network.
    """
    return np.arange(1, words + 1, dtype=np.float64)


def _check(scores: FloatArray, marks: Marks) -> None:
    if np.shape(scores) != np.shape(marks):
        raise SettingError(f"{len(marks)} words need as many scores, got shape {np.shape(scores)}.")
    if not 0 < np.count_nonzero(marks) < len(marks):
        raise SettingError("Mark at least one word and leave at least one unmarked: otherwise nothing is to be found.")


def _find_precision(sizes: FloatArray, marks: Marks) -> float:
    """Of the highest ones, as many as are marked; a tie at the edge is broken in all ways at once."""
    count = np.count_nonzero(marks)
    edge = np.partition(sizes, -count)[-count]
    above, tied = sizes > edge, sizes == edge
    free = count - np.count_nonzero(above)
    return float((np.count_nonzero(marks & above) + free * marks[tied].mean()) / count)


def _find_area(sizes: FloatArray, marks: Marks) -> float:
    """Trapezia under precision over recall, a point for each different score, from precision 1 at recall 0."""
    order = np.argsort(-sizes, kind="stable")
    last = np.append(np.flatnonzero(np.diff(sizes[order])), len(order) - 1)  # of each group of equal scores
    hits = np.cumsum(marks[order])[last]
    recall, precision = np.append(0, hits / hits[-1]), np.append(1, hits / (last + 1))
    return float(np.trapezoid(precision, recall))


def _find_tau(sizes: FloatArray, marks: Marks) -> float | None:
    """Kendall's tau-b with two sizes of marks: only pairs of a marked and an unmarked word have an order."""
    marked, others = sizes[marks], np.sort(sizes[~marks])
    ahead = np.searchsorted(others, marked, "left").sum()
    behind = (len(others) - np.searchsorted(others, marked, "right")).sum()
    _, groups = np.unique(sizes, return_counts=True)
    untied = math.comb(len(sizes), 2) - sum(math.comb(size, 2) for size in groups.tolist())
    return float((ahead - behind) / math.sqrt(len(marked) * len(others) * untied)) if untied else None
