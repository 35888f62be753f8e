"""A text to try a model on before it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from attnviz.engine.protocol import Explain
from attnviz.languages import mark, tr
from attnviz.render.html import render_explanation
from attnviz.ui.asking import show_answer
from attnviz.ui.select import select
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS, pick_typed
from attnviz.values.model_card import ModelCard

PLACEHOLDER = mark("A text of the kind that the model was trained on")


class Tried(NamedTuple):
    """What was last tried."""

    text: str = ""
    method: str = ""


def show_try_out(name: str, title: str, card: ModelCard, revision: int) -> None:
    """A box, and what the model says of what was typed there.

    Args:
        name: what the engine calls the model; title: what its owner calls it.
        card: of the model.
        revision: how often it was examined: read in another way, it is asked anew.
    """
    state, methods = st.session_state, pick_typed(card.methods)
    with st.form("try_out", border=False, enter_to_submit=False):
        label, hint = tr("Text to try"), tr(PLACEHOLDER)
        text = st.text_area(label, get_tried_text(), key="try_text", height=110, placeholder=hint)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            key = f"try_method_{'-'.join(methods)}"
            method = select(tr("Scores"), methods, _name_method, key=key, width=260)
            if st.form_submit_button(tr("Try it"), key="try_button"):
                state.tried = Tried(text, method)
    tried: Tried | None = state.get("tried")
    if tried is not None and tried.method in methods:
        show_answer(f"try_{revision}", _show_answer, Explain(name, *tried), title)


def _name_method(name: str) -> str:
    return tr(METHODS[name].title)


def get_tried_text() -> str:
    """The text that was last tried; '' if none was."""
    return st.session_state.get("tried", Tried()).text


def _show_answer(found: Explanation | None, title: str) -> None:
    if found is None:
        st.markdown(tr("The model is reading it…"))
    else:
        st.html(render_explanation(replace(found, model=title)))
