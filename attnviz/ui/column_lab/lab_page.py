"""The page Column lab: plant an answer, train while a slider is dragged, see whether attention tells the truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from attnviz.errors import AttnvizError, Superseded
from attnviz.lab.controls import read_link, read_settings, write_link
from attnviz.lab.lab_report import DEFINITION, describe_repeats, describe_truth
from attnviz.lab.tasks import TaskSettings, get_marks, get_task
from attnviz.ui.column_lab.lab_depth import show_depth
from attnviz.ui.components.lab_stage import show_lab
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
    ask = state[LAB]["ask"]
    if not ask:  # the component appeared anew
        return
    state.asked_of_lab, state.lab_seq = ask, ask["seq"]
    state.lab_settings, state.lab_notes = read_settings(ask["values"])


def _show_lab() -> None:
    """The lab runs again as one piece: what is asked, training, answer."""
    state = st.session_state
    ask = state.pop("asked_of_lab", {})
    shown, message = _train(state.lab_settings)
    if shown == "ready" and ask.get("repeat"):
        shown, message = _repeat(state.lab_settings)
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
    if ask.get("settled"):
        st.rerun()  # the link and what stands below the lab follow when the hand rests


def _train(settings: TaskSettings) -> tuple[str, str]:
    """Train if the settings changed; the state of what is shown, and a message."""
    state = st.session_state
    if state.get("lab_trained") == settings:
        return "ready", ""
    shown, answer = _ask_engine("train_task", settings)
    if not isinstance(answer, dict):
        return shown, answer
    state.lab_result, state.lab_trained, state.lab_run = answer, settings, state.lab_run + 1
    return "ready", ""


def _repeat(settings: TaskSettings) -> tuple[str, str]:
    shown, answer = _ask_engine("repeat_task", settings)
    if not isinstance(answer, dict):
        return shown, answer
    st.session_state.lab_repeats = (settings, answer)
    return "ready", ""


def _ask_engine(op: str, settings: TaskSettings) -> tuple[str, dict[str, Any] | str]:
    """An answer, or the state that comes without one and why."""
    engine = get_engine()
    if engine.state == "loading":
        return "loading", LOADING
    try:
        return "ready", engine.ask(op, editor=f"{get_session()}-lab", **settings.to_dict())
    except Superseded:
        return "loading", ""
    except AttnvizError as error:
        return "error", str(error)


def _describe_shown() -> dict[str, Any] | None:
    state = st.session_state
    if "lab_result" not in state:
        return None
    settings, answer = state.get("lab_repeats", (None, None))
    return describe_result(
        state.lab_trained, state.lab_result, state.lab_run, answer if settings == state.lab_trained else None
    )


def describe_result(
    settings: TaskSettings, result: Mapping[str, Any], run: int, repeats: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A run as the plain data that lab.js draws.

    Args:
        settings: what was trained.
        result: the engine's answer to `train_task`.
        run: counts finished runs.
        repeats: the engine's answer to `repeat_task`, if it was asked.
    """
    task = get_task(settings.task)
    history, attention = result["history"], result["attention"]
    accuracy = history["val_accuracy"][-1]
    return {
        "run": run,
        "place": task.place,
        "attention": attention,
        "watched": result["watched"],
        "samples": result["samples"],
        "marks": {str(column): mark for column, mark in get_marks(settings).items()},
        "attention_column": settings.attention_column,
        "history": history,
        "score": result["score"],
        "chance": result["chance"],
        "definition": DEFINITION,
        "sentence": describe_truth(
            task.place, result["score"], result["chance"], accuracy, result["guess"], attention[-1], result["cost"]
        ),
        "fact": f"Trained in {result['seconds']:.2f} s with seed {settings.seed}; "
        f"{accuracy:.1%} of the validation samples right{' (within 0.1)' if task.answer == 'number' else ''}.",
        "spread": repeats and _describe_spread(repeats),
    }


def _describe_spread(repeats: Mapping[str, Any]) -> dict[str, Any]:
    attention = np.array(repeats["attention"])
    return {
        "mean": attention.mean(axis=0).tolist(),
        "deviation": attention.std(axis=0).tolist(),
        "sentence": describe_repeats(repeats["scores"], repeats["accuracies"], repeats["seconds"]),
    }
