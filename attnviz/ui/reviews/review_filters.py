"""The filters of the part 'Test reviews'."""

from __future__ import annotations

import numpy as np
import streamlit as st

from attnviz.data.browsing import ALL, ANSWERS, ORDERS, Filter, ReviewTable
from attnviz.languages import mark, tr
from attnviz.render.labels import name_label
from attnviz.render.numerals import format_count, format_percent, get_percent
from attnviz.render.review_columns import explain_loss
from attnviz.ui.select import select

LENGTHS = (0, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1_000)
NAMES = {ALL: mark("All"), "right": mark("Right"), "wrong": mark("Wrong")}


def show_filters(table: ReviewTable) -> tuple[Filter, str, str]:
    """Show them; which reviews to list, in which order, and the words that they must hold."""
    longest = int(table.lengths.max())
    bounds = [length for length in LENGTHS if length < longest] + [longest]
    first, second, third, fourth = st.columns([4, 4, 6, 4])
    answer = first.segmented_control(
        tr("Answer"),
        ANSWERS,
        required=True,
        default=ALL,
        format_func=_name,
        key="filter_answer",
        persist_state="session",
    )
    label = second.segmented_control(
        tr("Right answer"),
        (ALL, *table.labels),
        required=True,
        default=ALL,
        format_func=_name,
        key=f"filter_label_{len(table.labels)}",  # a network with other labels has a choice of its own
        persist_state="session",
    )
    stars = third.pills(
        tr("Stars"),
        np.unique(table.ratings).tolist(),
        selection_mode="multi",
        wrap=True,
        key="filter_stars",
        persist_state="session",
        help=tr("What its author gave, of 10. None chosen means all."),
    )
    order = select(
        tr("Order"),
        ORDERS,
        tr,
        within=fourth,
        key="filter_order",
        help=f"**{tr('Loss')}**: {explain_loss()}",
        persist_state="session",
    )
    first, second, third = st.columns(3)
    low, high = first.slider(
        tr("Confidence"),
        0,
        100,
        (0, 100),
        format=f"%d{get_percent().replace('%', '%%')}",
        key="filter_confidence",
        persist_state="session",
        help=tr(
            "How far from undecided: {none} where all labels are equally probable, {all} at certainty.",
            none=format_percent(0, 0),
            all=format_percent(1, 0),
        ),
    )
    start, end = second.select_slider(
        tr("Words"),
        bounds,
        (0, longest),
        format_func=format_count,
        key="filter_words",
        persist_state="session",
    )
    query = third.text_input(
        tr("Contains the word"),
        max_chars=80,
        key="filter_query",
        persist_state="session",
        help=tr("A whole word, whatever its case; of several words, each must be there."),
    )
    chosen = Filter(answer or ALL, label or ALL, (low / 100, high / 100), (start, end), tuple(stars or ()))
    return chosen, order, query


def _name(option: str) -> str:
    """What a kind of answer, or a label, is called in a choice."""
    name = tr(NAMES[option]) if option in NAMES else name_label(option)
    return f"{name[:1].upper()}{name[1:]}"
