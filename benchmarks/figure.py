"""One figure of the app in a browser."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, and in which unit; '' for a count."""

    what: str
    value: float
    unit: str

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return {"what": self.what, "value": round(self.value, 3), "unit": self.unit}

    def __str__(self) -> str:
        """A row of a table in Markdown."""
        value = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"
        return f"| {self.what} | {value} {self.unit} |"


def describe_times(what: str, milliseconds: Sequence[float]) -> Iterator[Figure]:
    """The median and the 95th percentile of some times."""
    yield Figure(f"{what}, median", statistics.median(milliseconds), "ms")
    yield Figure("the same, 95th percentile", statistics.quantiles(milliseconds, n=20)[-1], "ms")
