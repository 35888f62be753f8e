"""The rows of a large file as texts with labels, one after the other: what is checked while they go by."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

from attnviz.data.encodings import UNICODE
from attnviz.data.records import FORMATS, Record, read_records
from attnviz.data.review_files import LABEL_NAMES, find_text_column
from attnviz.errors import DataError, SettingError
from attnviz.languages import mark, tr
from attnviz.render.numerals import format_number
from attnviz.text.words import MAX_CHARACTERS, has_words

MAX_BYTES = 200_000_000
MAX_WHOLE_BYTES = 20_000_000
"""A JSON file that is one array is read at once; JSON lines are not."""

DATA_FORMATS = tuple(ending for ending in FORMATS if ending != ".txt")
"""The endings of files with columns."""

Report = Callable[[str, float], None]
"""Told in words what is being done, and which share of it is done."""

_COLUMNS_BY = 1_000
"""An object of a JSON file may lack a column; one that so many rows lack is missing."""
_REPORT_EVERY = 2_000
_PREVIEWED, _SHOWN = 200, 5


class Preview(NamedTuple):
    """The beginning of a file.

    Attributes:
        columns: their names.
        rows: the first rows, a field a column.
        text_column, label_column: what they most likely are.
        encoding: what the file was taken for, where that is a guess.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_column: str
    label_column: str
    encoding: str | None


class Row(NamedTuple):
    """A row whose text and label are there; `left_out` says why it is not taken ('' if it is)."""

    text: str
    label: str
    left_out: str


def preview_file(file: Path, name: str) -> Preview:
    """The columns of a file, guessed by their names and by the fields of the first rows.

    Args:
        file: where it is. name: what it is called; its ending says the format, one of DATA_FORMATS.

    Raises:
        DataError: too large, not what its name says, without rows, or with a single column.
    """
    with open_file(file, name) as stream:
        records, encoding = read_records(name, stream)
        found = list(islice(records, _PREVIEWED))
    columns = tuple(dict.fromkeys(column for record in found for column in record.fields))
    if not found:
        raise DataError(tr("{name} holds no row.", name=name))
    if len(columns) < 2:
        raise DataError(
            tr(
                "{name} has one column, {column}; a column of texts and one of labels are needed.",
                name=name,
                column=repr(columns[0]),
            )
        )
    text = find_text_column(columns) or max(columns, key=lambda column: _measure_length(found, column))
    rows = tuple(tuple(record.fields.get(column, "") for column in columns) for record in found[:_SHOWN])
    others = [column for column in columns if column != text]
    return Preview(columns, rows, text, _guess_labels(found, others), None if encoding in UNICODE else encoding)


def _measure_length(records: list[Record], column: str) -> int:
    return sum(len(record.fields.get(column, "")) for record in records)


def _guess_labels(records: list[Record], columns: list[str]) -> str:
    """A column that is called so, else the one with the fewest different fields, but more than one."""
    named = next((column for column in columns if column.strip().lower() in LABEL_NAMES), None)
    kinds = {column: len({record.fields.get(column, "") for record in records}) for column in columns}
    return named or min(columns, key=lambda column: (kinds[column] < 2, kinds[column]))


def open_file(file: Path, name: str) -> BinaryIO:
    """The file for reading.

    Raises:
        DataError: it can't be opened, has no columns by its ending, or is too large.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in DATA_FORMATS:
        raise DataError(
            tr(
                "{name} is no table that can be read. Expected one of {formats}.",
                name=name,
                formats=", ".join(DATA_FORMATS),
            )
        )
    try:
        stream = file.open("rb")
    except OSError as error:
        raise DataError(tr("{name} cannot be read ({error}).", name=name, error=error.strerror or error)) from error
    size = os.fstat(stream.fileno()).st_size
    most = MAX_WHOLE_BYTES if ending == ".json" else MAX_BYTES
    if size > most:
        stream.close()
        raise DataError(_describe_size(name, size, most))
    return stream


def _describe_size(name: str, size: int, most: int) -> str:
    told = mark("{name} has {size} MB; at most {most} MB are possible.")
    if most == MAX_WHOLE_BYTES:
        told = mark("{name} has {size} MB; at most {most} MB are possible. JSON lines (.jsonl) may be larger.")
    return tr(told, name=name, size=format_number(size / 1e6, 1), most=round(most / 1e6))


class LabelledRows:
    """The rows of a file; iterating reads it once, with a bounded number of rows in memory.

    Args:
        stream: of the file, from its start. name: what it is called; its ending says the format.
        text, label: the columns.
        report: told how far the file is read.

    Attributes:
        encoding: what the text was taken for, where that is a guess; known from the start.
        label_column: as given.

    Raises:
        SettingError: the columns are one. DataError: as `read_records`.
    """

    def __init__(self, stream: BinaryIO, name: str, text: str, label: str, report: Report) -> None:
        if text == label:
            raise SettingError(tr("The texts and the labels cannot both be the column {text}.", text=repr(text)))
        self._name, self._columns, self._report = name, (text, label), report
        self.label_column = label
        self._stream, self._size = stream, max(os.fstat(stream.fileno()).st_size, 1)
        self._records, encoding = read_records(name, stream)
        self.encoding = None if encoding in UNICODE else encoding

    def __iter__(self) -> Iterator[Row]:
        missing, number, record = set(self._columns), -1, None
        for number, record in enumerate(self._records):
            missing -= record.fields.keys()
            if missing and (self._is_table or number >= _COLUMNS_BY):
                break
            if number % _REPORT_EVERY == 0:
                self._report(tr("Reading {name}", name=self._name), min(self._tell() / self._size, 1.0))
            text, label = (record.fields.get(column, "") for column in self._columns)
            yield Row(text, " ".join(label.split()), _find_fault(text, label))
        if record is None:
            raise DataError(tr("{name} holds no row.", name=self._name))
        if missing:
            raise SettingError(
                tr(
                    "{name} has no column {column}. Its columns: {columns}.",
                    name=self._name,
                    column=repr(min(missing)),
                    columns=", ".join(record.fields),
                )
            )

    @property
    def _is_table(self) -> bool:
        """Whether all rows have the same columns."""
        return not self._name.lower().endswith((".json", ".jsonl", ".ndjson"))

    def _tell(self) -> int:
        return 0 if self._stream.closed else self._stream.tell()


def _find_fault(text: str, label: str) -> str:
    """Why a row is left out, by the name of its count in a ReadingReport; '' if it is not."""
    if len(text) > MAX_CHARACTERS:
        return "too_long"
    if not has_words(text):
        return "blank"
    return "" if label.strip() else "unlabelled"
