"""Our own components: live things that change in place. Each has its HTML, CSS and JavaScript beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st


def register_component(name: str) -> Any:
    """The component whose parts are the files `<name>.html`, `.css` and `.js` of this folder; once, at import."""
    html, css, js = (
        (Path(__file__).parent / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    return st.components.v2.component(f"attnviz_{name}", html=html, css=css, js=js)
