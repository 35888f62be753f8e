"""What a visitor has asked of the Column lab, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from attnviz.lab.lab_results import LabRepeats, LabResult
from attnviz.lab.own_table import OwnTable
from attnviz.lab.tasks import TaskSettings
from attnviz.training.seeds import MAX_SEED
from attnviz.ui.door import LabAsk

SEEDS = 20
"""How many seeds a task is repeated with."""


@dataclass(frozen=True)
class Trained:
    """A run that is shown."""

    settings: TaskSettings
    table: OwnTable | None
    result: LabResult


@dataclass(frozen=True)
class Repeated:
    """The same task with many seeds, as far as they are done.

    Attributes:
        settings, table: what was trained, but for the seed.
        planned: all seeds.
        done: what came of the first ones; None before any.
    """

    settings: TaskSettings
    table: OwnTable | None
    planned: tuple[int, ...]
    done: LabRepeats | None = None

    def is_of(self, settings: TaskSettings, table: OwnTable | None) -> bool:
        """Whether a run is one of these."""
        same = replace(settings, seed=self.settings.seed) == self.settings and table == self.table
        return same and settings.seed in self.planned

    @property
    def missing(self) -> tuple[int, ...]:
        """The seeds that are not done."""
        return self.planned[len(self.done.seeds) if self.done else 0 :]


@dataclass
class LabState:
    """One lab of a visitor.

    Attributes:
        key: of its component.
        settings, table: what is asked.
        notes: what was wrong with the link, or the last question.
        ask: the question that has not been worked on; seq: its number; answered: of the last one that was.
        run: counts finished runs.
    """

    key: str
    settings: TaskSettings
    notes: Sequence[str] = ()
    table: OwnTable | None = None
    ask: LabAsk | None = None
    seq: int = 0
    answered: int = 0
    run: int = 0
    trained: Trained | None = None
    repeated: Repeated | None = None

    @property
    def is_trained(self) -> bool:
        """Whether what is asked is what is shown."""
        shown = self.trained
        return shown is not None and (shown.settings, shown.table) == (self.settings, self.table)

    def show(self, result: LabResult) -> None:
        """The run of what is asked is there."""
        self.trained, self.run = Trained(self.settings, self.table, result), self.run + 1

    def plan_repeats(self) -> Repeated:
        """The repeats of what is asked, begun or new."""
        if self.repeated is None or not self.repeated.is_of(self.settings, self.table):
            first = min(self.settings.seed, MAX_SEED + 1 - SEEDS)
            self.repeated = Repeated(self.settings, self.table, tuple(range(first, first + SEEDS)))
        return self.repeated

    def get_repeats(self) -> Repeated | None:
        """The repeats that what is shown belongs to."""
        shown, repeated = self.trained, self.repeated
        return repeated if shown and repeated and repeated.is_of(shown.settings, shown.table) else None


def get_lab(name: str, settings: TaskSettings, notes: Sequence[str] = ()) -> LabState:
    """The visitor's lab of that name; it begins with these settings."""
    labs: dict[str, LabState] = st.session_state.setdefault("labs", {})
    if name not in labs:
        labs[name] = LabState(name, settings, notes)
    return labs[name]
