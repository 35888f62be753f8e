"""The part 'Test reviews' of the page Reviews: browse what a network said of the whole test set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from attnviz.data.browsing import Indices, Mask, ReviewTable, compute_accuracy, find_reviews, find_words
from attnviz.data.imdb import Imdb
from attnviz.engine.readings import Reading, find_source
from attnviz.engine.work import Work
from attnviz.errors import AttnvizError
from attnviz.languages import mark, tr, tr_n
from attnviz.render.labels import name_label
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count, format_percent, format_probability
from attnviz.render.phrases import join_or, join_sentences, quote
from attnviz.render.review_columns import explain_loss, explain_probability
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.reviews.review_filters import show_filters
from attnviz.ui.reviews.review_text import set_test_review
from attnviz.ui.state import POLL_SECONDS, get_checkpoint, get_readings, show_part
from attnviz.values.model_card import ModelCard

MISSED = mark("✗ missed")
TABLE, MATCH = "test_table", "filter_match"
ROWS = 10
BEGINNING = 120
REVIEWS_A_SECOND = 2_000
MOST_LABELS = 4


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
        show_part(_show_work, work, checkpoint.name, every=POLL_SECONDS)
    else:
        _offer_reading(checkpoint, source, data, work)


def _tell_why_not(card: ModelCard) -> str:
    answers = _list_answers(card)
    sentences = (
        tr("The test reviews are English film reviews, each with the answer ‘negative’ or ‘positive’."),
        tr(
            "This model learned {data} and answers with {answers}, so attnviz cannot tell when it is right.",
            data=escape_markdown(quote(card.data)),
            answers=answers,
        )
        if card.data
        else tr(
            "This model was made by somebody else and answers with {answers}, so attnviz cannot tell when it is right.",
            answers=answers,
        ),
        tr("Give it texts of your own, with the right answers if you have them, in the tab ‘Your own file’."),
    )
    return join_sentences(sentences)


def _list_answers(card: ModelCard) -> str:
    """The classes of a model, as far as there is room, in Markdown."""
    names = join_or(escape_markdown(quote(name_label(label))) for label in card.labels[:MOST_LABELS])
    more = len(card.labels) - MOST_LABELS
    return tr("{answers} or one of {n} others", answers=names, n=format_count(more)) if more > 0 else names


def _offer_reading(checkpoint: Checkpoint, source: Path, data: Imdb | None, work: Work | None) -> None:
    if work is not None and work.error:
        st.error(work.error)
    st.markdown(
        tr(
            "Browse the reviews that no network was trained on: where is it right or wrong, how sure is it, and which "
            "reviews surprise it most? For this it has to read all of them once; the answers are kept. You may go on "
            "typing meanwhile."
        )
    )
    start, given = get_readings().start, (checkpoint, source)
    st.button(_name_start(checkpoint.name, data), type="primary", key="test_start", on_click=start, args=given)


def _name_start(model: str, data: Imdb | None) -> str:
    if data is None:
        return tr("Let {model} read the test reviews (about 30 s; 20 of them unpack the archive, once)", model=model)
    count = len(data.test)
    return tr(
        "Let {model} read all {n} test reviews (about {seconds} s)",
        model=model,
        n=format_count(count),
        seconds=count // REVIEWS_A_SECOND + 1,
    )


def _show_work(work: Work, model: str) -> None:
    """How far the network is; looking ends with a run of the whole page."""
    if work.state != "running":
        st.rerun()
    said = tr(work.message, model=model)
    if work.total:
        rest = format_count(work.total - work.done)
        said = join_sentences([said, tr("{rest} of {total} remain.", rest=rest, total=format_count(work.total))])
    st.progress(work.done / work.total if work.total else 0.0, said)


def _browse(model: str, reading: Reading) -> None:
    """Filters, what matches them, a page of it as a table, and one review."""
    chosen, order, query = show_filters(reading.table)
    also = _search(reading.data, query, reading.data.digest) if query.strip() else None
    found = find_reviews(reading.table, chosen, order, also)
    _restart_if_changed((model, chosen, order, query), len(found))
    st.markdown(_describe(model, reading, found))
    if not len(found):
        st.info(tr("No review matches. Widen the filters."))
        return
    place = st.session_state[MATCH] - 1
    _show_table(reading, found, place)
    _show_steps(reading, found, place)
    _show_review(reading, int(found[place]))


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
    said = tr_n(
        "**{n}** of {all} test reviews matches.",
        "**{n}** of {all} test reviews match.",
        len(found),
        n=format_count(len(found)),
        all=format_count(len(table)),
    )
    if share is None:
        return said
    values = {"model": model, "share": format_percent(share, 2)}
    if everything is None or len(found) == len(table):
        return join_sentences([said, tr("{model} gets **{share}** of them right.", **values)])
    values["all"] = format_percent(everything, 2)
    return join_sentences([said, tr("{model} gets **{share}** of them right, and {all} of all.", **values)])


def _show_table(reading: Reading, found: Indices, place: int) -> None:
    """The page of matches that holds the current one, whose row is marked."""
    first = place - place % ROWS
    page = found[first : first + ROWS]
    table, two = reading.table, len(reading.table.labels) == 2
    st.session_state[TABLE] = {"selection": {"rows": [place - first], "columns": [], "cells": []}}
    st.dataframe(
        pd.DataFrame(
            {
                "match": range(first + 1, first + 1 + len(page)),
                "stars": table.ratings[page],
                "probability": table.probabilities[page, -1] if two else table.probabilities[page].max(axis=1),
                "label": [name_label(table.labels[index]) for index in table.predicted[page]],
                "answer": np.where(table.right[page], tr("right"), tr(MISSED)),
                "loss": table.loss[page],
                "words": table.lengths[page],
                "review": [_begin(reading.data.test.texts[index]) for index in page.tolist()],
            }
        ),
        hide_index=True,
        height=38 + 35 * ROWS,
        column_config=_explain_columns(table),
        key=TABLE,
        on_select=lambda: _select(first),
        selection_mode="single-row",
    )


def _explain_columns(table: ReviewTable) -> dict[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    stars = tr("What its author gave, of 10; at least 7 count as positive, at most 4 as negative.")
    return {
        "match": number("#", width=60),
        "stars": number(tr("stars"), help=stars),
        "probability": number(tr("probability"), format="%.4f", help=explain_probability(table.labels)),
        "label": text(tr("label"), help=tr("What the network answers.")),
        "answer": text(tr("answer")),
        "loss": number(tr("loss"), format="%.3f", help=explain_loss()),
        "words": number(tr("words")),
        "review": text(tr("review"), width="large"),
    }


def _select(first: int) -> None:
    for row in st.session_state[TABLE]["selection"]["rows"][:1]:
        st.session_state[MATCH] = first + row + 1


def _begin(text: str) -> str:
    return " ".join(text[: 3 * BEGINNING].replace("<br />", " ").split())[:BEGINNING]


def _show_steps(reading: Reading, found: Indices, place: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(tr("Previous"), key="test_previous", on_click=_step, args=(-1,), disabled=place == 0)
        st.button(tr("Next"), key="test_next", on_click=_step, args=(1,), disabled=place == len(found) - 1)
        count = format_count(len(found))
        label = tr("Match (of {n})", n=count)
        st.number_input(label, 1, len(found), key=MATCH, width=160, persist_state="session")
        where = tr("Match {number} of {n}.", number=format_count(place + 1), n=count)
        if st.button(
            tr("Open in the editor"),
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
    label = escape_markdown(name_label(table.labels[table.true_labels[index]]))
    author = tr("Its author gave {stars} of 10 stars: {label}.", stars=table.ratings[index], label=label)
    if not table.answered[index]:
        return join_sentences([tr("**No answer.**"), author, tr("The network finds no word to read.")])
    predicted = table.predicted[index]
    said = tr(
        "The network says {label} with probability {probability}.",
        label=escape_markdown(name_label(table.labels[predicted])),
        probability=format_probability(table.probabilities[index, predicted]),
    )
    return join_sentences([tr("**✓ Right.**") if table.right[index] else tr("**✗ Missed.**"), author, said])


def _show_review(reading: Reading, index: int) -> None:
    """What the network made of it, and the whole text, in a space of its own that stays where it is."""
    st.markdown(_tell_answer(reading.table, index))
    with st.container(height=220, key="test_review"):
        st.text(reading.data.test.texts[index].replace("<br />", "\n"))
