"""The texts that are measured: the test part of the data set that a network learned, or a file of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnviz.data.datasets import load_by_digest
from attnviz.data.imdb import load_imdb
from attnviz.data.labelled_texts import Texts
from attnviz.data.records import TEXT_COLUMN, Record, read_records
from attnviz.data.review_answers import get_answers
from attnviz.data.review_files import LABEL_NAMES, spell_labels
from attnviz.errors import DataError, SettingError
from attnviz.evidence.corpus_part import NO_ANSWER
from attnviz.runs.checkpoint_files import hash_file
from attnviz.text.words import MAX_CHARACTERS
from attnviz.values.prediction import Answer

MAX_FILE_BYTES = 4_000_000_000
"""A larger file is not read: its texts are held in memory, as bytes."""

_TEXT_NAMES = (TEXT_COLUMN, "text")


@dataclass(frozen=True)
class Corpus:
    """Texts and their right answers.

    Attributes:
        name: what it is called.
        digest: sha256 of all of it, in hexadecimal digits.
        ids: (n,) where each text stands: its place in the data set from 0, or its line in the file from 1.
        texts: n of them. answers: (n,) the right labels, indices, NO_ANSWER where none is known.
    """

    name: str
    digest: str
    ids: npt.NDArray[np.int64]
    texts: Sequence[str]
    answers: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


def load_test_reviews(answer: Answer) -> Corpus:
    """The 25,000 test reviews, positive ones first; they are mapped into memory.

    Raises:
        DataError: as `load_imdb`.
    """
    data = load_imdb()
    return Corpus(
        "IMDB test reviews",
        data.digest,
        np.arange(len(data.test)),
        data.test.texts,
        get_answers(data.test, answer),
    )


def load_own_test_texts(digest: str) -> Corpus:
    """The test texts of the data set of somebody's own that has this digest.

    Raises:
        DataError: it is not on this machine any more, or damaged. SettingError: as `load_dataset`.
    """
    data = load_by_digest(digest)
    answers = np.asarray(data.test.labels, np.int64)
    return Corpus(f"test texts of {data.about.name}", digest, np.arange(len(data.test)), data.test.texts, answers)


def read_corpus(file: Path, labels: Sequence[str], text: str | None = None, label: str | None = None) -> Corpus:
    """The rows of a file as texts.

    Args:
        file: of a format that its name says: one of `records.FORMATS`.
        labels: of the network; a field of the label column is one of them, or its index.
        text: the column of the texts; None for the one called 'review' or 'text'.
        label: the column of the right answers; None for one called 'label', 'sentiment' or the like, if there is one.

    Raises:
        DataError: the file can't be opened, is not what its name says, too large, or holds no text.
        SettingError: it has no such column, or a field that is no label or too long; says the line.
    """
    columns = _Columns(file, labels, text, label)
    blob, ends, ids, answers = bytearray(), [0], [], []
    for record in _stream(file):
        blob += columns.read_text(record).encode("utf-8", "replace")
        ends.append(len(blob))
        ids.append(record.line)
        answers.append(columns.read_answer(record))
    if not ids:
        raise DataError(f"{file} holds no text.")
    texts = Texts(np.frombuffer(bytes(blob), np.uint8), np.array(ends, np.int64))
    digest = hash_file(file.parent, file.name, MAX_FILE_BYTES)
    return Corpus(file.name, digest, np.array(ids), texts, np.array(answers, np.int64))


def _stream(file: Path) -> Iterator[Record]:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DataError(
                f"{file} has more than {MAX_FILE_BYTES / 1e9:.0f} GB, which is more than is held in memory."
            )
        with file.open("rb") as stream:
            yield from read_records(str(file), stream).records
    except OSError as error:
        raise DataError(f"{file} cannot be read ({error.strerror or error}).") from error


class _Columns:
    """Which fields of a record are its text and its answer; found in the first record."""

    def __init__(self, file: Path, labels: Sequence[str], text: str | None, label: str | None) -> None:
        self._file, self._labels, self._text, self._label = file, labels, text, label
        self._known, self._found = spell_labels(labels), False

    def read_text(self, record: Record) -> str:
        """The text of a row."""
        if not self._found:
            self._text = self._find(record, self._text, _TEXT_NAMES) or TEXT_COLUMN
            self._label = self._find(record, self._label, LABEL_NAMES)
            self._find(record, self._text, ())
            self._found = True
        field = record.fields.get(self._text or "", "")
        if len(field) > MAX_CHARACTERS:
            raise SettingError(
                f"The text in line {record.line:,} of {self._file} has over {MAX_CHARACTERS:,} characters."
            )
        return field

    def read_answer(self, record: Record) -> int:
        """The right label of a row, NO_ANSWER where the field is blank or there is no such column."""
        field = record.fields.get(self._label or "", "").strip() if self._label else ""
        if not field:
            return NO_ANSWER
        if field.lower() not in self._known:
            raise SettingError(
                f"Line {record.line:,} of {self._file} has {field[:40]!r} as right answer; expected one of "
                f"{', '.join(self._labels)}, a number from 0 to {len(self._labels) - 1} in this order, or nothing."
            )
        return self._known[field.lower()]

    def _find(self, record: Record, wanted: str | None, names: Sequence[str]) -> str | None:
        """A column that is asked for, or one of those names."""
        if wanted is None:
            by_name = {column.strip().lower(): column for column in record.fields}
            return next((by_name[name] for name in names if name in by_name), None)
        if wanted not in record.fields:
            raise SettingError(f"{self._file} has no column {wanted!r}. Its columns: {', '.join(record.fields)}.")
        return wanted
