"""The page Training: train an IMDB network in the background and watch its curves grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from attnviz.data.imdb import find_imdb
from attnviz.errors import AttnvizError
from attnviz.models.registry import MODELS, get_spec
from attnviz.render.markdown import escape_markdown
from attnviz.runs.run_queue import queue_run, resume_run, stop_run
from attnviz.runs.stored_run import StoredRun, find_run, list_runs
from attnviz.ui.curves import show_curves
from attnviz.ui.state import show_part, start_waiting_runs
from attnviz.values.training_settings import TrainingSettings

POLL_SECONDS = 0.5
LIMITS = (500, 1_000, 2_000, 5_000, 10_000, 25_000)


def show_page() -> None:
    """The settings of a run, and the newest run as it goes."""
    st.title("Training", anchor=False)
    st.markdown(
        "Train one of the review networks on this machine. The run goes on in the background, also when you leave this "
        "page, and its result joins the models on the page Reviews."
    )
    _say_where_the_data_is()
    runs = list_runs()
    run = _choose(runs)
    _show_settings(run)
    if run is not None:
        open_end = not run.status.ended
        show_part(_show_run, run.name, open_end, every=POLL_SECONDS if open_end else None)
        _show_queue(runs)
    else:
        st.info("No run yet. Fewer reviews and epochs make a shorter run; you may stop at any time.")


def _choose(runs: Sequence[StoredRun]) -> StoredRun | None:
    """The run to show: the one that is worked on, else the next one that waits, else the newest."""
    waiting = sorted((run for run in runs if run.position), key=lambda run: run.position or 0)
    return next((run for run in [*runs, *waiting] if run.status.alive or run.position == 1), next(iter(runs), None))


def _show_queue(runs: Sequence[StoredRun]) -> None:
    for run in sorted((run for run in runs if run.position), key=lambda run: run.position or 0):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{run.position}. {run.name} waits for its turn.")
            if st.button("Take out", key=f"take_out_{run.name}"):
                _do(stop_run, run.name)


def _say_where_the_data_is() -> None:
    try:
        if find_imdb() is None:
            st.info("The reviews are not on this machine yet: the first run downloads them (84 MB) from Stanford.")
    except AttnvizError as error:
        st.error(str(error))


def _show_settings(shown: StoredRun | None) -> None:
    names = [name for name, spec in MODELS.items() if spec.task == "reviews"]
    network = st.selectbox(
        "Model", names, format_func=lambda name: f"{name} · {get_spec(name).title}", key="train_network"
    )
    spec = get_spec(network)
    st.caption(f"{spec.summary} It reads the last {spec.steps} words and has {spec.parameters:,} parameters.")
    first, second, third = st.columns(3)
    epochs = first.number_input("Epochs", 1, 50, spec.recipe.epochs, key=f"train_epochs_{network}")
    limit = second.select_slider(
        "Reviews",
        LIMITS,
        value=2_000,
        format_func=lambda count: f"{count:,}",
        help="How many training reviews to use, and at most as many test reviews. 10 % of them select the epoch.",
        key="train_limit",
    )
    seed = third.number_input(
        "Seed", 0, 99_999, 0, help="Decides weights, held-out reviews and order.", key="train_seed"
    )
    with st.container(horizontal=True):
        if st.button("Train", type="primary"):
            _do(queue_run, TrainingSettings(network, epochs=epochs, limit=limit, seed=seed))
        if st.button("Stop", disabled=shown is None or shown.status.ended) and shown is not None:
            _do(stop_run, shown.name)
        if shown is not None and shown.status.resumable and st.button("Resume"):
            _do(resume_run, shown.name)


def _do(change: Callable[..., object], *arguments: object) -> None:
    try:
        change(*arguments)
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    st.rerun()


def _show_run(name: str, was_open: bool) -> None:
    """A run; runs again twice a second until it ends."""
    try:
        run = find_run(name)
        history = run.read_epochs()
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    start_waiting_runs()
    deceit = run.settings.deceit
    st.subheader(
        f"Run of {run.settings.network}" if deceit is None else f"Liar of {run.settings.network}, λ {deceit:g}",
        anchor=False,
    )
    show = {"failed": st.error, "interrupted": st.warning, "finished": st.success}.get(run.status.state, st.info)
    show(escape_markdown(run.status.sentence))
    if run.status.alive:
        st.progress(run.status.progress)
    published = get_spec(run.settings.network).published if deceit is None else None
    show_curves(history, published, epochs=run.status.epochs or None, key="run")
    if deceit is not None:
        st.caption(
            f"A liar learns the answers of {run.settings.network}, not the labels: accuracy is the share of the same "
            "ones."
        )
    if was_open and run.status.ended:
        st.rerun()
