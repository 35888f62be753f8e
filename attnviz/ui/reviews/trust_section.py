"""The section 'Can I trust it?' of the page Reviews."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.protocol import MeasureFaithfulness
from attnviz.render.markdown import escape_markdown
from attnviz.render.trust_report import render_trust
from attnviz.render.verdict import describe_trust
from attnviz.ui.asking import show_answer
from attnviz.ui.state import tell_why_no_answer
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Faithfulness

MEASURING = "Measuring how far the highlight can be trusted…"


def show_trust(answer: Explanation | None, method: str) -> None:
    """Show how far the highlight of an answer can be trusted.

    Args:
        answer: None while there is none; its place is kept.
        method: whose scores the highlight shows.
    """
    if answer is None:
        st.markdown(tell_why_no_answer())
        st.html(render_trust(None, method))
        return
    operation = MeasureFaithfulness(answer.model, answer.text, answer.method, answer.target)
    show_answer("trust", _show_measures, operation, answer)


def _show_measures(found: Faithfulness | None, answer: Explanation) -> None:
    state = st.session_state
    last: Faithfulness | None = state.get("trust_shown")
    if found is not None:
        state.trust_shown = last = found
    elif last and (last.model, last.method) != (answer.model, answer.method):
        last = None
    st.markdown(f"**{escape_markdown(describe_trust(last))}**" if last and found else MEASURING)
    if table := render_trust(last, answer.method, stale=found is None):
        st.html(table)
