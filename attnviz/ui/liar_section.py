"""The part 'Train a liar' of the page Evidence: a twin with the same answers and another highlight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

import pandas as pd
import streamlit as st

from attnviz.data.examples import EXAMPLES
from attnviz.data.imdb import find_imdb
from attnviz.engine.protocol import Compare
from attnviz.errors import AttnvizError
from attnviz.evidence.control_run import ControlRun, read_shipped_runs
from attnviz.evidence.control_table import ControlRow, make_rows
from attnviz.languages import mark, tr
from attnviz.render.glossary import GLOSSARY
from attnviz.render.liar_report import ControlPoint, describe_liars, describe_pair, plot_controls
from attnviz.render.markdown import escape_markdown
from attnviz.render.number_table import style_numbers
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.short_numbers import format_short
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.run_queue import queue_run, stop_run
from attnviz.runs.stored_run import find_run, list_runs
from attnviz.ui.asking import show_answer
from attnviz.ui.components.text_maps import describe_comparison, show_maps
from attnviz.ui.select import select
from attnviz.ui.state import get_review_checkpoints, show_part
from attnviz.values.comparison import Comparison
from attnviz.values.training_settings import TrainingSettings

NETWORK = "word-additive"
DECEITS = (0.0, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
LIMITS = (2_000, 5_000, 10_000, 25_000)
POLL_SECONDS = 0.5

NAMES = {"own": mark("another seed"), "even": mark("even weights")}
"""What controls that do not deceive are called in the figure."""


def show_liar() -> None:
    """What liars that were trained before reach, a run of one's own, and a review under both networks."""
    st.header(tr("Train a liar"), anchor=False)
    st.markdown(
        tr(
            "Could the same answers come with another highlight? A second {network} is trained from scratch to match "
            "the answers of the first, and is rewarded for looking elsewhere. **λ** says how much it may deceive: at 0 "
            "it only matches the answers.",
            network=NETWORK,
        ),
        help=tr(
            "The loss is the total variation distance of the two answers minus λ times the Kullback-Leibler "
            "divergence of the attention, averaged over the reviews (Wiegreffe & Pinter 2019)."
        ),
    )
    _show_shipped()
    if NETWORK not in get_review_checkpoints():
        st.info(tr("{network} is not in the library, so no liar of it can be trained here.", network=NETWORK))
        return
    _show_run()
    _show_pair()


def _show_shipped() -> None:
    rows = make_rows(read_shipped_runs(NETWORK))
    points = [point for row in rows if (point := _make_point(row)) is not None]
    if not points:
        return
    st.plotly_chart(plot_controls(points), config={"displayModeBar": False}, key="liar_figure")
    st.markdown(escape_markdown(describe_liars(NETWORK, points)))
    st.caption(_describe_runs(read_shipped_runs(NETWORK)))
    with st.expander(tr("The same as a table")):
        _show_table(rows)


def _describe_runs(runs: Sequence[ControlRun]) -> str:
    reviews = max(run.agreement.n for run in runs)
    seconds = fmean(run.run.seconds for run in runs if run.control.kind == "liar")
    counts = sorted({row.n for row in make_rows(runs)})
    seeds = f"{counts[0]}" if len(counts) == 1 else tr("{low} to {high}", low=counts[0], high=counts[-1])
    return tr(
        "Trained before, with {seeds} seeds each; means on {reviews} test reviews. Training a liar took {seconds} s on "
        "two processor cores.",
        seeds=seeds,
        reviews=format_count(reviews),
        seconds=format_number(seconds, 0),
    )


def _show_table(rows: Sequence[ControlRow]) -> None:
    frame = pd.DataFrame([_describe_row(row) for row in rows])
    styled = style_numbers(frame, {"TVD": 3, "JSD": 3}, shares=(tr("accuracy"), tr("± SD"), tr("same answers")))
    st.dataframe(styled, placeholder="–", hide_index=True)
    st.caption(
        tr(
            "Same answers, TVD and JSD are against {network}. TVD, total variation distance of the answers: {tvd} JSD, "
            "Jensen–Shannon divergence of the weights: {jsd} SD: {sd} One run with its own attention is {network} "
            "itself, which is not compared with itself.",
            network=NETWORK,
            tvd=tr(GLOSSARY["Total variation distance"]),
            jsd=tr(GLOSSARY["Jensen–Shannon divergence"]),
            sd=tr(GLOSSARY["SD"]),
        )
    )


def _describe_row(row: ControlRow) -> dict[str, object]:
    return {
        tr("control"): _name_control(row),
        tr("seeds"): row.n,
        tr("accuracy"): row.accuracy,
        tr("± SD"): row.spread,
        tr("same answers"): row.same,
        "TVD": row.distance,
        "JSD": row.divergence,
        tr("parameters"): row.parameters,
    }


