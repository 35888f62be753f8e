"""The part 'Your own file' of the page Reviews: a file of reviews, explained as one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from attnviz.data.records import FORMATS
from attnviz.data.review_files import MAX_BYTES, MAX_REVIEWS, ReviewFile, read_review_file
from attnviz.engine.file_run import FileRun, OwnReview
from attnviz.engine.work import Work
from attnviz.errors import AttnvizError
from attnviz.languages import mark, tr, tr_n
from attnviz.render.labels import name_label
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count, format_percent
from attnviz.render.phrases import join_list, join_sentences
from attnviz.ui.reviews.own_file_table import show_table
from attnviz.ui.select import select
from attnviz.ui.state import POLL_SECONDS, get_engine, show_part
from attnviz.values.methods import METHODS
from attnviz.values.model_card import ModelCard

NO_LABELS = mark("(none)")


def show_own_reviews(card: ModelCard, method: str) -> None:
    """Upload, choice of columns, and the table of what the network said."""
    st.markdown(
        tr(
            "A table with a header (CSV, TSV, Parquet), JSON objects, or a text file with one review in each line: at "
            "most {megabytes} MB and {count} reviews. It stays on this machine, in memory only, and is forgotten when "
            "you close the page.",
            megabytes=MAX_BYTES // 1_000_000,
            count=format_count(MAX_REVIEWS),
        )
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
        tr("Your reviews ({formats})", formats=", ".join(FORMATS)),
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
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_describe_file(file), width="content")
        if st.button(tr("Another file"), key="own_another", on_click=_forget):
            st.rerun()  # the uploader is outside of this part of the page
    if file.encoding:
        said = tr("It is not UTF-8 and was read as {name}, a guess: see whether é and ’ are right.", name=file.encoding)
        st.caption(said)
    text_column, label_column = _choose_columns(file, card)
    try:
        reviews = _collect(file, text_column, label_column, card.labels)
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    if st.button(_name_start(len(file.rows), card, method), type="primary", key="own_start"):
        if run := st.session_state.get("own_run"):
            run.work.stop()
        st.session_state.own_run = FileRun(file.name, reviews, card.name, method, card.labels, get_engine())
        st.rerun()


def _describe_file(file: ReviewFile) -> str:
    values = {"name": escape_markdown(file.name), "n": format_count(len(file.rows))}
    return tr_n("**{name}** holds {n} review.", "**{name}** holds {n} reviews.", len(file.rows), **values)


def _name_start(count: int, card: ModelCard, method: str) -> str:
    return tr_n(
        "Explain {n} review with {model} ({method})",
        "Explain {n} reviews with {model} ({method})",
        count,
        n=format_count(count),
        model=card.name,
        method=METHODS[method].phrase,
    )


def _choose_columns(file: ReviewFile, card: ModelCard) -> tuple[str, str | None]:
    """The column with the texts, and the one with the right answers, if there is any."""
    if len(file.columns) < 2:
        return file.text_column, None
    left, right = st.columns(2)
    index = file.columns.index(file.text_column)
    text_column = left.selectbox(tr("Column with the reviews"), file.columns, index=index, key="own_text_column")
    others = [NO_LABELS, *(column for column in file.columns if column != text_column)]
    likely = file.find_label_column(card.labels)
    chosen = select(
        tr("Column with the right answers"),
        others,
        lambda column: tr(column) if column == NO_LABELS else column,
        within=right,
        index=others.index(likely) if likely in others else 0,
        help=tr(
            "One of {labels}, or their numbers from 0. The page then says how often the network is right.",
            labels=escape_markdown(", ".join(card.labels)),  # as the file has them
        ),
        key="own_label_column",
    )
    return text_column, None if chosen == NO_LABELS else chosen


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
        reading = tr("{model} is reading your reviews: {done} of {total} are done.", model=run.model, **_count(work))
        left.progress(work.done / work.total, reading)
        right.button(tr("Stop"), key="own_stop", on_click=work.stop, disabled=work.stopping, width="stretch")
        return
    if was_running:
        st.rerun()  # looking ends with a run of the whole page
    if work.state == "failed":
        failed = tr("After {done} of {total} reviews: {error}", error=work.error, **_count(work))
        st.error(escape_markdown(failed))
    if run.rows:
        st.markdown(_describe(run))
        show_table(run)
        _offer_downloads(run)


def _count(work: Work) -> dict[str, str]:
    return {"done": format_count(work.done), "total": format_count(work.total)}


def _describe(run: FileRun) -> str:
    """The sums of the table, in words."""
    stopped = tr("Stopped after {done} of {total} reviews.", **_count(run.work)) if run.work.state == "stopped" else ""
    said = tr(
        "{model} ({method}) on {file}: {answers}.",
        model=run.model,
        method=METHODS[run.method].phrase,
        file=escape_markdown(run.name),
        answers=join_list(_count_answers(run)),
    )
    return join_sentences(filter(None, [stopped, said, *_describe_judged(run)]))


def _count_answers(run: FileRun) -> Iterator[str]:
    answers = [row["answer"] for row in run.rows]
    for label in reversed(run.labels):
        count = format_count(answers.count(label))
        yield tr("{n} {label}", n=count, label=escape_markdown(name_label(label)))
    if silent := answers.count(None):
        yield tr("{n} without a word to read", n=format_count(silent))


def _describe_judged(run: FileRun) -> Iterator[str]:
    judged = [row["right"] for row in run.rows if row["right"] is not None]
    if judged:
        yield tr(
            "The right answer is known for {n} of them; the network gets **{share}** of these right.",
            n=format_count(len(judged)),
            share=format_percent(sum(judged) / len(judged)),
        )


def _offer_downloads(run: FileRun) -> None:
    with st.container(horizontal=True):
        st.download_button(
            tr("Download table (CSV)"),
            run.to_csv,
            "attnviz-reviews.csv",
            key="own_csv",
            on_click="ignore",
            mime="text/csv",
        )
        st.download_button(
            tr("Download every word (JSON lines)"),
            run.to_json_lines,
            "attnviz-reviews.jsonl",
            key="own_json",
            on_click="ignore",
            mime="application/jsonl",
        )
