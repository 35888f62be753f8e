"""The live part of the Column lab: sliders that train while they are dragged, and figures that glide to each run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attnviz.lab.controls import CONTROLS, RESHAPING, offered
from attnviz.lab.tasks import Task, TaskSettings, default_settings
from attnviz.languages import tr
from attnviz.render.numerals import format_count, format_number
from attnviz.ui.components import check_data, register_component, stamp

_lab = register_component("lab")


def show_lab(
    tasks: Sequence[Task],
    settings: TaskSettings,
    result: Mapping[str, Any] | None,
    *,
    answered: int = 0,
    state: str = "ready",
    message: str = "",
    notes: Sequence[str] = (),
    address: str | None = None,
    key: str,
    on_ask: Callable[[], None],
) -> None:
    """Show the lab; what its sliders ask arrives in `st.session_state[key]["ask"]` and calls `on_ask`.

    What arrives is {"values": settings by name, "seq": a number that counts up, "repeat": whether to train with the
    next of 20 seeds, "settled": whether the hand rests}. The next one is sent when the last is answered, and only the
    newest.

    Args:
        tasks: what can be chosen.
        settings: where the sliders stand at first; afterwards they stay where the hand left them.
        result: the last run, as the page's `describe_result` makes it; None before the first.
        answered: the `seq` of the last request that this answers.
        state: 'ready', 'loading' or 'error'; message: why it is not ready.
        notes: what was wrong with the link.
        address: the query for the address bar; None leaves it alone.
        key: of the widget.
        on_ask: called when something was asked.
    """
    data = {
        "tasks": [_describe_task(task) for task in tasks],
        "reshaping": RESHAPING,
        "values": settings.to_dict(),
        "answered": answered,
        "state": state,
        "message": message,
        "notes": list(notes),
        "address": address,
        "result": result,
    }
    _lab(key=key, data=stamp(key, check_data(data)), default={"ask": None}, on_ask_change=on_ask)


def _describe_task(task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "title": tr(task.title),
        "summary": tr(task.summary),
        "network": task.network,
        "planted": task.planted,
        "defaults": default_settings(task.name),
        "controls": [_describe_control(task, name) for name in CONTROLS],
    }


def _describe_control(task: Task, name: str) -> dict[str, Any]:
    control = CONTROLS[name]
    label = tr("Steps") if name == "input_dim" and task.network == "steps" else tr(control.label)
    values = offered(task, control)
    return {
        "name": name,
        "label": label,
        "help": tr(control.help),
        "values": values,
        "texts": [_write(value) for value in values],
        "used": task.uses(name),
    }


def _write(value: float) -> str:
    """'10,000', '0.0001': all its digits, and no more."""
    _, _, decimals = f"{value:.10g}".partition(".")
    return format_number(value, len(decimals)) if decimals else format_count(round(value))
