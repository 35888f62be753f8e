"""The networks in memory: each is loaded once, in a thread of its own, and gives way when nobody asks for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any

from attnviz.runs.factory_card import find_factory
from attnviz.runs.library import find_folder, get_marks

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer

KEPT = 8
"""How many networks stay in memory; each takes about 35 MB warmed up, which TensorFlow keeps when it gives way."""


class ExplainerCache:
    """The last KEPT networks that were asked for; every method may be called from any thread.

    Args:
        load: from the name of a network to its explainer.
    """

    def __init__(self, load: Callable[[str], Explainer]) -> None:
        self._load = load
        self._kept: OrderedDict[tuple[Any, ...], Future[Explainer]] = OrderedDict()
        self._lock = threading.Lock()  # never held while a network loads

    def request(self, model: str) -> Future[Explainer]:
        """The explainer to come: at once if the network is there, after its load if it is not.

        A name that belongs to other files by now is another network, and so is a copy under another name. A load that
        fails is tried again when the network is asked for again; it fails in the language of who asked first.
        """
        try:
            key = ("factory",) if find_factory(model) else (model, *get_marks(find_folder(model)))
        except Exception as error:  # no such network: an answer too
            return _fail(error)
        with self._lock:
            if not (found := self._kept.get(key)):
                found = self._kept[key] = self._start(model, key)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def shed(self) -> None:
        """Let go of all but the network that was asked for last."""
        with self._lock:
            while len(self._kept) > 1:
                self._kept.popitem(last=False)

    def holds(self, explainer: Explainer | None) -> bool:
        """Whether the explainer has not given way to others."""
        with self._lock:
            return any(_is_of(future, explainer) for future in self._kept.values())

    def _start(self, model: str, key: tuple[Any, ...]) -> Future[Explainer]:
        future: Future[Explainer] = Future()
        work = partial(copy_context().run, self._work, model, key, future)  # with the language of who asks
        threading.Thread(target=work, name=f"load {model}", daemon=True).start()
        return future

    def _work(self, model: str, key: tuple[Any, ...], future: Future[Explainer]) -> None:
        try:
            explainer = self._load(model)
        except Exception as error:  # it is raised where the explainer is used
            self._forget(key, future)
            future.set_exception(error)
        else:
            future.set_result(explainer)

    def _forget(self, key: tuple[Any, ...], future: Future[Explainer]) -> None:
        with self._lock:
            if self._kept.get(key) is future:
                del self._kept[key]


def _is_of(future: Future[Explainer], explainer: Explainer | None) -> bool:
    return future.done() and future.exception() is None and future.result() is explainer


def _fail(error: Exception) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
