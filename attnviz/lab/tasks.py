"""Tasks with a planted truth: for every sample it is known where the answer stands, and so where to look for it.

A task is a row of TASKS. Five plant the answer in columns of random numbers; two are sequence tasks, in which the
place of the answer differs from sample to sample: https://github.com/philipperemy/keras-attention-mechanism.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from attnviz.data.planted_samples import (
    Draw,
    TaskData,
    draw_addition,
    draw_both,
    draw_decoy,
    draw_maximum,
    draw_none,
    draw_one,
    draw_xor,
    next_column,
)
from attnviz.errors import SettingError, UnknownNameError
from attnviz.languages import mark
from attnviz.training.seeds import MAX_SEED

VALIDATION_SHARE = 0.2

TOLERANCE = 0.1
"""A number counts as right when it is less than this away."""

LIMITS: Mapping[str, tuple[float, float]] = {
    "input_dim": (2, 32),
    "n": (100, 50_000),
    "epochs": (1, 200),
    "batch_size": (1, 1024),
    "learning_rate": (1e-5, 1.0),
    "noise": (0.0, 0.5),
    "temperature": (0.1, 10.0),
    "seed": (0, MAX_SEED),
}
"""Smallest and largest value of each setting; a task may have narrower ones for `input_dim`."""


SPECIAL_SETTINGS = ("attention_column", "noise", "input_dim", "n")
"""The settings that do not mean something in every task."""

_SIZES = ("input_dim", "n")


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the table.

    Attributes:
        name, title, summary: what to call it, in one word, a few and a sentence for learners; the page translates them.
        network: 'columns' (dense attention over columns) or 'steps' (LSTM and attention over time).
        answer: 'yes or no' or 'number'.
        needed: how many of the places must be known to give the answer; the truth score asks for so many.
        draw: makes the samples; None for a table that somebody brings.
        planted: what stands in the chosen column, and in the next one; nothing for sequences, whose places differ. The
            browser names it (answer_marks.js).
        moves: for sequences, a sentence about what stands at another step in each sample.
        settings: which of SPECIAL_SETTINGS mean something here.
        sizes: smallest and largest `input_dim`.
        defaults: settings to start with where they differ from the dataclass.
    """

    name: str
    title: str
    summary: str
    draw: Draw | None
    planted: tuple[str, ...] = ()
    moves: str = ""
    network: str = "columns"
    answer: str = "yes or no"
    needed: int = 1
    settings: tuple[str, ...] = SPECIAL_SETTINGS
    sizes: tuple[int, int] = (2, 32)
    defaults: Mapping[str, float] = field(default_factory=dict)

    def uses(self, setting: str) -> bool:
        """Whether a setting means something here."""
        return setting not in SPECIAL_SETTINGS or setting in self.settings

    @property
    def place(self) -> str:
        """What the attention chooses from: 'column' or 'step'."""
        return "column" if self.network == "columns" else "step"


_STEPS: Mapping[str, float] = {"input_dim": 10, "n": 5_000, "batch_size": 64, "learning_rate": 1e-2}

_SPECS = (
    Task(
        name="column",
        title=mark("One column is the answer"),
        summary=mark("One column repeats the answer; all the others are noise. This is the published toy."),
        draw=draw_one,
        planted=("the answer",),
    ),
    Task(
        name="both",
        title=mark("Two columns carry the answer"),
        summary=mark("The chosen column and the next one both repeat the answer, so either is enough."),
        draw=draw_both,
        planted=("the answer", "the answer"),
        sizes=(3, 32),
    ),
    Task(
        name="xor",
        title=mark("Only two together (XOR)"),
        summary=mark("The answer is yes when the chosen column and the next one differ; each alone says nothing."),
        draw=draw_xor,
        planted=("one half", "other half"),
        needed=2,
        sizes=(3, 32),
    ),
    Task(
        name="decoy",
        title=mark("The answer and a decoy"),
        summary=mark(
            "The chosen column is the answer, with a little noise; the next one is a clean decoy that agrees with the "
            "answer in 80\xa0% of the samples."
        ),
        draw=draw_decoy,
        planted=("the answer", "decoy"),
        sizes=(3, 32),
        defaults={"noise": 0.1},
    ),
    Task(
        name="none",
        title=mark("No signal"),
        summary=mark("The answer is a coin toss; no column knows it."),
        draw=draw_none,
        settings=_SIZES,
    ),
    Task(
        name="maximum",
        title=mark("Find the maximum"),
        summary=mark("A sequence of numbers from 0 to 1; the answer is the largest of them."),
        draw=draw_maximum,
        moves=mark("The largest number stands at another step in each sample."),
        network="steps",
        answer="number",
        settings=_SIZES,
        sizes=(5, 20),
        defaults=_STEPS,
    ),
    Task(
        name="addition",
        title=mark("Add the two marked numbers"),
        summary=mark(
            "A sequence of numbers with two zeros in it; the answer is the sum of the numbers after the zeros."
        ),
        draw=draw_addition,
        moves=mark("The two marked numbers stand at another step in each sample."),
        network="steps",
        answer="number",
        needed=2,
        settings=_SIZES,
        sizes=(5, 20),
        defaults=_STEPS,
    ),
)

