"""Interleaved timing: machines are noisy, so what counts is the ratio of two medians from one run."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.serve import once


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


@dataclass(frozen=True)
class Growth:
    """How long one size of input took, and the largest memory of the process so far, in MB."""

    what: str
    reviews: int
    seconds: list[float]
    memory: int

    def to_dict(self) -> dict[str, object]:
        """Plain data, in milliseconds and MB."""
        return {"what": self.what, "reviews": self.reviews, "ms": _summary(self.seconds), "memory_mb": self.memory}


def compare(what: str, ours: Callable[[], float], baseline: str, theirs: Callable[[], float], rounds: int = 9) -> Row:
    """Time both in turn, after one warm-up of each; each call returns its own seconds."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return Row(what, baseline, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


def timed(call: Callable[[], object], repeat: int = 1) -> Callable[[], float]:
    """The same call, `repeat` times in a row, returning the median of how many seconds it took."""

    def seconds() -> float:
        return statistics.median(once(call) for _ in range(repeat))

    return seconds


def to_markdown(rows: list[Row]) -> str:
    """A table with medians and the range of the rounds."""
    lines = ["| what | attnviz | against | takes | times faster |", "|---|---:|---|---:|---:|"]
    lines += [
        f"| {row.what} | {cell(row.ours)} | {row.baseline} | {cell(row.theirs)} | **{_times(row.ratio)}** |"
        for row in rows
    ]
    return "\n".join(lines)


def _times(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2g}"


def growth_to_markdown(rows: list[Growth]) -> str:
    """A table with medians, the rate, and memory."""
    lines = ["| luong: attention of | takes | reviews a second | memory so far |", "|---|---:|---:|---:|"]
    for row in rows:
        rate = row.reviews / statistics.median(row.seconds)
        lines.append(f"| {row.what} | {cell(row.seconds)} | {rate:,.0f} | {row.memory:,} MB |")
    return "\n".join(lines)


def _summary(seconds: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(seconds) * 1000, 3),
        "min": round(min(seconds) * 1000, 3),
        "max": round(max(seconds) * 1000, 3),
    }


def cell(seconds: list[float]) -> str:
    """The median of the rounds and their range."""
    summary = _summary(seconds)
    return f"{_duration(summary['median'])} ({_duration(summary['min'])} to {_duration(summary['max'])})"


def _duration(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3g} s" if milliseconds >= 1000 else f"{milliseconds:.3g} ms"
