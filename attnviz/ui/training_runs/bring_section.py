"""The section 'Bring a run' of the page Training: a file that a run was taken along in."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.run_bringing import RunBringing
from attnviz.languages import mark, tr
from attnviz.render.markdown import escape_markdown
from attnviz.runs.own_models import is_read_only
from attnviz.runs.run_archive import ENDING, MAX_ARCHIVE_BYTES
from attnviz.ui.owner import get_owner
from attnviz.ui.state import POLL_SECONDS, show_part

FOR_THE_MACHINE = mark(
    "Runs are brought by whoever sits at the machine of this server, on the page there or with `attnviz runs import "
    "FILE`: all visitors see them."
)
SWITCHED_OFF = mark("Runs are not brought here: whoever runs this server has switched it off (ATTNVIZ_READ_ONLY).")

_ABOUT = mark(
    "A file NAME{ending}, taken along with the button of a run or with `attnviz runs export`, here or on another "
    "machine. It is checked before anything of it is unpacked; its network is opened once in a process of its own. The "
    "run keeps its name, or gets the next free one."
)


def show_bringing() -> None:
    """All of the section; what is wrong with a file is said here."""
    if get_owner() or is_read_only():
        st.caption(tr(SWITCHED_OFF if is_read_only() else FOR_THE_MACHINE))
        return
    state = st.session_state
    if name := state.pop("run_brought_now", ""):
        state.train_run = state.run_brought = name  # the select is below
    shown = any(state.get(key) for key in ("run_bringing", "run_brought", "run_brought_error"))
    with st.expander(tr("Bring a run"), expanded=shown):
        st.markdown(tr(_ABOUT, ending=ENDING))
        if (bringing := state.get("run_bringing")) is not None:
            show_part(_show_progress, bringing, every=POLL_SECONDS)
        else:
            _show_uploader()
        if error := state.get("run_brought_error"):
            st.error(escape_markdown(error))
        if name := state.get("run_brought"):
            st.success(tr("**{name}** is in the library now, and chosen below.", name=escape_markdown(name)))


def _show_uploader() -> None:
    key = f"run_file_{st.session_state.setdefault('run_files', 0)}"
    most = MAX_ARCHIVE_BYTES // 1_000_000
    st.file_uploader(tr("File of a run"), ["zip"], max_upload_size=most, key=key, on_change=_receive, args=(key,))


def _receive(key: str) -> None:
    """Check the file that came; the uploader is emptied, so that it holds no copy in memory."""
    state = st.session_state
    if (file := state[key]) is not None:
        state.run_brought = state.run_brought_error = ""
        state.run_bringing = RunBringing(file)
        state.run_files += 1


def _show_progress(bringing: RunBringing) -> None:
    """Its end is shown by a run of the whole page."""
    if bringing.work.state == "running":
        st.markdown(tr("The file is checked, and its network is opened once; that takes some seconds…"))
        return
    state = st.session_state
    state.run_bringing = None
    state.run_brought_now, state.run_brought_error = bringing.name, bringing.work.error
    st.rerun()
