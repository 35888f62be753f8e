"""Work that takes long: done in a thread, chunk by chunk; a part of the page watches it and may stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from attnviz.errors import AttnvizError
from attnviz.languages import get_language, using_language


class Work:
    """A piece of work and where it stands; every method may be called from any thread.

    It speaks the language of whoever asks for it.

    Args:
        steps: does the work; it yields each time that a chunk is done and is not asked to go on once the work is to
            stop.
        total: how many things there are to do.

    Attributes:
        done: how many of them are done; `steps` says so.
        total: as given; `steps` may learn better.
        message: what is being done, in words, while there is nothing to count.
        state: 'running', 'finished', 'stopped' or 'failed'.
        error: why it failed, in words.
    """

    def __init__(self, steps: Callable[[Work], Iterator[None]], total: int = 0) -> None:
        self.done, self.total, self.message = 0, total, ""
        self.state, self.error = "running", ""
        self._steps = steps
        self._stop, self._language = threading.Event(), get_language()
        self._thread = threading.Thread(target=self._run, name="work", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it after the chunk that is under way."""
        self._stop.set()

    def wait(self, timeout: float) -> bool:
        """Wait until it has ended; whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop and has not ended yet."""
        return self._stop.is_set() and self.state == "running"

    def _run(self) -> None:
        with using_language(self._language):
            self._work()

    def _work(self) -> None:
        try:
            for _ in self._steps(self):
                if self._stop.is_set():
                    break
        except Exception as error:  # nobody waits for the thread: whatever went wrong is what the page tells
            self.error = str(error) if isinstance(error, AttnvizError) else f"{type(error).__name__}: {error}"
            self.state = "failed"
            return
        self.state = "stopped" if self._stop.is_set() and self.done < self.total else "finished"
