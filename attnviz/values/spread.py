"""How far a measure of training differs between seeds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """A measure over the seeds.

    Attributes:
        measure: what was measured, such as 'test_accuracy'.
        n: how many seeds.
        mean, smallest, largest: of them.
        spread: their standard deviation (n - 1); None of one seed.
        low, high: the ends of the bootstrap interval of the mean that covers `level`; None of one seed.
        level: a share, such as 0.95.
    """

    measure: str
    n: int
    mean: float
    spread: float | None
    smallest: float
    largest: float
    low: float | None
    high: float | None
    level: float
