"""Rows of a file of any of the formats that people bring, each with the line that it stands in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import PurePath
from typing import Any, BinaryIO, NamedTuple

from attnviz.data.encodings import find_encoding
from attnviz.errors import DataError
from attnviz.languages import mark, tr
from attnviz.render.numerals import format_count

MAX_COLUMNS = 1_000
"""A table of more columns is no table of reviews."""

TEXT_COLUMN = "review"
"""What the one column of a text file is called."""

_FIELD_LIMIT = 10_000_000
_DELIMITERS = ",;\t"
_ROWS_AT_ONCE = 64
_WHITE_SPACE = re.compile(r"[ \t\n\r]*")
_KINDS: Mapping[type, str] = {
    list: mark("a list"),
    str: mark("a text or a number"),
    bool: mark("a truth value"),
    type(None): "null",
}
_NO_FORMAT = mark("{name} has no format that can be read. Expected one of {formats}.")
_TOO_WIDE = mark("{name} has {count} columns; at most {most} are possible.")
_NO_TEXT = mark("{name} cannot be read as {encoding} after line {line} ({reason}). Save it as UTF-8.")
_RAGGED = mark(
    "Line {line} of {name} has {n} fields, its header names {columns}. A text that holds the separator or a "
    "line break must stand in double quotes."
)
_NO_CSV = mark("The record that starts in line {start} of {name} is no CSV ({error}).")
_NO_ARRAY = mark("Line {line} of {name} is no JSON (after an object, a comma or ']' was expected).")
_NO_JSON = mark("Line {line} of {name} is no JSON ({reason}).")
_NO_OBJECT = mark("Line {line} of {name} holds {kind}; expected an object such as {example}.")
_NO_PARQUET = mark("{name} is no Parquet file that can be read, after row {number} ({reason}).")

# Numbers stay the texts that they are: a number of a million digits costs nothing, and none is rounded.
_JSON = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


class Record(NamedTuple):
    """A row that is not blank: its fields by column, and the line in which it starts, counted from 1.

    Of a Parquet file, which has no lines, it is the number of the row.
    """

    line: int
    fields: Mapping[str, str]


Reader = Callable[[str, io.TextIOWrapper], Iterator[Record]]
"""From a file's name and its text to its rows."""


class Source(NamedTuple):
    """The rows of a file, and the encoding of its text, None where it has none of its own."""

    records: Iterator[Record]
    encoding: str | None


def read_records(name: str, stream: BinaryIO) -> Source:
    """The rows of a file in a format that its name says; they are read from the stream one after the other.

    Args:
        name: of the file; its ending is one of FORMATS, a name without one is that of a text file.
        stream: from its start; it can be sought.

    Raises:
        DataError: a format that is not known, or no text. While the rows are read: a file that is not what its name
            says, or more than MAX_COLUMNS columns; names the line.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix == ".parquet":
        return Source(_read_parquet(name, stream), None)
    if suffix not in _READERS:
        raise DataError(tr(_NO_FORMAT, name=name, formats=", ".join(FORMATS)))
    encoding = find_encoding(name, stream)
    text = io.TextIOWrapper(stream, encoding, newline="")
    return Source(_read_text(name, text, _READERS[suffix]), encoding)


def name_columns(header: Iterable[str]) -> tuple[str, ...]:
    """The names of the columns; a blank one gets its number, one that stands twice gets a number too."""
    names: dict[str, None] = {}
    for number, field in enumerate(header, start=1):
        name = field.strip() or f"column {number}"
        while name in names:
            name = f"{name} ({number})"
        names[name] = None
    return tuple(names)


def check_columns(name: str, count: int) -> None:
    """Refuse more columns than MAX_COLUMNS, before anything is done with them.

    Raises:
        DataError: there are more.
    """
    if count > MAX_COLUMNS:
        raise DataError(tr(_TOO_WIDE, name=name, count=format_count(count), most=format_count(MAX_COLUMNS)))


def _read_text(name: str, text: io.TextIOWrapper, read: Reader) -> Iterator[Record]:
    line = 0
    with text:
        try:
            for record in read(name, text):
                line = record.line
                yield record
        except UnicodeError as error:
            reason = getattr(error, "reason", error)
            raise DataError(
                tr(_NO_TEXT, name=name, encoding=text.encoding, line=format_count(line), reason=reason)
            ) from error


def _read_lines(name: str, text: Iterable[str]) -> Iterator[Record]:
    """A review in each line."""
    for number, line in enumerate(text, start=1):
        if line.strip():
            yield Record(number, {TEXT_COLUMN: line.rstrip("\r\n")})


def _read_csv(name: str, text: Iterable[str]) -> Iterator[Record]:
    lines = iter(text)
    numbered = ((number, line) for number, line in enumerate(lines) if line.strip("\r\n"))
    before, first = next(numbered, (0, ""))
    return _read_table(name, chain([first], lines), _find_delimiter(first), before)


def _read_tsv(name: str, text: Iterable[str]) -> Iterator[Record]:
    return _read_table(name, text, "\t")


def _find_delimiter(header: str) -> str:
    """What parts the names of the header; the comma if there is none."""
    return max(_DELIMITERS, key=re.sub('"[^"]*"', "", header).count)


def _read_table(name: str, text: Iterable[str], delimiter: str, before: int = 0) -> Iterator[Record]:
    rows = _split_rows(name, text, delimiter, before)
    _, header = next(rows, (0, []))
    if not header:
        raise DataError(tr("{name} is empty; expected a header with the names of its columns.", name=name))
    check_columns(name, len(header))
    columns = name_columns(header)
    for line, row in rows:
        if len(row) == len(columns):
            yield Record(line, dict(zip(columns, row, strict=True)))
        elif "".join(row).strip():  # else it is a blank line with spaces in it, or with the separators of another table
            raise DataError(
                tr(
                    _RAGGED,
                    line=format_count(line),
                    name=name,
                    n=format_count(len(row)),
                    columns=format_count(len(columns)),
                )
            )


def _split_rows(name: str, text: Iterable[str], delimiter: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line that it starts in."""
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    start = before + 1
    try:
        for row in reader:
            if row:
                yield start, row
            start = before + reader.line_num + 1
    except csv.Error as error:
        raise DataError(tr(_NO_CSV, start=format_count(start), name=name, error=error)) from error


