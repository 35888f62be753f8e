"""The table of what a network said of a visitor's own reviews; a row of it opens the review in the editor."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from attnviz.engine.file_run import FileRun
from attnviz.languages import mark, tr
from attnviz.render.labels import name_label
from attnviz.render.numerals import format_count
from attnviz.render.phrases import join_sentences
from attnviz.render.review_columns import explain_probability
from attnviz.render.tables import format_strongest
from attnviz.ui.reviews.review_text import set_text
from attnviz.values.methods import METHODS

TABLE = "own_table"
BEGINNING = 120
JUDGED = {True: mark("right"), False: mark("wrong"), None: "–"}


def show_table(run: FileRun) -> None:
    """Show it."""
    st.caption(tr("Select a row to open its review in the editor above."))
    shown = [
        {
            "number": row["number"],
            "review": " ".join(row["text"][: 2 * BEGINNING].split())[:BEGINNING],
            "probability": row["probability"],
            "answer": name_label(row["answer"] or "–"),
            "right": tr(JUDGED[row["right"]]),
            "words": row["words"],
            "unknown": row["unknown"],
            "unread": row["truncated"],
            "strongest words": format_strongest(row),
        }
        for row in run.rows
    ]
    judged = any(row["right"] is not None for row in run.rows)

    st.dataframe(
        pd.DataFrame(shown),
        hide_index=True,
        height=min(38 + 35 * len(shown), 400),
        placeholder="–",
        column_order=None if judged else [name for name in shown[0] if name != "right"],
        column_config=_explain_columns(run),
        key=TABLE,
        on_select=lambda: _open(run),
        selection_mode="single-row",
    )
    if st.session_state.pop("own_opened", False):
        st.rerun()  # the editor is outside of this part of the page


def _explain_columns(run: FileRun) -> dict[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    strongest = tr("The words with the largest scores; {method}.", method=METHODS[run.method].phrase)
    return {
        "number": number("#", help=tr("Which review of the file it is."), width=50),
        "review": text(tr("review"), width="large"),
        "probability": number(tr("probability"), format="%.3f", help=explain_probability(run.labels)),
        "answer": text(tr("answer")),
        "right": text(tr("right")),
        "words": number(tr("words")),
        "unknown": number(
            tr("unknown"), help=tr("Words that the network does not know; it read a placeholder instead.")
        ),
        "unread": number(
            tr("unread"), help=tr("Words at the start that the network did not read, because it reads the last ones.")
        ),
        "strongest words": text(tr("strongest words"), width="large", help=strongest),
    }


def _open(run: FileRun) -> None:
    for index in st.session_state[TABLE]["selection"]["rows"][:1]:
        row = run.rows[index]
        number, line = format_count(row["number"]), format_count(row["line"])
        said = [tr("Review {number} of {file}, line {line}.", number=number, file=run.name, line=line)]
        if answer := row["right_answer"]:
            said.append(tr("Its right answer is {label}.", label=name_label(answer)))
        set_text(row["text"], join_sentences(said))
        st.session_state.own_opened = True
