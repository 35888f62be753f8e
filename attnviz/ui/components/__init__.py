"""Our own components: live things that change in place. Each has its HTML, CSS and JavaScript beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st


def register_component(name: str, *parts: str) -> Any:
    """The component whose files are `<name>.html`, `.css` and `.js` of this folder; once, at import.

    `parts` are the names of further JavaScript files, which share one module with `<name>.js`.
    """
    html, css = (_read(f"{name}.{kind}") for kind in ("html", "css"))
    js = "\n".join(_read(f"{part}.js") for part in (name, *parts))
    return st.components.v2.component(f"attnviz_{name}", html=html, css=css, js=js)


def _read(file: str) -> str:
    return (Path(__file__).parent / file).read_text(encoding="utf-8")
