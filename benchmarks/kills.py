"""Kill -9 at random moments: of a training run, of the process that does the queue, and of the app that looks on.

`python -m benchmarks.kills [KILLS] [SEED]` trains on reviews that it makes, in a library of its own, and kills until so
many kills are done: some time after a process of the run began, after an epoch was done, or while the checkpoint is
saved. After each kill the library must load whole, the run must be interrupted if its process is gone, and no finished
epoch may be missing; at the end the run must have the weights of one that was never killed. It prints what was killed
when, and the largest difference of a weight.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from attnviz.processes import child_environment
from attnviz.runs.checkpoint import PIN_FOLDER
from attnviz.runs.library import DamagedCheckpoint, list_checkpoints
from attnviz.runs.loading import load_model
from attnviz.runs.run_queue import queue_run, resume_run
from attnviz.runs.runner import ensure_runner
from attnviz.runs.stored_run import find_run
from attnviz.values.training_settings import TrainingSettings
from tests.conftest import write_archive

SETTINGS = TrainingSettings("luong", epochs=8, limit=60, batch_size=8, seed=3)
MOMENTS = {"its start": 12.0, "an epoch": 0.5, "the saving": 0.05}
"""After what a kill comes, and within how many seconds of it."""
VICTIMS = ("run", "runner", "run and runner", "app", "all")
DEADLINE, SETTLED = 600.0, 5.0

APP = """
import os
from attnviz.runs.stored_run import list_runs
parent = os.getppid()
while os.getppid() == parent:
    list_runs()
"""
"""Looks at the runs all the time, as pages do, and so writes down which were interrupted."""


@dataclass
class Killer:
    """Kills processes of one run.

    Attributes:
        name: of the run. seed: decides whom and when.
        done: how often whom after what.
        epochs: how many finished epochs were seen.
    """

    name: str
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    epochs: int = 0

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)
        self._app: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        """Let the run go on, kill once, and look at what is left."""
        if self._app is None or self._app.poll() is not None:
            self._app = subprocess.Popen([sys.executable, "-c", APP], env=child_environment())
        moment, victim = str(self._random.choice([*MOMENTS])), str(self._random.choice(VICTIMS))
        self._go_on()
        self._wait_for(moment)
        time.sleep(self._random.uniform(0, MOMENTS[moment]))
        self.epochs = len(find_run(self.name).read_epochs())
        killed = dict(self._find(victim))
        for process in killed:
            process.kill()
        psutil.wait_procs([*killed])
        if killed:
            self.done[f"{' and '.join(sorted(set(killed.values())))}, after {moment}"] += 1
        self._check()

    def end(self) -> None:
        """Let the run go on to its end."""
        if self._app is not None:
            self._app.kill()
            self._app.wait()
        while not find_run(self.name).status.ended or find_run(self.name).status.resumable:
            self._go_on()
            time.sleep(0.5)

    def _go_on(self) -> None:
        run = find_run(self.name)
        if run.status.resumable:
            resume_run(self.name)
        elif run.status.state == "queued":
            ensure_runner()

    def _wait_for(self, moment: str) -> None:
        until = time.monotonic() + DEADLINE
        while not self._has_come(moment):
            assert time.monotonic() < until, find_run(self.name).status
            time.sleep(0.005)

    def _has_come(self, moment: str) -> bool:
        run = find_run(self.name)
        if moment == "its start" or run.status.ended:
            return run.status.alive or run.status.ended
        if moment == "an epoch":
            return run.status.alive and len(run.read_epochs()) > self.epochs
        return (run.folder / PIN_FOLDER).exists()

    def _find(self, victim: str) -> Iterator[tuple[psutil.Process, str]]:
        """The processes to kill, and which each is."""
        library = str(find_run(self.name).folder.parent.resolve())
        ends = {"run": [library, self.name], "runner": ["attnviz.runs", library]}
        for process in psutil.process_iter(["cmdline"]):
            command = (process.info["cmdline"] or [])[-2:]
            for name in ends:
                if command == ends[name] and (name in victim.split() or victim == "all"):
                    yield process, name
        if victim in ("app", "all") and self._app is not None:
            yield psutil.Process(self._app.pid), "app"

    def _check(self) -> None:
        until = time.monotonic() + SETTLED
        while (run := find_run(self.name)).status.alive and not {*self._find("run")}:
            assert time.monotonic() < until, run.status  # another reader may hold the lock just now, to look at it
        damaged = [item for item in list_checkpoints() if isinstance(item, DamagedCheckpoint)]
        assert not damaged, damaged
        assert len(run.read_epochs()) >= self.epochs, f"{self.epochs} epochs were done, {run.status}"
        if run.pinned:
            run.read_checkpoint()
        print(f"{run.name}: {sum(self.done.values())} kills, now {run.status.state}", file=sys.stderr)


def find_difference(one: str, other: str) -> float:
    """The largest difference of a weight of two runs."""
    models = (load_model(find_run(name).read_checkpoint()) for name in (one, other))
    weights = (model.get_weights() for model in models)
    return max(float(np.abs(left - right).max()) for left, right in zip(*weights, strict=True))


def kill_often(kills: int, seed: int = 0, settings: TrainingSettings = SETTINGS) -> tuple[Counter[str], float]:
    """So many kills of runs in the library of this process; what was killed when, and the largest difference."""
    whole = queue_run(settings, "whole").name
    done: Counter[str] = Counter()
    differences = []
    while sum(done.values()) < kills:
        killer = Killer(queue_run(settings).name, seed + sum(done.values()))
        while sum((done + killer.done).values()) < kills and find_run(killer.name).status.state != "finished":
            killer.kill()
        killer.end()
        done += killer.done
        differences.append(find_difference(killer.name, whole))
    return done, max(differences)


def main(kills: int = 50, seed: int = 0) -> None:
    """Kill in a library that is made for it, and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ATTNVIZ_CHECKPOINTS": f"{folder}/library", "ATTNVIZ_CACHE": f"{folder}/cache"}
        os.environ["ATTNVIZ_IMDB"] = str(write_archive(Path(folder) / "reviews.tar.gz"))
        done, difference = kill_often(kills, seed)
    for what, count in sorted(done.items()):
        print(f"{count:3d} × {what}")
    kills = sum(done.values())
    print(f"{kills} kills, as many libraries that load whole; no weight differs by more than {difference:.1e}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
