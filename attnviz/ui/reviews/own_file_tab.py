"""The part 'Your own file' of the page Reviews: a file of reviews, explained as one table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from attnviz.data.records import FORMATS
from attnviz.data.review_files import MAX_BYTES, MAX_REVIEWS, ReviewFile, read_review_file
from attnviz.engine.file_run import FileRun, OwnReview
from attnviz.errors import AttnvizError
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_percent
from attnviz.render.tables import format_strongest
from attnviz.ui.reviews.review_text import set_text
from attnviz.ui.state import POLL_SECONDS, get_engine, show_part
from attnviz.values.methods import METHODS
from attnviz.values.model_card import ModelCard

TABLE = "own_table"
NO_LABELS = "(none)"
BEGINNING = 120


def show_own_reviews(card: ModelCard, method: str) -> None:
    """Upload, choice of columns, and the table of what the network said."""
    st.markdown(
        "A table with a header (CSV, TSV, Parquet), JSON objects, or a text file with one review in each line: at most "
        f"{MAX_BYTES / 1e6:.0f} MB and {MAX_REVIEWS:,} reviews. It stays on this machine, in memory only, and is "
        "forgotten when you close the page."
    )
    state = st.session_state
    if state.get("own_file"):
        show_part(_show_file, state.own_file, card, method)
    else:
        _show_uploader()
    if run := state.get("own_run"):
        running = run.work.state == "running"
        show_part(_show_run, run, running, every=POLL_SECONDS if running else None)


def _show_uploader() -> None:
    """The uploader gives way to the file that came: out of sight in another tab, it would forget it."""
    state = st.session_state
    key = f"own_upload_{state.setdefault('own_uploads', 0)}"
    st.file_uploader(
        f"Your reviews ({', '.join(FORMATS)})",
        [ending.removeprefix(".") for ending in FORMATS],
        max_upload_size=5,
        key=key,
        on_change=_receive,
        args=(key,),
    )
    if error := state.get("own_error"):
        st.error(escape_markdown(error))


def _receive(key: str) -> None:
    """Check the file that came."""
    state = st.session_state
    upload = state[key]
    state.own_error = ""
    if upload is None:
        return
    try:
        state.own_file = read_review_file(upload.name, upload.getvalue())
    except AttnvizError as error:
        state.own_error = str(error)


def _forget() -> None:
    state = st.session_state
    if run := state.get("own_run"):
        run.work.stop()
    state.own_file = state.own_run = None
    state.own_uploads += 1


def _show_file(file: ReviewFile, card: ModelCard, method: str) -> None:
    """What is in the file, and the button."""
    count = f"{len(file.rows):,} review" + ("s" if len(file.rows) != 1 else "")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_markdown(file.name)}** holds {count}.", width="content")
        if st.button("Another file", key="own_another", on_click=_forget):
            st.rerun()  # the uploader is outside of this part of the page
    if file.encoding:
        st.caption(f"It is not UTF-8 and was read as {file.encoding}, a guess: see whether é and ’ are right.")
    text_column, label_column = file.text_column, None
    if len(file.columns) > 1:
        left, right = st.columns(2)
        text_column = left.selectbox(
            "Column with the reviews", file.columns, index=file.columns.index(text_column), key="own_text_column"
        )
        others = [NO_LABELS, *(column for column in file.columns if column != text_column)]
        likely = file.find_label_column(card.labels)
        chosen = right.selectbox(
            "Column with the right answers",
            others,
            index=others.index(likely) if likely in others else 0,
            help=f"One of {escape_markdown(', '.join(card.labels))}, or their numbers from 0. The page then says how "
            "often the network is right.",
            key="own_label_column",
        )
        label_column = None if chosen == NO_LABELS else chosen
    try:
        reviews = _collect(file, text_column, label_column, card.labels)
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    how = METHODS[method].phrase
    if st.button(f"Explain {count} with {card.name} ({how})", type="primary", key="own_start"):
        if run := st.session_state.get("own_run"):
            run.work.stop()
        st.session_state.own_run = FileRun(file.name, reviews, card.name, method, card.labels, get_engine())
        st.rerun()


def _collect(file: ReviewFile, text_column: str, label_column: str | None, names: Sequence[str]) -> list[OwnReview]:
    texts = file.get_texts(text_column)
    labels = file.get_labels(label_column, names) if label_column else [None] * len(texts)
    numbered = enumerate(zip(file.lines, texts, labels, strict=True), start=1)
    return [OwnReview(number, *facts) for number, facts in numbered]


def _show_run(run: FileRun, was_running: bool) -> None:
    """How far it is; then what came out."""
    work = run.work
    if work.state == "running":
        left, right = st.columns([5, 1], vertical_alignment="bottom")
        left.progress(
            work.done / work.total, f"{run.model} is reading your reviews: {work.done:,} of {work.total:,} are done."
        )
        right.button("Stop", key="own_stop", on_click=work.stop, disabled=work.stopping, width="stretch")
        return
    if was_running:
        st.rerun()  # looking ends with a run of the whole page
    if work.state == "failed":
        st.error(escape_markdown(f"After {work.done:,} of {work.total:,} reviews: {work.error}"))
    if run.rows:
        st.markdown(_describe(run))
        _show_table(run)
        _offer_downloads(run)


def _describe(run: FileRun) -> str:
    """The sums of the table, in words."""
    rows, work = run.rows, run.work
    answers = [row["answer"] for row in rows]
    parts = [f"{answers.count(label):,} {escape_markdown(label)}" for label in reversed(run.labels)]
    if silent := answers.count(None):
        parts.append(f"{silent:,} without a word to read")
    judged = [row["right"] for row in rows if row["right"] is not None]
    stopped = f"Stopped after {work.done:,} of {work.total:,} reviews. " if work.state == "stopped" else ""
    said = f"{stopped}{run.model} ({METHODS[run.method].phrase}) on {escape_markdown(run.name)}: {', '.join(parts)}."
    if judged:
        said += (
            f" The right answer is known for {len(judged):,} of them; the network gets "
            f"**{format_percent(sum(judged) / len(judged))}** of these right."
        )
    return said


def _show_table(run: FileRun) -> None:
    st.caption("Select a row to open its review in the editor above.")
    shown = [
        {
            "number": row["number"],
            "review": " ".join(row["text"][: 2 * BEGINNING].split())[:BEGINNING],
            "probability": row["probability"],
            "answer": row["answer"] or "–",
            "right": {True: "right", False: "wrong", None: "–"}[row["right"]],
            "words": row["words"],
            "unknown": row["unknown"],
            "unread": row["truncated"],
            "strongest words": format_strongest(row),
        }
        for row in run.rows
    ]
    judged = any(row["right"] is not None for row in run.rows)
    said = f"is {escape_markdown(run.labels[-1])}" if len(run.labels) == 2 else "has the label"
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(shown),
        hide_index=True,
        height=min(38 + 35 * len(shown), 400),
        placeholder="–",
        column_order=None if judged else [name for name in shown[0] if name != "right"],
        column_config={
            "number": number("#", help="Which review of the file it is.", width=50),
            "review": st.column_config.TextColumn(width="large"),
            "probability": number(format="%.3f", help=f"That the review {said}, says the network."),
            "unknown": number(help="Words that the network does not know; it read a placeholder instead."),
            "unread": number(help="Words at the start that the network did not read, because it reads the last ones."),
            "strongest words": st.column_config.TextColumn(
                width="large", help=f"The words with the largest scores; {METHODS[run.method].phrase}."
            ),
        },
        key=TABLE,
        on_select=lambda: _open(run),
        selection_mode="single-row",
    )
    if st.session_state.pop("own_opened", False):
        st.rerun()  # the editor is outside of this part of the page


def _open(run: FileRun) -> None:
    for index in st.session_state[TABLE]["selection"]["rows"][:1]:
        row = run.rows[index]
        known = f" Its right answer is {row['right_answer']}." if row["right_answer"] else ""
        set_text(row["text"], f"Review {row['number']:,} of {run.name}, line {row['line']:,}.{known}")
        st.session_state.own_opened = True


def _offer_downloads(run: FileRun) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Download table (CSV)", run.to_csv, "attnviz-reviews.csv", key="own_csv", on_click="ignore", mime="text/csv"
        )
        st.download_button(
            "Download every word (JSON lines)",
            run.to_json_lines,
            "attnviz-reviews.jsonl",
            key="own_json",
            on_click="ignore",
            mime="application/jsonl",
        )
