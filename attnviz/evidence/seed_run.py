"""What became of one seed of a sweep, as one file of JSON in its folder of results; needs no TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from attnviz.evidence.results_folder import write_text
from attnviz.evidence.training_processes import read_trained
from attnviz.values.plain import to_plain
from attnviz.values.run import Run

FORMAT = 1


@dataclass(frozen=True, slots=True)
class SeedRun:
    """A network that was trained with one of the seeds.

    Attributes:
        run: how it was trained and what it reached.
        history: a column a measure, a value an epoch.
        limit: at most so many training and so many test texts were used; None for all.
        command: what trains it again, and those of the seeds before.
        kept: the name of the network in the library; '' where it was not kept.
        format: of the file.
    """

    run: Run
    history: Mapping[str, tuple[float, ...]]
    limit: int | None
    command: str
    kept: str = ""
    format: int = FORMAT

    @property
    def digest(self) -> str:
        """sha256 of the data."""
        return str(self.run.data.get("digest"))

    @property
    def held_out_accuracy(self) -> float | None:
        """Of the selected epoch, on the texts that selected it; None where none were held out."""
        if not self.run.data.get("held_out"):
            return None
        return round(self.history["val_accuracy"][self.run.selected_epoch - 1], 6)


def name_file(seed: int) -> str:
    """What the file of a seed is called."""
    return f"seed{seed}.json"


def write_seed_run(folder: Path, run: SeedRun) -> None:
    """Add a seed to a folder of results; the file appears whole or not at all."""
    write_text(folder / name_file(run.run.seed), json.dumps(to_plain(run), indent=1, allow_nan=False) + "\n")


def read_seed_run(folder: Path, seed: int) -> SeedRun | None:
    """A seed of a folder of results; None if it is not there.

    Raises:
        DataError: its file is damaged or of another format.
    """
    file = folder / name_file(seed)
    return read_trained(file, SeedRun, "seed of a sweep", FORMAT) if file.is_file() else None
