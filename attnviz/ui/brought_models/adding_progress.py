"""How far a model is on its way into the library."""

from __future__ import annotations

import time

import streamlit as st

from attnviz.engine.adding import STEPS
from attnviz.engine.work import Work
from attnviz.languages import mark, tr
from attnviz.render.markdown import escape_markdown
from attnviz.ui.state import POLL_SECONDS, get_engine, show_part

WAITING = mark("TensorFlow is being loaded")


def start_clock() -> None:
    """From now on seconds are counted."""
    st.session_state.adding_since = time.monotonic()


def show_progress(work: Work) -> None:
    """The steps that are done, and the one that is being done with its seconds."""
    show_part(_show_steps, work, every=POLL_SECONDS)


def _show_steps(work: Work) -> None:
    """Looking ends with a run of the whole page."""
    if work.state != "running":
        st.rerun()
    seconds = time.monotonic() - st.session_state.adding_since
    waits = work.done and get_engine().state == "loading"
    done = "".join("✓ " + tr("{sentence}.", sentence=tr(step)) + "  \n" for step in STEPS[: work.done])
    step = tr("Step {step} of {steps}", step=min(work.done + 1, work.total), steps=work.total)
    st.progress(work.done / work.total, step)
    now = tr("{doing} ({seconds} s)…", doing=tr(WAITING if waits else work.message), seconds=round(seconds))
    st.markdown(f"{done}{escape_markdown(now)}")
