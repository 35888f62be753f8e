"""A select whose options have names in the reader's language.

Streamlit's browser side knows a choice by its name. What it says while the language changes still has the name of the
language before, which is none of the options any more: left alone, the choice would fall back to the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attnviz.languages import LANGUAGES, using_language

Option = TypeVar("Option")


def select(
    label: str,
    options: Sequence[Option],
    name: Callable[[Option], str],
    *,
    key: str,
    within: DeltaGenerator | None = None,
    **how: Any,
) -> Option:
    """The chosen one of the options; keeps what was chosen when the language changes.

    Args:
        label: what stands above it.
        options: one at least.
        name: what an option is called in the reader's language.
        key: of its state.
        within: where it stands; by default where the script is.
        how: further settings of `st.selectbox`.
    """
    held = st.session_state.get(key)
    if held is not None and held not in options and (known := find_by_name(held, options, name)):
        (st.session_state[key],) = known
    place = within or st
    chosen: Option = place.selectbox(label, options, format_func=name, key=key, **how)
    return chosen


def find_by_name(said: object, options: Sequence[Option], name: Callable[[Option], str]) -> list[Option]:
    """The option that is called so in one of the languages, alone in a list; none if no option is."""
    for language in LANGUAGES:
        with using_language(language):
            if found := [option for option in options if name(option) == said]:
                return found[:1]
    return []
