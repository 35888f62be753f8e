"""The page Evidence: what networks attend to over thousands of reviews, and whether they need it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.evidence.table_text import TITLES
from attnviz.languages import mark, tr
from attnviz.render.evidence_figures import plot_agreement, plot_need, plot_reliability
from attnviz.render.evidence_report import describe_need, get_need, make_agreement, name_sources
from attnviz.render.glossary import INTERVAL, explain_terms
from attnviz.render.measure_names import name_measured
from attnviz.render.number_table import style_numbers
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.short_numbers import count_texts
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.asking import is_end_of_asking
from attnviz.ui.corpus_evidence.measuring import find_summary, show_measuring
from attnviz.ui.corpus_evidence.tutorials_section import show_tutorials
from attnviz.ui.corpus_evidence.words_section import show_words
from attnviz.ui.liar_section import show_liar
from attnviz.ui.select import select
from attnviz.ui.state import get_review_checkpoints
from attnviz.values.corpus_measures import NetworkSummary, Row
from attnviz.values.plain import to_plain

PLAIN = {"displayModeBar": False}

COLUMNS = {
    "section": mark("section"),
    "measure": mark("measure"),
    "of": mark("of what"),
    "value": mark("value"),
    "low": mark("low"),
    "high": mark("high"),
    "statistic": mark("statistic"),
}
"""The columns of the table of measures as they are shown."""


def show_page() -> None:
    """All networks in one picture, then one of them in depth."""
    is_end_of_asking()  # of this page's own parts; another page must not take it for its own
    st.title(tr("Evidence"), anchor=False)
    st.markdown(
        tr(
            "On one review much can be told. Does a network need its attention, and which words does it live on, over "
            "thousands of reviews that it was not trained on?"
        )
    )
    networks = get_review_checkpoints()
    if networks:
        _show_networks(networks)
    else:
        st.error(tr("There is no usable text network in the library. See the page Models, or train one."))
    show_tutorials()
    if networks:
        show_liar()


def _show_networks(networks: dict[str, Checkpoint]) -> None:
    summaries = {name: found for name, one in networks.items() if (found := _find(one)) is not None}
    _show_need(summaries)
    name = select(
        tr("Network"),
        list(networks),
        lambda name: f"{name} · {tr(networks[name].spec.title)}",
        key="evidence_network",
    )
    summary = summaries.get(name)
    if summary is None:
        show_measuring(networks[name])
    else:
        _show_one(summary, networks[name].spec.steps, networks[name].spec.data)


def _find(checkpoint: Checkpoint) -> NetworkSummary | None:
    try:
        return find_summary(checkpoint)
    except AttnvizError as error:
        st.error(str(error))
        return None


def _show_need(summaries: dict[str, NetworkSummary]) -> None:
    st.header(tr("Does it need its attention?"), anchor=False)
    found = {name: need for name, one in summaries.items() if len(need := get_need(one)) > 1}
    if not found:
        st.info(tr("No network with attention has been measured yet."))
        return
    st.markdown(
        tr(
            "The same networks answer with their own attention weights and with others in their place, without being "
            "trained again. Marks that lie together: the weights hardly matter. Marks apart: they are needed as they "
            "are."
        ),
        help=_explain_need(),
    )
    st.plotly_chart(plot_need(found), config=PLAIN, key="evidence_need")
    numbers = [row.n for one in summaries.values() if (row := one.find("accuracy")) is not None]
    plain = [name for name in summaries if name not in found]
    left_out = tr("{networks}: no weights of words that could be replaced.", networks=", ".join(plain)) if plain else ""
    texts = tr("{n} test texts a network.", n=_count(numbers))
    st.caption(f"{texts} {left_out}".strip())


def _explain_need() -> str:
    said = tr(
        "Another text's weights are those of a review of about the same length, stretched to this one. The lines are "
        "bootstrap intervals over the reviews."
    )
    return f"{said} {explain_terms(INTERVAL)}"


def _count(numbers: Sequence[int]) -> str:
    """How many, or from how many to how many."""
    least, most = min(numbers), max(numbers)
    low, high = format_count(least), format_count(most)
    return low if least == most else tr("{low} to {high}", low=low, high=high)


def _show_one(summary: NetworkSummary, steps: int, data: str) -> None:
    if sentence := describe_need(summary):
        st.markdown(sentence)
    show_words(summary, steps, data)
    left, right = st.columns(2)
    with left:
        _show_agreement(summary)
    with right:
        _show_reliability(summary)
    _show_tables(summary)


def _show_agreement(summary: NetworkSummary) -> None:
    st.header(tr("Do the methods agree?"), anchor=False)
    rows = summary.list_rows("agreement")
    if not rows:
        st.info(tr("Only one method was measured."))
        return
    st.markdown(
        tr("1: both put the words in the same order. 0: the orders have nothing to do with each other."),
        help=_explain_agreement(),
    )
    st.plotly_chart(plot_agreement(*make_agreement(rows)), config=PLAIN, key="evidence_agreement")
    st.caption(tr("{n} texts a pair.", n=_count([row.n for row in rows])))


def _explain_agreement() -> str:
    said = tr(
        "Here it is τ-b, averaged over the reviews. With the attention fixed, as Jain & Wallace 2019 measure it, the "
        "gradient does not flow through the weights."
    )
    return f"{explain_terms('Kendall’s τ')} {said}"


def _show_reliability(summary: NetworkSummary) -> None:
    st.header(tr("Is it as sure as it is right?"), anchor=False)
    error = summary.find("calibration error", "predicted label, 10 bins of equal width")
    if error is None or not summary.bins:
        st.info(tr("The right answers are not known."))
        return
    st.markdown(
        tr(
            "On the dotted line a network that says {share} is right in {share} of such reviews; under it, it is too "
            "sure.",
            share=format_percent(0.8, 0),
        ),
        help=explain_terms("Confidence", "Calibration error"),
    )
    bins = [(one.confidence, one.accuracy, one.n) for one in summary.bins]
    st.plotly_chart(plot_reliability(bins), config=PLAIN, key="evidence_reliability")
    st.caption(_describe_error(error))


def _describe_error(error: Row) -> str:
    return tr(
        "Expected calibration error {error} ({interval}), {texts}.",
        error=format_number(error.value),
        interval=tr("{low} to {high}", low=format_number(error.low), high=format_number(error.high)),
        texts=count_texts(error.n),
    )


def _show_tables(summary: NetworkSummary) -> None:
    st.header(tr("Every number"), anchor=False)
    commands = name_sources({source.command: source.n for source in summary.sources})
    st.markdown(tr("Measured by {commands}. Each row says how many texts it is about.", commands=commands))
    frame = pd.DataFrame([row.to_dict() for row in summary.rows])
    frame["section"] = frame["section"].map(TITLES)
    with st.expander(tr("The table of measures")):
        _show_measures(frame)
    words = pd.DataFrame([to_plain(word) for word in summary.words])
    with st.container(horizontal=True):
        _offer(tr("Measures as CSV"), f"{summary.network}-evidence.csv", frame.to_csv(index=False))
        _offer(tr("Words as CSV"), f"{summary.network}-words.csv", words.to_csv(index=False))
        _offer(tr("Words as Parquet"), f"{summary.network}-words.parquet", words.to_parquet(index=False))
        _offer(tr("All as JSON"), f"{summary.network}-evidence.json", json.dumps(to_plain(summary), indent=1))


def _show_measures(frame: pd.DataFrame) -> None:
    """The table in the reader's language; its files are the same in all of them."""
    named = {name: frame[name].map(name_measured) for name in ("measure", "of", "statistic")}
    shown = frame.assign(section=frame["section"].map(tr), **named)
    styled = style_numbers(shown, dict.fromkeys(("value", "low", "high"), 3))
    titles = {name: tr(title) for name, title in COLUMNS.items()}
    count = st.column_config.NumberColumn(format="localized")
    st.dataframe(styled, hide_index=True, column_config={**titles, "n": count})


def _offer(label: str, file: str, content: str | bytes) -> None:
    st.download_button(label, content, file, key=f"evidence_{file}", on_click="ignore")
