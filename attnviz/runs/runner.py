"""The process that does the waiting runs of a library one after another, each in a process of its own.

It ends when none waits. Whoever adds a run, or opens the app while some wait, makes sure that there is one.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

from attnviz.errors import CheckpointError
from attnviz.folders import library_folders
from attnviz.languages import keep, tr
from attnviz.processes import child_environment, module_command
from attnviz.runs.run_files import LOG_FILE, read_last_words, read_status, write_status
from attnviz.runs.run_lock import RUNNER_LOCK, TRAINING_LOCK, RunBusy, hold_lock, hold_queue, hold_run, is_free
from attnviz.runs.stored_run import LAST_WORDS, StoredRun, list_runs

RUNNER_LOG = ".runner.log"
PATIENCE, TURN_SECONDS = 2.0, 0.5


def ensure_runner() -> None:
    """Start a runner if runs wait and none is there; one too many ends at once.

    Not for every look at a run: until a new runner holds its lock, which takes some seconds, it is not seen.

    Raises:
        CheckpointError: no process can be started, or the library has no locks.
    """
    library = library_folders()[0].resolve()
    if _list_waiting(library) and is_free(library / RUNNER_LOCK):
        process = _start_process(library / RUNNER_LOG, "ab", str(library))
        threading.Thread(target=process.wait, name="runner-end", daemon=True).start()  # it leaves no zombie


def serve(library: Path) -> int:
    """Do the waiting runs of a library in this process, unless another does; the exit code.

    After the lock was let go it looks again: who added a run before that saw it held and relies on this process.
    """
    try:
        while _find_first(library) is not None:
            with hold_lock(library / RUNNER_LOCK, PATIENCE):
                _do_all(library)
    except RunBusy:
        return 0
    return 0


def _do_all(library: Path) -> None:
    while _find_first(library) is not None:
        if not is_free(library / TRAINING_LOCK):
            time.sleep(TURN_SECONDS)
        elif (run := _find_first(library)) is not None:
            _do(run.folder)


def _find_first(library: Path) -> StoredRun | None:
    """The run that has waited longest; looked at while nobody changes the queue."""
    with hold_queue(library):
        return next(iter(_list_waiting(library)), None)


def _list_waiting(library: Path) -> list[StoredRun]:
    return [run for run in reversed(list_runs(library)) if run.position is not None]


def _do(folder: Path) -> None:
    _start_process(folder / LOG_FILE, "ab", str(folder.parent), folder.name).wait()
    with hold_run(folder):
        status = read_status(folder)
        if status.state == "queued":
            message = keep("Its process did not start")
            if words := read_last_words(folder):
                message = keep(LAST_WORDS, told=message, words=words)
            write_status(folder, replace(status, state="failed", message=message))


def _start_process(log: Path, mode: str, *arguments: str) -> subprocess.Popen[bytes]:
    try:
        with log.open(mode) as output:
            return subprocess.Popen(
                module_command("attnviz.runs", *arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=child_environment(),
                start_new_session=os.name == "posix",  # Ctrl-C at the terminal of the app does not reach it
            )
    except OSError as error:
        raise CheckpointError(tr("No process of a run can be started ({error}).", error=error)) from error
