"""Training runs in processes of their own, with their state on disk.

A run outlives the page that started it. Its folder holds `status.json` and `history.csv`, written by the run, `stop`,
an empty file with which the page asks it to stop, and `log.txt`, what it printed. No TensorFlow here: the page reads
these files, and the process that trains writes them through `JobObserver`.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd

from attnviz.errors import AttnvizError, SettingError
from attnviz.folders import cache_folder
from attnviz.processes import child_environment, module_command
from attnviz.training.observer import Observer
from attnviz.values.history import History
from attnviz.values.run import JobStatus

STATUS_FILE, HISTORY_FILE, STOP_FILE, LOG_FILE = "status.json", "history.csv", "stop", "log.txt"
HEARTBEAT_SECONDS = 2.0
SILENT_SECONDS = 30.0
"""A run that has not touched its status for so long is dead."""

_processes: dict[str, subprocess.Popen[bytes]] = {}
"""Runs that this process started; kept so that their end is noticed at once and they leave no zombie."""


def start_job(
    network: str, *, epochs: int | None = None, limit: int | None = None, seed: int = 0, batch_size: int | None = None
) -> JobStatus:
    """Start training in the background, at low priority.

    Raises:
        SettingError: a run is under way; two at a time would only slow each other down.
    """
    if running := next((job for job in list_jobs() if job.running), None):
        raise SettingError(f"A run of {running.network} is under way. Stop it or wait for its end.")
    id = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
    folder = job_folder(id)
    folder.mkdir(parents=True)
    status = JobStatus(id, network, "starting", "Starting TensorFlow", epochs=epochs or 0)
    _write_status(folder, status)
    options = {"--epochs": epochs, "--limit": limit, "--seed": seed, "--batch-size": batch_size}
    arguments = [part for name, value in options.items() if value is not None for part in (name, str(value))]
    with (folder / LOG_FILE).open("wb") as log:
        _processes[id] = subprocess.Popen(
            module_command("attnviz", "train", network, *arguments, "--job", str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=child_environment(),
            start_new_session=True,  # Ctrl-C at the page's terminal does not reach it
        )
    return status


def stop_job(id: str) -> None:
    """Ask a run to stop; it keeps the best epoch so far.

    Raises:
        SettingError: there is no such run.
    """
    read_job(id)
    (job_folder(id) / STOP_FILE).touch()


def read_job(id: str) -> JobStatus:
    """Where a run stands; a run that ended without saying so is reported as failed, with the end of its log.

    Raises:
        SettingError: there is no such run.
    """
    folder = job_folder(id)
    try:
        status = JobStatus(**json.loads((folder / STATUS_FILE).read_text(encoding="utf-8")))
        silent = time.time() - (folder / STATUS_FILE).stat().st_mtime
    except (OSError, ValueError, TypeError) as error:
        raise SettingError(f"There is no training run {id!r} ({error}).") from error
    process = _processes.get(id)
    ended = process.poll() is not None if process else silent > SILENT_SECONDS
    if status.running and ended:
        # The run may have written its last words between our reading and its end.
        status = JobStatus(**json.loads((folder / STATUS_FILE).read_text(encoding="utf-8")))
        if status.running:
            status = status.with_state("failed", f"The run ended unexpectedly. {_log_tail(folder)}")
            _write_status(folder, status)
    elif status.running and (folder / STOP_FILE).exists():
        status = status.with_state("stopping", "Stopping after this batch; the best epoch so far is kept")
    return status


def read_job_history(id: str) -> History:
    """The epochs so far."""
    try:
        return History.from_frame(pd.read_csv(job_folder(id) / HISTORY_FILE))
    except (OSError, ValueError):  # no epoch yet
        return History({})


def list_jobs() -> list[JobStatus]:
    """All runs whose folders are still there, the newest first."""
    folder = cache_folder() / "jobs"
    ids = sorted((path.name for path in folder.iterdir()), reverse=True) if folder.is_dir() else []
    jobs = []
    for id in ids:
        try:
            jobs.append(read_job(id))
        except SettingError:
            continue  # a folder without a status is not a run
    return jobs


def job_folder(id: str) -> Path:
    """Where a run keeps its state."""
    if not id or Path(id).name != id or id.startswith("."):
        raise SettingError(f"{id!r} is no id of a training run.")
    return cache_folder() / "jobs" / id


class JobObserver(Observer):
    """The run's side: writes the status a few times a second and a heartbeat while nothing else happens."""

    def __init__(self, folder: Path, network: str) -> None:
        self._folder = folder
        self._status = JobStatus(folder.name, network, "starting", "Starting TensorFlow")
        self._rows: list[dict[str, float]] = []
        self._written = 0.0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def message(self, text: str) -> None:
        self._update(state="running", message=text)

    def on_start(self, epochs: int, steps: int) -> None:
        self._update(state="running", message="Training", epochs=epochs, steps=steps)

    def on_step(self, epoch: int, step: int) -> None:
        self._status = replace(self._status, epoch=epoch, step=step)
        if time.monotonic() - self._written > 0.3:
            self._update()

    def on_epoch(self, epoch: int, row: Mapping[str, float]) -> None:
        self._rows.append(dict(row))
        columns = {name: np.array([row[name] for row in self._rows]) for name in row}
        temporary = self._folder / f".{HISTORY_FILE}"
        History(columns).to_frame().to_csv(temporary, index=False)
        temporary.replace(self._folder / HISTORY_FILE)
        self._update()

    def should_stop(self) -> bool:
        return (self._folder / STOP_FILE).exists()

    def finish(self, checkpoint: str, *, accuracy: float, stopped: bool) -> None:
        """The run is saved under that name."""
        state, words = ("stopped", "Stopped; the best epoch is kept") if stopped else ("finished", "Finished")
        message = f"{words}, saved as {checkpoint}: {accuracy:.2%} of the test reviews right"
        self._end(state=state, message=message, checkpoint=checkpoint)

    def fail(self, error: BaseException) -> None:
        """The run ends without a result."""
        message = str(error) if isinstance(error, AttnvizError) else f"{type(error).__name__}: {error}"
        self._end(state="stopped" if self.should_stop() else "failed", message=message)

    def _end(self, **changes: object) -> None:
        self._ended.set()
        self._update(**changes)

    def _update(self, **changes: object) -> None:
        with self._lock:
            self._status = replace(self._status, **changes)  # type: ignore[arg-type]
            _write_status(self._folder, self._status)
            self._written = time.monotonic()

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            self._update()


def _write_status(folder: Path, status: JobStatus) -> None:
    temporary = folder / f".{STATUS_FILE}-{os.getpid()}"
    temporary.write_text(json.dumps(asdict(status)), encoding="utf-8")
    temporary.replace(folder / STATUS_FILE)


def _log_tail(folder: Path) -> str:
    try:
        lines = (folder / LOG_FILE).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return f"Its last words: {lines[-1][-300:]}" if lines else ""
