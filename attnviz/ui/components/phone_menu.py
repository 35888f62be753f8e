"""What closes the bar of the pages on a phone, where it covers the page that was chosen."""

from __future__ import annotations

import streamlit as st

from attnviz.ui.components import check_data, register_component

_menu = register_component("phone_menu")


def close_phone_menu() -> None:
    """Let the bar close itself from now on."""
    with st.container(key="phone_menu"):  # style.css lets it take no space
        _menu(key="phone_menu_closer", data=check_data({}))
