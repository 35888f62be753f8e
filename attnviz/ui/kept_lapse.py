"""The time-lapse in the folder of a network, wherever a page shows that network's training."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from attnviz.data.snapshots import load_time_lapse
from attnviz.errors import DataError
from attnviz.languages import tr
from attnviz.render.markdown import escape_markdown
from attnviz.runs.run_files import SNAPSHOTS_FILE
from attnviz.ui.components.lapse_stage import show_time_lapse
from attnviz.values.history import History
from attnviz.values.time_lapse import TimeLapse


def show_kept_lapse(folder: Path, history: History, *, key: str) -> None:
    """Show how the highlight of its pinned texts formed, beside the held-out accuracy; nothing where none was kept.

    Args:
        folder: of the run or the checkpoint.
        history: its epochs.
        key: of the widget.
    """
    try:
        lapse = _read(folder)
    except DataError as error:
        st.warning(escape_markdown(str(error)))
        return
    if lapse is None or not lapse.moments:
        return
    st.header(tr("How the highlight formed"), anchor=False)
    accuracies = history["val_accuracy"].tolist() if "val_accuracy" in history else ()
    show_time_lapse(lapse, run=folder.name, accuracies=accuracies, key=key)


def _read(folder: Path) -> TimeLapse | None:
    path = folder / SNAPSHOTS_FILE
    try:
        found = path.stat()
    except OSError:
        return None
    return _load(str(path), found.st_mtime_ns, found.st_size) if found.st_size else None


@st.cache_resource(show_spinner=False, max_entries=20)
def _load(path: str, changed: int, size: int) -> TimeLapse:
    return load_time_lapse(path)
