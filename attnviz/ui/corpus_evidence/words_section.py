"""The words that a network lives on: a scatter, and from each dot down to the reviews where it happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from attnviz.data.browsing import find_read_word
from attnviz.data.imdb import Imdb
from attnviz.engine.readings import find_source
from attnviz.errors import AttnvizError
from attnviz.evidence.network_summary import LEAST
from attnviz.languages import mark, tr
from attnviz.render.evidence_figures import WordPoint, plot_words
from attnviz.render.evidence_report import make_points
from attnviz.render.glossary import explain_terms
from attnviz.render.labels import name_label
from attnviz.render.markdown import escape_markdown
from attnviz.render.number_table import style_numbers
from attnviz.render.numerals import format_count
from attnviz.ui.reviews.review_text import set_test_review, start_text
from attnviz.ui.reviews.reviews_page import show_page as show_reviews
from attnviz.ui.state import get_readings
from attnviz.values.corpus_measures import NetworkSummary

ALL = mark("any answer")
SHOWN = 10
AROUND = 60
"""Characters before and after the word in the list of reviews."""


def show_words(summary: NetworkSummary, steps: int, data: str = "") -> None:
    """The scatter, a table of the same, and the reviews of the chosen word.

    Args:
        steps: how many last words of a review the network reads.
        data: the data set of one's own that it learned; its texts are not those that a word can be looked up in.
    """
    st.header(tr("The words that it lives on"), anchor=False)
    labels = summary.labels
    st.markdown(
        tr(
            "Right: words that it looks at most. Up and down: words that move the answer. The two need not be the same."
        ),
        help=_explain_axes(),
    )
    answer = st.segmented_control(
        tr("Where the network answered"), (ALL, *labels), default=ALL, required=True, format_func=_name_answer
    )
    label = None if answer == ALL else labels.index(str(answer))
    points = make_points(summary.words, len(labels), label)
    if not points:
        st.info(tr("This network has no attention over words, or its words were not measured."))
        return
    chosen = _show_scatter(summary, points)
    st.caption(
        tr(
            "{shown} of {all} words: those with the most attention, the largest effects and the most frequent ones, of "
            "those that were read {least} times or more. Larger dots were read more often.",
            shown=format_count(len(points)),
            all=format_count(summary.distinct),
            least=LEAST,
        )
    )
    with st.expander(tr("The same as a table")):
        _show_table(points)
    if chosen and data:
        _say_what_was_read(data)
    elif chosen:
        _show_reviews(chosen, steps)


def _explain_axes() -> str:
    said = tr(
        "Attention here is the mean of a word's weight in even shares of its review. The effect is gradient × input, "
        "summed up over the places where the word was read."
    )
    return f"{explain_terms('Even share')} {said}"


def _name_answer(answer: str) -> str:
    return tr(ALL) if answer == ALL else name_label(answer)


def _say_what_was_read(data: str) -> None:
    st.caption(
        tr(
            "Measured on the test texts of ‘{data}’; only the film reviews can be searched here.",
            data=escape_markdown(data),
        )
    )


def _show_scatter(summary: NetworkSummary, points: Sequence[WordPoint]) -> str | None:
    """The figure; the word whose dot was clicked, or that was chosen from the list."""
    names = [point.word for point in points]
    key = f"evidence_word_{summary.network}"
    event: Any = st.plotly_chart(
        plot_words(points, _name_sides(summary.labels), st.session_state.get(key)),
        key=f"evidence_words_{summary.network}",
        on_select=lambda: _take_click(summary.network),
        selection_mode="points",
        config={"displayModeBar": False},
    )
    del event  # the callback has taken it
    if st.session_state.get(key) not in names:
        st.session_state[key] = None
    said = tr("A word, to see where it was read (or click its dot)")
    return st.selectbox(said, names, index=None, key=key, placeholder=tr("Choose a word"))


def _name_sides(labels: Sequence[str]) -> tuple[str, str]:
    """What an effect below and above 0 speaks for."""
    if len(labels) == 2:
        return name_label(labels[0]), name_label(labels[1])
    return tr("another answer"), tr("the answer")


def _take_click(network: str) -> None:
    selected = st.session_state[f"evidence_words_{network}"]["selection"]["points"]
    if selected:
        st.session_state[f"evidence_word_{network}"] = str(selected[0]["customdata"][0])


def _show_table(points: Sequence[WordPoint]) -> None:
    frame = pd.DataFrame([(p.word, p.attention, p.effect, p.count) for p in points])
    word, attention, effect, read = tr("word"), tr("attention (even shares)"), tr("effect"), tr("read")
    frame.columns = pd.Index([word, attention, effect, read])
    styled = style_numbers(frame, {attention: 2, effect: 4})
    st.dataframe(styled, hide_index=True, column_config={read: st.column_config.NumberColumn(format="localized")})


def _show_reviews(word: str, steps: int) -> None:
    """Test reviews that hold the word, where the archive is on this machine."""
    try:
        data = get_readings().get_data(find_source())
    except AttnvizError as error:
        st.info(str(error))
        return
    if data is None:
        st.info(
            tr(
                "The reviews have not been unpacked on this machine yet: the tab ‘Test reviews’ of the page Reviews "
                "does it."
            )
        )
        return
    found = _find(data, word, steps, data.digest)
    st.markdown(
        tr(
            "**{word}** stands in {found} of {all} test reviews, among the last {steps} words, which this network "
            "reads.",
            word=escape_markdown(word),
            found=format_count(len(found)),
            all=format_count(len(data.test)),
            steps=steps,
        )
    )
    for index in found[:SHOWN].tolist():
        _show_review(data, index, word)
    if len(found) > SHOWN:
        st.caption(tr("The first {n}. The tab ‘Test reviews’ of the page Reviews searches all of them.", n=SHOWN))


def _show_review(data: Imdb, index: int, word: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(tr("Open {n}", n=format_count(index)), key=f"evidence_open_{index}"):
            start_text()
            set_test_review(data.test, index)
            st.switch_page(st.Page(show_reviews, title=tr("Reviews"), url_path="reviews", default=True))
        said = name_label("positive" if data.test.labels[index] else "negative")
        st.markdown(f"{escape_markdown(cut_around(data.test.texts[index], word))} ({said})")


def cut_around(text: str, word: str) -> str:
    """The first place of a word in a text, with what stands around it; the beginning where its spelling is another."""
    text = " ".join(text.replace("<br />", " ").split())
    place = max(text.lower().find(word), 0)
    start, end = max(place - AROUND, 0), place + len(word) + AROUND
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


@st.cache_data(show_spinner=False, max_entries=32)
def _find(_data: Imdb, word: str, steps: int, digest: str) -> np.ndarray:
    return np.flatnonzero(find_read_word(_data.test, _data.vocabulary, word, steps))
