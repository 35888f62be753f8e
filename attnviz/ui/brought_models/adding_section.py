"""The section 'Add a model' of the page Models: a form, then how far it is, then what was found."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.adding import Adding
from attnviz.foreign.limits import MAX_MODEL_BYTES
from attnviz.languages import mark, tr, tr_n
from attnviz.render.numerals import format_count
from attnviz.render.phrases import join_sentences
from attnviz.runs.own_models import is_read_only
from attnviz.runs.own_sweep import VISITOR_HOURS
from attnviz.ui.brought_models.adding_form import show_form
from attnviz.ui.brought_models.adding_progress import show_progress, start_clock
from attnviz.ui.brought_models.found_report import show_report
from attnviz.ui.owner import get_owner

SWITCHED_OFF = mark("Models are not added here: whoever runs this server has switched it off (ATTNVIZ_READ_ONLY).")
_ABOUT = mark(
    "Bring a text classifier of your own, with attention or without: its attention is found, and its answers are "
    "explained like those of the networks here. At most {most} MB. The file is checked before anything of it is "
    "opened, and then opened in a process of its own, with limits."
)


def show_adding() -> None:
    """All of the section; what was uploaded stays with this visitor."""
    if is_read_only():
        st.caption(tr(SWITCHED_OFF))
        return
    state = st.session_state
    state.setdefault("adding_revision", 0)
    adding: Adding | None = state.get("adding")
    with st.expander(tr("Add a model"), expanded=adding is not None):
        st.markdown(_describe())
        if adding is None or adding.found is None:
            _show_way_in(adding)
        else:
            show_report(adding, adding.found)


def _describe() -> str:
    return join_sentences((tr(_ABOUT, most=format_count(MAX_MODEL_BYTES // 1_000_000)), _say_who_sees_it()))


def _say_who_sees_it() -> str:
    if not get_owner():
        return tr("It stays in the library of this machine until you delete it.")
    return tr_n(
        "Only you see it, in this browser, and it is deleted after {n} hour.",
        "Only you see it, in this browser, and it is deleted after {n} hours.",
        VISITOR_HOURS,
        n=VISITOR_HOURS,
    )


def _show_way_in(adding: Adding | None) -> None:
    """The form stays while the file is checked, so that a file that is refused need not be chosen again."""
    state = st.session_state
    failed = adding is not None and adding.work.state == "failed"
    begun = show_form(state.adding_revision, adding.work.error if adding and failed else "")
    if begun is not None:
        state.adding = begun
        start_clock()
        st.rerun()
    if adding is not None and not failed:
        show_progress(adding.work)
