"""The few rules that Streamlit's theme does not reach (style.css).

Streamlit dims what runs again, also the slider that somebody holds; our components dim themselves, part by part.

The sheet is a component's and no `st.html`, which Streamlit shows by a script of its own: where that came last, the
page stood there without the rules, and jumped when they came.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

LOGO = Path(__file__).parent / "components" / "logo.svg"
"""The name, as a drawing."""

_CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_sheet = st.components.v2.component("attnviz_style", css=_CSS, isolate_styles=False)


def show_style() -> None:
    """Less empty space above the page, and lines that stay readable on a wide screen."""
    with st.container(key="style"):
        _sheet(key="style_sheet")
