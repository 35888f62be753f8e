"""The page Column lab: plant an answer, train while a slider is dragged, see whether attention tells the truth."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from attnviz.engine.protocol import Operation, RepeatTask, Result, TrainTask
from attnviz.errors import AttnvizError, SettingError, Superseded
from attnviz.lab.controls import read_link, read_settings, write_link
from attnviz.lab.lab_report import DEFINITION, describe_repeats, describe_truth
from attnviz.lab.lab_results import LabRepeats, LabResult
from attnviz.lab.tasks import TaskSettings, get_marks, get_task
from attnviz.ui.column_lab.lab_depth import show_depth
from attnviz.ui.components.lab_stage import show_lab
from attnviz.ui.door import LabAsk, read_ask
from attnviz.ui.state import LOADING, get_engine, get_session, show_live

LAB = "column_lab"


def show_page() -> None:
    """The live lab, then what is inside the network and what to take away."""
    st.title("Column lab", anchor=False)
    st.markdown(
        "Here the answer is known beforehand, because we planted it. The network is not told where. "
        "Move the answer, and see whether the attention follows."
    )
    _start_state()
    st.session_state.lab_address = f"?{urlencode(write_link(st.session_state.lab_settings))}"
    show_live(_show_lab)
    if "lab_result" in st.session_state:
        show_depth(st.session_state.lab_trained, st.session_state.lab_result)


def _start_state() -> None:
    """The settings of the link on a first visit; otherwise those that were chosen."""
    state = st.session_state
    if "lab_settings" not in state:
        state.lab_settings, state.lab_notes = read_link(st.query_params.to_dict())
    state.setdefault("lab_seq", 0)
    state.setdefault("lab_answered", 0)
    state.setdefault("lab_run", 0)


def _asked() -> None:
    """Something moved in the browser. What comes from there is read as carefully as a link."""
    state = st.session_state
    try:
        ask = read_ask(LAB, LabAsk)
    except SettingError as error:
        state.lab_notes = [str(error)]
        return
    if ask:
        state.lab_ask, state.lab_seq = ask, ask.seq
        state.lab_settings, state.lab_notes = read_settings(ask.values)


def _show_lab() -> None:
    """The lab runs again as one piece: what is asked, training, answer."""
    state = st.session_state
    ask: LabAsk | None = state.pop("lab_ask", None)
    shown, message = _follow(state.lab_settings, repeat=ask is not None and ask.repeat)
    if shown != "loading":
        state.lab_answered = state.lab_seq
    show_lab(
        state.lab_settings,
        _describe_shown(),
        answered=state.lab_answered,
        state=shown,
        message=message,
        notes=state.lab_notes,
        address=state.lab_address,
        key=LAB,
        on_ask=_asked,
    )
    if ask and ask.settled:
        st.rerun()  # the link and what stands below the lab follow when the hand rests


def _follow(settings: TaskSettings, *, repeat: bool) -> tuple[str, str]:
    """Let what is shown be about these settings; its state then, and a message."""
    trained = st.session_state.get("lab_trained") == settings
    if get_engine().state == "loading" and (repeat or not trained):
        return "loading", LOADING
    try:
        if not trained:
            _train(settings)
        if repeat:
            st.session_state.lab_repeats = settings, _ask(RepeatTask(settings))
    except Superseded:
        return "loading", ""
    except AttnvizError as error:
        return "error", str(error)
    return "ready", ""


def _train(settings: TaskSettings) -> None:
    state = st.session_state
    result = _ask(TrainTask(settings))
    state.lab_result, state.lab_trained, state.lab_run = result, settings, state.lab_run + 1


def _ask(operation: Operation[Result]) -> Result:
    return get_engine().ask(operation, editor=f"{get_session()}-lab")


def _describe_shown() -> dict[str, Any] | None:
    state = st.session_state
    if "lab_result" not in state:
        return None
    settings, answer = state.get("lab_repeats", (None, None))
    return describe_result(
        state.lab_trained, state.lab_result, state.lab_run, answer if settings == state.lab_trained else None
    )


def describe_result(
    settings: TaskSettings, result: LabResult, run: int, repeats: LabRepeats | None = None
) -> dict[str, Any]:
    """A run as the plain data that lab.js draws.

    Args:
        settings: what was trained.
        result: what came of it.
        run: counts finished runs.
        repeats: what came of many seeds, if they were asked for.
    """
    task = get_task(settings.task)
    accuracy = float(result.history["val_accuracy"][-1])
    attention = result.attention.tolist()
    importance = None if result.permutation_importance is None else result.permutation_importance.tolist()
    return {
        "run": run,
        "place": task.place,
        "attention": attention,
        "watched": result.watched.tolist(),
        "samples": {name: values.tolist() for name, values in asdict(result.samples).items()},
        "marks": {str(column): mark for column, mark in get_marks(settings).items()},
        "attention_column": settings.attention_column,
        "history": {name: values.tolist() for name, values in result.history.columns.items()},
        "score": result.score,
        "chance": result.chance,
        "definition": DEFINITION,
        "sentence": describe_truth(
            task.place, result.score, result.chance, accuracy, result.majority_baseline, attention[-1], importance
        ),
        "fact": f"Trained in {result.seconds:.2f} s with seed {settings.seed}; "
        f"{accuracy:.1%} of the validation samples right{' (within 0.1)' if task.answer == 'number' else ''}.",
        "spread": repeats and _describe_spread(repeats),
    }


def _describe_spread(repeats: LabRepeats) -> dict[str, Any]:
    return {
        "mean": repeats.attention.mean(axis=0).tolist(),
        "deviation": repeats.attention.std(axis=0).tolist(),
        "sentence": describe_repeats(repeats.scores.tolist(), repeats.accuracies.tolist(), repeats.seconds),
    }
