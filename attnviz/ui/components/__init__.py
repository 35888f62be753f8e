"""Our own components: live things that change in place. Each has its HTML, CSS and JavaScript beside it.

Several share address.js (the address bar), asking.js (one question at a time), picture.js (SVG and PNG), svg.js
(drawings that glide) and words.js (keys and tips of highlighted words).
"""

from __future__ import annotations

import time
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


def stamp(key: str, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a component with the time when it was made; the same data keep theirs.

    Streamlit may call a component with older data after newer ones, while its module loads; it leaves out what is older
    than what it shows.
    """
    slot = f"{key}_made"
    last, made = st.session_state.get(slot, (None, 0.0))
    if last != data:
        made = max(time.time(), made + 1e-3)  # also when the clock is set back
        st.session_state[slot] = data, made
    return {**data, "made": made}


def _read(file: str) -> str:
    return (Path(__file__).parent / file).read_text(encoding="utf-8")
