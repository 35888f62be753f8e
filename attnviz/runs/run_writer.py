"""The run's own side of its folder: what training says is written down as it happens."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from attnviz.errors import AttnvizError, CheckpointError, NothingTrained
from attnviz.languages import Message, keep
from attnviz.runs.run_files import (
    EPOCHS_FILE,
    STEPS_FILE,
    STOP_FILE,
    add_row,
    keep_rows,
    read_status,
    write_status,
)
from attnviz.training.observer import Observer
from attnviz.values.run import TRAINING, RunState

STATUS_SECONDS = 0.3
"""How often the status is written at most while steps go by."""
ROWS_AN_EPOCH = 40
"""How many points of an epoch steps.csv has at most."""
WINDOW = 30
"""Over how many steps the speed is measured."""


class RunWriter(Observer):
    """Writes status, epochs and steps of a run whose lock this process holds.

    Args:
        folder: of the run.
        shown: told of everything as well, e.g. a progress bar.

    Raises:
        CheckpointError: the folder has no proper status.
    """

    def __init__(self, folder: Path, shown: Observer | None = None) -> None:
        self._folder, self._shown = folder, shown or Observer()
        self._status = read_status(folder)
        self._before, self._began = self._status.seconds, 0.0
        self._batch, self._every, self._pause = 0.0, 1, 0.0
        self._times: deque[float] = deque(maxlen=WINDOW)
        self._written = 0.0

    def message(self, text: str) -> None:
        """Something that takes time begins."""
        self._shown.message(text)
        self._write("running", keep(text))

    def on_start(self, epochs: int, steps: int, *, reviews: int, done: int = 0) -> None:
        """Training begins; what was measured after the last finished epoch is forgotten."""
        self._shown.on_start(epochs, steps, reviews=reviews, done=done)
        for name in (EPOCHS_FILE, STEPS_FILE):
            keep_rows(self._folder / name, done)
        self._began, self._batch, self._every = time.monotonic(), reviews / steps, math.ceil(steps / ROWS_AN_EPOCH)
        self._write("running", TRAINING, epoch=done, epochs=epochs, step=steps if done else 0, steps=steps)

    def on_step(self, epoch: int, step: int, measured: Mapping[str, float]) -> None:
        """A step is done."""
        self._shown.on_step(epoch, step, measured)
        self._times.append(time.monotonic())
        if step % self._every == 0 or step == self._status.steps:
            add_row(self._folder / STEPS_FILE, {"epoch": epoch, "step": step, **measured})
        self._status = replace(self._status, epoch=epoch, step=step)
        if self._times[-1] - self._written >= STATUS_SECONDS:
            self._write("running", TRAINING, **self._estimate())

    def on_epoch(self, epoch: int, row: Mapping[str, float], best: int) -> None:
        """An epoch is done."""
        self._shown.on_epoch(epoch, row, best)
        add_row(self._folder / EPOCHS_FILE, {"epoch": epoch, **row})
        if self._times:
            self._pause = time.monotonic() - self._times[-1]
        self._write("running", TRAINING, epoch=epoch, best_epoch=best, **self._estimate())
        self._times.clear()

    def should_stop(self) -> bool:
        """Whether somebody asked the run to stop."""
        return (self._folder / STOP_FILE).exists() or self._shown.should_stop()

    def finish(self, name: str, *, accuracy: float, stopped: bool) -> None:
        """The run is saved."""
        self._shown.finish(name, accuracy=accuracy, stopped=stopped)
        told = keep("Stopped; the best epoch is kept") if stopped else keep("Finished")
        message = keep("{told}: accuracy {share}", told=told, share=accuracy)  # without its name, which may change
        self._write("stopped" if stopped else "finished", message, accuracy=accuracy)

    def fail(self, error: BaseException) -> None:
        """The run ends without a new result."""
        stopped = isinstance(error, (KeyboardInterrupt, NothingTrained)) or self.should_stop()
        with suppress(CheckpointError):  # a full disk: who reads the status next finds no process
            self._write("stopped" if stopped else "failed", _describe(error))

    def _write(self, state: RunState, message: Message, **changes: Any) -> None:
        changes = {"reviews_per_second": None, "seconds_left": None, **changes}
        seconds = self._before + (time.monotonic() - self._began if self._began else 0.0)
        self._status = replace(self._status, state=state, message=message, seconds=round(seconds, 2), **changes)
        write_status(self._folder, self._status)
        self._written = time.monotonic()

    def _estimate(self) -> dict[str, float]:
        """The speed of the last steps, and how long the rest takes at it, reading the held-out reviews included."""
        if len(self._times) < 2 or self._times[-1] == self._times[0]:
            return {}
        a_step = (self._times[-1] - self._times[0]) / (len(self._times) - 1)
        status = self._status
        epochs_left = status.epochs - status.epoch
        seconds = (epochs_left * status.steps + status.steps - status.step) * a_step + epochs_left * self._pause
        return {"reviews_per_second": round(self._batch / a_step, 1), "seconds_left": round(seconds, 1)}


def _describe(error: BaseException) -> Message:
    if isinstance(error, KeyboardInterrupt):
        return keep("Stopped before an epoch was done")
    return error.message if isinstance(error, AttnvizError) else Message(f"{type(error).__name__}: {error}")
