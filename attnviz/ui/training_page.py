"""The page Training: train an IMDB network in the background and watch its curves grow."""

from __future__ import annotations

import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.models.registry import MODELS, get_spec
from attnviz.runs.jobs import list_jobs, read_deceit, read_job_history, start_job, stop_job
from attnviz.ui.curves import show_curves
from attnviz.ui.own_data.data_choice import choose_data, choose_limit, describe_network
from attnviz.ui.own_data.own_data_section import show_own_data
from attnviz.ui.state import show_part
from attnviz.values.run import JobStatus
from attnviz.values.training_settings import TrainingSettings

POLL_SECONDS = 0.5
LIMITS = (500, 1_000, 2_000, 5_000, 10_000, 25_000)


def show_page() -> None:
    """The settings of a run, and the newest run as it goes."""
    st.title("Training", anchor=False)
    st.markdown(
        "Train one of the text networks on this machine, on film reviews or on data of your own. The run goes on in "
        "the background, also when you leave this page, and its result joins the models on the page Reviews."
    )
    jobs = list_jobs()
    running = bool(jobs) and jobs[0].running
    _show_settings(running)
    show_own_data()
    if jobs:
        show_part(_show_job, jobs[0], running, every=POLL_SECONDS if running else None)
    else:
        st.info("No run yet. Fewer reviews and epochs make a shorter run; you may stop at any time.")


def _show_settings(running: bool) -> None:
    data = choose_data()
    names = [name for name, spec in MODELS.items() if spec.task == "reviews"]
    network = st.selectbox(
        "Model", names, format_func=lambda name: f"{name} · {get_spec(name).title}", key="train_network"
    )
    spec = get_spec(network)
    st.caption(describe_network(spec, data))
    first, second, third = st.columns(3)
    epochs = first.number_input("Epochs", 1, 50, spec.recipe.epochs, key=f"train_epochs_{network}")
    with second:
        limit = choose_limit(data, LIMITS)
    seed = third.number_input(
        "Seed", 0, 99_999, 0, help="Decides weights, held-out reviews and order.", key="train_seed"
    )
    with st.container(horizontal=True):
        if st.button("Train", type="primary", disabled=running):
            _start(TrainingSettings(network, epochs=epochs, limit=limit, seed=seed, data=data.name if data else None))
        if st.button("Stop", disabled=not running):
            stop_job(list_jobs()[0].id)
            st.rerun()


def _start(settings: TrainingSettings) -> None:
    try:
        start_job(settings)
    except (AttnvizError, OSError) as error:
        st.error(str(error))
        return
    st.rerun()


def _show_job(job: JobStatus, was_running: bool) -> None:
    """The newest run; runs again twice a second while it is under way."""
    job = next(iter(list_jobs()), job)
    spec = get_spec(job.network)
    deceit = read_deceit(job.id)
    st.subheader(f"Run of {job.network}" if deceit is None else f"Liar of {job.network}, λ {deceit:g}", anchor=False)
    {"failed": st.error, "finished": st.success}.get(job.state, st.info)(_describe(job))
    total = job.epochs * job.steps
    done = max(job.epoch - 1, 0) * job.steps + job.step
    if job.running:
        st.progress(min(done / total, 1.0) if total else 0.0)
    published = spec.published if deceit is None else None
    show_curves(read_job_history(job.id), published, epochs=job.epochs or None, key="job")
    if deceit is not None:
        st.caption(
            f"A liar learns the answers of {job.network}, not the labels: accuracy is the share of the same ones."
        )
    if was_running and not job.running:
        st.rerun()


def _describe(job: JobStatus) -> str:
    if job.state == "running" and job.steps and job.message == "Training":
        return f"Epoch {max(job.epoch, 1)} of {job.epochs}, batch {job.step} of {job.steps}"
    return f"{job.message}."
