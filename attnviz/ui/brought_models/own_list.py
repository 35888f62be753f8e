"""The models that this visitor brought, on the page Models: opened, renamed, deleted and brought back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.languages import tr
from attnviz.render.card_report import render_card
from attnviz.render.markdown import escape_markdown
from attnviz.render.phrases import join_sentences
from attnviz.runs.library import DamagedCheckpoint
from attnviz.runs.own_models import delete_model, is_read_only, rename_model, restore_model
from attnviz.runs.own_record import MAX_TITLE, OwnModel, hash_owner
from attnviz.ui.components.arrival_mark import show_arrival
from attnviz.ui.components.visitor_key import keep_key
from attnviz.ui.owner import get_owner
from attnviz.ui.reviews.opening import open_in_reviews
from attnviz.ui.state import get_own_models


def show_own_models() -> None:
    """A row for each, and what can still be undone."""
    state, models = st.session_state, get_own_models()
    if error := state.pop("brought_error", ""):
        st.error(escape_markdown(error))
    if models:
        st.header(tr("Models that were brought"), anchor=False)
    if hash_owner(get_owner()) in {item.owner for item in models if isinstance(item, OwnModel)} - {""}:
        keep_key()
    for item in sorted(models, key=lambda one: one.name != state.get("brought_last")):  # what has just come is first
        if isinstance(item, DamagedCheckpoint):
            told = tr("**{name}** cannot be used.", name=escape_markdown(item.name))
            st.error(join_sentences((told, escape_markdown(item.reason))))
        else:
            _show_row(item)
    if gone := state.get("brought_deleted"):
        _offer_undo(*gone)


def _show_row(item: OwnModel) -> None:
    card, name = item.card, item.name
    with st.container(border=True, key=f"own_{name}"):
        if st.session_state.get("brought_last") == name:
            show_arrival(name)
            st.success(tr("It is in the library now."))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(card.title)}** · {name}", width="content")
            st.badge(tr("yours"), color="violet")
            st.space("stretch")
            if st.button(tr("Open in Reviews"), key=f"own_open_{name}", type="primary"):
                open_in_reviews(name, st.session_state.get("brought_texts", {}).get(name))
            if not is_read_only() and item.owner == hash_owner(get_owner()):
                _offer_changes(name, card.title)
        if card.summary:
            st.caption(escape_markdown(tr(card.summary)))
        with st.expander(tr("What was found in it")):
            st.html(render_card(card))


def _offer_changes(name: str, title: str) -> None:
    with st.popover(tr("Rename"), key=f"own_rename_{name}"):
        st.text_input(tr("New title"), title, max_chars=MAX_TITLE, key=f"own_title_{name}")
        st.button(tr("Save"), key=f"own_save_{name}", on_click=_rename, args=(name,))
    st.button(tr("Delete"), key=f"own_delete_{name}", on_click=_delete, args=(name, title))


def _offer_undo(name: str, title: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(tr("**{name}** is deleted.", name=escape_markdown(title)), width="content")
        st.button(tr("Undo"), key="own_undo", on_click=_restore, args=(name,))


def _rename(name: str) -> None:
    _do(partial(rename_model, name, st.session_state[f"own_title_{name}"]))  # as typed by now, not by the last run


def _delete(name: str, title: str) -> None:
    if _do(partial(delete_model, name)):
        st.session_state.brought_deleted = name, title


def _restore(name: str) -> None:
    if _do(partial(restore_model, name)):
        st.session_state.brought_deleted = None


def _do(change: Callable[..., object]) -> bool:
    """Change the library; what went wrong is told at the next run of the page."""
    try:
        change(owner=get_owner())
    except AttnvizError as error:
        st.session_state.brought_error = str(error)
        return False
    return True
