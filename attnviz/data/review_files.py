"""Reviews from a file of one's own: a table with a header, JSON objects, or a text file with a review in each line."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from attnviz.data.encodings import UNICODE
from attnviz.data.records import TEXT_COLUMN, Record, check_columns, name_columns, read_records
from attnviz.errors import DataError, SettingError
from attnviz.languages import tr
from attnviz.render.numerals import format_count, format_number
from attnviz.text.words import MAX_CHARACTERS
from attnviz.values.prediction import SENTIMENT

MAX_BYTES = 5_000_000
MAX_LINES = 250_000
MAX_REVIEWS = 2_000
"""A file that comes through the page may have at most so many bytes, lines and reviews; the command line reads any."""

_TEXT_NAMES = (TEXT_COLUMN, "text")
LABEL_NAMES = ("label", "labels", "sentiment", "answer", "class")
"""What a column of right answers is called, in lower case."""

_SHORT = {"negative": "neg", "positive": "pos"}


@dataclass(frozen=True)
class ReviewFile:
    """A file that was read and found fit.

    Attributes:
        name: the file's name.
        columns: the names in its header, each once.
        rows: the fields of each row, one a column.
        lines: the line of the file that each row starts in, counted from 1.
        encoding: what the text was taken for, where that is a guess; else None.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    encoding: str | None = None

    def get_texts(self, column: str) -> list[str]:
        """A column's fields.

        Raises:
            SettingError: no such column, or a field of more than MAX_CHARACTERS characters; says the line.
        """
        texts = self._get_fields(column)
        for line, text in zip(self.lines, texts, strict=True):
            if len(text) > MAX_CHARACTERS:
                raise SettingError(
                    tr(
                        "The review in line {line} of {name} has {n} characters; at most {most} are possible.",
                        line=format_count(line),
                        name=self.name,
                        n=format_count(len(text)),
                        most=format_count(MAX_CHARACTERS),
                    )
                )
        return texts

    def get_labels(self, column: str, labels: Sequence[str] = SENTIMENT) -> list[int | None]:
        """A column's right answers as indices into the labels, None where the field is blank.

        A field names a label, in any case, or is its index; 'neg' and 'pos' are negative and positive.

        Raises:
            SettingError: no such column, or a field that is no answer; says the line.
        """
        known = spell_labels(labels)
        found: list[int | None] = []
        for line, field in zip(self.lines, self._get_fields(column), strict=True):
            answer = field.strip().lower()
            if answer and answer not in known:
                raise SettingError(
                    tr(
                        "Line {line} of {name} has {answer} as right answer; expected one of {labels}, a number "
                        "from 0 to {last} in this order, or nothing.",
                        line=format_count(line),
                        name=self.name,
                        answer=repr(_shorten(field)),
                        labels=", ".join(labels),
                        last=len(labels) - 1,
                    )
                )
            found.append(known.get(answer))
        return found

    def find_label_column(self, labels: Sequence[str] = SENTIMENT) -> str | None:
        """A column that by its name and its fields holds the right answers, None if there is none."""
        for column in self.columns:
            if column.strip().lower() in LABEL_NAMES:
                try:
                    if any(label is not None for label in self.get_labels(column, labels)):
                        return column
                except SettingError:
                    continue
        return None

    @cached_property
    def text_column(self) -> str:
        """The column that most likely holds the reviews: by its name, else the first whose fields are several words."""
        if named := find_text_column(self.columns):
            return named
        for column in self.columns:
            fields = self._get_fields(column)
            if sum(" " in field.strip() for field in fields) * 2 > len(fields):
                return column
        return self.columns[0]

    def _get_fields(self, column: str) -> list[str]:
        if column not in self.columns:
            raise SettingError(
                tr(
                    "{name} has no column {column}. Its columns: {columns}.",
                    name=self.name,
                    column=repr(column),
                    columns=", ".join(self.columns),
                )
            )
        place = self.columns.index(column)
        return [row[place] for row in self.rows]


