"""The text of How it works: a box that one types in, and what the network reads of it."""

from __future__ import annotations

from collections.abc import Callable

from attnviz.render.trace_report import name_read
from attnviz.ui.components import check_data, register_component, stamp
from attnviz.ui.components.review_editor import DEBOUNCE_MS, hash_text
from attnviz.ui.state import get_session
from attnviz.values.trace import FollowedWord, TracedWord

_text = register_component("followed_text")


def show_followed_text(
    text: str,
    revision: int,
    trace: FollowedWord | None,
    *,
    answered: bool,
    message: str,
    failed: bool,
    address: str | None,
    key: str,
    on_ask: Callable[[], None],
    on_word: Callable[[], None],
) -> None:
    """Show the text; `st.session_state[key]` then holds what is asked.

    "ask" is {"text": as typed, "revision": that of the text which was put into the box last}; "word", for one run of
    the page, {"text": the text, "word": where the chosen word starts in it}.

    Args:
        text: put into the box when `revision` changes; otherwise the box keeps what the reader typed.
        trace: the last one; it may be about a text before.
        answered: whether the page is about `text`; otherwise it is shown as what it was.
        message: what is waited for, what is missing or what went wrong; '' if there is nothing to say.
        failed: whether something went wrong.
        address: the query for the address bar; None leaves it alone.
        key: of the widget.
        on_ask, on_word: called when the reader has typed, or chosen a word.
    """
    data = {
        "text": text,
        "revision": revision,
        "session": get_session(),
        "debounce": DEBOUNCE_MS,
        "answered": answered,
        "words": [_describe(token) for token in trace.tokens] if trace else [],
        "unread": trace.truncated if trace else 0,
        "word": trace.word if trace else None,
        "message": message,
        "failed": failed,
        "address": address,
        "text_hash": hash_text(text),
    }
    data = stamp(key, check_data(data))
    _text(key=key, data=data, default={"ask": None}, on_ask_change=on_ask, on_word_change=on_word)


def _describe(token: TracedWord) -> tuple[str, str, int, bool]:
    return name_read(token), token.text, token.start, token.known
