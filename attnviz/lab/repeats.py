"""One task of the Column lab with many seeds."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from attnviz.lab.lab_results import LabRepeats, round_for_picture
from attnviz.lab.lab_run import run_task
from attnviz.lab.tasks import TaskSettings
from attnviz.training.seeds import MAX_SEED


def repeat_task(settings: TaskSettings, runs: int = 20) -> LabRepeats:
    """Train with `runs` seeds in a row, beginning with that of the settings; two at once."""
    began = time.perf_counter()
    first = min(settings.seed, MAX_SEED + 1 - runs)
    with ThreadPoolExecutor(2) as pool:  # a compiled run holds no lock of Python's
        results = list(pool.map(run_task, (replace(settings, seed=first + i) for i in range(runs))))
    return LabRepeats(
        attention=round_for_picture([run.attention[-1] for run in results]),
        scores=round_for_picture([run.score for run in results]),
        accuracies=round_for_picture([run.history["val_accuracy"][-1] for run in results]),
        seconds=time.perf_counter() - began,
    )
