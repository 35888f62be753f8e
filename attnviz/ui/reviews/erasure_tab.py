"""The part 'Remove words' of the page Reviews."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.protocol import MeasureErasure
from attnviz.languages import mark, tr
from attnviz.render.erasure_report import describe_erasure
from attnviz.render.markdown import escape_markdown
from attnviz.ui.asking import show_answer
from attnviz.ui.components.erasure_slider import show_erasure_curve
from attnviz.ui.state import tell_why_no_answer
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve

MEASURING = mark("Taking the words away, one after the other…")


def show_erasure(answer: Explanation | None) -> None:
    """Show what becomes of an answer without its highest words, and with them alone; None while there is no answer."""
    if answer is None:
        st.markdown(tell_why_no_answer())
        return
    operation = MeasureErasure(answer.model, answer.text, answer.method, answer.target)
    with st.container(key="erasure_follows"):
        show_answer("erasure", _show_curve, operation, answer)


def _show_curve(found: ErasureCurve | None, answer: Explanation) -> None:
    state = st.session_state
    if found is not None:
        state.erasure_shown = found, answer
    curve, explained = state.get("erasure_shown", (None, None))
    if found is None and curve and (curve.model, curve.method) != (answer.model, answer.method):
        curve = explained = None
    st.markdown(f"**{escape_markdown(describe_erasure(curve))}**" if curve and found else tr(MEASURING))
    show_erasure_curve(curve, explained, stale=found is None, key="erasure")
