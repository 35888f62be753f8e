"""What is compiled ahead of use, one thing after the other, when nobody types."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING

from attnviz.engine.explainer_cache import ExplainerCache
from attnviz.engine.typing_pause import TypingPause

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer

QUIET_SECONDS = 2.0
"""Nothing is compiled ahead of use until nobody has typed for so long."""

_log = logging.getLogger(__name__)


class WarmUp:
    """A queue of things to compile; every method may be called from any thread."""

    def __init__(self, pause: TypingPause) -> None:
        self._pause = pause
        self._known: weakref.WeakSet[Explainer] = weakref.WeakSet()
        self._waiting: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def wait(self) -> None:
        """Wait until nobody has typed for a while."""
        self._pause.wait(QUIET_SECONDS)

    def put(self, work: Callable[[], object]) -> None:
        """Let this be done; it waits for a pause by itself."""
        self._waiting.put(work)

    def put_network(self, explainer: Explainer, cache: ExplainerCache) -> None:
        """Let the programs of a network be compiled, once, unless it has given way to others by then.

        Only the attention of a network gains by them.
        """
        if "attention" not in explainer.methods or explainer in self._known:
            return
        self._known.add(explainer)
        known = weakref.ref(explainer)
        self.put(lambda: self._warm_up(known(), cache))

    def run_for_ever(self) -> None:
        """Do what is put, in order."""
        while True:
            self.run_next()

    def run_next(self) -> None:
        """Wait for something to do and do it; if it fails, the log says so, and the next one has its turn."""
        work = self._waiting.get()
        try:
            work()
        except Exception:  # whatever it is, what was to be compiled will be compiled at its first use, or fail there
            _log.exception("A warm-up failed")

    def _warm_up(self, explainer: Explainer | None, cache: ExplainerCache) -> None:
        if explainer is not None and cache.holds(explainer):
            explainer.warm_up(before_each=self.wait)
