"""Our own components: live things that change in place.

The JavaScript lies in attnviz/web, and so do HTML and CSS of what other pages than the app's show, too; the other HTML
and CSS lies here.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import streamlit as st

from attnviz.render.palette import HUES
from attnviz.web.linker import FOLDER, link

_FORCED = (FOLDER / "forced_colours.css").read_text(encoding="utf-8")
"""Rules for all of them, after their own."""


def register_component(name: str, shell: Path | None = None, code: str | None = None) -> Any:
    """The component made of HTML, CSS and the module `<name>.js`; once, at import.

    Args:
        shell: where its HTML and CSS lie, without the ending; `name` in this folder if not given.
        code: the text of its module, where that is linked in another way.
    """
    shell = shell or Path(__file__).parent / name
    html, css = (shell.with_suffix(ending).read_text(encoding="utf-8") for ending in (".html", ".css"))
    return st.components.v2.component(f"attnviz_{name}", html=html, css=css + _FORCED, js=code or link(f"{name}.js"))


REVIEW = FOLDER / "review"
"""The HTML and CSS of the review editor."""


def check_data(data: dict[str, Any]) -> dict[str, Any]:
    """The data with the colours.

    Raises:
        ValueError: they hold a NaN, which would destroy the component, and with it what somebody typed.
    """
    json.dumps(data, allow_nan=False)
    return {**data, "hues": HUES}


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
