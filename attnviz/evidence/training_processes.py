"""Training runs in processes of their own, whose results are a file each in one folder.

A training run sets threads and memory of its whole process, and TensorFlow gives little of it back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar, cast

import filelock

from attnviz.engine.wire import Line, describe_error, read_message, restore_error, write_message
from attnviz.errors import AttnvizError, DataError, EngineError, SettingError
from attnviz.languages import tr
from attnviz.processes import child_environment, module_command
from attnviz.values.plain import from_plain, to_plain

Result = TypeVar("Result", bound="TrainedFile")

STOPPED = 130
"""The exit code of a process that was stopped."""


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
        raise DataError(
            tr("{file} cannot be read ({error}): delete it, and the network is trained again.", file=file, error=error)
        ) from error
    if run.format != format:
        raise DataError(
            tr(
                "{file} has the format {found}, this version of attnviz reads {known}.",
                file=file,
                found=run.format,
                known=format,
            )
        )
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


class TrainingProcess:
    """A process that trains what a task says, `python -m MODULE TASK`, and ends when this one ends.

    Args:
        module: calls `answer_parent`.
        task: a value that `to_plain` knows.
        name: of the run, for messages.
    """

    def __init__(self, module: str, task: Any, name: str) -> None:
        self._name = name
        self._process = subprocess.Popen(
            module_command(module, json.dumps(to_plain(task))),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(),
            start_new_session=os.name == "posix",  # Ctrl-C reaches this process, which ends them all
        )

    def wait(self) -> Line:
        """What it answers.

        Raises:
            AttnvizError: what it raised; EngineError where it ended without a word.
            KeyboardInterrupt: it was stopped.
        """
        said = read_message(cast(IO[bytes], self._process.stdout))
        if self._process.wait() == STOPPED:
            raise KeyboardInterrupt
        if said is None:
            raise EngineError(f"The process that trained {self._name} ended; there may be too little memory.")
        if "error" in said:
            raise restore_error(said["error"])
        return said

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            cast(IO[bytes], stream).close()


class TrainingProcesses:
    """Does tasks in so many processes at a time, a new one for each.

    Args:
        start: makes the process of a task.
        workers: how many.
    """

    def __init__(self, start: Callable[[Any], TrainingProcess], workers: int) -> None:
        self.workers = workers
        self._start, self._all = start, list[TrainingProcess]()
        self._threads = ThreadPoolExecutor(workers)

    def submit(self, task: Any, /) -> Future[Line]:
        """What its process will answer; its exception is what `TrainingProcess.wait` raises."""
        process = self._start(task)
        self._all.append(process)
        return self._threads.submit(process.wait)

    def close(self) -> None:
        """End the processes, whatever they do."""
        for process in self._all:
            process.close()
        self._threads.shutdown(cancel_futures=True)


def train_apart(module: str, task: Any, name: str, number: str, tell: bool) -> None:
    """Train what a task says in a process of its own, see `TrainingProcess`.

    Args:
        name, number: which run it is, and which of how many: '2 of 3'.
        tell: whether to say on standard error that it began and how long it took.

    Raises:
        as `TrainingProcess.wait`.
    """
    began = time.monotonic()
    if tell:
        print(f"{name} ({number})", file=sys.stderr)
    with closing(TrainingProcess(module, task, name)) as process:
        process.wait()
    if tell:
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)


def answer_parent(train: Callable[[], Any]) -> int:
    """The exit code of such a process, which answers on its standard output.

    Args:
        train: makes what it answers, a value that `to_plain` knows; None where it was stopped early.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        trained = train()
    except AttnvizError as error:
        write_message(answers, {"error": describe_error(error)})
        return 2
    if trained is None:
        return STOPPED
    write_message(answers, to_plain(trained))
    return 0


def _end_with_parent() -> None:
    """However that ends, the system closes the pipe that it holds."""
    while os.read(sys.stdin.fileno(), 1):  # not through sys.stdin, whose lock Python waits for at its end
        pass
    os._exit(STOPPED)
