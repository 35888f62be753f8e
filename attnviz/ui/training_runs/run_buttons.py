"""What can be done with a run: stop, resume, take out, open, rename, delete, and undo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.languages import mark, tr
from attnviz.render.markdown import escape_markdown
from attnviz.render.training_report import format_size
from attnviz.runs.own_models import is_read_only
from attnviz.runs.run_archive import ENDING
from attnviz.runs.run_changes import delete_run, rename_run, restore_run
from attnviz.runs.run_export import measure_export, pack_run
from attnviz.runs.run_queue import resume_run, stop_run, take_out
from attnviz.runs.stored_run import StoredRun
from attnviz.ui.reviews.opening import open_in_reviews

_ALONG = mark(
    "In it: settings, status, curves, the network with its vocabulary if it left one, the pinned texts and how their "
    "highlight formed. Not in it: texts of a data set of your own, and what the training printed."
)


def show_buttons(run: StoredRun, *, is_usable: bool) -> None:
    """The buttons that its state allows; `Stop` has its place always.

    Args:
        is_usable: whether it has left a network that explains texts.
    """
    name, status = run.name, run.status
    stops = status.state in ("starting", "running")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(tr("Stop"), disabled=not stops, on_click=act, args=(partial(stop_run, name),))
        if status.state == "queued":
            st.button(tr("Take out of the queue"), on_click=act, args=(partial(take_out, name),))
        if status.resumable:
            about = tr("Go on from the last finished epoch.")
            st.button(tr("Resume"), help=about, on_click=act, args=(partial(resume_run, name),))
        if is_usable and st.button(tr("Open in Reviews"), type="primary", key="run_open"):
            open_in_reviews(name, next(iter(run.settings.pinned), None))
        if status.ended:
            _offer_file(run)
        if status.ended and not is_read_only():
            _offer_changes(name)


def show_undo() -> None:
    """What went wrong at the last click, and the run that was deleted last."""
    state = st.session_state
    if error := state.pop("run_error", ""):
        st.error(escape_markdown(error))
    if name := state.get("run_deleted"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(tr("**{name}** is deleted.", name=escape_markdown(name)), width="content")
            st.button(tr("Undo"), key="run_undo", on_click=_restore, args=(name,))


def _offer_file(run: StoredRun) -> None:
    """The run as one file, with its size before the download."""
    name, size = run.name, measure_export(run)
    with st.popover(tr("Take this run along"), key=f"run_along_{name}"):
        about = tr(
            "One file of at most {size}, which ‘Bring a run’ reads here and elsewhere.", size=format_size(size.files)
        )
        st.markdown(about)
        st.caption(tr(_ALONG))
        whole = size.state is not None and st.checkbox(
            tr("With what training needs to go on: {size} more", size=format_size(size.state)), key=f"run_state_{name}"
        )
        make = partial(pack_run, name, state=whole)
        st.download_button(tr("Download"), make, f"{name}{ENDING}", key=f"run_file_of_{name}", on_click="ignore")


def _offer_changes(name: str) -> None:
    with st.popover(tr("Rename"), key=f"run_rename_{name}"):
        st.text_input(tr("New name"), name, max_chars=80, key=f"run_name_{name}")
        st.button(tr("Save"), key=f"run_save_{name}", on_click=_rename, args=(name,))
    st.button(tr("Delete"), key="run_delete", on_click=_delete, args=(name,))


def _rename(name: str) -> None:
    new_name = str(st.session_state[f"run_name_{name}"]).strip()
    if new_name != name and _do(partial(rename_run, name, new_name)):
        st.session_state.train_run = new_name


def _delete(name: str) -> None:
    if _do(partial(delete_run, name)):
        st.session_state.run_deleted = name


def _restore(name: str) -> None:
    if _do(partial(restore_run, name)):
        st.session_state.run_deleted = None
        st.session_state.train_run = name


def act(change: Callable[[], object]) -> None:
    """Do what a button says; what goes wrong is told at the next run of the page."""
    _do(change)


def _do(change: Callable[[], object]) -> bool:
    """What went wrong is told at the next run of the page."""
    try:
        change()
    except (AttnvizError, OSError) as error:
        st.session_state.run_error = str(error)
        return False
    return True
