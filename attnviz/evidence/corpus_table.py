"""The measures over all texts of a folder of results, each with its interval and its n."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from attnviz.evidence.calibration import BIN_COUNTS
from attnviz.evidence.replaced_weights import REPLACEMENTS
from attnviz.evidence.resampling import (
    Estimate,
    estimate_calibration_error,
    estimate_f1,
    estimate_mean,
    estimate_median,
)
from attnviz.values.arrays import FloatArray
from attnviz.values.corpus_measures import Row

if TYPE_CHECKING:
    import pandas as pd

LENGTHS = (100, 200, 400)
"""Where the bands of text lengths end, in words."""


def make_table(values: pd.DataFrame, seed: int = 0) -> list[Row]:
    """The rows of values, those that have a text at all.

    Args:
        values: a row a text, as a folder of results has them.
        seed: of the intervals.
    """
    columns = {str(name): values[name].to_numpy(np.float64) for name in values.columns}
    makers = (_list_answers, _list_weights, _list_pairs)
    return [row for make in makers for row in make(columns, seed)]


def _list_answers(columns: dict[str, FloatArray], seed: int) -> Iterator[Row]:
    correct, confidence = columns["correct"], columns["confidence"]
    yield from _as_row(estimate_mean(correct, seed), "answers", "accuracy")
    yield from _list_f1(columns, "correct", "answers", "", seed)
    yield from _as_row(estimate_mean(confidence, seed), "answers", "mean confidence")
    yield from _list_calibration(confidence, correct, "predicted label", seed)
    if _has_two_labels(columns):
        second = np.where(columns["predicted"] == 1, confidence, 1 - confidence)
        answers = np.where(np.isnan(correct), np.nan, columns["answer"])
        yield from _list_calibration(second, answers, "second label", seed)
    words = columns["words"] + columns["unread"]
    for low, high in zip((0, *LENGTHS), (*LENGTHS, np.inf), strict=True):
        inside = np.where((words > low) & (words <= high), correct, np.nan)
        yield from _as_row(estimate_mean(inside, seed), "answers", "accuracy", _name_band(low, high))


def _list_calibration(confidence: FloatArray, correct: FloatArray, of: str, seed: int) -> Iterator[Row]:
    for bins in BIN_COUNTS:
        found = estimate_calibration_error(confidence, correct, bins, seed)
        yield from _as_row(found, "answers", "calibration error", f"{of}, {bins} bins of equal width", "error")


def _has_two_labels(columns: dict[str, FloatArray]) -> bool:
    return "labels" in columns and columns["labels"].max(initial=0) == 2


def _list_weights(columns: dict[str, FloatArray], seed: int) -> Iterator[Row]:
    for name in REPLACEMENTS:
        if f"moved, {name}" not in columns:
            continue
        correct, of = columns[f"correct, {name}"], f"{name} weights"
        yield from _as_row(estimate_mean(correct, seed), "weights", "accuracy", of)
        yield from _as_row(estimate_mean(columns["correct"] - correct, seed), "weights", "accuracy lost", of)
        yield from _list_f1(columns, f"correct, {name}", "weights", of, seed)
        yield from _as_row(estimate_mean(columns[f"same, {name}"], seed), "weights", "same label", of)
        yield from _as_row(estimate_mean(columns[f"moved, {name}"], seed), "weights", "probability moved", of)
    if "strongest" in columns:
        found = estimate_median(columns["strongest"], seed)
        yield from _as_row(found, "spread", "strongest word over an even share", "", "median")
        yield from _as_row(estimate_mean(columns["entropy"], seed), "spread", "entropy over that of even weights")


def _list_f1(columns: dict[str, FloatArray], correct: str, section: str, of: str, seed: int) -> Iterator[Row]:
    """F1 of the second label, where there are two."""
    if _has_two_labels(columns):
        yield from _as_row(estimate_f1(columns[correct], columns["answer"], seed), section, "F1", of, "F1")


_PREFIXES = {
    "tau": ("agreement", "Kendall's tau"),
    "comprehensiveness": ("erasure", "comprehensiveness"),
    "sufficiency": ("erasure", "sufficiency"),
    "divergence": ("adversarial", "largest divergence"),
}
"""Of columns that are called 'prefix, of what': section and measure."""


def _list_pairs(columns: dict[str, FloatArray], seed: int) -> Iterator[Row]:
    for prefix, (section, measure) in _PREFIXES.items():
        for column in (name for name in columns if name.startswith(f"{prefix}, ")):
            of = column.removeprefix(f"{prefix}, ")
            of = f"probability may move by {of}" if prefix == "divergence" else of
            yield from _as_row(estimate_mean(columns[column], seed), section, measure, of)


def _name_band(low: float, high: float) -> str:
    return f"more than {low} words" if high == np.inf else f"{low + 1:.0f} to {high} words"


def _as_row(found: Estimate | None, section: str, measure: str, of: str = "", statistic: str = "mean") -> Iterator[Row]:
    if found is not None:
        yield Row(section, measure, of, found.value, found.low, found.high, found.n, statistic)
