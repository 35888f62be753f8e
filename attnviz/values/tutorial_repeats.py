"""A tutorial's network over the seeds with which it was repeated."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Curves = Mapping[str, Sequence[float]]
"""Columns 'loss', 'accuracy', 'val_loss', 'val_accuracy', a value an epoch."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """A network over its seeds; accuracies are fractions.

    Attributes:
        name: what it is called.
        last: on the test reviews after the last epoch, one of each seed.
        curves: of each seed.
        published: the curves of the published run; None where none was published.
    """

    name: str
    last: tuple[float, ...]
    curves: tuple[Curves, ...] = ()
    published: Curves | None = None

    @property
    def drawn(self) -> tuple[Curves, ...]:
        """All its curves."""
        return (*self.curves, *([self.published] if self.published else []))

    @property
    def best(self) -> float | None:
        """The mean over the seeds of the best validation accuracy of any epoch; None without a run."""
        return statistics.fmean(max(curves["val_accuracy"]) for curves in self.curves) if self.curves else None

    @property
    def trained(self) -> float | None:
        """The mean over the seeds of the training accuracy of the last epoch; None without a run."""
        return statistics.fmean(curves["accuracy"][-1] for curves in self.curves) if self.curves else None

    @property
    def mean(self) -> float:
        """Of `last`."""
        return statistics.fmean(self.last)

    @property
    def spread(self) -> float | None:
        """The standard deviation (n - 1) of `last`; None of one seed."""
        return statistics.stdev(self.last) if len(self.last) > 1 else None
