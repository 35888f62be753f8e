"""A mark at a place of the page whose content is worth computing only when it is looked at."""

from __future__ import annotations

from functools import partial

import streamlit as st

from attnviz.ui.components import check_data, register_component
from attnviz.web.linker import link_borrower

_sighting = register_component("sighting", link_code=partial(link_borrower, "sighting.js", "review_editor.js"))


def is_seen(place: str, name: str) -> bool:
    """Show the mark; whether this place was in view, in a browser's tab that is in front, since it has this content.

    Args:
        place: on the page, the key of the mark.
        name: of the content; another one has to be seen anew.
    """
    with st.container(key=f"sighting_{place}"):  # style.css lets it take no space
        _sighting(key=place, data=check_data({"name": name}), on_seen_change=lambda: _note(place))
    return bool(st.session_state.get(_slot(place)) == name)


def _note(place: str) -> None:
    st.session_state[_slot(place)] = st.session_state[place].get("seen")


def _slot(place: str) -> str:
    return f"{place}_seen"
