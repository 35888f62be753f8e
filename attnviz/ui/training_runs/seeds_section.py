"""The seeds of a run: the runs that differ from it in nothing else, how far they are, and how far apart they end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from attnviz.evidence.sweep_table import measure_spread
from attnviz.languages import tr
from attnviz.render.seed_strip import describe_spread, render_seed_strip
from attnviz.runs.run_queue import stop_run
from attnviz.runs.sibling_runs import list_siblings
from attnviz.runs.stored_run import StoredRun, list_runs
from attnviz.ui.state import show_part
from attnviz.ui.training_runs.run_buttons import act

POLL_SECONDS = 1.0


def show_seeds(run: StoredRun, runs: Sequence[StoredRun]) -> None:
    """Show them while they train and afterwards; nothing where the run has no other seed."""
    siblings = list_siblings(run, runs)
    if len(siblings) > 1:
        going = not all(one.status.ended for one in siblings)
        show_part(_show, run.name, going, every=POLL_SECONDS if going else None)


def _show(name: str, going: bool) -> None:
    runs = list_runs()
    run = next((one for one in runs if one.name == name), None)
    siblings = [] if run is None else list_siblings(run, runs)
    left = [one for one in siblings if not one.status.ended]
    if going != bool(left):
        st.rerun()
    _show_head(siblings)
    if left:
        st.progress(float(np.mean([_get_progress(one) for one in siblings])))
        names = [one.name for one in left if one.status.state != "stopping"]
        st.button(tr("End all seeds"), disabled=not names, on_click=act, args=(partial(_stop, names),))
    _show_reached(siblings)


def _show_head(siblings: Sequence[StoredRun]) -> None:
    st.subheader(tr("Several seeds"), anchor=False)
    done = sum(one.status.state == "finished" for one in siblings)
    seeds = ", ".join(str(one.settings.seed) for one in siblings)
    told = tr(
        "{done} of {all} runs that differ in nothing but the seed are finished (seeds {seeds}). Of fewer texts than "
        "all, each seed draws its own, so the spread is theirs, too.",
        done=done,
        all=len(siblings),
        seeds=seeds,
    )
    st.caption(told)


def _get_progress(run: StoredRun) -> float:
    return 1.0 if run.status.ended else run.status.progress


def _stop(names: Sequence[str]) -> None:
    """Those that wait first, or the next of them would begin."""
    for name in reversed(names):
        stop_run(name)


def _show_reached(siblings: Sequence[StoredRun]) -> None:
    finished = (one for one in siblings if one.status.state == "finished")
    reached = {one.settings.seed: one.status.accuracy for one in finished if one.status.accuracy is not None}
    if not reached:
        return
    spread = measure_spread("test_accuracy", list(reached.values()))
    st.html(render_seed_strip(reached, spread))
    st.markdown(describe_spread(spread))
    if len(reached) > 1:
        st.caption(tr("A dot is a seed, the line their mean, the band the interval of the mean."))
