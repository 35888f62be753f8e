"""The page Training: train a network in the background, watch it learn, and come back to earlier runs."""

from __future__ import annotations

import streamlit as st

from attnviz.render.training_report import format_share
from attnviz.runs.stored_run import StoredRun, list_runs
from attnviz.ui.own_data.own_data_section import show_own_data
from attnviz.ui.state import show_part
from attnviz.ui.training_runs.run_buttons import show_undo
from attnviz.ui.training_runs.run_form import show_form
from attnviz.ui.training_runs.run_view import show_run

POLL_SECONDS = 0.5


def show_page() -> None:
    """The settings of a new run, the list of all runs, and the one that is chosen as it goes."""
    st.title("Training", anchor=False)
    st.markdown(
        "Train one of the text networks on this machine, on film reviews or on data of your own. Runs go on in the "
        "background, also when you leave this page; one trains at a time, the others wait. The result joins the models "
        "on the page Reviews."
    )
    show_form()
    show_own_data()
    show_undo()
    runs = {run.name: run for run in list_runs()}
    if not runs:
        st.info("No run yet. Fewer reviews and epochs make a shorter run; you may stop at any time.")
        return
    run = runs[_choose(runs)]
    show_part(show_run, run.name, run.status.state, every=None if run.status.ended else POLL_SECONDS)


def _choose(runs: dict[str, StoredRun]) -> str:
    """One of the runs, the newest at first, with the length of the queue."""
    if st.session_state.get("train_run") not in runs:
        st.session_state.pop("train_run", None)  # it was deleted, or renamed
    waiting = sum(run.status.state == "queued" for run in runs.values())
    name: str = st.selectbox(
        f"Run ({len(runs)} here{f', {waiting} in the queue' if waiting else ''})",
        list(runs),
        format_func=lambda name: name_run(runs[name]) if name in runs else name,
        key="train_run",
    )
    return name


def name_run(run: StoredRun) -> str:
    """A run in a select: its name, how it stands, and its accuracy."""
    status = run.status
    state = f"queue, place {run.position}" if run.position else status.state
    return " · ".join([run.name, state, *([] if status.accuracy is None else [format_share(status.accuracy)])])
