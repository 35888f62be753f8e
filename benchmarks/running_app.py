"""The app in a process of its own, started as a user starts it, and what it takes."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class RunningApp:
    """The page's process, the engine that it started, and the address."""

    url: str
    page: psutil.Process

    @property
    def engines(self) -> list[psutil.Process]:
        """Every process that the page started."""
        return self.page.children(recursive=True)

    @property
    def memory(self) -> tuple[float, float]:
        """Resident MB of the page and of all that it started."""
        return _measure_resident(self.page), sum(map(_measure_resident, self.engines))

    @property
    def seconds(self) -> float:
        """Processor time that page and engine have used by now."""
        return sum(map(_measure_seconds, (self.page, *self.engines)))


@contextmanager
def running(port: int | None = None) -> Iterator[RunningApp]:
    """The app until the block ends, on this or a free port."""
    port = port or find_free_port()
    options = ("--server.headless", "true", "--server.port", str(port))
    command = (sys.executable, "-m", "streamlit", "run", "app.py", *options)
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://localhost:{port}"
        _wait_for_server(url, process)
        yield RunningApp(url, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()


def find_free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_server(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError("the app ended before it served a page")


def _measure_resident(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / 1e6
    except psutil.NoSuchProcess:  # it ended while we looked
        return 0.0


def _measure_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system
