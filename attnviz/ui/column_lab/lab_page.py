"""The page Column lab: plant an answer, train while its mark is dragged, see whether attention tells the truth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from attnviz.engine.protocol import Operation, RepeatTask, Result, TrainTask
from attnviz.errors import AttnvizError, SettingError, Superseded
from attnviz.lab.controls import read_link, read_settings, write_link
from attnviz.lab.lab_picture import describe_result
from attnviz.lab.own_table import fit_settings
from attnviz.lab.tasks import TABLE, TASKS, TaskSettings, default_settings
from attnviz.languages import mark, tr
from attnviz.render.phrases import join_sentences
from attnviz.ui.column_lab.lab_depth import show_depth
from attnviz.ui.column_lab.lab_state import LabState, get_lab
from attnviz.ui.column_lab.table_section import choose_table
from attnviz.ui.components.lab_stage import show_lab
from attnviz.ui.door import LabAsk, read_ask
from attnviz.ui.language import write_address
from attnviz.ui.state import LOADING, get_engine, get_session, show_live

LAB, TABLE_LAB = "column_lab", "table_lab"
KINDS = {LAB: mark("An answer that we planted"), TABLE_LAB: mark("A table of your own")}

INTROS = {
    LAB: mark(
        "Here the truth is known: we plant the answer in a column, and the network is not told where. Move the answer, "
        "and see whether the attention follows."
    ),
    TABLE_LAB: mark(
        "Bring numbers of your own: what the network uses is measured, by shuffling one column after the other, and "
        "stands beside what it attends to."
    ),
}

SEEDS_AT_ONCE = 2
"""The engine trains so many in parallel; between two rounds, the hand at a slider gets its turn."""


def show_page() -> None:
    """The live lab, then what is inside the network and what to take away."""
    st.title(tr("Column lab"), anchor=False)
    intro = st.container()
    lab = _start_lab(_choose_kind())
    asks = tr("Does attention show what a network uses?")
    intro.markdown(join_sentences([asks, tr(INTROS[lab.key])]))
    if lab.key == TABLE_LAB and not _follow_table(lab):
        return
    show_live(_show_lab, lab, write_address(write_link(lab.settings)))
    if lab.trained:
        show_depth(lab.trained)


def _choose_kind() -> str:
    """Which lab is shown; a link may say so."""
    state = st.session_state
    if "lab_kind" not in state:
        state.lab_kind = TABLE_LAB if st.query_params.get("task") == TABLE.name else LAB
    state.setdefault("lab_kind_choice", state.lab_kind)  # the control forgets it while another page is shown
    chosen = st.segmented_control(
        tr("What the network learns"), list(KINDS), format_func=lambda kind: tr(KINDS[kind]),
        label_visibility="collapsed", key="lab_kind_choice",
    )  # fmt: skip
    state.lab_kind = chosen or state.lab_kind
    return state.lab_kind


def _start_lab(kind: str) -> LabState:
    """The settings of the link on a first visit; otherwise those that were chosen."""
    settings, notes = read_link(st.query_params.to_dict())
    if (settings.task == TABLE.name) != (kind == TABLE_LAB):
        settings, notes = TaskSettings(**default_settings("column" if kind == LAB else TABLE.name)), []
    return get_lab(kind, settings, notes)


def _follow_table(lab: LabState) -> bool:
    """Let the visitor choose a table; whether there is one to train on."""
    if (table := choose_table()) is not None:
        lab.table, lab.settings = table, fit_settings(lab.settings, table)
    return lab.table is not None


def _asked(lab: LabState) -> None:
    """Something moved in the browser. What comes from there is read as carefully as a link."""
    try:
        ask = read_ask(lab.key, LabAsk)
    except SettingError as error:
        lab.notes = [str(error)]
        return
    if ask:
        task = {"task": TABLE.name} if lab.table else {}
        settings, lab.notes = read_settings({**ask.values, **task})
        if lab.table:
            lab.settings = fit_settings(settings, lab.table)
        elif settings.task != TABLE.name:  # which only a browser that was tampered with asks without a table
            lab.settings = settings
        lab.ask, lab.seq = ask, ask.seq


def _show_lab(lab: LabState, address: str) -> None:
    """The lab runs again as one piece: what is asked, training, answer."""
    ask, lab.ask = lab.ask, None
    shown, message = _follow(lab, repeat=ask is not None and ask.repeat)
    if shown != "loading":
        lab.answered = lab.seq
    show_lab(
        list(TASKS.values()) if lab.table is None else [TABLE],
        lab.settings,
        _describe_shown(lab),
        answered=lab.answered,
        state=shown,
        message=message,
        notes=lab.notes,
        address=address,
        key=lab.key,
        on_ask=lambda: _asked(lab),
    )
    if ask and ask.settled:
        st.rerun()  # the link and what stands below the lab follow when the hand rests


def _follow(lab: LabState, *, repeat: bool) -> tuple[str, str]:
    """Let what is shown be about what is asked; its state then, and a message."""
    if get_engine().state == "loading" and (repeat or not lab.is_trained):
        return "loading", tr(LOADING)
    try:
        if not lab.is_trained:
            lab.show(_ask(TrainTask(lab.settings, lab.table)))
        if repeat:
            _repeat(lab)
    except Superseded:
        return "loading", ""
    except AttnvizError as error:
        return "error", str(error)
    return "ready", ""


def _repeat(lab: LabState) -> None:
    """Train with the next seeds; the browser asks again until all are done."""
    repeated = lab.plan_repeats()
    if seeds := repeated.missing[:SEEDS_AT_ONCE]:
        more = _ask(RepeatTask(lab.settings, seeds, lab.table))
        lab.repeated = replace(repeated, done=repeated.done + more if repeated.done else more)


def _ask(operation: Operation[Result]) -> Result:
    return get_engine().ask(operation, editor=f"{get_session()}-lab")


def _describe_shown(lab: LabState) -> dict[str, Any] | None:
    if lab.trained is None:
        return None
    shown, repeated = lab.trained, lab.get_repeats()
    done, planned = (repeated.done, len(repeated.planned)) if repeated else (None, 0)
    return describe_result(shown.settings, shown.result, lab.run, shown.table, done, planned)
