"""The page Training: train a network in the background, watch it learn, and come back to earlier runs."""

from __future__ import annotations

import streamlit as st

from attnviz.languages import tr
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count
from attnviz.render.phrases import join_list
from attnviz.runs.stored_run import StoredRun, list_runs
from attnviz.ui.asking import is_end_of_asking
from attnviz.ui.own_data.own_data_section import show_own_data
from attnviz.ui.state import show_part
from attnviz.ui.training_runs.bring_section import show_bringing
from attnviz.ui.training_runs.compare_section import show_comparison
from attnviz.ui.training_runs.run_buttons import show_undo
from attnviz.ui.training_runs.run_form import show_form
from attnviz.ui.training_runs.run_view import show_run
from attnviz.ui.training_runs.seeds_section import show_seeds

POLL_SECONDS = 0.5


def show_page() -> None:
    """The settings of a new run, the list of all runs, the one that is chosen as it goes, and several side by side."""
    is_end_of_asking()  # of this page's own parts; another page must not take it for its own
    st.title(tr("Training"), anchor=False)
    st.markdown(
        tr(
            "Train one of the text networks on this machine, on film reviews or on data of your own. Runs go on in the "
            "background, also when you leave this page; one trains at a time, the others wait. The result joins the "
            "models on the page Reviews."
        )
    )
    show_form()
    show_own_data()
    show_bringing()
    show_undo()
    runs = list_runs()
    _show_runs({run.name: run for run in runs})
    show_comparison(runs)


def _show_runs(runs: dict[str, StoredRun]) -> None:
    if not runs:
        st.info(tr("No run yet. Fewer reviews and epochs make a shorter run; you may stop at any time."))
        return
    run = runs[_choose(runs)]
    show_part(show_run, run.name, run.status.state, every=None if run.status.ended else POLL_SECONDS)
    show_seeds(run, list(runs.values()))


def _choose(runs: dict[str, StoredRun]) -> str:
    """One of the runs, the newest at first, above the queue."""
    if st.session_state.get("train_run") not in runs:
        st.session_state.pop("train_run", None)  # it was deleted, or renamed
    # Names alone: Streamlit goes on showing the words in which a choice was made, and how a run stands changes.
    name: str = st.selectbox(tr("Run ({n} here)", n=format_count(len(runs))), list(runs), key="train_run")
    waiting = sorted((run for run in runs.values() if run.position), key=lambda run: run.position or 0)
    if waiting:
        names = (f"{run.position}. {escape_markdown(run.name)}" for run in waiting)
        st.caption(tr("In the queue: {runs}", runs=join_list(names)))
    return name
