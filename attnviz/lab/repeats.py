"""One task of the Column lab with many seeds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from attnviz.lab.lab_results import DIGITS, LabRepeats, round_for_picture
from attnviz.lab.lab_run import run_task
from attnviz.lab.own_table import OwnTable
from attnviz.lab.tasks import TaskSettings


def repeat_task(settings: TaskSettings, seeds: Sequence[int], table: OwnTable | None = None) -> LabRepeats:
    """Train once with each of the seeds in the place of the settings' own; two at once.

    Raises:
        SettingError: a seed that is none.
    """
    began = time.perf_counter()
    each = [replace(settings, seed=seed) for seed in seeds]
    with ThreadPoolExecutor(2) as pool:  # a compiled run holds no lock of Python's
        results = list(pool.map(lambda one: run_task(one, table), each))
    return LabRepeats(
        seeds=tuple(seeds),
        attention=round_for_picture([run.attention[-1] for run in results]),
        scores=tuple(None if run.score is None else round(run.score, DIGITS) for run in results),
        accuracies=round_for_picture([run.history["val_accuracy"][-1] for run in results]),
        seconds=time.perf_counter() - began,
    )
