"""The strip above the lab in which somebody brings a table and says which column holds the answer."""

from __future__ import annotations

import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.lab.own_table import MAX_COLUMNS, MAX_ROWS, MIN_ROWS, OwnTable
from attnviz.lab.table_file import (
    FORMATS,
    MAX_BYTES,
    TableFile,
    describe_question,
    list_faults,
    name_answer,
    read_table_file,
    suggest_columns,
)
from attnviz.lab.tasks import get_held_out
from attnviz.languages import tr, tr_n
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count, format_number
from attnviz.render.phrases import join_sentences
from attnviz.ui.select import select

FAULTS = 5
"""Why so many columns cannot be read is said; of the others, how many they are."""


def choose_table() -> OwnTable | None:
    """The table that the visitor chose; None if there is none, or his choice is not possible: the page says why."""
    state = st.session_state
    if state.get("table_file") is None:
        _show_uploader()
        return None
    with st.container(border=True):
        return _choose(state.table_file)


def _show_uploader() -> None:
    """The uploader gives way to the table that came, which stays when the visitor looks at other pages."""
    state = st.session_state
    st.markdown(
        tr(
            "A table with a header: {least} to {most} rows, an answer, and 2 to {columns} columns of numbers; at most "
            "{size} MB. A seeded 20\xa0% of the rows are held out. It stays on this machine, in memory only, and is "
            "forgotten when you close the page.",
            least=format_count(MIN_ROWS),
            most=format_count(MAX_ROWS),
            columns=MAX_COLUMNS,
            size=format_number(MAX_BYTES / 1e6, 0),
        )
    )
    key = f"table_upload_{state.setdefault('table_uploads', 0)}"
    st.file_uploader(
        tr("Your table ({formats})", formats=", ".join(FORMATS)),
        [ending.removeprefix(".") for ending in FORMATS],
        max_upload_size=MAX_BYTES // 1_000_000,
        key=key,
        on_change=_receive,
        args=(key,),
    )
    if state.get("table_error"):
        st.error(escape_markdown(state.table_error))
    if state.get("table_before") is not None:
        st.button(tr("Keep the table from before"), on_click=_go_back)


def _receive(key: str) -> None:
    """Check the file that came."""
    state = st.session_state
    upload, state.table_error = state[key], ""
    if upload is None:
        return
    try:
        state.table_file = read_table_file(upload.name, upload.getvalue())
    except AttnvizError as error:
        state.table_error = str(error)


def _replace() -> None:
    """Ask for another file; the one that is there is kept until it came."""
    state = st.session_state
    state.table_before, state.table_file, state.table_error = state.table_file, None, ""
    state.table_uploads += 1


def _go_back() -> None:
    state = st.session_state
    state.table_file, state.table_before, state.table_error = state.table_before, None, ""


def _choose(file: TableFile) -> OwnTable | None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_describe(file), width="content")
        st.button(tr("Another table"), on_click=_replace)
    left, right = st.columns(2)
    names = list(file.columns)
    # A key, so that a choice does not hang on the label, which is another one in another language.
    key, likely = f"table_answer_{'-'.join(names)}", names.index(file.likely_answer)
    answer = left.selectbox(tr("Column with the answer"), names, index=likely, key=key)
    try:
        answers = file.list_answers(answer)
        yes = select(
            tr("Counts as yes"),
            answers,
            lambda yes: name_answer(file, answer, yes),
            within=right,
            index=len(answers) - 1,
            help=tr("All other rows count as no."),
            key=f"{key}_{answer}",
        )
        table = file.choose(answer, yes, _choose_columns(file, answer))
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return None
    st.caption(_describe_task(file, table))
    return table


def _describe_task(file: TableFile, table: OwnTable) -> str:
    held_out = get_held_out(table.rows)
    return tr(
        "The network learns whether {question}. {training} rows train, {held_out} are held out; the seed draws which. "
        "Every column is standardised: minus its mean, over its standard deviation, both of the rows that train.",
        question=escape_markdown(describe_question(file, table.answer, table.yes)),
        training=format_count(table.rows - held_out),
        held_out=format_count(held_out),
    )


def _choose_columns(file: TableFile, answer: str) -> list[str]:
    """What the network reads; which columns it cannot read, and why, stands below."""
    possible = [column for column in file.numeric if column != answer]
    with st.expander(
        tr("Columns that the network reads, of {count} with numbers only", count=format_count(len(possible)))
    ):
        label = tr("2 to {most} columns", most=MAX_COLUMNS)
        chosen = st.multiselect(label, possible, suggest_columns(file, answer), key=f"table_columns_{answer}")
    for fault in _tell_faults(file, answer):
        st.caption(escape_markdown(fault))
    return chosen


def _describe(file: TableFile) -> str:
    said = tr(
        "**{name}** holds {rows} rows of {columns} columns.",
        name=escape_markdown(file.name),
        rows=format_count(len(file.lines)),
        columns=format_count(len(file.columns)),
    )
    if not file.encoding:
        return said
    guess = tr("It is not UTF-8 and was read as {encoding}, a guess.", encoding=file.encoding)
    return join_sentences([said, guess])


def _tell_faults(file: TableFile, answer: str) -> list[str]:
    """Which columns cannot be read, and why."""
    faults = [tr("Not read: {fault}", fault=fault) for fault in list_faults(file, but=[answer])]
    more = len(faults) - FAULTS
    if more <= 0:
        return faults
    others = tr_n(
        "Nor {n} other column that holds no numbers.",
        "Nor {n} other columns that are no numbers.",
        more,
        n=format_count(more),
    )
    return [*faults[:FAULTS], others]
