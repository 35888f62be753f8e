"""Reviews from a file of one's own: a CSV file with a header, or a text file with a review in each line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TextIO

from attnviz.errors import DataError, SettingError
from attnviz.text.words import MAX_CHARACTERS

MAX_BYTES = 5_000_000
MAX_REVIEWS = 2_000
"""A file that comes through the page may have at most so many bytes and reviews; the command line reads any."""

TEXT_COLUMN = "review"
"""The column of a text file, and the one that a CSV file is read from unless another is named."""

_TEXT_NAMES = (TEXT_COLUMN, "text")
_LABEL_NAMES = ("label", "labels", "sentiment", "answer", "class")
_LABELS = {"0": 0, "neg": 0, "negative": 0, "1": 1, "pos": 1, "positive": 1}
_FIELD_LIMIT = 10_000_000
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class ReviewFile:
    """A file that was read and found fit.

    Attributes:
        name: the file's name.
        columns: the names in its header, each once.
        rows: the fields of each row, one a column.
        lines: the line of the file that each row starts in, counted from 1.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def get_texts(self, column: str) -> list[str]:
        """A column's fields.

        Raises:
            SettingError: no such column, or a field of more than MAX_CHARACTERS characters; says the line.
        """
        texts = self._get_fields(column)
        for line, text in zip(self.lines, texts, strict=True):
            if len(text) > MAX_CHARACTERS:
                raise SettingError(
                    f"The review in line {line:,} of {self.name} has {len(text):,} characters; at most "
                    f"{MAX_CHARACTERS:,} are possible."
                )
        return texts

    def get_labels(self, column: str) -> list[int | None]:
        """A column's right answers: 1 for positive, 0 for negative, None where the field is blank.

        Raises:
            SettingError: no such column, or a field that is no answer; says the line.
        """
        labels: list[int | None] = []
        for line, field in zip(self.lines, self._get_fields(column), strict=True):
            answer = field.strip().lower()
            if answer and answer not in _LABELS:
                raise SettingError(
                    f"Line {line:,} of {self.name} has {_shorten(field)!r} as right answer; expected one of "
                    f"{', '.join(_LABELS)}, or nothing."
                )
            labels.append(_LABELS.get(answer))
        return labels

    @cached_property
    def text_column(self) -> str:
        """The column that most likely holds the reviews: by its name, else the first whose fields are several words."""
        for name in _TEXT_NAMES:
            for column in self.columns:
                if column.strip().lower() == name:
                    return column
        for column in self.columns:
            fields = self._get_fields(column)
            if sum(" " in field.strip() for field in fields) * 2 > len(fields):
                return column
        return self.columns[0]

    @cached_property
    def label_column(self) -> str | None:
        """A column that by its name and its fields holds the right answers, None if there is none."""
        for column in self.columns:
            if column.strip().lower() in _LABEL_NAMES:
                try:
                    if any(label is not None for label in self.get_labels(column)):
                        return column
                except SettingError:
                    continue
        return None

    def _get_fields(self, column: str) -> list[str]:
        if column not in self.columns:
            raise SettingError(f"{self.name} has no column {column!r}. Its columns: {', '.join(self.columns)}.")
        place = self.columns.index(column)
        return [row[place] for row in self.rows]


def read_review_file(name: str, data: bytes) -> ReviewFile:
    """A file that came through the page, checked at the door.

    Args:
        name: its name; `.csv` means a CSV file, whose fields may be parted by commas, semicolons or tabs.
        data: its content, UTF-8.

    Raises:
        DataError: too large, not UTF-8, a broken or empty table, or too many reviews; says the line where it has one.
    """
    if len(data) > MAX_BYTES:
        raise DataError(f"{name} has {len(data) / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB are possible.")
    text = _decode(name, data)
    file = _read_table(name, text) if name.lower().endswith(".csv") else _read_lines(name, text)
    if not file.rows:
        raise DataError(f"{name} holds no review.")
    if len(file.rows) > MAX_REVIEWS:
        raise DataError(
            f"{name} holds {len(file.rows):,} reviews; at most {MAX_REVIEWS:,} are possible here. The command "
            "`attnviz explain NAME --file` reads any number."
        )
    return file


def stream_reviews(file: Path, column: str = TEXT_COLUMN) -> Iterator[str]:
    """The reviews of a file of any length, one at a time; fields are parted by commas.

    Raises:
        SettingError: the file cannot be read as UTF-8 text, or has no such column.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            if file.suffix.lower() != ".csv":
                yield from _lines(stream)
                return
            csv.field_size_limit(_FIELD_LIMIT)
            rows = csv.DictReader(stream)
            if column not in (rows.fieldnames or ()):
                raise SettingError(f"{file} has no column {column!r}. Its columns: {', '.join(rows.fieldnames or ())}.")
            yield from (row[column] or "" for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingError(f"{file} cannot be read as UTF-8 text ({error}).") from error


def _lines(stream: TextIO) -> Iterator[str]:
    return (line.rstrip("\r\n") for line in stream)


def _decode(name: str, data: bytes) -> str:
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{name} is not UTF-8 text: line {line:,} holds the byte 0x{data[error.start]:02X} where a character was "
            "expected. Save it as 'CSV UTF-8' or as UTF-8 text."
        ) from error


def _read_lines(name: str, text: str) -> ReviewFile:
    """A review in each line that is not blank."""
    found = [(number, line) for number, line in enumerate(_lines(io.StringIO(text, newline="")), 1) if line.strip()]
    return ReviewFile(name, (TEXT_COLUMN,), tuple((line,) for _, line in found), tuple(number for number, _ in found))


def _read_table(name: str, text: str) -> ReviewFile:
    """A row of the header's length for each record that is not blank."""
    csv.field_size_limit(_FIELD_LIMIT)
    records = _read_records(name, text)
    _, header = next(records, (0, []))
    if not header:
        raise DataError(f"{name} is empty; expected a header with the names of its columns.")
    rows, lines = [], []
    for line, record in records:
        if len(record) != len(header):
            raise DataError(
                f"Line {line:,} of {name} has {len(record)} fields, its header names {len(header)}. A text that holds "
                "the separator or a line break must stand in double quotes."
            )
        rows.append(tuple(record))
        lines.append(line)
    return ReviewFile(name, _name_columns(header), tuple(rows), tuple(lines))


def _read_records(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the line that it starts in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True)
    start = 1
    try:
        for record in reader:
            if record:
                yield start, record
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"The record that starts in line {start:,} of {name} is no CSV ({error}).") from error


def _find_delimiter(text: str) -> str:
    """What parts the names of the header."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=header.count)  # the comma if there is none


def _name_columns(header: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns; a blank one gets its number, one that stands twice gets a number too."""
    names: list[str] = []
    for number, field in enumerate(header, start=1):
        name = field.strip() or f"column {number}"
        while name in names:
            name = f"{name} ({number})"
        names.append(name)
    return tuple(names)


def _shorten(text: str, length: int = 40) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
