"""What a new run is asked to do: the settings, and the texts that are watched."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from attnviz.data.examples import EXAMPLES
from attnviz.errors import AttnvizError
from attnviz.languages import tr
from attnviz.models.registry import MODELS, get_spec
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count
from attnviz.runs.run_queue import queue_run
from attnviz.training.setting_checks import MAX_PINNED, MAX_PINNED_CHARACTERS, check_pinned
from attnviz.ui.own_data.data_choice import choose_data, choose_limit, describe_network
from attnviz.ui.select import select
from attnviz.values.training_settings import TrainingSettings

LIMITS = (500, 1_000, 2_000, 5_000, 10_000, 25_000)
MAX_RUNS = 20
"""How many seeds are asked for at once; each leaves a network in the library."""
LOG_FOLDER = "tensorboard"
"""In the folder of a run."""


def show_form() -> None:
    """The settings, and the button that queues a run with them."""
    data = choose_data()
    names = [name for name, spec in MODELS.items() if spec.task == "reviews"]
    network = select(tr("Model"), names, lambda name: f"{name} · {tr(get_spec(name).title)}", key="train_network")
    spec = get_spec(network)
    st.caption(describe_network(spec, data))
    first, second, third, fourth = st.columns(4)
    first.number_input(tr("Epochs"), 1, 50, spec.recipe.epochs, key=f"train_epochs_{network}")
    with second:
        limit = choose_limit(data, LIMITS)
    about = tr("Decides weights, held-out texts and order.")
    third.number_input(tr("Seed"), 0, 99_999, 0, help=about, key="train_seed")
    repeats = tr("Each run has the next seed; below them stands how far apart they end.")
    fourth.number_input(tr("Runs"), 1, MAX_RUNS, 1, help=repeats, key="train_runs")
    with st.expander(tr("Texts to watch, and a log")):
        _show_more()
    st.button(tr("Train"), type="primary", on_click=_start, args=(network, limit, data.name if data else None))
    if error := st.session_state.pop("train_error", ""):
        st.error(escape_markdown(error))


def _show_more() -> None:
    st.text_area(
        tr("Pinned texts, one a line (at most {n})", n=MAX_PINNED),
        _propose_text(),
        height=110,
        help=tr(
            "The highlight of each, up to {n} characters, is kept at moments of the training, and can be played.",
            n=format_count(MAX_PINNED_CHARACTERS),
        ),
        key="train_pinned",
    )
    st.checkbox(
        tr("Write a log for TensorBoard"),
        help=tr("Into the folder {folder} of the run; `tensorboard --logdir` opens it.", folder=LOG_FOLDER),
        key="train_log",
    )


def _propose_text() -> str:
    """The text of the page Reviews, if it is not too long, on one line."""
    text = " ".join(str(st.session_state.get("review_text", "")).split())
    return text if 0 < len(text) <= MAX_PINNED_CHARACTERS else " ".join(next(iter(EXAMPLES.values())).split())


def _start(network: str, limit: int, data: str | None) -> None:
    state = st.session_state
    try:
        pinned = tuple(line.strip() for line in str(state.train_pinned).splitlines() if line.strip())
        check_pinned(pinned)
        settings = TrainingSettings(
            network,
            epochs=state[f"train_epochs_{network}"],
            limit=limit,
            seed=state.train_seed,
            data=data,
            pinned=pinned,
            tensorboard=LOG_FOLDER if state.train_log else None,
        )
        queued = [queue_run(replace(settings, seed=settings.seed + number)) for number in range(state.train_runs)]
        state.train_run = queued[0].name
    except (AttnvizError, OSError) as error:
        state.train_error = str(error)
