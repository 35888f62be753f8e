"""In which language a visitor reads the pages: the one that he chose, else his browser's, else English.

The choice stands in the address, so that a link keeps it; what the browser asks for by itself need not.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from attnviz.languages import LANGUAGES, SOURCE, tell_language, tr

PARAMETER = "lang"


def follow_language() -> None:
    """Let messages come in the visitor's language from now on; at the beginning of each run of the page."""
    tell_language(_get_language)
    state = st.session_state
    asked = st.query_params.get(PARAMETER)
    if "language" not in state:
        state.language = asked if asked in LANGUAGES else _match(st.context.locale)
    wanted = state.language if _is_chosen() else None
    if asked == wanted:
        return  # what is told once more would take the place of an address that a part of the page has written since
    if wanted is None:
        del st.query_params[PARAMETER]
    else:
        st.query_params[PARAMETER] = wanted


def choose_language() -> None:
    """Offer the languages."""
    with st.container(key="language"):
        st.segmented_control(
            tr("Language"),
            list(LANGUAGES),
            format_func=lambda code: LANGUAGES[code],
            default=st.session_state.language,
            key="language_choice",
            on_change=_choose,
            label_visibility="collapsed",
        )


def write_address(parameters: Mapping[str, str]) -> str:
    """A query of this page with these parameters, and the language if it was chosen."""
    language = {PARAMETER: st.session_state.language} if _is_chosen() else {}
    return f"?{urlencode({**parameters, **language})}"


def _choose() -> None:
    state = st.session_state
    state.language = state.language_choice or state.language  # None: the chosen one was pressed again
    _send_choices_anew()


def _send_choices_anew() -> None:
    """Let widgets tell their browser what is chosen: it knows a choice by its name, and that is now another one."""
    for key, value in list(st.session_state.items()):
        if key != "language_choice" and _is_choice(value):
            st.session_state[key] = value


def _is_choice(value: object) -> bool:
    """What a select, a radio or a slider may hold, and no button or upload does, whose state nobody may set."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_choice, value))
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _is_chosen() -> bool:
    match = _match(st.context.locale)
    return bool(st.session_state.get("language", match) != match)


def _get_language() -> str:
    """The language of the visitor for whom this thread works; English for any other thread."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return SOURCE
    return str(st.session_state.get("language", SOURCE))


def _match(locale: str | None) -> str:
    """The language of the pages that is nearest to what a browser asks for, such as 'zh-CN'."""
    code = (locale or SOURCE).replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else SOURCE