def _name_control(row: ControlRow) -> str:
    if row.deceit is not None:
        return tr("liar, λ {deceit}", deceit=format_short(row.deceit))
    return tr(NAMES[row.kind]) if row.kind in NAMES else row.kind


def _make_point(row: ControlRow) -> ControlPoint | None:
    if row.divergence is None or row.same is None:
        return None
    name = tr(NAMES.get(row.kind, "")) if row.deceit is None else f"λ {format_short(row.deceit)}"
    return ControlPoint(name, row.kind == "liar", row.divergence, row.same, row.accuracy, row.others)


def _show_run() -> None:
    runs = list_runs()
    liars = [run for run in runs if run.settings.deceit is not None]
    active = next((run for run in liars if not run.status.ended), None)
    left, right = st.columns(2)
    deceit = left.select_slider(
        tr("How much it may deceive (λ)"), DECEITS, value=0.03, format_func=format_short, key="liar_deceit"
    )
    limit = right.select_slider(
        tr("Reviews to learn from"),
        LIMITS,
        value=25_000,
        format_func=format_count,
        help=tr(
            "{share} of them select the epoch, and at most as many test reviews are read. With fewer it learns the "
            "answers less well, so it differs in them, too.",
            share=format_percent(0.1, 0),
        ),
        key="liar_limit",
    )
    _say_where_the_data_is()
    with st.container(horizontal=True):
        if st.button(tr("Train a liar"), type="primary", disabled=active is not None):
            _do(queue_run, TrainingSettings(NETWORK, limit=limit, deceit=deceit))
        if st.button(tr("Stop training"), disabled=active is None) and active:
            _do(stop_run, active.name)
    if active is not None and active.position:
        st.caption(tr("Another run is under way; one at a time."))
    if liars:
        shown = active or liars[0]
        show_part(_show_liar_run, shown.name, active is not None, every=POLL_SECONDS if active else None)


def _say_where_the_data_is() -> None:
    try:
        if find_imdb() is None:
            st.info(tr("The reviews are not on this machine yet: the first run downloads them (84 MB) from Stanford."))
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))


def _do(change: Callable[..., object], argument: object) -> None:
    try:
        change(argument)
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    st.rerun()


def _show_liar_run(name: str, was_open: bool) -> None:
    """A liar's training; runs again twice a second until it ends."""
    try:
        run = find_run(name)
    except AttnvizError as error:  # it was deleted meanwhile
        st.error(escape_markdown(str(error)))
        return
    show = {"failed": st.error, "interrupted": st.warning, "finished": st.success}.get(run.status.state, st.info)
    show(escape_markdown(f"λ {format_short(run.settings.deceit or 0.0)}: {run.status.sentence}"))
    if run.status.alive:
        st.progress(run.status.progress)
    if was_open and run.status.ended:
        st.rerun()


def _show_pair() -> None:
    liars = {name: item for name, item in get_review_checkpoints().items() if _is_liar(item)}
    if not liars:
        st.caption(tr("When a liar is trained, a review stands here under both networks."))
        return
    newest = sorted(liars, key=lambda name: liars[name].run.created, reverse=True)
    left, right = st.columns(2)
    liar = select(tr("Liar"), newest, lambda name: _name_liar(liars[name]), within=left, key="liar_name")
    title = select(tr("Start from"), list(EXAMPLES), tr, within=right, key="liar_example")
    text = st.text_area(tr("Text to read"), EXAMPLES[title], height=130, key=f"liar_text_{title}")
    show_answer("liar", _show_maps, Compare((NETWORK, liar), ("attention",), text), liar)


def _is_liar(item: Checkpoint) -> bool:
    return item.deceit is not None and item.run.network == NETWORK


def _name_liar(item: Checkpoint) -> str:
    reviews = item.run.data.get("train", 0) + item.run.data.get("held_out", 0)
    values = {"network": item.name, "deceit": format_short(item.deceit or 0.0), "reviews": format_count(reviews)}
    if item.run.stopped:
        return tr("{network} · λ {deceit}, {reviews} reviews, stopped early", **values)
    return tr("{network} · λ {deceit}, {reviews} reviews", **values)


def _show_maps(found: Comparison | None, liar: str) -> None:
    state = st.session_state
    if found is not None:
        state.liar_shown = (found, liar)
    if "liar_shown" not in state:
        st.markdown(tr("Both networks are reading the text…"))
        return
    compared, shown = state.liar_shown
    st.markdown(f"**{escape_markdown(describe_pair(*compared.explanations))}**")
    show_maps(describe_comparison(compared, [NETWORK, shown], ["attention"]), stale=found is None, key="liar_maps")
