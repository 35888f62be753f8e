"""A table of somebody's own in the Column lab: columns of numbers, and an answer of yes or no."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attnviz.data.planted_samples import TaskData, leave_unmarked
from attnviz.errors import DataError
from attnviz.lab.tasks import TaskSettings
from attnviz.languages import mark, tr
from attnviz.render.numerals import format_count
from attnviz.values.arrays import FloatArray, frozen_array

MIN_ROWS, MAX_ROWS = 100, 10_000
MIN_COLUMNS, MAX_COLUMNS = 2, 32
MIN_CLASS = 10
"""Fewer rows with one of the two answers cannot be split into rows to train on and rows to test with."""

ROWS = mark("The number of rows of {name} is {count}; {least} to {most} are possible here.")
_COLUMNS = mark("The number of columns to read of {name} is {count}; {least} to {most} are possible here.")

SPREAD_OF_NOTHING = 1e-12
"""A column whose numbers spread less than this, as a share of the largest of them, is constant."""


@dataclass(frozen=True, slots=True)
class OwnTable:
    """Rows of a table, ready to train on; two tables are equal if all of their numbers are.

    Attributes:
        name: of the file.
        columns: the names of the columns that the network reads.
        answer: the column that holds the answer; yes: the value of it that counts as yes, or 'above' its median.
        rows: how many there are.
        numbers: base64 of the rows' numbers, 64 bits each, little endian, the answer (0 or 1) last.
    """

    name: str
    columns: tuple[str, ...]
    answer: str
    yes: str
    rows: int
    numbers: str

    def __post_init__(self) -> None:
        if len(b64decode(self.numbers, validate=True)) != self.rows * (len(self.columns) + 1) * 8:
            raise ValueError(f"the numbers are not those of {self.rows} rows of {len(self.columns)} columns")

    @property
    def question(self) -> str:
        """What the network is asked, such as 'species is setosa'."""
        return f"{self.answer} is {self.yes}"

    def unpack(self) -> tuple[FloatArray, FloatArray]:
        """x (rows, columns) and y (rows, 1), float64."""
        numbers = np.frombuffer(b64decode(self.numbers), "<f8").reshape(self.rows, -1)
        return numbers[:, :-1], numbers[:, -1:]


def pack_table(name: str, columns: Sequence[str], answer: tuple[str, str], x: FloatArray, y: FloatArray) -> OwnTable:
    """A table of x (rows, columns) and y (rows,), 0 or 1, checked; `answer` is its column and the value that is 1.

    Raises:
        DataError: too few or too many rows or columns, or fewer than MIN_CLASS rows with one of the answers.
    """
    _check_between(ROWS, name, len(x), MIN_ROWS, MAX_ROWS)
    _check_between(_COLUMNS, name, len(columns), MIN_COLUMNS, MAX_COLUMNS)
    yes = int(y.sum())
    if min(yes, len(y) - yes) < MIN_CLASS:
        raise DataError(
            tr(
                "{answer} is {value} in {count} of the {rows} rows of {name}; at least {least} rows where it is and "
                "{least} where it is not are needed.",
                answer=answer[0],
                value=answer[1],
                count=format_count(yes),
                rows=format_count(len(y)),
                name=name,
                least=MIN_CLASS,
            )
        )
    numbers = np.column_stack([x, y]).astype("<f8")
    return OwnTable(name, tuple(columns), *answer, len(x), b64encode(numbers.tobytes()).decode("ascii"))


def fit_settings(settings: TaskSettings, table: OwnTable) -> TaskSettings:
    """The settings with the sizes of the table."""
    return replace(settings, task="table", n=table.rows, input_dim=len(table.columns), attention_column=0, noise=0.0)


def draw_table(table: OwnTable, settings: TaskSettings) -> TaskData:
    """The rows in an order that the seed decides, those that train first; every column standardised.

    Mean and standard deviation are those of the rows that train; a constant column becomes 0.
    """
    x, y = table.unpack()
    order = np.random.default_rng([settings.seed, 3]).permutation(table.rows)
    x, y = x[order], y[order]
    training = x[: settings.training_size]
    mean, spread = training.mean(axis=0), training.std(axis=0)
    constant = spread <= SPREAD_OF_NOTHING * np.abs(training).max(axis=0)
    scaled = np.where(constant, 0.0, (x - mean) / np.where(constant, 1.0, spread))
    return leave_unmarked(frozen_array(scaled), frozen_array(y))


def get_margin(settings: TaskSettings) -> float:
    """By how much the importance of two columns must differ to be clearly different: a point of accuracy, and a row."""
    return max(0.01, 1 / settings.validation_size)


def _check_between(message: str, name: str, count: int, least: int, most: int) -> None:
    if not least <= count <= most:
        raise DataError(
            tr(message, name=name, count=format_count(count), least=format_count(least), most=format_count(most))
        )
