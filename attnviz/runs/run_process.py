"""What the process of a run does: it holds the lock of the run, waits for its turn, trains, and writes down the end."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from attnviz.errors import AttnvizError
from attnviz.folders import library_folders
from attnviz.languages import keep
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.run_files import STATE_FOLDER, read_settings, read_status, write_status
from attnviz.runs.run_lock import TRAINING_LOCK, RunBusy, hold_lock, hold_run
from attnviz.runs.run_writer import RunWriter
from attnviz.runs.stored_run import mend
from attnviz.runs.training_run import run_training
from attnviz.training.observer import Observer

TURN_SECONDS = 0.5
"""How often a run that waits for its turn looks whether it was asked to stop."""
NICENESS = 10


def run_apart(folder: Path) -> int:
    """Do a run that waits in the queue, in this process; the exit code. One that waits no more is left alone."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # the page and the engine come first
    try:
        with hold_run(folder):
            if read_status(folder).state == "queued":
                begin(folder)
                carry_out(folder)
    except KeyboardInterrupt:
        return 130
    except AttnvizError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def begin(folder: Path) -> None:
    """Say that a process works on the run, whose lock this one holds."""
    write_status(folder, replace(read_status(folder), state="starting", message=keep("Starting TensorFlow")))


def carry_out(folder: Path, shown: Observer | None = None) -> Checkpoint:
    """Do what the settings of a run say, in this process, which holds the lock of the run.

    However it ends, the status says so.

    Args:
        folder: of the run.
        shown: told of progress as well.

    Raises:
        AttnvizError: as `run_training`. KeyboardInterrupt: stopped before its turn came.
    """
    writer = RunWriter(folder, shown)
    try:
        mend(folder)
        settings = read_settings(folder)
        with _wait_for_turn(folder, writer):
            checkpoint = run_training(settings, folder, writer)
    except BaseException as error:
        writer.fail(error)
        raise
    if not checkpoint.run.stopped:
        shutil.rmtree(folder / STATE_FOLDER, ignore_errors=True)
    return checkpoint


@contextmanager
def _wait_for_turn(folder: Path, writer: RunWriter) -> Iterator[None]:
    """One run at a time trains in a library; a folder elsewhere has no queue."""
    library = folder.resolve().parent
    if library not in [place.resolve() for place in library_folders()]:
        yield
        return
    waiting = False
    while True:
        if writer.should_stop():
            raise KeyboardInterrupt
        try:
            with hold_lock(library / TRAINING_LOCK, TURN_SECONDS):
                yield
                return
        except RunBusy:
            if not waiting:
                writer.message(keep("Waiting for the end of the run that trains now"))
            waiting = True
