"""A file with a table of somebody's own, checked at the door; what of it the network reads, and what it answers."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from attnviz.data.encodings import UNICODE
from attnviz.data.records import Record, read_records
from attnviz.errors import DataError, SettingError
from attnviz.lab.own_table import MAX_COLUMNS, MAX_ROWS, MIN_ROWS, ROWS, OwnTable, pack_table
from attnviz.languages import tr
from attnviz.render.numerals import format_count, format_number
from attnviz.values.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 5_000_000
FORMATS = (".csv", ".tsv", ".parquet", ".json", ".jsonl")

MAX_CLASSES = 20
"""A column of numbers with more different ones than this is asked about by its median."""

ABOVE = "above "
"""Before the median in the name of an answer, in scripts too; `name_answer` says it to a reader."""

LARGEST = 1e30
"""A number beyond this cannot be standardised safely."""

_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-", "<na>"))
_ANSWERS = ("answer", "label", "target", "class", "outcome", "y")


@dataclass(frozen=True)
class TableFile:
    """A file that was read.

    Attributes:
        name: of the file.
        columns: of each column by its name, the fields of all rows, without white space around them.
        lines: where each row starts in the file, counted from 1.
        encoding: what the text was taken for, where that is a guess; else None.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    lines: tuple[int, ...]
    encoding: str | None = None

    def find_fault(self, column: str) -> str:
        """Why a column cannot be read as numbers, in a sentence; '' if it can.

        Raises:
            SettingError: no such column.
        """
        fields = self._get_fields(column)
        if None not in self._numbers[column]:
            return ""
        place = self._numbers[column].index(None)
        named = {"column": repr(column), "line": format_count(self.lines[place])}
        if _is_missing(fields[place]):
            counts = {"count": format_count(sum(map(_is_missing, fields))), "rows": format_count(len(fields))}
            return tr("{column} has no value in {count} of {rows} rows, first in line {line}.", **counts, **named)
        field = repr(fields[place][:40])
        return tr("{column} holds {field} in line {line}, where a number was expected.", field=field, **named)

    @cached_property
    def _numbers(self) -> Mapping[str, tuple[float | None, ...]]:
        """Of each column its fields as numbers, read once; None for what is none."""
        return {column: tuple(map(_read_number, fields)) for column, fields in self.columns.items()}

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns in which every field is a number."""
        return tuple(column for column in self.columns if not self.find_fault(column))

    @property
    def likely_answer(self) -> str:
        """The column that by its name holds the answer, else the last one, as is usual."""
        by_name = {column.lower(): column for column in self.columns}
        return next((by_name[name] for name in _ANSWERS if name in by_name), list(self.columns)[-1])

    def list_answers(self, column: str) -> tuple[str, ...]:
        """What the answer yes may be: a value of the column, or of many numbers that they lie above their median.

        Raises:
            DataError: the column has empty fields, only one value, or too many that are no numbers.
            SettingError: no such column.
        """
        fields, named = self._get_fields(column), {"column": repr(column), "name": self.name}
        for line, field in zip(self.lines, fields, strict=True):
            if _is_missing(field):
                empty = tr("{column} of {name} has no answer in line {line}.", line=format_count(line), **named)
                raise DataError(empty)
        counts = Counter(fields)
        if len(counts) == 1:
            only = repr(fields[0][:40])
            raise DataError(
                tr("{column} of {name} holds only {field}; two answers are needed to learn.", field=only, **named)
            )
        if len(counts) <= MAX_CLASSES:
            return tuple(sorted(counts, key=lambda value: (_read_number(value) or 0.0, value)))
        if self.find_fault(column):
            raise DataError(
                tr(
                    "{column} of {name} has {count} different values that are no numbers; at most {most} answers are "
                    "possible.",
                    count=format_count(len(counts)),
                    most=MAX_CLASSES,
                    **named,
                )
            )
        return (_name_median(self._get_numbers(column)),)

    def choose(self, answer: str, yes: str | None = None, columns: Sequence[str] | None = None) -> OwnTable:
        """The table to train on.

        Args:
            answer: the column that holds the answer.
            yes: what counts as yes, one of `list_answers`; the last of them if None. All other rows are a no.
            columns: what the network reads; all columns of numbers but the answer's if None.

        Raises:
            SettingError: a column or an answer that is not there, or the answer among the columns.
            DataError: a column that is no numbers; what `list_answers` and `pack_table` find.
        """
        answers = self.list_answers(answer)
        yes = answers[-1] if yes is None else yes
        if yes not in answers:
            said = {"column": repr(answer), "name": self.name, "field": repr(yes[:40]), "answers": ", ".join(answers)}
            raise SettingError(tr("{column} of {name} never is {field}. Its answers: {answers}.", **said))
        read = [name for name in self.numeric if name != answer] if columns is None else list(columns)
        if answer in read:
            raise SettingError(tr("{column} holds the answer; the network must not read it.", column=repr(answer)))
        x = np.array([self._get_numbers(column) for column in read]).reshape(len(read), -1).T
        return pack_table(self.name, read, (answer, yes), x, self._get_yes(answer, yes))

    def _get_yes(self, answer: str, yes: str) -> FloatArray:
        """(rows,) 1 where the answer is yes."""
        fields = self._get_fields(answer)
        if yes in fields:
            return np.array([field == yes for field in fields], float)
        numbers = self._get_numbers(answer)
        return (numbers > np.median(numbers)).astype(float)

    def _get_numbers(self, column: str) -> FloatArray:
        if fault := self.find_fault(column):
            raise DataError(tr("In {name}, {fault}", name=self.name, fault=fault))
        return np.array(self._numbers[column], float)

    def _get_fields(self, column: str) -> tuple[str, ...]:
        if column not in self.columns:
            said = {"name": self.name, "column": repr(column), "columns": ", ".join(self.columns)}
            raise SettingError(tr("{name} has no column {column}. Its columns: {columns}.", **said))
        return self.columns[column]


def read_table_file(name: str, data: bytes) -> TableFile:
    """A file of somebody's own.

    Args:
        name: its name, whose ending is one of FORMATS. data: its content.

    Raises:
        DataError: too large, not what its name says, a broken table, or too few or too many rows; names the line.
    """
    if len(data) > MAX_BYTES:
        size, most = format_number(len(data) / 1e6, 1), format_number(MAX_BYTES / 1e6, 0)
        raise DataError(tr("{name} has {size} MB; at most {most} MB are possible.", name=name, size=size, most=most))
    if not name.lower().endswith(FORMATS):
        formats = ", ".join(FORMATS)
        raise DataError(
            tr("{name} is no table that can be read here. Expected one of {formats}.", name=name, formats=formats)
        )
    records, encoding = read_records(name, io.BytesIO(data))
    rows = list(islice(records, MAX_ROWS + 1))
    return _build(name, rows, None if encoding in UNICODE else encoding)


def read_frame(frame: pd.DataFrame, name: str = "table") -> TableFile:
    """A table that is in memory already; its rows count as lines.

    Raises:
        DataError: too few or too many rows.
    """
    texts = {str(column): frame[column].astype(str) for column in frame}
    fields = zip(*texts.values(), strict=True)
    return _build(name, [Record(at, dict(zip(texts, row, strict=True))) for at, row in enumerate(fields, start=1)])


def _build(name: str, rows: Sequence[Record], encoding: str | None = None) -> TableFile:
    if not MIN_ROWS <= len(rows) <= MAX_ROWS:
        least, most = format_count(MIN_ROWS), format_count(MAX_ROWS)
        count = tr("more than {count}", count=most) if len(rows) > MAX_ROWS else format_count(len(rows))
        raise DataError(tr(ROWS, name=name, count=count, least=least, most=most))
    columns = dict.fromkeys(column for row in rows for column in row.fields)
    if len(columns) < 3:
        raise DataError(
            tr(
                "The number of columns of {name} is {count}; an answer and at least two of numbers are needed.",
                name=name,
                count=len(columns),
            )
        )
    fields = {column: tuple(row.fields.get(column, "").strip() for row in rows) for column in columns}
    return TableFile(name, fields, tuple(row.line for row in rows), encoding)


def suggest_columns(file: TableFile, answer: str) -> list[str]:
    """What the network may read at first: the first columns of numbers, at most MAX_COLUMNS."""
    return [column for column in file.numeric if column != answer][:MAX_COLUMNS]


def list_faults(file: TableFile, but: Iterable[str] = ()) -> list[str]:
    """Why columns cannot be read as numbers, a sentence each."""
    faults = (file.find_fault(column) for column in file.columns if column not in but)
    return [fault for fault in faults if fault]


def name_answer(file: TableFile, column: str, yes: str) -> str:
    """An answer of `list_answers` in the reader's language: a value as it is, but 'above 18.6' in words."""
    return yes if yes in file.columns[column] else tr("above {number}", number=yes.removeprefix(ABOVE))


def describe_question(file: TableFile, column: str, yes: str) -> str:
    """What the network is to learn: 'species is setosa', 'price is above 18.6'."""
    if yes in file.columns[column]:
        return tr("{column} is {answer}", column=column, answer=yes)
    return tr("{column} is above {number}", column=column, number=yes.removeprefix(ABOVE))


def _is_missing(field: str) -> bool:
    return field.lower() in _MISSING


def _read_number(field: str) -> float | None:
    """None for what is no number that can be computed with."""
    try:
        number = float(field)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= LARGEST and "_" not in field else None


def _name_median(numbers: FloatArray) -> str:
    return f"{ABOVE}{np.median(numbers):.6g}"
