"""Training runs in processes of their own, one after the other, whose results are a file each in one folder.

A training run sets threads and memory of its whole process, and TensorFlow gives little of it back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import filelock

from attnviz.engine.wire import describe_error, restore_error, write_message
from attnviz.errors import AttnvizError, DataError, EngineError, SettingError
from attnviz.processes import child_environment, module_command
from attnviz.values.plain import from_plain, to_plain

Result = TypeVar("Result", bound="TrainedFile")


class TrainedFile(Protocol):
    """What became of a training run, as it is kept in a file."""

    @property
    def format(self) -> int:
        """Of the file."""


def read_trained(file: Path, kind: type[Result], title: str, format: int) -> Result:
    """What became of a training run.

    Args:
        kind: the dataclass that the file holds.
        title: what it is, for messages.
        format: the one that this version reads.

    Raises:
        DataError: the file is damaged or of another format.
    """
    try:
        run = from_plain(kind, json.loads(file.read_bytes()), title)
    except (OSError, ValueError, SettingError) as error:
        raise DataError(f"{file} cannot be read ({error}): delete it, and the network is trained again.") from error
    if run.format != format:
        raise DataError(f"{file} has the format {run.format}, this version of attnviz reads {format}.")
    return run


@contextmanager
def reserve(folder: Path) -> Iterator[None]:
    """One run of a command a folder.

    Raises:
        DataError: another one is under way, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / ".lock", timeout=0):
            yield
    except filelock.Timeout as error:
        raise DataError(f"Another run is training for {folder}: wait for it, or name another folder.") from error
    except OSError as error:
        raise DataError(f"{folder} cannot be written ({error.strerror or error}).") from error


def train_apart(module: str, task: Any, name: str, number: str, tell: bool) -> None:
    """Train what a task says in a process of its own, `python -m MODULE TASK`.

    Args:
        module: calls `answer_parent`.
        task: a value that `to_plain` knows.
        name, number: which run it is, and which of how many: '2 of 3'.
        tell: whether to say on standard error that it began and how long it took.

    Raises:
        AttnvizError: what it raised; EngineError where it ended without a word.
        KeyboardInterrupt: it was stopped.
    """
    began = time.monotonic()
    if tell:
        print(f"{name} ({number})", file=sys.stderr)
    command = module_command(module, json.dumps(to_plain(task)))
    done = subprocess.run(command, stdout=subprocess.PIPE, env=child_environment(), check=False)
    if done.returncode == 130:
        raise KeyboardInterrupt
    if done.returncode:
        raise _read_error(done.stdout, name)
    if tell:
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)


def answer_parent(train: Callable[[], bool]) -> int:
    """The exit code of such a process; an error is told on its standard output.

    Args:
        train: trains, and says whether it came to the end.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    try:
        return 0 if train() else 130
    except AttnvizError as error:
        write_message(answers, describe_error(error))
        return 2


def _read_error(said: bytes, name: str) -> Exception:
    try:
        return restore_error(json.loads(said))
    except ValueError:
        return EngineError(f"The process that trained {name} ended; there may be too little memory.")
