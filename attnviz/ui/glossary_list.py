"""The glossary at the end of a page, folded."""

from __future__ import annotations

import streamlit as st

from attnviz.languages import tr
from attnviz.render.glossary import render_glossary


def show_glossary() -> None:
    """Every term of the pages with its meaning."""
    with st.expander(tr("What the words mean")):
        st.html(render_glossary())
