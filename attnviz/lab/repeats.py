"""One task of the Column lab with many seeds."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from attnviz.lab.lab_run import run_task
from attnviz.lab.tasks import TaskSettings
from attnviz.training.seeds import MAX_SEED
from attnviz.values.arrays import FloatArray, frozen_array


@dataclass(frozen=True)
class Repeats:
    """The same task with several seeds.

    Attributes:
        attention: (runs, input_dim) the last epoch's mean attention weights.
        scores, accuracies: (runs,) truth scores and validation accuracies.
        seconds: how long all of it took.
    """

    attention: FloatArray
    scores: FloatArray
    accuracies: FloatArray
    seconds: float


def repeat_task(settings: TaskSettings, runs: int = 20) -> Repeats:
    """Train with `runs` seeds in a row, beginning with that of the settings; two at once."""
    began = time.perf_counter()
    first = min(settings.seed, MAX_SEED + 1 - runs)
    with ThreadPoolExecutor(2) as pool:  # a compiled run holds no lock of Python's
        results = list(pool.map(run_task, (replace(settings, seed=first + i) for i in range(runs))))
    return Repeats(
        attention=frozen_array([run.attention[-1] for run in results]),
        scores=frozen_array([run.score for run in results]),
        accuracies=frozen_array([run.history["val_accuracy"][-1] for run in results]),
        seconds=time.perf_counter() - began,
    )
