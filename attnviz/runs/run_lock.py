"""The locks of a library: which process works on a run, which one trains, and who changes the queue.

A process works on a run exactly while it holds the lock in the run's folder; the system lets a lock go when its process
ends, however it ends. So there are no heartbeats, and nobody guesses. Three locks in the folder of the library keep the
apps and command lines that share it apart: QUEUE_LOCK is held for a moment by whoever changes who waits, TRAINING_LOCK
by the process that trains, RUNNER_LOCK by the one that does the waiting runs one after another (runner.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from attnviz.errors import CheckpointError
from attnviz.languages import tr
from attnviz.runs.run_files import LOCK_FILE, STATUS_FILE

QUEUE_LOCK, TRAINING_LOCK, RUNNER_LOCK = ".queue.lock", ".training.lock", ".runner.lock"
PATIENCE = 5.0
"""Seconds to wait for a lock that somebody holds only to see whether it is free."""
QUEUE_PATIENCE = 60.0


class RunBusy(CheckpointError):
    """A process works on the run."""


@contextmanager
def hold_lock(path: Path, patience: float) -> Iterator[None]:
    """Hold a lock; nobody else does meanwhile, in another thread neither.

    Raises:
        RunBusy: somebody does for longer than so many seconds.
        CheckpointError: locks cannot be had there.
    """
    lock = filelock.FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=patience)
    except filelock.Timeout:
        raise RunBusy(
            tr("A process works on {name}. Stop the run or wait for its end.", name=path.parent.name)
        ) from None
    except (OSError, NotImplementedError) as error:
        raise CheckpointError(_explain(path.parent, error)) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def hold_run(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of a run.

    Raises:
        RunBusy: a process works on it.
        CheckpointError: the folder is gone, or locks cannot be had there.
    """
    if not (folder / STATUS_FILE).is_file():  # or the folder would be made again for its lock
        raise CheckpointError(tr("{path} is no run (any more).", path=folder))
    with hold_lock(folder / LOCK_FILE, patience):
        yield


@contextmanager
def hold_queue(library: Path) -> Iterator[None]:
    """Be the only one who changes which runs wait in a library; its folder is made if there is none.

    Raises:
        CheckpointError: the library cannot be written, or locks cannot be had there.
    """
    try:
        library.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CheckpointError(tr("{path} cannot be written ({error}).", path=library, error=error.strerror)) from error
    with hold_lock(library / QUEUE_LOCK, QUEUE_PATIENCE):
        yield


def is_free(path: Path) -> bool:
    """Whether nobody holds a lock just now.

    Raises:
        CheckpointError: locks cannot be had there.
    """
    try:
        with hold_lock(path, 0):
            return True
    except RunBusy:
        return False


def _explain(folder: Path, error: OSError | NotImplementedError) -> str:
    reason = getattr(error, "strerror", None) or error
    return tr(
        "{path} cannot be locked ({reason}), so that runs cannot be kept apart there. Some network folders have no "
        "locks: set ATTNVIZ_CHECKPOINTS to a folder of this machine that you may write to.",
        path=folder,
        reason=reason,
    )
