"""Training from Python: in a process of its own, so that the caller's TensorFlow is left as it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from attnviz.errors import NothingTrained, TrainingError
from attnviz.runs.run_queue import queue_run, resume_run, stop_run
from attnviz.runs.runner import ensure_runner
from attnviz.runs.stored_run import StoredRun, find_run
from attnviz.values.dataset import Dataset
from attnviz.values.training_settings import TrainingSettings

POLL_SECONDS = 0.2
RUNNER_SECONDS = 30.0
"""How often it is looked whether somebody does the waiting runs; a runner may have been killed."""


def train(
    network: str,
    *,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    protocol: str = "held-out",
    data: str | Dataset | None = None,
    pinned: Sequence[str] = (),
    tensorboard: str | Path | None = None,
    csv: str | Path | None = None,
    name: str | None = None,
    background: bool = False,
    progress: bool | None = None,
) -> StoredRun:
    """Train a network of the table; the run, which `attnviz.load(run.name)` opens.

    It has a process of its own and goes on if this one ends; Ctrl-C stops it and keeps the best epoch so far. Runs of
    the library are done one at a time, in the order in which they were asked for.

    Args:
        network: a name of `list_models()`.
        epochs, batch_size: the network's recipe if None.
        seed: decides everything that is drawn at random.
        limit: use at most so many training and so many test reviews (of `column`: samples).
        protocol: 'held-out' selects the epoch on a tenth of the training texts, 'tutorial' trains as the
            network's tutorial did.
        data: a data set of one's own or its name, see `attnviz.add_dataset`; the IMDB reviews if None.
        pinned: texts whose attention is kept while it trains; `attnviz.load_time_lapse(run.folder / "snapshots.jsonl")`
            plays it in a notebook.
        tensorboard: a folder for TensorBoard's event files. csv: a file for the measures of each epoch.
        name: of the run; by default made from the network's.
        background: whether to return at once.
        progress: whether to show a bar on standard error; by default if that is a terminal.

    Raises:
        UnknownNameError, SettingError: settings that make no run.
        CheckpointError: the name is taken, or the library cannot be written.
        TrainingError: the run failed; says why. NothingTrained: it was stopped before its first epoch was done.
    """
    named = data.name if isinstance(data, Dataset) else data
    recipe = TrainingSettings(network, epochs, batch_size, seed, limit, protocol, data=named, pinned=tuple(pinned))
    run = queue_run(replace(recipe, tensorboard=_make_absolute(tensorboard), csv=_make_absolute(csv)), name)
    return run if background else _follow(run.name, progress)


def _make_absolute(path: str | Path | None) -> str | None:
    """The process of a run has a working folder of its own."""
    return None if path is None else str(Path(path).expanduser().absolute())


def resume(name: str, *, background: bool = False, progress: bool | None = None) -> StoredRun:
    """Go on with a run that was stopped, interrupted or failed, from its last finished epoch.

    Args:
        name: of the run. background, progress: as in `train`.

    Raises:
        UnknownNameError: there is none. SettingError: it does not go on.
        CheckpointError, TrainingError, NothingTrained: as in `train`.
    """
    run = resume_run(name)
    return run if background else _follow(run.name, progress)


def _follow(name: str, progress: bool | None) -> StoredRun:
    """Wait for the end of a run."""
    hidden = not (sys.stderr.isatty() if progress is None else progress)
    with tqdm(
        total=100, desc=name, unit="%", disable=hidden, bar_format="{desc}: {percentage:3.0f}\xa0%|{bar}|"
    ) as bar:
        asked = time.monotonic()
        while True:
            try:
                run = find_run(name)
                if run.status.ended:
                    return _check(run)
                bar.n = round(100 * run.status.progress)
                bar.set_description(f"{run.name}: {run.status.sentence}")
                if time.monotonic() - asked > RUNNER_SECONDS:
                    ensure_runner()
                    asked = time.monotonic()
                time.sleep(POLL_SECONDS)
            except KeyboardInterrupt:
                stop_run(name)


def _check(run: StoredRun) -> StoredRun:
    if run.status.state in ("failed", "interrupted"):
        raise TrainingError(f"{run.name}: {run.status.sentence}")
    if not run.pinned:
        raise NothingTrained(run.status.sentence)
    return run
