"""The files of a checkpoint, one by one: what each may be, and what it says.

A folder of the library may come from anywhere. So the kind and the size of a file are looked at before it is opened (a
device, a pipe or a link is never opened), no more is read than its limit, and what it says is checked entry by entry.
"""

from __future__ import annotations

import csv
import hashlib
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from attnviz.errors import CheckpointError, SettingError
from attnviz.languages import mark, tr
from attnviz.render.numerals import format_count
from attnviz.text.reading_units import Unit
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.arrays import FloatArray
from attnviz.values.explanation import Explanation
from attnviz.values.history import History

MODEL_FILE, VOCABULARY_FILE, HISTORY_FILE, RUN_FILE = "model.keras", "vocabulary.txt", "history.csv", "run.json"
EXAMPLES_FILE = "examples.json"

MAX_BYTES = {
    MODEL_FILE: 100_000_000,
    VOCABULARY_FILE: 4_000_000,
    HISTORY_FILE: 1_000_000,
    EXAMPLES_FILE: 4_000_000,
    RUN_FILE: 100_000,
}
"""The largest size of each file: some twenty times what the largest network of the table needs."""

MAX_EPOCHS, MAX_MEASURES, MAX_EXAMPLES = 10_000, 100, 100
MAX_DEPTH = 8
"""How deep lists and objects of run.json may stand in each other."""
MAX_INTEGER = 2**53 - 1
"""The largest whole number that JSON's readers agree on."""
MAX_REASON = 400
"""How many characters of an error are told: it may quote what it found."""

_CHUNK_BYTES = 1_000_000
_KINDS = {
    stat.S_ISDIR: mark("a folder"),
    stat.S_ISLNK: mark("a link"),
    stat.S_ISFIFO: mark("a pipe"),
    stat.S_ISSOCK: mark("a socket"),
    stat.S_ISCHR: mark("a device"),
    stat.S_ISBLK: mark("a device"),
}


def hash_file(folder: Path, name: str, most: int | None = None) -> str:
    """The sha256 of a file of a checkpoint, in hexadecimal digits; `most` bytes, by default those of MAX_BYTES.

    Raises:
        CheckpointError: it is missing, no file or too large, or cannot be read.
    """
    digest = hashlib.sha256()
    for chunk in _read_chunks(folder, name, most):
        digest.update(chunk)
    return digest.hexdigest()


def read_file(folder: Path, name: str, most: int | None = None) -> bytes:
    """What a file of a checkpoint holds; `most` bytes, by default those of MAX_BYTES.

    Raises:
        CheckpointError: it is missing, no file or too large, or cannot be read.
    """
    return b"".join(_read_chunks(folder, name, most))


def parse_record(data: bytes) -> dict[str, Any]:
    """The JSON object in run.json, whose numbers, texts and depth are such that any page can show them.

    Raises:
        SettingError: it is something else; says what.
    """
    record = _parse_json(data)
    if not isinstance(record, dict):
        raise SettingError(tr("it holds no JSON object"))
    _check_plain(record, MAX_DEPTH)
    return record


def parse_history(data: bytes) -> History:
    """The history in history.csv.

    Raises:
        SettingError: it is something else; says what.
    """
    return History({name: column for name, column in parse_numbers(data).items() if name != "epoch"})


def parse_numbers(data: bytes) -> dict[str, FloatArray]:
    """The columns of a .csv of numbers, a row an epoch or a moment, after a line of names; nan where a cell is empty.

    Raises:
        SettingError: it is something else; says what.
    """
    lines = data.splitlines()
    if len(lines) > MAX_EPOCHS + 1:
        raise SettingError(tr("it has more than {most} rows", most=format_count(MAX_EPOCHS)))
    if not lines or lines[0].count(b",") > MAX_MEASURES:
        raise SettingError(tr("it has more than {most} measures", most=MAX_MEASURES) if lines else tr("it is empty"))
    try:
        names, *rows = csv.reader(data.decode("utf-8").splitlines())
        numbers = [[float(cell or "nan") for cell in row] for row in rows]
    except (ValueError, csv.Error) as error:
        raise SettingError(str(error)) from error
    if len(set(names)) < len(names) or any(len(row) != len(names) for row in numbers):
        raise SettingError(tr("its lines do not have one entry for each name in the first one"))
    table = np.array(numbers, np.float64).reshape(-1, len(names))
    return {name: table[:, place] for place, name in enumerate(names)}


