"""Waiting for runs that train in processes of their own."""

from __future__ import annotations

import time
from collections.abc import Callable

from attnviz.runs.run_lock import RUNNER_LOCK, is_free
from attnviz.runs.stored_run import StoredRun, find_run

DEADLINE = 300.0
POLL_SECONDS = 0.05


def wait_until(name: str, is_so: Callable[[StoredRun], bool]) -> StoredRun:
    """The run, as soon as that is so of it."""
    until = time.monotonic() + DEADLINE
    while not is_so(run := find_run(name)):
        assert time.monotonic() < until, run.status
        time.sleep(POLL_SECONDS)
    return run


def wait_for_end(name: str) -> StoredRun:
    return wait_until(name, lambda run: run.status.ended)


def wait_for_epochs(name: str, epochs: int = 1) -> StoredRun:
    """Until so many epochs are done, of a run that goes on."""
    run = wait_until(name, lambda run: len(run.read_epochs()) >= epochs or run.status.ended)
    assert run.status.alive, run.status
    return run


def wait_for_runner(run: StoredRun) -> None:
    """Until the process that does the waiting runs has ended."""
    until = time.monotonic() + DEADLINE
    while not is_free(run.folder.parent / RUNNER_LOCK):
        assert time.monotonic() < until
        time.sleep(POLL_SECONDS)
