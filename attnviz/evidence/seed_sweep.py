"""A network trained with several seeds, which differ in nothing else."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from attnviz.errors import SettingError
from attnviz.evidence.results_folder import write_text
from attnviz.evidence.seed_run import SeedRun, write_seed_run
from attnviz.evidence.sweep_plan import TRAINING, SweepPlan, plan_sweep
from attnviz.evidence.sweep_table import Row, format_sweep, make_rows, make_spreads
from attnviz.evidence.sweep_work import SweepWorkers, train_all
from attnviz.evidence.training_processes import reserve
from attnviz.runs.run_queue import adopt_run
from attnviz.values.dataset import Dataset
from attnviz.values.spread import Spread
from attnviz.values.training_settings import TrainingSettings

if TYPE_CHECKING:
    import pandas as pd

TABLE_CSV, TABLE_JSON = "table.csv", "table.json"


@dataclass(frozen=True)
class Sweep:
    """A network over its seeds.

    Attributes:
        folder: where the results are: seed0.json, seed1.json, …, table.csv, table.json.
        runs: those that were asked for, by their seeds.
    """

    folder: Path
    runs: tuple[SeedRun, ...]

    @property
    def rows(self) -> list[Row]:
        """A row a seed."""
        return make_rows(self.runs)

    @property
    def spreads(self) -> list[Spread]:
        """Mean, standard deviation, ends, and interval of the mean of each measure that all seeds have."""
        return make_spreads(self.rows)

    def find(self, measure: str) -> Spread | None:
        """One measure over the seeds, such as 'test_accuracy'; None if not all seeds have it."""
        return next((spread for spread in self.spreads if spread.measure == measure), None)

    def to_frame(self) -> pd.DataFrame:
        """A row a seed."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def to_text(self) -> str:
        """The table for a terminal, with what has to be known to read it."""
        return format_sweep(self.rows)


def sweep(
    network: str,
    out: str | Path | None = None,
    *,
    seeds: int = 8,
    epochs: int | None = None,
    batch_size: int | None = None,
    limit: int | None = None,
    protocol: str = "held-out",
    data: str | Dataset | None = None,
    jobs: int | None = None,
    ray: str | None = None,
    keep: bool = False,
    progress: bool | None = None,
) -> Sweep:
    """Train a network with the seeds 0, 1, 2, …: how far do accuracy and loss depend on the seed?

    Every seed has a process of its own and a file in the folder; what is there already is not trained again, and a
    training that was broken off goes on from its last finished epoch. The numbers do not depend on who trains.

    Args:
        network: a text network of `list_models()`.
        out: the folder of the results; by default 'sweep-NAME' in the working folder.
        seeds: how many.
        epochs, batch_size, limit, protocol, data: as in `attnviz.train`; the same for all.
        jobs: how many are trained side by side; by default one for each two cores, as far as memory allows.
        ray: an address of a cluster that trains, or '' for workers on this machine; None for no Ray.
        keep: whether the networks are kept, as runs of the library.
        progress: whether to show on standard error how far they are; by default if that is a terminal.

    Raises:
        UnknownNameError, SettingError: settings that make no run. DataError: of the data or of the folder.
        CheckpointError: a training or the library cannot be written.
        EngineError: a process that trains ended, or Ray cannot be reached.
    """
    workers = SweepWorkers(jobs, ray)
    workers.check()
    if keep and ray is not None:
        raise SettingError("What Ray trains stays where it was trained: leave out keep or ray.")
    named = data.name if isinstance(data, Dataset) else data
    plan = plan_sweep(TrainingSettings(network, epochs, batch_size, 0, limit, protocol, data=named), seeds)
    folder = Path(out or f"sweep-{network}")
    with reserve(folder):
        runs = plan.find_there(folder)
        _train_missing(plan, folder, runs, workers, keep, sys.stderr.isatty() if progress is None else progress)
        return _write_tables(plan, folder, runs)


def _train_missing(
    plan: SweepPlan, folder: Path, runs: dict[int, SeedRun], workers: SweepWorkers, keep: bool, tell: bool
) -> None:
    """Add the seeds that are not there; what is done stays when this one is stopped."""
    tasks = [plan.make_task(folder, seed) for seed in range(plan.seeds) if seed not in runs]
    for task, run in train_all(tasks, workers, tell) if tasks else ():
        plan.check_trained(run)
        runs[run.run.seed] = replace(run, kept=adopt_run(Path(task.folder)).name) if keep else run
        write_seed_run(folder, runs[run.run.seed])
        _write_tables(plan, folder, runs)
    with suppress(OSError):  # seeds that were not asked for this time may be half trained
        (folder / TRAINING).rmdir()


def _write_tables(plan: SweepPlan, folder: Path, runs: dict[int, SeedRun]) -> Sweep:
    """The seeds that are there, as a table in two formats."""
    found = Sweep(folder, tuple(runs[seed] for seed in sorted(runs)))
    write_text(folder / TABLE_CSV, found.to_frame().to_csv(index=False, lineterminator="\n"))
    made = {"command": plan.command, "settings": plan.described, "digest": plan.digest}
    table = {**made, "seeds": found.rows, "spreads": [asdict(spread) for spread in found.spreads]}
    write_text(folder / TABLE_JSON, json.dumps(table, indent=1, allow_nan=False) + "\n")
    return found
