"""The section 'Bring your own data' of the page Training: a file, its columns, what was found, and what is there."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from attnviz.data.datasets import DamagedDataset, delete_dataset, find_dataset, list_datasets
from attnviz.data.labelled_rows import DATA_FORMATS, MAX_BYTES, Preview
from attnviz.engine.dataset_reading import PARTS, DatasetReading, Upload
from attnviz.errors import AttnvizError
from attnviz.languages import mark, tr
from attnviz.render.dataset_report import describe_classes, describe_dataset
from attnviz.render.markdown import escape_markdown
from attnviz.runs.own_models import is_read_only
from attnviz.ui.own_data.data_choice import KEY
from attnviz.ui.owner import get_owner
from attnviz.ui.state import POLL_SECONDS, show_part
from attnviz.values.dataset import Dataset

ERROR = "own_data_error"
FOR_THE_MACHINE = mark(
    "Data of one's own are brought by whoever sits at the machine of this server: on the page there, or with "
    "`attnviz data --add FILE`. What a network learned of them could be seen by all visitors."
)
SWITCHED_OFF = mark("Data are not added here: whoever runs this server has switched it off (ATTNVIZ_READ_ONLY).")
_ABOUT = mark(
    "A table with a column of texts and one of labels, two to twenty classes ({formats}; at most {most} MB), in any "
    "language. It is read once and stays on this machine until you delete it, with its own vocabulary and a fifth of "
    "the texts of each class for testing."
)


def show_own_data() -> None:
    """All of the section; what is wrong with a file is said here."""
    if get_owner() or is_read_only():
        st.caption(tr(SWITCHED_OFF if is_read_only() else FOR_THE_MACHINE))
        return
    state = st.session_state
    shown = bool(state.get("own_data_upload") or state.get("own_data_read"))
    with st.expander(tr("Bring your own data"), expanded=shown):
        st.markdown(tr(_ABOUT, formats=", ".join(DATA_FORMATS), most=MAX_BYTES // 1_000_000))
        _show_way_in()
        if error := state.get(ERROR):
            st.error(escape_markdown(error))
        _show_found()
        _show_list()


def _show_way_in() -> None:
    """The uploader, or what was found in the file that came, or how far it is read."""
    reading: DatasetReading | None = st.session_state.get("own_data_reading")
    upload: Upload | None = st.session_state.get("own_data_upload")
    if reading is not None:
        show_part(_show_progress, reading, every=POLL_SECONDS)
    elif upload is not None:
        _show_preview(upload)
    else:
        _show_uploader()


def _show_uploader() -> None:
    key = f"own_data_file_{st.session_state.setdefault('own_data_uploads', 0)}"
    st.file_uploader(
        tr("Table of texts with labels"),
        [ending.removeprefix(".") for ending in DATA_FORMATS],
        max_upload_size=MAX_BYTES // 1_000_000,
        key=key,
        on_change=_receive,
        args=(key,),
    )


def _receive(key: str) -> None:
    """Keep the file that came; the uploader is emptied, so that it holds no copy in memory."""
    state = st.session_state
    if (file := state[key]) is None:
        return
    state[ERROR], state.own_data_read = "", ""
    try:
        state.own_data_upload = Upload(file.name, file)
    except AttnvizError as error:
        state[ERROR] = str(error)
    state.own_data_uploads += 1


def _show_preview(upload: Upload) -> None:
    """The first rows, and which columns are what."""
    preview = upload.preview
    st.markdown(tr("**{name}** begins with:", name=escape_markdown(upload.name)))
    st.dataframe(_shorten(preview), hide_index=True)
    if preview.encoding:
        told = mark("It is not UTF-8 and was read as {encoding}, a guess: see whether é and ’ are right.")
        st.caption(tr(told, encoding=preview.encoding))
    left, right = st.columns(2)
    columns = preview.columns
    left.selectbox(tr("Column with the texts"), columns, columns.index(preview.text_column), key="own_data_text")
    right.selectbox(tr("Column with the labels"), columns, columns.index(preview.label_column), key="own_data_label")
    with st.container(horizontal=True):
        st.button(tr("Read this file"), type="primary", key="own_data_start", on_click=_start, args=(upload,))
        st.button(tr("Another file"), key="own_data_another", on_click=_forget)


def _shorten(preview: Preview) -> pd.DataFrame:
    rows = [[" ".join(field[:400].split())[:200] for field in row] for row in preview.rows]
    return pd.DataFrame(rows, columns=list(preview.columns))


def _start(upload: Upload) -> None:
    state = st.session_state
    state[ERROR] = ""
    state.own_data_reading = DatasetReading(upload, state.own_data_text, state.own_data_label)


def _forget() -> None:
    st.session_state.own_data_upload = st.session_state.own_data_reading = None
    st.session_state[ERROR] = ""


def _show_progress(reading: DatasetReading) -> None:
    """How far the file is read; its end is shown by a run of the whole page."""
    state, work = st.session_state, reading.work
    if work.state == "running":
        left, right = st.columns([5, 1], vertical_alignment="bottom")
        doing = work.message or tr("Reading the file")
        left.progress(min(work.done / PARTS, 1.0), f"{escape_markdown(doing)}…")
        right.button(tr("Stop"), key="own_data_stop", on_click=work.stop, disabled=work.stopping, width="stretch")
        return
    state.own_data_reading = None
    if work.state == "finished":
        state.own_data_upload, state.own_data_read = None, reading.name
        state[f"{KEY}_next"] = reading.name  # the select stands above and has been shown already
    state[ERROR] = work.error
    st.rerun()


def _show_found() -> None:
    """What was found in the file that was read last."""
    if not (name := st.session_state.get("own_data_read")):
        return
    try:
        about = find_dataset(name)
    except AttnvizError:  # it was deleted meanwhile
        return
    lines = "\n".join(f"- {escape_markdown(line)}" for line in describe_dataset(about))
    st.success(tr("The data set **{name}** is here and chosen above.", name=about.name))
    st.markdown(lines)


def _show_list() -> None:
    found = list_datasets()
    if found:
        st.markdown(tr("**Your data sets**"))
    for one in found:
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.markdown(f"{escape_markdown(one.name)}: {escape_markdown(_describe(one))}")
        key = f"own_data_delete_{one.name}"
        right.button(tr("Delete"), key=key, on_click=_delete, args=(one.name,), help=tr(_HELP))


_HELP = mark("Its texts are deleted from this machine; the networks that learned it stay.")


def _describe(one: Dataset | DamagedDataset) -> str:
    if isinstance(one, DamagedDataset):
        return one.reason
    return tr("{classes}, from {source}", classes=describe_classes(one), source=one.source)


def _delete(name: str) -> None:
    try:
        delete_dataset(name)
    except AttnvizError as error:
        st.session_state[ERROR] = str(error)
