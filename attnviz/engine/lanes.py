"""Where requests wait for their turn, so that what is slow keeps nobody waiting who types."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attnviz.engine.request import Request

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer


@dataclass(frozen=True, slots=True)
class Job:
    """A request and the networks that it needs, which may still be loading."""

    request: Request[Any]
    networks: tuple[Future[Explainer], ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing has to be loaded any more."""
        return all(network.done() for network in self.networks)


class Lane:
    """A queue of jobs and the thread that works through it, one at a time, in order.

    A job whose network is still loading lets those behind it pass.

    Args:
        name: of the thread.
        started: set when work may begin.
        run: does a job; it raises nothing.
        supersede: told of a job that a newer one of the same editor replaces.
    """

    def __init__(
        self, name: str, started: threading.Event, run: Callable[[Job], None], supersede: Callable[[Job], None]
    ) -> None:
        self._started, self._run, self._supersede = started, run, supersede
        self._waiting: OrderedDict[Any, Job] = OrderedDict()
        self._changed = threading.Condition()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def put(self, job: Job) -> None:
        """Queue a job; it takes the place of one of the same editor that has not started.

        Sent to the back each time, an editor that is faster than the queue would starve.
        """
        request = job.request
        key = ("editor", request.editor) if request.editor else ("id", request.id)
        with self._changed:
            old = self._waiting.get(key)
            self._waiting[key] = job  # a key that is there keeps its place
            self._changed.notify()
        for network in job.networks:
            network.add_done_callback(self._wake)
        if old is not None:
            self._supersede(old)

    def _wake(self, _: Future[Explainer]) -> None:
        with self._changed:
            self._changed.notify()

    def _work(self) -> None:
        self._started.wait()
        while True:
            self._run(self._take())

    def _take(self) -> Job:
        """Wait for a job that can be done, and take it from the queue."""
        with self._changed:
            while (key := self._find()) is None:
                self._changed.wait()
            return self._waiting.pop(key)

    def _find(self) -> Any:
        return next((key for key, job in self._waiting.items() if job.ready), None)
