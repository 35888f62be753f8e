"""The reading curve of a text that the browser does not read by itself: the engine measures it once nobody types."""

from __future__ import annotations

from typing import Any

import streamlit as st

from attnviz.engine.protocol import MeasureReadingCurve
from attnviz.ui.asking import show_answer
from attnviz.ui.browser_networks import get_network_address
from attnviz.ui.reviews.choices import Choice
from attnviz.ui.state import get_engine, identify
from attnviz.values.reading_curve import ReadingCurve


def ask_for_curve(choice: Choice, text: str) -> None:
    """Ask for the curve of the text that the page follows, while no typed one waits; call it before the editor."""
    if get_network_address(choice.card) or get_engine().state != "ready":
        return
    operation = MeasureReadingCurve(choice.card.name, text, choice.target)
    show_answer("reading", _keep, operation, _get_subject(choice))


def get_curve(choice: Choice) -> ReadingCurve | None:
    """The newest curve that was measured for this choice; None where there is none, or the browser measures it."""
    if get_network_address(choice.card):
        return None
    subject, curve = st.session_state.get("review_curve", (None, None))
    return curve if subject == _get_subject(choice) else None


def _get_subject(choice: Choice) -> Any:
    """What a curve is about, beside its text."""
    return identify(choice.card), choice.target


def _keep(found: ReadingCurve | None, subject: Any) -> None:
    if found is not None:
        st.session_state.review_curve = subject, found
