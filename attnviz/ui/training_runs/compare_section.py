"""The section 'Compare runs' of the page Training: figures, curves, and one text under each of the networks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from attnviz.data.examples import EXAMPLES
from attnviz.errors import AttnvizError
from attnviz.languages import mark, tr
from attnviz.render.markdown import escape_markdown
from attnviz.render.number_table import style_numbers
from attnviz.render.phrases import join_list
from attnviz.render.run_comparison_report import INTERVAL, format_interval, plot_compared, render_csv_of_runs
from attnviz.render.sentences import explain_methods
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.compared_runs import compare_runs
from attnviz.runs.stored_run import StoredRun
from attnviz.ui.compared_maps import show_compared_maps
from attnviz.ui.reviews.review_text import make_printable
from attnviz.ui.state import get_library, get_review_models, show_part
from attnviz.values.methods import METHODS, TYPED_METHODS
from attnviz.values.run_comparison import MOST_RUNS, ComparedRun, RunComparison

POLL_SECONDS = 3.0
"""How often the curves of runs that go on are drawn anew."""
START_METHODS = ("attention", "gradient")
"""A network without attention has the second of them, so that each one answers."""

_COLUMNS = {
    "parameters": "localized",
    "test texts": "localized",
    "training time": mark("%.0f s"),
    "size on disk": mark("%.2f MB"),
}
"""How columns of numbers are written."""


def show_comparison(runs: Sequence[StoredRun]) -> None:
    """All of the section.

    Args:
        runs: those of the library; the networks that ship can be chosen, too.
    """
    st.header(tr("Compare runs"), anchor=False)
    chosen = _choose(runs)
    if len(chosen) < 2:
        asked = mark("Choose two to {most} runs or networks that ship: a table, curves, and one text in each.")
        st.caption(tr(asked, most=MOST_RUNS))
        return
    goes_on = any(run.status.alive for run in runs if run.name in chosen)
    show_part(_show_figures, chosen, every=POLL_SECONDS if goes_on else None)
    show_part(_show_text, chosen)


def _choose(runs: Sequence[StoredRun]) -> list[str]:
    names = [run.name for run in runs]
    names += [item.name for item in get_library() if isinstance(item, Checkpoint) and item.name not in names]
    state = st.session_state
    if not set(state.get("compared_runs", ())) <= set(names):
        state.compared_runs = [name for name in state.compared_runs if name in names]  # one was deleted or renamed
    return st.multiselect(
        tr("Runs and networks"),
        names,
        key="compared_runs",
        max_selections=MOST_RUNS,
        placeholder=tr("Choose two or more"),
        persist_state="session",
    )


def _show_figures(chosen: list[str]) -> None:
    try:
        compared = compare_runs(chosen)
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    counts = dict.fromkeys(("best epoch", "test texts", "parameters"), "Int64")  # whole also where one is not known
    rows = pd.DataFrame([_write_row(run) for run in compared.runs]).astype(counts).rename(columns=tr)
    styled = style_numbers(rows, shares=(tr("test accuracy"),))
    columns = {tr(name): st.column_config.NumberColumn(format=tr(form)) for name, form in _COLUMNS.items()}
    st.dataframe(styled, hide_index=True, placeholder="–", column_config=columns)
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_table(compared)
        st.markdown(escape_markdown(compared.note))
    for place, measure in zip(st.columns(2), ("loss", "accuracy"), strict=True):
        figure = plot_compared(compared.runs, measure)
        place.plotly_chart(figure, config={"displayModeBar": False}, key=f"compared_{measure}")
    st.caption(
        tr(
            "Thick lines with marks: the texts that select the epoch (held out; with the protocol tutorial maybe the "
            "test texts). Thin lines of the same colour and dash: training."
        )
    )


def _write_row(run: ComparedRun) -> dict[str, object]:
    """By the English names of the columns."""
    return {
        mark("run"): run.name,
        mark("network"): _name_network(run),
        mark("data"): tr(run.tested.data),
        mark("seed"): run.seed,
        mark("protocol"): tr(run.protocol),
        mark("epochs"): run.epochs,
        mark("best epoch"): run.best_epoch,
        mark("test accuracy"): run.accuracy,
        INTERVAL: format_interval(run) or None,
        mark("test texts"): run.tested.count,
        mark("parameters"): run.parameters,
        mark("training time"): run.seconds,
        mark("size on disk"): run.bytes / 1e6,
        mark("state"): tr(run.state),
    }


def _name_network(run: ComparedRun) -> str:
    if run.deceit is None:
        return run.network
    return tr("{network}, a liar, λ {deceit}", network=run.network, deceit=format(run.deceit, "g"))


def _offer_table(compared: RunComparison) -> None:
    content = render_csv_of_runs(compared)
    st.download_button(
        tr("Table as CSV"), content, "attnviz-runs.csv", key="compared_csv", on_click="ignore", mime="text/csv"
    )


def _show_text(chosen: list[str]) -> None:
    """The text in each network that reads texts and has learned something by now."""
    models = get_review_models()
    able = [name for name in chosen if name in models]
    st.markdown(tr("**One text in each of them**"))
    if without := [name for name in chosen if name not in models]:
        told = tr("{names}: no network that reads texts (yet).", names=join_list(without))
        st.caption(escape_markdown(told))
    start = st.session_state.get("review_text") or next(iter(EXAMPLES.values()))
    text = st.text_area(tr("Text"), make_printable(start), height=110, key="compared_text", persist_state="session")
    methods = st.multiselect(
        tr("Scores"),
        TYPED_METHODS,
        START_METHODS,
        key="compared_methods",
        format_func=lambda name: tr(METHODS[name].title),
        help=explain_methods(TYPED_METHODS),
        persist_state="session",
    )
    if any(method in models[name].methods for name in able for method in methods):
        show_compared_maps("runs", able, methods, text)
    else:
        st.caption(tr("Nothing to show: none of them offers these scores."))
