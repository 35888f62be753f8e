"""Tasks with a planted truth: for every sample it is known where the answer stands, and so where to look for it.

A task is a row of TASKS. Five plant the answer in columns of random numbers; two are sequence tasks, in which the
place of the answer differs from sample to sample: https://github.com/philipperemy/keras-attention-mechanism.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.data.synthetic import draw_column, flip
from attnviz.errors import SettingError, UnknownNameError
from attnviz.training.seeds import MAX_SEED
from attnviz.values.arrays import FloatArray

BoolArray = npt.NDArray[np.bool_]

VALIDATION_SHARE = 0.2
DECOY_AGREEMENT = 0.8
"""In how many samples the decoy shows the answer."""

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


@dataclass(frozen=True, slots=True)
class TaskData:
    """Samples of a task.

    Attributes:
        x: (n, input_dim) float32; y: (n, 1) float32, 0 or 1, or a number.
        truth: (n, input_dim) where the answer of each sample stands.
        counted: (n,) whether the sample can tell where the network looks. A weight on a 0 passes nothing on, so samples
            in which everything that was planted is 0 tell nothing.
    """

    x: FloatArray
    y: FloatArray
    truth: BoolArray
    counted: BoolArray

    def __len__(self) -> int:
        return len(self.x)


Draw = Callable[[np.random.Generator, int, int, int, float], TaskData]


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the table.

    Attributes:
        name, title, summary: what to call it, in one word, a few and a sentence for learners.
        network: 'columns' (dense attention over columns) or 'steps' (LSTM and attention over time).
        answer: 'yes or no' or 'number'.
        needed: how many of the places must be known to give the answer; the truth score asks for so many.
        draw: makes the samples from (rng, n, input_dim, attention_column, noise).
        settings: which of `attention_column` and `noise` mean something here.
        sizes: smallest and largest `input_dim`.
        defaults: settings to start with where they differ from the dataclass.
    """

    name: str
    title: str
    summary: str
    draw: Draw
    network: str = "columns"
    answer: str = "yes or no"
    needed: int = 1
    settings: tuple[str, ...] = ("attention_column", "noise")
    sizes: tuple[int, int] = (2, 32)
    defaults: Mapping[str, float] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """What the attention chooses from: 'column' or 'step'."""
        return "column" if self.network == "columns" else "step"


def partner(column: int, input_dim: int) -> int:
    """The second planted column: the next one, or the first after the last."""
    return (column + 1) % input_dim


def _planted(x: FloatArray, y: FloatArray, truth: tuple[int, ...], others: tuple[int, ...] = ()) -> TaskData:
    """The truth stands in the same columns of every sample."""
    mask = np.zeros(x.shape, bool)
    mask[:, list(truth)] = True
    return TaskData(x, y, mask, (x[:, [*truth, *others]] != 0).any(axis=1))


def _draw_one(rng: np.random.Generator, n: int, size: int, column: int, noise: float) -> TaskData:
    return _planted(*draw_column(rng, n, size, column, noise), (column,))


def _draw_both(rng: np.random.Generator, n: int, size: int, column: int, noise: float) -> TaskData:
    x, y = draw_column(rng, n, size, column, noise)
    second = partner(column, size)
    x[:, second] = y[:, 0]
    return _planted(x, y, (column, second))


def _draw_xor(rng: np.random.Generator, n: int, size: int, column: int, noise: float) -> TaskData:
    x, first = draw_column(rng, n, size, column, noise)
    bits = rng.integers(0, 2, n).astype(np.float32)
    x[:, partner(column, size)] = bits
    y = (first[:, 0] != bits).astype(np.float32)[:, None]
    return _planted(x, y, (column, partner(column, size)))


def _draw_decoy(rng: np.random.Generator, n: int, size: int, column: int, noise: float) -> TaskData:
    x, y = draw_column(rng, n, size, column, noise)
    decoy = partner(column, size)
    x[:, decoy] = flip(rng, y[:, 0], 1 - DECOY_AGREEMENT)
    return _planted(x, y, (column,), (decoy,))


def _draw_none(rng: np.random.Generator, n: int, size: int, column: int, noise: float) -> TaskData:
    x = rng.standard_normal((n, size), dtype=np.float32)
    return _planted(x, rng.integers(0, 2, size=(n, 1)).astype(np.float32), (column,))


