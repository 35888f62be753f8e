"""What became of a control, as one file of JSON a run in a folder of results; needs no TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attnviz.evidence.control_plan import Control
from attnviz.evidence.results_folder import write_text
from attnviz.evidence.training_processes import read_trained
from attnviz.values.plain import to_plain
from attnviz.values.run import Run

SHIPPED = Path(__file__).parent / "shipped" / "controls"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a control agrees with the base network on the test reviews.

    Attributes:
        n: how many reviews.
        same: the share of them with the same answer.
        distance: the mean total variation distance of the two answers, from 0 to 1.
        divergence: the mean Jensen-Shannon divergence of the weights that words receive, from 0 to ln 2 = 0.693; None
            where a network has no attention.
    """

    n: int
    same: float
    distance: float
    divergence: float | None


@dataclass(frozen=True, slots=True)
class ControlRun:
    """A trained control.

    Attributes:
        base: name and the sha256 of the files of the checkpoint that it is a control of.
        control: which.
        is_base: whether it is the base network itself, which was not trained again.
        digest: sha256 of the reviews on which it was compared with the base network.
        run: how it was trained and what it reached.
        history: a column a measure, a value an epoch. Of a liar they are about the base network's answers: its loss,
            and as accuracy the share of the same answers.
        agreement: with the base network.
        limit: at most so many training and so many test reviews were used; None for all.
        command: what trains it again.
        f1: of the second of two labels, on the test reviews; None with more labels, or where it was not measured.
        format: of the file.
    """

    base: Mapping[str, Any]
    control: Control
    is_base: bool
    digest: str
    run: Run
    history: Mapping[str, tuple[float, ...]]
    agreement: Agreement
    limit: int | None
    command: str
    f1: float | None = None
    format: int = FORMAT


def write_run(folder: Path, run: ControlRun) -> None:
    """Add a run to a folder of results; the file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / f"{run.control.name}.json", json.dumps(to_plain(run), indent=1, allow_nan=False) + "\n")


def read_runs(folder: Path) -> list[ControlRun]:
    """The runs of a folder of results, by the names of their files; none where there is no folder.

    Raises:
        DataError: a file is damaged or of another format.
    """
    return [read_trained(file, ControlRun, "trained control", FORMAT) for file in sorted(folder.glob("*-seed*.json"))]


@cache
def read_shipped_runs(network: str) -> tuple[ControlRun, ...]:
    """The runs that attnviz ships for a network of the table; () where it ships none."""
    return tuple(read_runs(SHIPPED / network))
