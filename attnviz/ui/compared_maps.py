"""One text under several networks and methods, side by side: on the page Reviews, and under the runs of Training."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from attnviz.engine.protocol import Compare
from attnviz.languages import tr
from attnviz.render.comparison_report import describe_agreement, render_agreement
from attnviz.ui.asking import show_answer
from attnviz.ui.components.text_maps import describe_comparison, show_maps
from attnviz.values.comparison import Comparison

SPACE = '<p style="min-height:34rem">{}</p>'
"""The place of what is to come."""


def show_compared_maps(slot: str, models: Sequence[str], methods: Sequence[str], text: str) -> None:
    """Show the maps of a text as soon as the engine answers; those that stood there are dimmed meanwhile.

    Args:
        slot: a name for this part of the page, see `show_answer`.
        models, methods: at least one of the networks offers one of the methods.
    """
    operation = Compare(tuple(models), tuple(methods), text)
    show_answer(slot, _show, operation, f"{slot}_maps", list(models), list(methods))


def _show(found: Comparison | None, key: str, models: list[str], methods: list[str]) -> None:
    kept = f"{key}_shown"
    if found is not None:
        st.session_state[kept] = (found, models, methods)
    if kept not in st.session_state:
        st.html(SPACE.format(tr("Explaining the text with each network and method…")))
        return
    compared, models, methods = st.session_state[kept]
    st.markdown(describe_agreement(compared.explanations, compared.shared, compared.agreement))
    show_maps(describe_comparison(compared, models, methods), stale=found is None, key=key)
    if table := render_agreement(compared.explanations, compared.shared, compared.agreement):
        st.markdown(tr("**How far each two maps agree**"))
        st.html(table)
