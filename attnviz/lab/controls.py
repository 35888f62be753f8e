"""The settings of the Column lab: what its sliders offer, and what is made of a link or a message from the browser."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from attnviz.lab.tasks import TABLE, TASKS, Task, TaskSettings, default_settings, get_limits, get_task
from attnviz.languages import mark, tr
from attnviz.training.seeds import MAX_SEED


@dataclass(frozen=True, slots=True)
class Control:
    """One setting on the page.

    Attributes:
        name: the field of TaskSettings.
        label, help: what the page calls it, and one sentence about it; to be translated.
        parameter: its name in a link.
        values: what its slider offers; empty if the task decides (columns) or any whole number will do (seed).
    """

    name: str
    label: str
    parameter: str
    help: str
    values: tuple[float, ...] = ()


_CONTROLS = (
    Control(
        "attention_column",
        mark("Attention column"),
        "column",
        mark("The column, counted from 0, that holds the answer. You can also drag its mark under the bars."),
    ),
    Control(
        "input_dim",
        mark("Columns"),
        "columns",
        mark("How many numbers a sample has."),
    ),
    Control(
        "noise",
        mark("Noise"),
        "noise",
        mark("The chance that the planted column shows the wrong answer."),
        tuple(round(step * 0.05, 2) for step in range(11)),
    ),
    Control(
        "temperature",
        mark("Temperature"),
        "temperature",
        mark("The attention scores are divided by it: below 1 the weights get sharper, above 1 more even."),
        (0.1, 0.2, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0),
    ),
    Control(
        "learning_rate",
        mark("Learning rate"),
        "rate",
        mark("How far each step of training moves the weights."),
        (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1),
    ),
    Control(
        "epochs",
        mark("Epochs"),
        "epochs",
        mark("How often the network sees every training sample."),
        (1, 2, 5, 10, 15, 20, 30, 40, 50),
    ),
    Control(
        "n",
        mark("Samples"),
        "samples",
        mark("How many samples are made; 80\xa0% train the network, 20\xa0% validate it."),
        (500, 1_000, 2_000, 5_000, 10_000, 20_000),
    ),
    Control(
        "batch_size",
        mark("Batch size"),
        "batch",
        mark("How many samples each step of training looks at."),
        (8, 16, 32, 64, 128, 256, 512),
    ),
    Control(
        "seed",
        mark("Seed"),
        "seed",
        mark("Decides data, initial weights and order; the same seed gives the same run."),
    ),
)

CONTROLS: Mapping[str, Control] = {control.name: control for control in _CONTROLS}
"""Every setting by name, in the page's order; the task itself comes before them."""

RESHAPING = ("input_dim", "epochs", "n", "batch_size")
"""A new value of these needs a program of its own, which is compiled at its first run."""


def read_settings(given: Mapping[str, Any]) -> tuple[TaskSettings, list[str]]:
    """Settings from anything, for each setting the nearest that the page offers, and in words what was changed.

    Settings that mean nothing in the task keep its defaults.

    Args:
        given: values or texts by the names of TaskSettings; what is missing gets the task's default.
    """
    notes: list[str] = []
    task = {**TASKS, TABLE.name: TABLE}.get(str(given.get("task", "column")))
    if task is None:
        task = TASKS["column"]
        asked = repr(str(given["task"])[:40])
        notes.append(tr("There is no task {name}; this is '{title}'.", name=asked, title=tr(task.title)))
    values = default_settings(task.name)
    for name, control in CONTROLS.items():
        if name in given and task.uses(name) and name != "attention_column":
            values[name] = _read(task, control, given[name], values[name], notes)
    column = CONTROLS["attention_column"]
    size = int(values["input_dim"])
    if column.name in given and task.uses(column.name):
        values[column.name] = _read(task, column, given[column.name], min(1, size - 1), notes, most=size - 1)
    return TaskSettings(**values), notes


def read_link(parameters: Mapping[str, str]) -> tuple[TaskSettings, list[str]]:
    """`read_settings` from the query parameters of a link."""
    names = {control.parameter: name for name, control in CONTROLS.items()} | {"task": "task"}
    return read_settings({names[key]: value for key, value in parameters.items() if key in names})


def write_link(settings: TaskSettings) -> dict[str, str]:
    """Every setting that means something as the query parameters of a link; the inverse of `read_link`."""
    values, task = settings.to_dict(), get_task(settings.task)
    used = {control.parameter: str(values[name]) for name, control in CONTROLS.items() if task.uses(name)}
    return {"task": settings.task} | used


def offered(task: Task, control: Control) -> tuple[float, ...]:
    """The values of a slider; none for the settings that have no fixed ones."""
    if control.name == "input_dim":
        return tuple(range(task.sizes[0], task.sizes[1] + 1))
    least, most = get_limits(task, control.name) if control.values else (0, 0)
    return tuple(value for value in control.values if least <= value <= most)


def _read(task: Task, control: Control, given: Any, default: Any, notes: list[str], most: int = MAX_SEED) -> Any:
    """One setting: a number that the page offers."""
    shown = str(given)[:40]
    try:
        wanted = float(given)
    except (TypeError, ValueError):
        wanted = math.nan
    if math.isnan(wanted):
        notes.append(_note(mark("{setting}: {given} is no number; {value} is used."), control, repr(shown), default))
        return default
    values = offered(task, control)
    near = min(max(wanted, min(values, default=0)), max(values, default=most))  # infinity is as far from all of them
    value = min(values, key=lambda offer: abs(offer - near)) if values else int(near)
    if value != wanted:
        notes.append(_note(mark("{setting}: {given} is not possible here; {value} is used."), control, shown, value))
    return value


def _note(message: str, control: Control, given: str, value: float) -> str:
    """What was changed, with the numbers as a link has them."""
    return tr(message, setting=tr(control.label), given=given, value=value)
