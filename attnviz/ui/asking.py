"""Sections that ask the engine for something slow, and never keep a typed review waiting.

The fragments of a visitor run one at a time, so a section that waited for the engine would hold up the editor. The
engine is asked in a thread instead, and the section looks for the answer every POLL_SECONDS until it is there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, NamedTuple

import streamlit as st

from attnviz.engine.client import Engine
from attnviz.engine.protocol import Operation, Result
from attnviz.errors import AttnvizError, Superseded
from attnviz.languages import get_language, tr, using_language
from attnviz.render.markdown import escape_markdown
from attnviz.ui.state import POLL_SECONDS, get_engine, get_session, show_part

SLOTS = "asking_slots"
"""Where the session keeps what its parts have asked, a dictionary by slot."""


class Asked(NamedTuple):
    """What a slot has asked, and the answer to come."""

    operation: Operation[Any]
    answer: Future[Any]
    language: str

    @property
    def is_stale(self) -> bool:
        """Whether to ask again: it gave way to an older request of its slot, which reached the engine after it; or it
        failed in another language than the visitor's."""
        if not self.answer.done() or (error := self.answer.exception()) is None:
            return False
        return isinstance(error, Superseded) or self.language != get_language()


def show_answer(slot: str, show: Callable[..., None], operation: Operation[Any], *args: Any) -> None:
    """Show what the engine answers to a request, now or as soon as it answers.

    Args:
        slot: a name for this part of the page. A visitor has one request a slot: a newer one takes the older one's
            place, and an answered one is not asked again; one that failed is, when the visitor wants it.
        show: called with the answer to this request, None until it is there, and the args; its widgets belong to a
            fragment of their own.
        operation: what is asked.
    """
    _ask(slot, operation)
    waiting = _waits(slot)
    show_part(_show, waiting, slot, show, operation, args, every=POLL_SECONDS if waiting else None)


def _show(
    waiting: bool, slot: str, show: Callable[..., None], operation: Operation[Any], args: tuple[Any, ...]
) -> None:
    future = _ask(slot, operation)
    if not future.done():
        show(None, *args)
        return
    try:
        show(future.result(), *args)
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        if st.button(tr("Try again"), key=f"again_{slot}"):
            _forget(slot)
            st.rerun()
    if waiting and not _waits():
        st.session_state.asking_ends = True
        st.rerun()  # looking for answers ends with a run of the whole page, one for all parts that wait
    if not waiting and _waits(slot):
        st.rerun()  # and begins with one, when a part has asked more


def find_answer(slot: str, operation: Operation[Result], patience: float = 0.0) -> Result | None:
    """The answer to a further request of a part, for the function that `show_answer` calls; None until it is there.

    Args:
        slot: that of the part, a dot and a name.
        operation: what is asked.
        patience: seconds to wait for it; as long a review that this visitor types waits too.

    Raises:
        AttnvizError: what the engine answers; `show_answer` shows it.
    """
    with suppress(TimeoutError):
        return _ask(slot, operation).result(patience)
    return None


def is_end_of_asking() -> bool:
    """Whether the page runs again only because its parts have their answers; true once."""
    return bool(st.session_state.pop("asking_ends", False))


def _get_slots() -> dict[str, Asked]:
    slots: dict[str, Asked] = st.session_state.setdefault(SLOTS, {})
    return slots


def _waits(part: str = "") -> bool:
    """Whether a part of the page still waits for an answer, or any part."""
    return any(not asked.answer.done() for slot, asked in _get_slots().items() if not part or _is_of(part, slot))


def _is_of(part: str, slot: str) -> bool:
    return slot.partition(".")[0] == part


def _forget(part: str) -> None:
    """What a part has asked is asked again."""
    for slot in [slot for slot in _get_slots() if _is_of(part, slot)]:
        del _get_slots()[slot]


def _ask(slot: str, operation: Operation[Result]) -> Future[Result]:
    """The answer to come of this visitor's slot."""
    slots = _get_slots()
    asked = slots.get(slot)
    if asked is None or asked.operation != operation or asked.is_stale:
        answer = _start(get_engine(), operation, f"{get_session()}-{slot}")
        asked = slots[slot] = Asked(operation, answer, get_language())
    return asked.answer


def _start(engine: Engine, operation: Operation[Result], editor: str) -> Future[Result]:
    """Ask in a thread that does not keep the server from ending, in the language of this one."""
    future: Future[Result] = Future()
    language = get_language()

    def work() -> None:
        try:
            with using_language(language):
                future.set_result(engine.ask(operation, editor=editor))
        except Exception as error:  # it is raised where the result is read
            future.set_exception(error)

    threading.Thread(target=work, name=f"ask {type(operation).__name__}", daemon=True).start()
    return future
