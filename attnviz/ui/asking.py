"""Sections that ask the engine for something slow, and never keep a typed review waiting.

The fragments of a visitor run one at a time, so a section that waited for the engine would hold up the editor. The
engine is asked in a thread instead, and the section looks for the answer every POLL_SECONDS until it is there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import streamlit as st

from attnviz.engine.client import Engine
from attnviz.errors import AttnvizError, Superseded
from attnviz.render.markdown import escape_markdown
from attnviz.ui.state import POLL_SECONDS, get_engine, get_session, show_part

_SLOT = "asked_"


def show_answer(slot: str, show: Callable[..., None], op: str, *args: Any, **request: Any) -> None:
    """Show what the engine answers to a request, now or as soon as it answers.

    Args:
        slot: a name for this part of the page. A visitor has one request a slot: a newer one takes the older one's
            place, and an answered one is not asked again; one that failed is, when the visitor wants it.
        show: called with the answer to this request, None until it is there, and the args; its widgets belong to a
            fragment of their own.
        op, request: for `Engine.ask`.
    """
    waiting = not _ask(slot, op, request).done()
    show_part(_show, waiting, slot, show, op, request, args, every=POLL_SECONDS if waiting else None)


def _show(
    waiting: bool, slot: str, show: Callable[..., None], op: str, request: dict[str, Any], args: tuple[Any, ...]
) -> None:
    future = _ask(slot, op, request)
    if not future.done():
        show(None, *args)
        return
    try:
        show(future.result(), *args)
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        if st.button("Try again", key=f"again_{slot}"):
            del st.session_state[f"{_SLOT}{slot}"]
            st.rerun()
    if waiting and not _waits():
        st.session_state.asking_ends = True
        st.rerun()  # looking for answers ends with a run of the whole page, one for all parts that wait


def is_end_of_asking() -> bool:
    """Whether the page runs again only because its parts have their answers; true once."""
    return bool(st.session_state.pop("asking_ends", False))


def _waits() -> bool:
    """Whether another part of the page still waits for its answer."""
    asked = [value for key, value in st.session_state.items() if str(key).startswith(_SLOT)]
    return any(not future.done() for _, future in asked)


def _ask(slot: str, op: str, request: dict[str, Any]) -> Future[Any]:
    """The answer to come of this visitor's slot."""
    key = f"{_SLOT}{slot}"
    asked, future = st.session_state.get(key, (None, None))
    if future is None or asked != (op, request) or _was_superseded(future):
        future = _start(get_engine(), op, f"{get_session()}-{slot}", request)
        st.session_state[key] = (op, request), future
    return future


def _was_superseded(future: Future[Any]) -> bool:
    """Whether a request gave way to an older one of this slot, which reached the engine after it."""
    return future.done() and isinstance(future.exception(), Superseded)


def _start(engine: Engine, op: str, editor: str, request: dict[str, Any]) -> Future[Any]:
    """Ask in a thread that does not keep the server from ending."""
    future: Future[Any] = Future()

    def work() -> None:
        try:
            future.set_result(engine.ask(op, editor=editor, **request))
        except Exception as error:  # it is raised where the result is read
            future.set_exception(error)

    threading.Thread(target=work, name=f"ask {op}", daemon=True).start()
    return future
