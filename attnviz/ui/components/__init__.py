"""Our own components: live things that change in place.

The JavaScript lies in attnviz/web, and so do HTML and CSS of what other pages than the app's show, too; the other HTML
and CSS lies here.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from attnviz.languages import SOURCE, get_language
from attnviz.render.palette import HUES
from attnviz.web.linker import FOLDER, link
from attnviz.web.translation import translate_html

_FORCED = (FOLDER / "forced_colours.css").read_text(encoding="utf-8")
"""Rules for all of them, after their own."""


class Component:
    """HTML, CSS and a module in the reader's language; Streamlit has one of its components for each language."""

    def __init__(self, name: str, shell: Path, link_code: Callable[..., str]) -> None:
        self._name, self._shell, self._link = name, shell, link_code
        self._lock = threading.Lock()
        self._registered: dict[str, Any] = {}

    def __call__(self, **given: Any) -> Any:
        """Show it."""
        return self._find(get_language())(**given)

    def _find(self, language: str) -> Any:
        with self._lock:
            if language not in self._registered:
                self._registered[language] = self._register(language)
            return self._registered[language]

    def _register(self, language: str) -> Any:
        html, css = (self._shell.with_suffix(ending).read_text(encoding="utf-8") for ending in (".html", ".css"))
        name = f"attnviz_{self._name}" if language == SOURCE else f"attnviz_{self._name}_{language}"
        code = self._link(language=language)
        return st.components.v2.component(name, html=translate_html(html, language), css=css + _FORCED, js=code)


def register_component(name: str, shell: Path | None = None, link_code: Callable[..., str] | None = None) -> Component:
    """The component made of HTML, CSS and the module `<name>.js`.

    Args:
        shell: where its HTML and CSS lie, without the ending; `name` in this folder if not given.
        link_code: gives the text of its module in a `language`, where that is linked in another way.
    """
    return Component(name, shell or Path(__file__).parent / name, link_code or partial(link, f"{name}.js"))


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