def _read_json_lines(name: str, text: Iterable[str]) -> Iterator[Record]:
    """An object in each line."""
    for number, line in enumerate(text, start=1):
        if line.strip():
            yield _read_object(name, number, _parse(name, number, line)[0])


def _read_json(name: str, text: io.TextIOWrapper) -> Iterator[Record]:
    """An array of objects; a file that does not begin as one may hold an object in each line."""
    whole = text.read()
    if whole.lstrip()[:1] == "[":
        yield from _read_array(name, whole)
    else:
        yield from _read_json_lines(name, io.StringIO(whole, newline=""))


def _read_array(name: str, text: str) -> Iterator[Record]:
    position = _skip(text, text.index("[") + 1)
    line, counted = 1, 0
    while text[position : position + 1] != "]":
        line, counted = line + text.count("\n", counted, position), position
        value, end = _parse(name, line, text, position)
        yield _read_object(name, line, value)
        position = _skip(text, end)
        if text[position : position + 1] == ",":
            position = _skip(text, position + 1)
        elif text[position : position + 1] != "]":
            line = text.count("\n", 0, position) + 1
            raise DataError(tr(_NO_ARRAY, line=format_count(line), name=name))
    if text[position + 1 :].strip():
        raise DataError(tr("{name} is no JSON: something follows the array.", name=name))


def _skip(text: str, position: int) -> int:
    """The position after the white space of JSON."""
    return _WHITE_SPACE.match(text, position).end()  # type: ignore[union-attr]  # none at all matches too


def _parse(name: str, line: int, text: str, position: int | None = None) -> tuple[Any, int]:
    """The JSON value at a position and where it ends; the whole text without a position."""
    try:
        return (_JSON.decode(text), len(text)) if position is None else _JSON.raw_decode(text, position)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else tr("nested too deeply")
        raise DataError(tr(_NO_JSON, line=format_count(line), name=name, reason=reason)) from error


def _read_object(name: str, line: int, value: Any) -> Record:
    if not isinstance(value, dict):
        kind = _KINDS.get(type(value), mark("a value"))
        raise DataError(tr(_NO_OBJECT, line=format_count(line), name=name, kind=tr(kind), example='{"review": "…"}'))
    check_columns(name, len(value))
    return Record(line, {_mend(key): _write_field(field) for key, field in value.items()})


def _write_field(value: Any) -> str:
    """A value as a field of a table; lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, (bool, dict, list)):
        return _mend(json.dumps(value, ensure_ascii=False, default=str))
    return _mend(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))


def _mend(text: str) -> str:
    """A text with half a surrogate pair, which JSON can hold and UTF-8 can't, gets a replacement character there."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _read_parquet(name: str, stream: BinaryIO) -> Iterator[Record]:
    """Rows of a Parquet file, in batches."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise DataError(
            tr("{name} can be read only where pyarrow is installed: pip install pyarrow.", name=name)
        ) from error
    number = 0
    try:
        file = parquet.ParquetFile(stream)
        check_columns(name, file.metadata.num_columns)
        for batch in file.iter_batches(_ROWS_AT_ONCE):
            for row in batch.to_pylist():
                number += 1
                yield Record(number, {_mend(key): _write_field(value) for key, value in row.items()})
    except (ArrowException, OSError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise DataError(tr(_NO_PARQUET, name=name, number=format_count(number), reason=reason)) from error


_READERS: Mapping[str, Reader] = {
    "": _read_lines,
    ".csv": _read_csv,
    ".tsv": _read_tsv,
    ".txt": _read_lines,
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".json": _read_json,
}

FORMATS: Sequence[str] = (*filter(None, _READERS), ".parquet")
"""The endings of the formats that can be read."""
