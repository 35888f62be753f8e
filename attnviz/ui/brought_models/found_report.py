"""What was found in a model that is being added: the report, a text to try it on, and the way into the library."""

from __future__ import annotations

from typing import Any

import streamlit as st

from attnviz.engine.adding import Adding, Examined
from attnviz.errors import AttnvizError, SettingError
from attnviz.languages import tr
from attnviz.render.card_report import name_attention, render_card
from attnviz.render.markdown import escape_markdown
from attnviz.render.phrases import join_sentences
from attnviz.runs.own_record import MAX_TITLE
from attnviz.ui.brought_models.adding_form import build_settings, show_settings
from attnviz.ui.brought_models.adding_progress import show_progress, start_clock
from attnviz.ui.brought_models.try_out import get_tried_text, show_try_out
from attnviz.ui.owner import get_owner
from attnviz.values.found_attention import FoundAttention


def show_report(adding: Adding, found: Examined) -> None:
    """The report, or how far the model is with being examined anew."""
    st.markdown(f"#### {escape_markdown(found.settings.title)}")
    if adding.work.state == "running":
        show_progress(adding.work)
        return
    if adding.work.state == "failed":
        told = tr("The model is read as before.")
        st.error(escape_markdown(join_sentences((adding.work.error, told))))
    st.html(render_card(found.card))
    with st.expander(tr("Read it another way")):
        _offer_other_way(adding, found)
    show_try_out(found.staged.name, found.settings.title, found.card, adding.revision)
    _offer_library(found)


def _offer_other_way(adding: Adding, found: Examined) -> None:
    with st.form(f"another_way_{adding.revision}", border=False, enter_to_submit=False):
        asked = show_settings(found.settings, f"another_{adding.revision}")
        attention = _choose_attention(adding, found)
        sent = st.form_submit_button(tr("Examine it again"), key=f"examine_{adding.revision}")
    if sent:
        _examine(adding, found, asked, attention)


def _choose_attention(adding: Adding, found: Examined) -> tuple[str, ...] | None:
    """Which attentions are shown; those that were found before and are not shown now can be chosen again."""
    known: dict[str, FoundAttention] = st.session_state.setdefault("adding_attention", {})
    known.update({one.name: one for one in found.card.attention})
    shown = [one.name for one in found.card.attention]
    if not known:
        return found.settings.attention
    chosen = st.multiselect(
        tr("Attention that is shown"),
        list(known),
        shown,
        format_func=lambda name: name_attention(known[name]),
        key=f"another_attention_{adding.revision}",
        help=tr("Where a model has several, the pages show those that you choose."),
    )
    return found.settings.attention if chosen == shown else tuple(chosen)


def _examine(adding: Adding, found: Examined, asked: dict[str, Any], attention: tuple[str, ...] | None) -> None:
    try:
        settings = build_settings(asked, found.settings.title, attention)
    except SettingError as error:
        st.error(escape_markdown(str(error)))
        return
    start_clock()
    adding.examine(found, settings)
    st.rerun()


def _offer_library(found: Examined) -> None:
    """A title, and the buttons that end the adding."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.text_input(tr("Title"), found.settings.title, max_chars=MAX_TITLE, key="adding_title", width=320)
        keep = st.button(tr("Add to the library"), type="primary", key="keep_model")
        if st.button(tr("Start again with another file"), key="another_model"):
            forget_adding()
            st.rerun()
    if keep:
        _keep(found, title)


def _keep(found: Examined, title: str) -> None:
    state = st.session_state
    try:
        card = found.keep(title, get_owner())
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    state.brought_last = card.name
    state.setdefault("brought_texts", {})[card.name] = get_tried_text()
    forget_adding()
    st.rerun()


def forget_adding() -> None:
    """Begin anew with an empty form."""
    state = st.session_state
    for name in ("adding", "adding_attention", "tried"):
        state.pop(name, None)
    state.adding_revision += 1
