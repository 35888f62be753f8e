"""The section 'Add a model' of the page Models: a form, then how far it is, then what was found."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.adding import Adding
from attnviz.foreign.limits import MAX_MODEL_BYTES
from attnviz.runs.own_models import READ_ONLY, is_read_only
from attnviz.runs.own_sweep import VISITOR_HOURS
from attnviz.ui.brought_models.adding_form import show_form
from attnviz.ui.brought_models.adding_progress import show_progress, start_clock
from attnviz.ui.brought_models.found_report import show_report
from attnviz.ui.owner import get_owner

SWITCHED_OFF = f"Models are not added here: whoever runs this server has switched it off ({READ_ONLY})."


def show_adding() -> None:
    """All of the section; what was uploaded stays with this visitor."""
    if is_read_only():
        st.caption(SWITCHED_OFF)
        return
    state = st.session_state
    state.setdefault("adding_revision", 0)
    adding: Adding | None = state.get("adding")
    with st.expander("Add a model", expanded=adding is not None):
        st.markdown(_describe())
        if adding is None or adding.found is None:
            _show_way_in(adding)
        else:
            show_report(adding, adding.found)


def _describe() -> str:
    who = (
        f"Only you see it, in this browser, and it is deleted after {VISITOR_HOURS} hours."
        if get_owner()
        else "It stays in the library of this machine until you delete it."
    )
    return (
        "Bring a text classifier of your own, with attention or without: its attention is found, and its answers are "
        f"explained like those of the networks here. At most {MAX_MODEL_BYTES // 1_000_000:,} MB. The file is checked "
        f"before anything of it is opened, and then opened in a process of its own, with limits. {who}"
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
