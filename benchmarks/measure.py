"""Interleaved timing: the machines are noisy, so what counts is the ratio of two medians from one run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was compared: seconds of ours and of the baseline, one value a round."""

    what: str
    baseline: str
    ours: list[float]
    theirs: list[float]

    @property
    def ratio(self) -> float:
        """How many times faster ours is, by the medians."""
        return statistics.median(self.theirs) / statistics.median(self.ours)

    def to_dict(self) -> dict[str, object]:
        """Plain data, in milliseconds."""
        return {
            "what": self.what,
            "baseline": self.baseline,
            "ours_ms": _summary(self.ours),
            "baseline_ms": _summary(self.theirs),
            "ratio": round(self.ratio, 2),
        }


def compare(what: str, ours: Callable[[], object], baseline: str, theirs: Callable[[], object], rounds: int = 9) -> Row:
    """Time both in turn, after one warm-up of each."""
    ours(), theirs()
    pairs = [(_time(ours), _time(theirs)) for _ in range(rounds)]
    return Row(what, baseline, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


def to_markdown(rows: list[Row]) -> str:
    """A table with medians and the range of the rounds."""
    lines = ["| what | attnviz | baseline | | times faster |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.what} | {_cell(row.ours)} | {row.baseline} | {_cell(row.theirs)} | **{row.ratio:.1f}** |"
        for row in rows
    ]
    return "\n".join(lines)


def _time(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _summary(seconds: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(seconds) * 1000, 3),
        "min": round(min(seconds) * 1000, 3),
        "max": round(max(seconds) * 1000, 3),
    }


def _cell(seconds: list[float]) -> str:
    summary = _summary(seconds)
    return f"{summary['median']:.3g} ms ({summary['min']:.3g} to {summary['max']:.3g})"
