"""The seeds of a sweep are trained, in processes of this machine or by Ray, while a bar says how far they are."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from attnviz.engine.wire import Line
from attnviz.errors import CheckpointError, SettingError
from attnviz.evidence.executors import Executor, run_tasks
from attnviz.evidence.ray_tasks import RayTasks, check_ray
from attnviz.evidence.seed_run import SeedRun
from attnviz.evidence.seed_training import SeedTask, start_training, train_elsewhere
from attnviz.evidence.training_processes import TrainingProcesses
from attnviz.evidence.worker_processes import count_processes
from attnviz.runs.run_files import read_status
from attnviz.values.plain import from_plain

CORES, BYTES = 2, 2_000_000_000
"""What a training uses: it computes both halves of a batch at once, and `transformer` took 1.4 GB on all reviews."""


@dataclass(frozen=True)
class SweepWorkers:
    """Who is asked to train.

    Attributes:
        jobs: how many at a time; None for as many as have their cores and fit into half of the memory.
        ray: as in `sweep`.
    """

    jobs: int | None
    ray: str | None

    def check(self) -> None:
        """Raises SettingError where they cannot be."""
        if self.jobs is not None and self.jobs < 1:
            raise SettingError(f"jobs must be 1 or more, got {self.jobs}.")
        if self.ray is not None:
            check_ray()

    def build(self, seeds: int) -> Executor[SeedTask, Line]:
        """Them; not more than there are seeds."""
        if self.ray is not None:
            return RayTasks(train_elsewhere, self.ray, min(self.jobs or seeds, seeds), CORES)
        return TrainingProcesses(start_training, min(self.jobs or count_processes(CORES, BYTES), seeds))


def train_all(tasks: Sequence[SeedTask], workers: SweepWorkers, tell: bool) -> Iterator[tuple[SeedTask, SeedRun]]:
    """The seeds as they come; the folder of its run stays until the next one is asked for.

    Args:
        tell: whether to show on standard error how far they are.

    Raises:
        AttnvizError: what a training raised. KeyboardInterrupt: one was stopped.
    """
    with closing(workers.build(len(tasks))) as executor, closing(SweepBar(tasks, executor.workers, tell)) as bar:
        for task, message in run_tasks(executor, tasks, bar.look):
            yield task, from_plain(SeedRun, message, "record of a seed")
            shutil.rmtree(Path(task.folder).parent, ignore_errors=True)
            bar.count(task)


class SweepBar:
    """How far the seeds are, and how long the rest takes.

    Args:
        tasks: the seeds. workers: how many are trained at a time. shown: whether to show it.
    """

    def __init__(self, tasks: Sequence[SeedTask], workers: int, shown: bool) -> None:
        self._left, self._total = {task.folder: task for task in tasks}, len(tasks)
        form = "{desc}{percentage:3.0f}\xa0%|{bar}| {elapsed}, {remaining} left"
        self._bar = tqdm(total=self._total, disable=not shown, file=sys.stderr, bar_format=form)
        self._at_a_time = min(workers, self._total)
        self.look()

    def look(self) -> None:
        """Show how far those are that are not done; of what Ray trains that is not known."""
        done = self._total - len(self._left)
        self._bar.n = done + sum(map(_read_progress, self._left))
        self._bar.set_description(f"{done} of {self._total} seeds done, {self._at_a_time} at a time")

    def count(self, task: SeedTask) -> None:
        """One is done."""
        del self._left[task.folder]
        self.look()

    def close(self) -> None:
        """It stays on the terminal."""
        self._bar.close()


def _read_progress(folder: str) -> float:
    with suppress(CheckpointError):  # not begun
        return read_status(Path(folder)).progress
    return 0.0
