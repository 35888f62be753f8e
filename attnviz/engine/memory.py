"""What networks, compiled programs and kept runs take in this process beside TensorFlow itself, held to one budget."""

from __future__ import annotations

import ctypes
import gc
import os
import platform
import threading
from collections.abc import Callable

import psutil

from attnviz.errors import SettingError

BUDGET_VARIABLE = "ATTNVIZ_MEMORY"
BUDGET_MB = 400.0
"""By default: the networks that ship, each explained by every method, and a program of the Column lab fit in."""


def read_budget() -> float:
    """The budget in MB: ATTNVIZ_MEMORY, else BUDGET_MB.

    Raises:
        SettingError: the variable holds no number above 0.
    """
    written = os.environ.get(BUDGET_VARIABLE) or str(BUDGET_MB)
    try:
        budget = float(written)
    except ValueError:
        budget = -1.0
    if not 0 < budget < float("inf"):
        raise SettingError(f"{BUDGET_VARIABLE} must be a number of MB above 0, it is {written!r}.")
    return budget


def measure_resident() -> float:
    """MB of this process in memory."""
    return psutil.Process().memory_info().rss / 1e6


class MemoryBudget:
    """Lets go of what is kept when it takes more than the budget; every method may be called from any thread.

    TensorFlow keeps a part of what it compiled for as long as the process lives, some 30 MB each time that everything
    was let go. So a process that takes more than half of its budget with nothing left to let go is worn: a new one
    should take its place.

    Args:
        shed: lets go of what can be made again.
        tell_worn: called once.
        megabytes: the budget.
        resident: measures what the process takes, in MB.
    """

    def __init__(
        self,
        shed: Callable[[], None],
        tell_worn: Callable[[], None],
        megabytes: float,
        resident: Callable[[], float] = measure_resident,
    ) -> None:
        self._shed, self._tell_worn, self._megabytes, self._resident = shed, tell_worn, megabytes, resident
        self._base: float | None = None
        self._worn = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """What is in memory by now is TensorFlow itself and does not count."""
        self._base = self._resident()

    def keep(self) -> None:
        """After some work: stay within the budget."""
        if self._base is None or self._taken <= self._megabytes or not self._lock.acquire(blocking=False):
            return
        try:
            self._shed()
            _return_freed_memory()
            if self._taken > self._megabytes / 2 and not self._worn:
                self._worn = True
                self._tell_worn()
        finally:
            self._lock.release()

    @property
    def _taken(self) -> float:
        return self._resident() - (self._base or 0.0)


def _return_freed_memory() -> None:
    """Collect what nobody holds, and let malloc return to the system what is free; it keeps it for itself otherwise."""
    gc.collect()
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
