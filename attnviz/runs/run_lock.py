"""The lock of a run: a process works on a run exactly while it holds the lock in the run's folder.

The system lets a lock go when its process ends, however it ends. So there are no heartbeats, and nobody guesses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from attnviz.errors import CheckpointError
from attnviz.runs.run_files import LOCK_FILE, STATUS_FILE

PATIENCE = 5.0
"""Seconds to wait for a lock that somebody holds only to see whether it is free."""


class RunBusy(CheckpointError):
    """A process works on the run."""


@contextmanager
def hold_run(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of a run; nobody else works on it meanwhile.

    Raises:
        RunBusy: somebody does for longer than so many seconds.
        CheckpointError: the folder is gone, or locks cannot be had there.
    """
    lock = make_lock(folder / LOCK_FILE)
    try:
        (folder / STATUS_FILE).stat()  # or the folder would be made again for its lock
        lock.acquire(timeout=patience)
    except filelock.Timeout:
        raise RunBusy(f"A process works on {folder.name}. Stop the run or wait for its end.") from None
    except (OSError, NotImplementedError) as error:
        raise CheckpointError(_explain(folder, error)) from error
    try:
        yield
    finally:
        lock.release()


def make_lock(path: Path) -> filelock.BaseFileLock:
    """A lock that no other object of this process shares, neither in another thread."""
    return filelock.FileLock(path, thread_local=False)


def _explain(folder: Path, error: OSError | NotImplementedError) -> str:
    reason = getattr(error, "strerror", None) or error
    return (
        f"{folder} cannot be locked ({reason}), so that runs cannot be kept apart there. Some network folders have no "
        "locks: set ATTNVIZ_CHECKPOINTS to a folder of this machine that you may write to."
    )