TASKS: Mapping[str, Task] = {task.name: task for task in _SPECS}
"""Every task with a planted truth, by name."""

TABLE = Task(
    name="table",
    title=mark("A table of your own"),
    summary=mark("The same network on your own numbers; nothing is planted in them."),
    draw=None,
    settings=(),
    defaults={"epochs": 50, "learning_rate": 1e-2},
)
"""The task in which nothing is planted: what the network uses is measured instead."""


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """Everything that decides a run; the same settings give the same run.

    Attributes:
        task: a name of TASKS.
        attention_column: the column, counted from 0, in which the answer is planted.
        input_dim: number of columns, or of steps of a sequence.
        n: number of samples; the last 20 % validate.
        epochs, batch_size, learning_rate: as in Keras, with Adam.
        noise: chance that the planted column shows the other answer.
        temperature: the attention scores are divided by it before the softmax.
        seed: decides data, initial weights and order.

    Raises:
        UnknownNameError, SettingError: a name that is no task, or a value outside its limits.
    """

    task: str = "column"
    attention_column: int = 1
    input_dim: int = 4
    n: int = 10_000
    epochs: int = 20
    batch_size: int = 32
    learning_rate: float = 1e-3
    noise: float = 0.0
    temperature: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        task = get_task(self.task)
        for name in LIMITS:
            _check_within(name, getattr(self, name), *get_limits(task, name))
        if not 0 <= self.attention_column < self.input_dim:
            raise SettingError(
                f"attention_column must lie between 0 and {self.input_dim - 1} for {self.input_dim} columns, "
                f"got {self.attention_column}."
            )

    @property
    def validation_size(self) -> int:
        """How many of the samples validate, the last ones."""
        return get_held_out(self.n)

    @property
    def training_size(self) -> int:
        """How many of the samples train, the first ones."""
        return self.n - self.validation_size

    def to_dict(self) -> dict[str, Any]:
        """The settings by name: the keyword arguments of `train_task`."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def get_held_out(n: int) -> int:
    """How many of n samples validate."""
    return round(n * VALIDATION_SHARE)


def get_task(name: str) -> Task:
    """The table's row of that name.

    Raises:
        UnknownNameError: no such task; the message lists those there are.
    """
    if name == TABLE.name:
        return TABLE
    if not isinstance(name, str) or name not in TASKS:
        raise UnknownNameError("task", name, TASKS)
    return TASKS[name]


def get_limits(task: Task, name: str) -> tuple[float, float]:
    """Smallest and largest value of a setting in that task."""
    return task.sizes if name == "input_dim" else LIMITS[name]


def default_settings(task: str) -> dict[str, Any]:
    """What a task starts with."""
    return TaskSettings().to_dict() | {"task": task, **get_task(task).defaults}


def get_marks(settings: TaskSettings) -> dict[int, str]:
    """What stands in the planted columns, by column; nothing for sequences, whose places differ."""
    first = settings.attention_column
    return dict(zip((first, next_column(first, settings.input_dim)), get_task(settings.task).planted, strict=False))


def draw_task(settings: TaskSettings) -> TaskData:
    """All samples of a run, the `settings.training_size` that train first.

    Raises:
        SettingError: those of a table are not drawn.
    """
    rng = np.random.default_rng(settings.seed)
    draw = get_task(settings.task).draw
    if draw is None:
        raise SettingError("The samples of a table of your own come with it: attnviz.train_table reads them.")
    return draw(rng, settings.n, settings.input_dim, settings.attention_column, settings.noise)


def _check_within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise SettingError(f"{name} must lie between {least} and {most}, got {value}.")
