"""Training runs in processes of their own, with their state on disk.

A run outlives the page that started it. Its folder holds `settings.json`, what it is asked to do; `status.json` and
`history.csv`, written by the run; `stop`, an empty file with which the page asks it to stop; and `log.txt`, what it
printed. No TensorFlow here until a run begins: the page reads these files, and the process that trains
(`python -m attnviz.runs FOLDER`) writes them through `JobObserver`.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import pandas as pd

from attnviz.errors import AttnvizError, SettingError
from attnviz.folders import cache_folder
from attnviz.processes import child_environment, module_command
from attnviz.runs.library import new_run_folder
from attnviz.runs.training_run import run_training
from attnviz.training.observer import Observer
from attnviz.values.history import History
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.run import JobStatus
from attnviz.values.training_settings import TrainingSettings

SETTINGS_FILE, STATUS_FILE, HISTORY_FILE = "settings.json", "status.json", "history.csv"
STOP_FILE, LOG_FILE, LOCK_FILE = "stop", "log.txt", ".lock"
STATUS_SECONDS = 0.3
"""How often the status is written at most while batches go by."""
HEARTBEAT_SECONDS = 2.0
LIAR = "liar"
"""What the name of an adversarially trained twin has after that of its network."""
SILENT_SECONDS = 30.0
"""A run that has not touched its status for so long is dead."""

_processes: dict[str, subprocess.Popen[bytes]] = {}
"""Runs that this process started; kept so that their end is noticed at once and they leave no zombie."""


def start_job(settings: TrainingSettings) -> JobStatus:
    """Start training in the background, at low priority.

    Raises:
        SettingError: a run is under way; two at a time would only slow each other down.
        OSError: the cache cannot be written, or no process can be started.
    """
    runs = _runs_folder()
    runs.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(runs / LOCK_FILE):  # of this call: threads of one process exclude each other too
        if running := next((job for job in list_jobs() if job.running), None):
            raise SettingError(f"A run of {running.network} is under way. Stop it or wait for its end.")
        id = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        return _start(id, settings)


def _start(id: str, settings: TrainingSettings) -> JobStatus:
    folder = job_folder(id)
    folder.mkdir()
    try:
        _write_json(folder / SETTINGS_FILE, settings)
        status = JobStatus(id, settings.network, "starting", "Starting TensorFlow", epochs=settings.epochs or 0)
        _write_json(folder / STATUS_FILE, status)
        _processes[id] = _start_process(folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)  # or it would seem to be starting until it is taken for dead
        raise
    return status


def _start_process(folder: Path) -> subprocess.Popen[bytes]:
    with (folder / LOG_FILE).open("wb") as log:
        return subprocess.Popen(
            module_command("attnviz.runs", str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=child_environment(),
            start_new_session=True,  # Ctrl-C at the page's terminal does not reach it
        )


def run_job(folder: Path) -> int:
    """Do what the settings in the folder of a run say, in this process; the exit code.

    However it ends, the status says so. An error that is no AttnvizError is raised again.
    """
    if hasattr(os, "nice"):
        os.nice(10)  # the page and the engine come first
    observer = JobObserver(folder, _read_status(folder).network)
    try:
        settings = _read_settings(folder)
        run_training(settings, new_run_folder(_name_run(settings)), observer)
    except AttnvizError as error:
        observer.fail(error)
        print(error, file=sys.stderr)
        return 2
    except BaseException as error:
        observer.fail(error)
        raise
    return 0


def _read_settings(folder: Path) -> TrainingSettings:
    return from_plain(TrainingSettings, _read_json(folder / SETTINGS_FILE), "training settings")


def _name_run(settings: TrainingSettings) -> str:
    return settings.network if settings.deceit is None else f"{settings.network}-{LIAR}"


def read_deceit(id: str) -> float | None:
    """How much the network of a run may deceive; None where it learns the labels, or says nothing that can be read."""
    with suppress(SettingError, OSError, ValueError):
        return _read_settings(job_folder(id)).deceit
    return None


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
    status = _read_status(folder)
    if status.running and _has_ended(folder):
        return _end_status(folder)
    if status.running and (folder / STOP_FILE).exists():
        return status.with_state("stopping", "Stopping after this batch; the best epoch so far is kept")
    return status


def _read_status(folder: Path) -> JobStatus:
    try:
        return from_plain(JobStatus, _read_json(folder / STATUS_FILE), "status of a run")
    except (OSError, ValueError, SettingError) as error:
        raise SettingError(f"There is no training run {folder.name!r} ({error}).") from error


def _has_ended(folder: Path) -> bool:
    if process := _processes.get(folder.name):
        return process.poll() is not None
    try:
        return time.time() - (folder / STATUS_FILE).stat().st_mtime > SILENT_SECONDS
    except OSError:  # its folder was deleted
        return True


def _end_status(folder: Path) -> JobStatus:
    """The status of a run that has ended; it may have written its last words since its status was read."""
    status = _read_status(folder)
    if status.running:
        status = status.with_state("failed", f"The run ended unexpectedly. {_log_tail(folder)}")
        _write_json(folder / STATUS_FILE, status)
    return status


def read_job_history(id: str) -> History:
    """The epochs so far."""
    try:
        return History.from_frame(pd.read_csv(job_folder(id) / HISTORY_FILE))
    except (OSError, ValueError):  # no epoch yet
        return History({})


def list_jobs() -> list[JobStatus]:
    """All runs whose folders are still there, the newest first."""
    folder = _runs_folder()
    ids = sorted((path.name for path in folder.iterdir()), reverse=True) if folder.is_dir() else []
    jobs = []
    for id in ids:
        with suppress(SettingError):  # what holds no status is no run
            jobs.append(read_job(id))
    return jobs


def job_folder(id: str) -> Path:
    """Where a run keeps its state."""
    if not id or Path(id).name != id or id.startswith("."):
        raise SettingError(f"{id!r} is no id of a training run.")
    return _runs_folder() / id


def _runs_folder() -> Path:
    return cache_folder() / "jobs"


class JobObserver(Observer):
    """The run's side: writes the status a few times a second and a heartbeat while nothing else happens.

    Every method may be called from any thread; no change that one of them makes is lost.
    """

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
        self._update(at_least_after=STATUS_SECONDS, epoch=epoch, step=step)

    def on_epoch(self, epoch: int, row: Mapping[str, float]) -> None:
        with self._lock:
            self._rows.append(dict(row))
            _write_history(self._folder, self._rows)
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

    def _end(self, **changes: Any) -> None:
        self._ended.set()
        self._update(**changes)

    def _update(self, at_least_after: float = 0.0, **changes: Any) -> None:
        """Change the status, and write it unless that was done less than so many seconds ago."""
        with self._lock:
            self._status = replace(self._status, **changes)
            if time.monotonic() - self._written >= at_least_after:
                _write_json(self._folder / STATUS_FILE, self._status)
                self._written = time.monotonic()

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            self._update()


def _write_history(folder: Path, rows: Sequence[Mapping[str, float]]) -> None:
    columns = {name: np.array([row[name] for row in rows]) for name in rows[-1]}
    _write_text(folder / HISTORY_FILE, History(columns).to_frame().to_csv(index=False, lineterminator="\n"))


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write_json(path: Path, value: Any) -> None:
    _write_text(path, json.dumps(to_plain(value)))


def _write_text(path: Path, text: str) -> None:
    """Write beside and rename, so that a reader never meets half a file; several writers don't disturb each other."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _log_tail(folder: Path) -> str:
    try:
        lines = (folder / LOG_FILE).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return f"Its last words: {lines[-1][-300:]}" if lines else ""
