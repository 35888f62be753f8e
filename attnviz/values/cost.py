"""What it takes to explain a text by methods that take long."""

from __future__ import annotations

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
