"""What it takes to explain a text by methods that take long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate, made before the work is done.

    Attributes:
        readings: how many texts the classifiers read, at most.
        seconds: how long that takes, as fast as they read just now.
        unloaded: the libraries that are loaded first, which takes some seconds more.
    """

    readings: int
    seconds: float
    unloaded: tuple[str, ...] = ()


def add_costs(costs: Sequence[Cost]) -> Cost:
    """What several pieces of work take, one after the other."""
    unloaded = {library for cost in costs for library in cost.unloaded}
    return Cost(sum(cost.readings for cost in costs), sum(cost.seconds for cost in costs), tuple(sorted(unloaded)))
