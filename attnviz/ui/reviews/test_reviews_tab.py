"""The part 'Test reviews' of the page Reviews: browse what a network said of the whole test set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from attnviz.data.browsing import (
    ALL,
    ANSWERS,
    ORDERS,
    Filter,
    Indices,
    Mask,
    ReviewTable,
    compute_accuracy,
    find_reviews,
    find_words,
)
from attnviz.data.imdb import Imdb
from attnviz.engine.readings import Reading, find_source
from attnviz.engine.work import Work
from attnviz.errors import AttnvizError
from attnviz.render.glossary import GLOSSARY
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_percent, format_probability
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.reviews.review_text import set_test_review
from attnviz.ui.state import POLL_SECONDS, get_checkpoint, get_readings, show_part
from attnviz.values.model_card import ModelCard

MISSED = "✗ missed"
TABLE, MATCH = "test_table", "filter_match"
ROWS = 10
BEGINNING = 120
REVIEWS_A_SECOND = 2_000
MOST_LABELS = 4
LENGTHS = (0, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1_000)

_LOSS_HELP = f"{GLOSSARY['Loss']} More than 16.1 is not counted."


def show_test_reviews(card: ModelCard) -> None:
    """The reviews if the network has read them; else the button that lets it, and how far it is."""
    checkpoint = get_checkpoint(card)
    if checkpoint is None or card.data:
        st.markdown(_tell_why_not(card))
        return
    try:
        source = find_source()
        readings = get_readings()
        reading = readings.get(checkpoint, source)
        data = readings.get_data(source)
    except AttnvizError as error:
        st.info(str(error))
        return
    work = readings.get_work(checkpoint)
    if reading is not None:
        show_part(_browse, checkpoint.name, reading)
    elif work is not None and work.state == "running":
        show_part(_show_work, work, every=POLL_SECONDS)
    else:
        _offer_reading(checkpoint, source, data, work)


def _tell_why_not(card: ModelCard) -> str:
    maker = f"learned ‘{escape_markdown(card.data)}’" if card.data else "was made by somebody else"
    names = " or ".join(escape_markdown(f"‘{label}’") for label in card.labels[:MOST_LABELS])
    others = "" if len(card.labels) <= MOST_LABELS else f" or one of {len(card.labels) - MOST_LABELS:,} others"
    return (
        "The test reviews are English film reviews, each with the answer ‘negative’ or ‘positive’. This model "
        f"{maker} and answers with {names}{others}, so attnviz cannot tell when it is right. Give it texts of "
        "your own, with the right answers if you have them, in the tab ‘Your own file’."
    )


def _offer_reading(checkpoint: Checkpoint, source: Path, data: Imdb | None, work: Work | None) -> None:
    if work is not None and work.error:
        st.error(work.error)
    st.markdown(
        "Browse the reviews that no network was trained on: where is it right or wrong, how sure is it, and which "
        "reviews surprise it most? For this it has to read all of them once; the answers are kept. You may go on "
        "typing meanwhile."
    )
    if data is None:
        label = f"Let {checkpoint.name} read the test reviews (about 30 s; 20 of them unpack the archive, once)"
    else:
        count = len(data.test)
        label = f"Let {checkpoint.name} read all {count:,} test reviews (about {count // REVIEWS_A_SECOND + 1} s)"
    st.button(label, type="primary", key="test_start", on_click=get_readings().start, args=(checkpoint, source))


def _show_work(work: Work) -> None:
    """How far the network is; looking ends with a run of the whole page."""
    if work.state != "running":
        st.rerun()
    rest = f" {work.total - work.done:,} of {work.total:,} remain." if work.total else ""
    st.progress(work.done / work.total if work.total else 0.0, f"{work.message}{rest}")


def _browse(model: str, reading: Reading) -> None:
    """Filters, what matches them, a page of it as a table, and one review."""
    chosen, order, query = _show_filters(reading)
    also = _search(reading.data, query, reading.data.digest) if query.strip() else None
    found = find_reviews(reading.table, chosen, order, also)
    _restart_if_changed((model, chosen, order, query), len(found))
    st.markdown(_describe(model, reading, found))
    if not len(found):
        st.info("No review matches. Widen the filters.")
        return
    place = st.session_state[MATCH] - 1
    _show_table(reading, found, place)
    _show_steps(reading, found, place)
    _show_review(reading, int(found[place]))


def _show_filters(reading: Reading) -> tuple[Filter, str, str]:
    table = reading.table
    longest = int(table.lengths.max())
    bounds = [length for length in LENGTHS if length < longest] + [longest]
    first, second, third, fourth = st.columns([4, 4, 6, 4])
    answer = first.segmented_control(
        "Answer",
        ANSWERS,
        required=True,
        default=ALL,
        format_func=str.capitalize,
        key="filter_answer",
        persist_state="session",
    )
    label = second.segmented_control(
        "Right answer",
        (ALL, *table.labels),
        required=True,
        default=ALL,
        format_func=str.capitalize,
        key=f"filter_label_{len(table.labels)}",  # a network with other labels has a choice of its own
        persist_state="session",
    )
    stars = third.pills(
        "Stars",
        np.unique(table.ratings).tolist(),
        selection_mode="multi",
        wrap=True,
        key="filter_stars",
        persist_state="session",
        help="What its author gave, of 10. None chosen means all.",
    )
    order = fourth.selectbox(
        "Order", ORDERS, key="filter_order", help=f"**Loss**: {_LOSS_HELP}", persist_state="session"
    )
    first, second, third = st.columns(3)
    low, high = first.slider(
        "Confidence",
        0,
        100,
        (0, 100),
        format="%d\xa0%%",
        key="filter_confidence",
        persist_state="session",
        help="How far from undecided: 0\xa0% where all labels are equally probable, 100\xa0% at certainty.",
    )
    start, end = second.select_slider(
        "Words",
        bounds,
        (0, longest),
        format_func=lambda length: f"{length:,}",
        key="filter_words",
        persist_state="session",
    )
    query = third.text_input(
        "Contains the word",
        max_chars=80,
        key="filter_query",
        persist_state="session",
        help="A whole word, whatever its case; of several words, each must be there.",
    )
    chosen = Filter(answer or ALL, label or ALL, (low / 100, high / 100), (start, end), tuple(stars or ()))
    return chosen, order, query


@st.cache_data(show_spinner=False, max_entries=64)
def _search(_data: Imdb, query: str, digest: str) -> Mask:
    """Which test reviews hold the words; a rare word takes a fifth of a second."""
    return find_words(_data.test, _data.vocabulary, query)


def _restart_if_changed(asked: object, count: int) -> None:
    """Other filters begin at their first match."""
    state = st.session_state
    if state.get("filtered") != asked or not 1 <= state.get(MATCH, 0) <= count:
        state.filtered, state[MATCH] = asked, 1


def _describe(model: str, reading: Reading, found: Indices) -> str:
    table = reading.table
    everything = compute_accuracy(table, np.flatnonzero(table.answered))
    share = compute_accuracy(table, found)
    verb = "matches" if len(found) == 1 else "match"
    said = f"**{len(found):,}** of {len(table):,} test reviews {verb}."
    if share is None:
        return said
    beside = "" if everything is None or len(found) == len(table) else f", and {format_percent(everything, 2)} of all"
    return f"{said} {model} gets **{format_percent(share, 2)}** of them right{beside}."


def _show_table(reading: Reading, found: Indices, place: int) -> None:
    """The page of matches that holds the current one, whose row is marked."""
    first = place - place % ROWS
    page = found[first : first + ROWS]
    table, two = reading.table, len(reading.table.labels) == 2
    said = f"is {table.labels[-1]}" if two else "has the label"
    st.session_state[TABLE] = {"selection": {"rows": [place - first], "columns": [], "cells": []}}
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(
            {
                "match": range(first + 1, first + 1 + len(page)),
                "stars": table.ratings[page],
                "probability": table.probabilities[page, -1] if two else table.probabilities[page].max(axis=1),
                "label": [table.labels[index] for index in table.predicted[page]],
                "answer": np.where(table.right[page], "right", MISSED),
                "loss": table.loss[page],
                "words": table.lengths[page],
                "review": [_begin(reading.data.test.texts[index]) for index in page.tolist()],
            }
        ),
        hide_index=True,
        height=38 + 35 * ROWS,
        column_config={
            "match": number("#", width=60),
            "stars": number(help="What its author gave, of 10; at least 7 count as positive, at most 4 as negative."),
            "probability": number(format="%.4f", help=f"That the review {said}, says the network."),
            "label": st.column_config.TextColumn(help="What the network answers."),
            "loss": number(format="%.3f", help=_LOSS_HELP),
            "review": st.column_config.TextColumn(width="large"),
        },
        key=TABLE,
        on_select=lambda: _select(first),
        selection_mode="single-row",
    )


def _select(first: int) -> None:
    for row in st.session_state[TABLE]["selection"]["rows"][:1]:
        st.session_state[MATCH] = first + row + 1


def _begin(text: str) -> str:
    return " ".join(text[: 3 * BEGINNING].replace("<br />", " ").split())[:BEGINNING]


def _show_steps(reading: Reading, found: Indices, place: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button("Previous", key="test_previous", on_click=_step, args=(-1,), disabled=place == 0)
        st.button("Next", key="test_next", on_click=_step, args=(1,), disabled=place == len(found) - 1)
        st.number_input(f"Match (of {len(found):,})", 1, len(found), key=MATCH, width=160, persist_state="session")
        where = f"Match {place + 1:,} of {len(found):,}."
        if st.button(
            "Open in the editor",
            type="primary",
            key="test_open",
            on_click=set_test_review,
            args=(reading.data.test, int(found[place]), where),
        ):
            st.rerun()  # the editor is outside of this part of the page


def _step(by: int) -> None:
    st.session_state[MATCH] += by


def _tell_answer(table: ReviewTable, index: int) -> str:
    """Whether the network names the label of a review, in Markdown."""
    label = escape_markdown(table.labels[table.true_labels[index]])
    author = f"Its author gave {table.ratings[index]} of 10 stars: {label}. The network"
    if not table.answered[index]:
        return f"**No answer.** {author} finds no word to read."
    predicted = table.predicted[index]
    mark, probability = "✓ Right" if table.right[index] else "✗ Missed", table.probabilities[index, predicted]
    said = f"{escape_markdown(table.labels[predicted])} with probability {format_probability(probability)}"
    return f"**{mark}.** {author} says {said}."


def _show_review(reading: Reading, index: int) -> None:
    """What the network made of it, and the whole text, in a space of its own that stays where it is."""
    st.markdown(_tell_answer(reading.table, index))
    with st.container(height=220, key="test_review"):
        st.text(reading.data.test.texts[index].replace("<br />", "\n"))