def parse_vocabulary(data: bytes, most: int, unit: Unit = "words") -> Vocabulary:
    """The words in vocabulary.txt, at most so many, of texts that are read by that unit.

    Raises:
        SettingError: it is something else; says what.
    """
    if (count := data.count(b"\n")) > most:
        raise SettingError(
            tr(
                "it has {count} words, the network reads at most {most}",
                count=format_count(count),
                most=format_count(most),
            )
        )
    try:
        return Vocabulary.parse(data, unit)
    except UnicodeDecodeError as error:
        raise SettingError(str(error)) from error


def parse_examples(data: bytes) -> tuple[Explanation, ...]:
    """The explanations in examples.json.

    Raises:
        SettingError: it is something else; says what.
    """
    rows = _parse_json(data)
    if not isinstance(rows, list) or len(rows) > MAX_EXAMPLES:
        raise SettingError(tr("it holds no list of at most {most} explanations", most=MAX_EXAMPLES))
    try:
        return tuple(Explanation.from_dict(row) for row in rows)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise SettingError(tr("it holds something else than explanations ({error})", error=repr(error))) from error


def describe(error: BaseException | str) -> str:
    """An error as one line that any page or terminal can show, however odd the names and contents that it quotes."""
    text = re.sub(r"\s+", " ", str(error)).strip()
    if len(text) > MAX_REASON:
        text = f"{text[: MAX_REASON - 1]}…"
    return escape_name(text)


def escape_name(name: str) -> str:
    """A name whose characters can all be seen: control characters and what is no text in UTF-8 are written as codes."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in name)


def _read_chunks(folder: Path, name: str, most: int | None) -> Iterator[bytes]:
    path, most = folder / name, MAX_BYTES[name] if most is None else most
    try:
        _check_kind_and_size(path, most)
        with path.open("rb") as file:
            while most >= 0 and (chunk := file.read(_CHUNK_BYTES)):
                most -= len(chunk)
                yield chunk
    except OSError as error:
        raise CheckpointError(
            tr("{path} is missing or cannot be read ({error}).", path=path, error=error.strerror)
        ) from error


def _check_kind_and_size(path: Path, most: int) -> None:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        kind = next((name for test, name in _KINDS.items() if test(found.st_mode)), mark("something else"))
        raise CheckpointError(tr("{path} is {kind}, no file.", path=path, kind=tr(kind)))
    if found.st_size > most:
        raise CheckpointError(
            tr(
                "{path} has {n} bytes; at most {most} are read.",
                path=path,
                n=format_count(found.st_size),
                most=format_count(most),
            )
        )


def _parse_json(data: bytes) -> Any:
    """Strict JSON: no NaN, no number that is infinite, no half of a surrogate pair."""
    try:
        return msgspec.json.decode(data)
    except (ValueError, RecursionError) as error:
        raise SettingError(tr("it is no JSON ({error})", error=error)) from error


def _check_plain(value: Any, depth: int) -> None:
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise SettingError(tr("it holds a whole number of over {most}", most=format_count(MAX_INTEGER)))
    if isinstance(value, (dict, list)):
        if depth == 0:
            raise SettingError(tr("its entries stand more than {most} deep in each other", most=MAX_DEPTH))
        for entry in value.values() if isinstance(value, dict) else value:
            _check_plain(entry, depth - 1)
