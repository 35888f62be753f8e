"""One run: where it stands, its curves, and how the highlight of its pinned texts formed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.languages import mark, tr, tr_n
from attnviz.models.registry import MODELS
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count
from attnviz.render.phrases import join_sentences
from attnviz.render.training_report import describe_progress, describe_result, is_guessing
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.stored_run import StoredRun, list_runs
from attnviz.ui.curves import show_curves
from attnviz.ui.kept_lapse import show_kept_lapse
from attnviz.ui.state import get_library, start_waiting_runs
from attnviz.ui.training_runs.run_buttons import show_buttons
from attnviz.values.history import History
from attnviz.values.training_settings import TrainingSettings

Measured = Mapping[str, Sequence[float]]

_ENDS = {
    "finished": mark("Finished, saved as {name}."),
    "stopped": mark("Stopped; the best epoch is kept, saved as {name}."),
}
"""What is told of a run that left a network, by its state."""


def show_run(name: str, seen: str) -> None:
    """Show the run of that name as it stands now; when its state is not the one that was seen, the page runs again."""
    run = next((one for one in list_runs() if one.name == name), None)
    if run is None or run.status.state != seen:
        st.rerun()
    start_waiting_runs()
    checkpoint = _find_checkpoint(run)
    _show_head(run, checkpoint)
    _show_state(run, checkpoint)
    show_buttons(run, is_usable=checkpoint is not None)
    try:
        history, measured = run.read_epochs(), run.read_steps()
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    _show_curves(run, history, measured, checkpoint)
    show_kept_lapse(run.folder, history, key="train_lapse")


def _find_checkpoint(run: StoredRun) -> Checkpoint | None:
    """The network that the run has left so far, if it can be used."""
    if not run.pinned:
        return None
    return next((item for item in get_library() if item.name == run.name and isinstance(item, Checkpoint)), None)


def _show_head(run: StoredRun, checkpoint: Checkpoint | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(run.name, anchor=False, width="content")
        if checkpoint is not None:
            st.badge(tr("yours"), color="violet")
    st.caption(escape_markdown(" · ".join(_list_settings(run.settings))))
    if run.settings.deceit is not None:
        told = mark("A liar learns the answers of its network, not the labels: the curves are about the same answers.")
        st.caption(tr(told))


def _list_settings(settings: TrainingSettings) -> list[str]:
    seed = tr("seed {seed}", seed=settings.seed)
    parts = [settings.network, _name_texts(settings), seed, tr("protocol {name}", name=tr(settings.protocol))]
    if settings.deceit is not None:
        parts.insert(1, tr("a liar, λ {deceit}", deceit=format(settings.deceit, "g")))
    return parts


def _name_texts(settings: TrainingSettings) -> str:
    """What it learns from."""
    if settings.limit is None:
        return tr("all texts of {data}", data=settings.data) if settings.data else tr("all reviews")
    count = format_count(settings.limit)
    if settings.data:
        return tr_n("{n} text of {data}", "{n} texts of {data}", settings.limit, n=count, data=settings.data)
    return tr_n("{n} review", "{n} reviews", settings.limit, n=count)


def _show_state(run: StoredRun, checkpoint: Checkpoint | None) -> None:
    """Green only what was learned: an accuracy that may be guessed is a warning."""
    status = run.status
    if not status.ended:
        st.info(escape_markdown(describe_progress(status, run.position)))
        if status.alive:
            st.progress(status.progress)
        return
    said = escape_markdown(_tell_end(run, checkpoint))
    shows = {"failed": st.error, "interrupted": st.warning, "finished": st.success if checkpoint else st.info}
    guessed = checkpoint is not None and is_guessing(checkpoint.run)
    (st.warning if guessed else shows.get(status.state, st.info))(said)
    if status.without_state:
        st.caption(tr("It came from a file without what training needs to go on, so it cannot be resumed."))


def _tell_end(run: StoredRun, checkpoint: Checkpoint | None) -> str:
    """What became of it; its own message where it failed, or left no network."""
    if checkpoint is None:
        return run.status.sentence
    told = tr(_ENDS[run.status.state], name=run.name) if run.status.state in _ENDS else run.status.sentence
    return join_sentences((told, describe_result(checkpoint.run)))


def _show_curves(run: StoredRun, history: History, measured: Measured, checkpoint: Checkpoint | None) -> None:
    spec, status = MODELS[run.settings.network], run.status
    show_curves(
        history,
        spec.published if run.settings.deceit is None and run.settings.data is None else None,
        selected_epoch=status.best_epoch,
        epochs=status.epochs or None,
        measured=measured,
        steps=status.steps,
        chance=checkpoint.run.data.get("majority") if checkpoint else None,
        key="train",
    )