def read_review_file(name: str, data: bytes) -> ReviewFile:
    """A file that came through the page, checked at the door.

    Args:
        name: its name, whose ending says its format: one of `records.FORMATS`.
        data: its content.

    Raises:
        DataError: too large, not what its name says, a broken or empty table, or too many reviews; says the line where
            it has one.
    """
    _check_size(name, data)
    records, encoding = read_records(name, io.BytesIO(data))
    found = list(islice(records, MAX_REVIEWS + 1))
    if not found:
        raise DataError(tr("{name} holds no review.", name=name))
    if len(found) > MAX_REVIEWS:
        raise DataError(
            tr(
                "{name} holds more than {most} reviews, which is what is possible here. The command "
                "`attnviz explain NAME --file` reads any number.",
                name=name,
                most=format_count(MAX_REVIEWS),
            )
        )
    return _build_file(name, found, None if encoding in UNICODE else encoding)


def _check_size(name: str, data: bytes) -> None:
    """Refuse what would take long, before anything is done with it."""
    if len(data) > MAX_BYTES:
        raise DataError(
            tr(
                "{name} has {size} MB; at most {most} MB are possible.",
                name=name,
                size=format_number(len(data) / 1e6, 1),
                most=round(MAX_BYTES / 1e6),
            )
        )
    lines = max(data.count(b"\n"), data.count(b"\r"))
    if lines > MAX_LINES:
        raise DataError(
            tr(
                "{name} has {lines} lines; at most {most} are possible.",
                name=name,
                lines=format_count(lines),
                most=format_count(MAX_LINES),
            )
        )


def stream_reviews(
    file: Path, column: str | None = None, report: Callable[[str], None] = lambda message: None
) -> Iterator[str]:
    """The reviews of a file of any length, one at a time. What can be said of the file at once is checked at once.

    Args:
        file: of a format that its name says: one of `records.FORMATS`.
        column: which one holds the reviews; None for the one that is called 'review' or 'text'.
        report: told in words what had to be guessed.

    Raises:
        DataError: the file can't be opened, is not what its name says, or holds no review.
        SettingError: it has no such column.
    """
    records = _stream_records(file, report)
    first = next(records, None)
    if first is None:
        raise DataError(tr("{path} holds no review.", path=file))
    name = column or find_text_column(first.fields) or TEXT_COLUMN
    return (record.fields.get(name, "") for record in chain([_check_column(file, first, name)], records))


def _stream_records(file: Path, report: Callable[[str], None]) -> Iterator[Record]:
    try:
        with file.open("rb") as stream:
            records, encoding = read_records(str(file), stream if stream.seekable() else io.BytesIO(stream.read()))
            if encoding not in (None, *UNICODE):
                report(f"{file} is not UTF-8 and was read as {encoding}, which is a guess.")
            yield from records
    except OSError as error:
        raise DataError(tr("{path} cannot be read ({error}).", path=file, error=error.strerror or error)) from error


def _check_column(file: Path, record: Record, column: str) -> Record:
    if column not in record.fields:
        raise SettingError(
            tr(
                "{path} has no column {column}. Its columns: {columns}.",
                path=file,
                column=repr(column),
                columns=", ".join(record.fields),
            )
        )
    return record


def find_text_column(columns: Iterable[str]) -> str | None:
    """The column that by its name holds the texts, None if there is none."""
    by_name = {column.strip().lower(): column for column in columns}
    return next((by_name[name] for name in _TEXT_NAMES if name in by_name), None)


def _build_file(name: str, records: Sequence[Record], encoding: str | None) -> ReviewFile:
    """The records as a table; an object of a JSON file may lack some of its columns."""
    columns: dict[str, None] = {}
    for record in records:
        columns.update(dict.fromkeys(record.fields))
        check_columns(name, len(columns))
    rows = tuple(tuple(record.fields.get(column, "") for column in columns) for record in records)
    return ReviewFile(name, name_columns(columns), rows, tuple(record.line for record in records), encoding)


def spell_labels(labels: Sequence[str]) -> dict[str, int]:
    """How each label may be written; 0.0 is what tables with gaps make of 0."""
    names = [label.lower() for label in labels]
    numbers = {spelling: index for index in range(len(names)) for spelling in (f"{index}", f"{index}.0")}
    short = {_SHORT[name]: index for index, name in enumerate(names) if name in _SHORT}
    return {**numbers, **short, **{name: index for index, name in enumerate(names)}}


def _shorten(text: str, length: int = 40) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