def _draw_maximum(rng: np.random.Generator, n: int, size: int, column: int, noise: float) -> TaskData:
    """Beta(1/N, 1) values, whose maximum is uniform between 0 and 1."""
    x = rng.beta(1 / size, 1, (n, size)).astype(np.float32)
    truth = np.zeros(x.shape, bool)
    truth[np.arange(n), x.argmax(axis=1)] = True
    return TaskData(x, x.max(axis=1, keepdims=True), truth, np.ones(n, bool))


def _draw_addition(rng: np.random.Generator, n: int, size: int, column: int, noise: float) -> TaskData:
    """Uniform numbers; a 0 is a delimiter. The two delimiters are at least two steps apart, and none is last."""
    x = 1 - rng.random((n, size), dtype=np.float32)  # in (0, 1]: no number looks like a delimiter
    first, second = np.array([(i, j) for i in range(size) for j in range(i + 2, size - 1)]).T
    pair = rng.integers(0, len(first), n)
    rows, truth = np.arange(n), np.zeros(x.shape, bool)
    for delimiter in (first[pair], second[pair]):
        x[rows, delimiter] = 0.0
        truth[rows, delimiter + 1] = True
    return TaskData(x, (x * truth).sum(axis=1, keepdims=True), truth, np.ones(n, bool))


_STEPS: Mapping[str, float] = {"input_dim": 10, "n": 5_000, "batch_size": 64, "learning_rate": 1e-2}

_SPECS = (
    Task(
        name="column",
        title="One column is the answer",
        summary="One column repeats the answer; all the others are noise. This is the published toy.",
        draw=_draw_one,
    ),
    Task(
        name="both",
        title="Two columns carry the answer",
        summary="The chosen column and the next one both repeat the answer, so either is enough.",
        draw=_draw_both,
        sizes=(3, 32),
    ),
    Task(
        name="xor",
        title="Only two together (XOR)",
        summary="The answer is yes when the chosen column and the next one differ; each alone says nothing.",
        draw=_draw_xor,
        needed=2,
        sizes=(3, 32),
    ),
    Task(
        name="decoy",
        title="The answer and a decoy",
        summary="The chosen column is the answer, with a little noise; the next one is a clean decoy that agrees with "
        "the answer in 80 % of the samples.",
        draw=_draw_decoy,
        sizes=(3, 32),
        defaults={"noise": 0.1},
    ),
    Task(
        name="none",
        title="No signal",
        summary="The answer is a coin toss and no column knows it, also not the chosen one.",
        draw=_draw_none,
        settings=("attention_column",),
    ),
    Task(
        name="maximum",
        title="Find the maximum",
        summary="A sequence of numbers from 0 to 1; the answer is the largest of them.",
        draw=_draw_maximum,
        network="steps",
        answer="number",
        settings=(),
        sizes=(5, 20),
        defaults=_STEPS,
    ),
    Task(
        name="addition",
        title="Add the two marked numbers",
        summary="A sequence of numbers with two zeros in it; the answer is the sum of the numbers after the zeros.",
        draw=_draw_addition,
        network="steps",
        answer="number",
        needed=2,
        settings=(),
        sizes=(5, 20),
        defaults=_STEPS,
    ),
)

TASKS: Mapping[str, Task] = {task.name: task for task in _SPECS}
"""Every task by name."""


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
            least, most = get_limits(task, name)
            value = getattr(self, name)
            if not least <= value <= most:
                raise SettingError(f"{name} must lie between {least} and {most}, got {value}.")
        if not 0 <= self.attention_column < self.input_dim:
            raise SettingError(
                f"attention_column must lie between 0 and {self.input_dim - 1} for {self.input_dim} columns, "
                f"got {self.attention_column}."
            )

    def to_dict(self) -> dict[str, Any]:
        """The settings by name: the keyword arguments of `train_task`."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def get_task(name: str) -> Task:
    """The table's row of that name.

    Raises:
        UnknownNameError: no such task; the message lists those there are.
    """
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
    second = partner(first, settings.input_dim)
    marks = {
        "column": {first: "the answer"},
        "both": {first: "the answer", second: "the answer"},
        "xor": {first: "one half", second: "other half"},
        "decoy": {first: "the answer", second: "decoy"},
        "none": {first: "nothing"},
    }
    return marks.get(settings.task, {})


def draw_task(settings: TaskSettings) -> TaskData:
    """All samples of a run, training samples first; the arrays are as TaskData says."""
    rng = np.random.default_rng(settings.seed)
    draw = get_task(settings.task).draw
    return draw(rng, settings.n, settings.input_dim, settings.attention_column, settings.noise)


def split_at(n: int) -> int:
    """How many of n samples train; the others validate."""
    return n - round(n * VALIDATION_SHARE)
