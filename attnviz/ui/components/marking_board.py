"""A text whose words a person marks; then the same marks on what a network's methods name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from attnviz.render.highlighted import highlight
from attnviz.ui.components import check_data, register_component, stamp
from attnviz.ui.components.review_editor import hash_text
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS
from attnviz.values.plain import to_plain

_marking = register_component("marking")


def show_marking(
    explanations: Sequence[Explanation], marked: Sequence[int] | None, *, key: str, on_ask: Callable[[], None]
) -> None:
    """Show the text to mark; the marks arrive in `st.session_state[key]["ask"]` and call `on_ask`.

    Args:
        explanations: of one text by one network.
        marked: the places of the marked words, once they are given: then the scores are shown; None before.
        key: of the widget.
        on_ask: called when the marks are given.
    """
    _marking(
        key=key,
        data=stamp(key, check_data(describe_marking(explanations, marked))),
        default={"ask": None},
        on_ask_change=on_ask,
    )


def describe_marking(explanations: Sequence[Explanation], marked: Sequence[int] | None) -> dict[str, Any]:
    """What marking.js draws; before the marks are given no score goes to the browser."""
    first = explanations[0]
    blank = replace(first, scores=np.zeros(len(first.tokens)))
    shown = explanations if marked is not None else ()
    return {
        "text": to_plain(highlight(blank).shorten()),
        "of": identify_text(first),
        "marked": None if marked is None else list(marked),
        "maps": [{"title": METHODS[one.method].title, "text": to_plain(highlight(one).shorten())} for one in shown],
    }


def identify_text(explained: Explanation) -> str:
    """What is equal for one text and one network only."""
    return f"{hash_text(explained.text)} {explained.model}"
