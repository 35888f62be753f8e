"""Trains one seed of a sweep and answers what became of it: `python -m attnviz.evidence.seed_training TASK`."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from attnviz.engine.wire import Line
from attnviz.errors import CheckpointError
from attnviz.evidence.seed_run import SeedRun
from attnviz.evidence.training_processes import TrainingProcess, answer_parent
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.run_process import carry_out
from attnviz.runs.run_queue import hold_new_run, hold_old_run
from attnviz.runs.stored_run import StoredRun, read_run
from attnviz.values.plain import from_plain
from attnviz.values.training_settings import TrainingSettings

MODULE = "attnviz.evidence.seed_training"


@dataclass(frozen=True, slots=True)
class SeedTask:
    """A seed to train.

    Attributes:
        settings: of the run.
        folder: of the run, outside of the library; what an earlier process left there goes on.
        command: what made it, for the record.
    """

    settings: TrainingSettings
    folder: str
    command: str

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.settings.network}, seed {self.settings.seed}"


def train_seed(task: SeedTask) -> SeedRun | None:
    """Train it, unless that is done already; None where it was stopped early.

    Raises:
        AttnvizError: as `runs.training_run.run_training`.
    """
    left = _find_left(task)
    finished = left is not None and left.status.state == "finished"
    checkpoint = left.read_checkpoint() if left and finished else _train(task, left)
    if checkpoint.run.stopped:
        return None
    history = {name: tuple(column.tolist()) for name, column in checkpoint.history.columns.items()}
    return SeedRun(checkpoint.run, history, task.settings.limit, task.command)


def start_training(task: SeedTask) -> TrainingProcess:
    """A process that trains it."""
    return TrainingProcess(MODULE, task, task.name)


def train_elsewhere(task: SeedTask) -> Line:
    """What a worker of Ray does: it trains in a process and a folder that end with the task."""
    with tempfile.TemporaryDirectory(prefix="attnviz-") as folder:
        there = replace(task, folder=str(Path(folder, Path(task.folder).name)))
        with closing(start_training(there)) as process:
            return process.wait()


def _find_left(task: SeedTask) -> StoredRun | None:
    """A run with these settings that an earlier process left, finished or not."""
    with suppress(CheckpointError):  # there is none, or a damaged one
        run = read_run(Path(task.folder))
        return run if run.settings == task.settings else None
    return None


def _train(task: SeedTask, left: StoredRun | None) -> Checkpoint:
    with _hold(task, left) as folder:
        return carry_out(folder)


def _hold(task: SeedTask, left: StoredRun | None) -> AbstractContextManager[Path]:
    if left is not None and left.status.resumable:
        return hold_old_run(task.folder)
    shutil.rmtree(task.folder, ignore_errors=True)
    return hold_new_run(task.settings, Path(task.folder))


def main() -> int:
    """Train the seed of the task that the command line has; the exit code."""
    task = from_plain(SeedTask, json.loads(sys.argv[1]), "task")
    return answer_parent(lambda: train_seed(task))


if __name__ == "__main__":
    sys.exit(main())
