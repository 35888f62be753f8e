"""When nobody types: what may wait is done in the pauses."""

from __future__ import annotations

import math
import time


class TypingPause:
    """Knows when a typed text was last asked about; its methods may be called from any thread."""

    def __init__(self) -> None:
        self._asked = time.monotonic()

    def note(self) -> None:
        """Somebody has typed just now."""
        self._asked = time.monotonic()

    def wait(self, quiet: float, at_most: float = math.inf) -> None:
        """Wait until nobody has typed for `quiet` seconds; but if many people type, no longer than `at_most`."""
        until = time.monotonic() + at_most
        while (rest := min(self._asked + quiet, until) - time.monotonic()) > 0:
            time.sleep(rest)
