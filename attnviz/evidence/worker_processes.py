"""Processes of this machine that share its cores, each with the network loaded once."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from queue import SimpleQueue
from typing import IO, cast

from attnviz.engine.wire import Line, read_message, restore_error, write_message
from attnviz.errors import EngineError
from attnviz.evidence.corpus_part import Part, Values
from attnviz.evidence.executors import Job
from attnviz.evidence.worker_messages import unpack_values
from attnviz.languages import tr
from attnviz.processes import child_environment, module_command
from attnviz.values.plain import to_plain

TRIES = 3
"""How often a part is given to a process: one that ends meanwhile, as for want of memory, may have ended by chance."""

BYTES_A_PROCESS = 1_000_000_000
"""About how much memory each takes, TensorFlow included."""


def count_processes(cores: int = 1, memory: int = BYTES_A_PROCESS) -> int:
    """How many have so many cores each, but not more than fit into half of the machine's memory."""
    fitting = _read_memory() // 2 // memory
    return max(1, min((os.cpu_count() or 1) // cores, fitting))


def _read_memory() -> int:
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return 2 * BYTES_A_PROCESS
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


class WorkerProcesses:
    """Measures in so many processes; one that ends is started again and costs the part that it had.

    Args:
        job: what they measure.
        processes: how many.
    """

    def __init__(self, job: Job, processes: int) -> None:
        self.workers = processes
        self._job, self._environment = job, {**child_environment(), **_share_cores(processes)}
        self._threads = ThreadPoolExecutor(processes)
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._all = [_Worker(self._job, self._environment) for _ in range(processes)]
        for worker in self._all:
            self._free.put(worker)

    @property
    def pids(self) -> list[int]:
        """Of the processes."""
        return [worker.process.pid for worker in self._all]

    def submit(self, part: Part, /) -> Future[Values]:
        """The values to come.

        Its exception is an AttnvizError: what the part raised there, EngineError where processes ended TRIES times.
        """
        return self._threads.submit(copy_context().run, self._measure, part)  # its errors in the caller's language

    def close(self) -> None:
        """End the processes, whatever they do."""
        for worker in self._all:
            worker.close()
        self._threads.shutdown(cancel_futures=True)

    def _measure(self, part: Part) -> Values:
        worker = self._free.get()
        try:
            return worker.measure(part)
        finally:
            self._free.put(worker)


class _Worker:
    """One process."""

    def __init__(self, job: Job, environment: Mapping[str, str]) -> None:
        self._job, self._environment, self._closed = job, environment, False
        self._start()

    def measure(self, part: Part) -> Values:
        for _ in range(TRIES):
            answer = self._ask({"part": to_plain(part)})
            if answer is not None:
                return _read_values(answer)
            if self._closed:
                break
            self._end()
            self._start()
        raise EngineError(
            tr("The processes that measured part {n} ended; there may be too little memory.", n=part.number)
        )

    def close(self) -> None:
        self._closed = True
        self._end()

    def _ask(self, message: Line) -> Line | None:
        """The answer, None where the process has ended."""
        try:
            write_message(self._stdin, message)
            return read_message(self._stdout)
        except (OSError, ValueError):  # a pipe that nobody reads, half a line
            return None

    def _start(self) -> None:
        self.process = subprocess.Popen(
            module_command("attnviz.evidence"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        )
        self._stdin, self._stdout = cast(IO[bytes], self.process.stdin), cast(IO[bytes], self.process.stdout)
        with suppress(OSError):
            write_message(self._stdin, {"job": to_plain(self._job)})

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self._stdin, self._stdout):
            with suppress(OSError):
                stream.close()


def _read_values(answer: Line) -> Values:
    if "error" in answer:
        raise restore_error(answer["error"])
    return unpack_values(answer["values"])


def _share_cores(processes: int) -> dict[str, str]:
    """What keeps each process to its share of the cores."""
    threads = str(max(1, (os.cpu_count() or 1) // processes))
    names = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return dict.fromkeys(names, threads)
