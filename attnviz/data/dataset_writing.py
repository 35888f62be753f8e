"""From a file to the folder of a data set, with a memory that does not grow with the texts.

The texts go to the disk as they are read; of each row only its place, its class and a hash of its text are kept.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.data.class_labels import NO_CLASS, Classes, check_spellings, find_classes
from attnviz.data.labelled_rows import LabelledRows, Report, Row
from attnviz.data.labelled_texts import Texts
from attnviz.data.stratified_split import draw_part
from attnviz.errors import DataError
from attnviz.languages import mark, tr, tr_n
from attnviz.render.numerals import format_count
from attnviz.text.reading_units import Unit, find_unit, get_splitter
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.values.dataset import STEP_COUNTS, Dataset, ReadingReport

TEXTS_FILE, ARRAYS_FILE, VOCABULARY_FILE = "texts.bin", "arrays.npz", "vocabulary.txt"

TEST_SHARE = 0.2
MIN_TEXTS = 10
"""How many different texts each class needs: 2 to test with, 1 to choose the epoch with, and some to learn from."""

MIN_COUNT = 2
"""How often a word stands in the training texts, at least, to be in the vocabulary: a network learns from the other
words what to make of one that it does not know."""

MAX_WORDS = 20_000
"""The entries of the largest vocabulary that a network of the table reads."""

_COUNTED = 1_000_000
"""Of more different words, those that were met once so far are forgotten."""
_SAMPLE = 2_000
_FAULTS = {"blank": mark("{n} blank"), "unlabelled": mark("{n} unlabelled"), "too_long": mark("{n} too long")}
_REPORT_EVERY = 2_000


@dataclass
class _Rows:
    """What is kept of the rows while a file is read."""

    ends: array[int] = field(default_factory=lambda: array("q", [0]))
    codes: array[int] = field(default_factory=lambda: array("B"))
    hashes: array[int] = field(default_factory=lambda: array("q"))
    spellings: dict[str, int] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    count: int = 0


@dataclass(frozen=True)
class _Arrays:
    """Facts of the n texts: where each ends, its class, the number of its text, whether it is for testing."""

    offsets: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int8]
    groups: npt.NDArray[np.int32]
    test: npt.NDArray[np.bool_]


def write_dataset(
    folder: Path, rows: LabelledRows, facts: dict[str, Any], seed: int, unit: Unit | None, report: Report
) -> Dataset:
    """Write the files of a data set into an empty folder.

    Args:
        rows: of the file. facts: the name, the source and the columns, as a Dataset has them.
        seed: decides which texts are for testing.
        unit: how texts are read; None to find out.
        report: told of progress.

    Raises:
        DataError: labels that are no classes, or too few texts. SettingError: of the unit. OSError: of the disk.
    """
    if unit is not None:
        get_splitter(unit)  # what can't be read is said before the file is
    read = _store_texts(folder / TEXTS_FILE, rows)
    classes = find_classes(list(read.spellings), facts["label_column"])
    arrays, texts = _arrange(folder, read, classes, seed)
    if unit is None:
        unit = find_unit(_sample(texts, arrays))
    vocabulary, lengths = _count_words(texts, arrays, unit, report)
    vocabulary.save(folder / VOCABULARY_FILE)
    np.savez(folder / ARRAYS_FILE, **vars(arrays))
    return Dataset(
        **facts,
        labels=classes.names,
        train=_count_classes(arrays.labels[~arrays.test], classes),
        test=_count_classes(arrays.labels[arrays.test], classes),
        unit=unit,
        words=len(vocabulary) - len(SPECIAL_WORDS),
        median_length=int(np.median(lengths)),
        longer=tuple(round(float((lengths > steps).mean()), 4) for steps in STEP_COUNTS),
        seed=seed,
        bytes=int(arrays.offsets[-1]),
        digest=hash_dataset(folder, classes.names, unit),
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        report=_report(read, arrays, rows.encoding),
    )


def hash_dataset(folder: Path, labels: Sequence[str], unit: str) -> str:
    """The digest of the data set in a folder.

    Raises:
        OSError, ValueError, zipfile.BadZipFile: a file cannot be read.
    """
    digest = hashlib.sha256(repr((tuple(labels), unit)).encode())
    for name in (TEXTS_FILE, VOCABULARY_FILE):
        with (folder / name).open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    for _, values in sorted(read_arrays(folder).items()):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def read_arrays(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """Facts of the n texts of a data set: `offsets`, `labels`, `groups` (equal for copies) and `test`.

    Raises:
        OSError, ValueError, zipfile.BadZipFile: they cannot be read.
    """
    # Opened here: of a damaged file, numpy forgets to close the one that it opened.
    with (folder / ARRAYS_FILE).open("rb") as stream, np.load(stream, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _store_texts(path: Path, rows: LabelledRows) -> _Rows:
    read = _Rows()
    with path.open("wb") as file:
        for row in rows:
            read.count += 1
            if row.left_out:
                read.faults[row.left_out] += 1
            else:
                file.write(_note(read, row, rows.label_column))
    if not read.codes:
        counts = ", ".join(tr(_FAULTS[fault], n=format_count(count)) for fault, count in read.faults.items())
        raise DataError(
            tr(
                "None of the {count} rows has a text that can be read and a label: {counts}.",
                count=format_count(read.count),
                counts=counts,
            )
        )
    return read


def _note(read: _Rows, row: Row, column: str) -> bytes:
    """Keep the facts of a row; the bytes of its text."""
    if row.label not in read.spellings:
        read.spellings[row.label] = len(read.spellings)
        check_spellings(list(read.spellings), column)
    data = row.text.encode("utf-8", "replace")
    read.codes.append(read.spellings[row.label])
    read.ends.append(read.ends[-1] + len(data))
    hashed = hashlib.blake2b(" ".join(row.text.split()).encode("utf-8", "replace"), digest_size=8).digest()
    read.hashes.append(int.from_bytes(hashed, "little", signed=True))
    return data


def _arrange(folder: Path, read: _Rows, classes: Classes, seed: int) -> tuple[_Arrays, Texts]:
    """The arrays of the texts that have a class, and the texts."""
    labels = np.array(classes.indices, np.int8)[np.array(read.codes, np.int64)]
    keep = labels != NO_CLASS
    read.faults["unlabelled"] += int((~keep).sum())
    ends = np.array(read.ends, np.int64)
    if not keep.all():
        ends = _drop_texts(folder / TEXTS_FILE, ends, keep)
    labels = labels[keep]
    groups = np.unique(np.array(read.hashes, np.int64)[keep], return_inverse=True)[1].astype(np.int32)
    _check_counts(labels, groups, classes)
    test = draw_part(labels, groups, TEST_SHARE, np.random.default_rng(seed))
    return _Arrays(ends, labels, groups, test), Texts(np.memmap(folder / TEXTS_FILE, np.uint8, "r"), ends)


def _drop_texts(path: Path, ends: npt.NDArray[np.int64], keep: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Take texts out of the file; where the others end then. Their column had a number that is none."""
    texts = Texts(np.memmap(path, np.uint8, "r"), ends)
    whole = path.with_suffix(".kept")
    with whole.open("wb") as file:
        for index in np.flatnonzero(keep).tolist():
            file.write(texts[index].encode())
    whole.replace(path)
    return np.concatenate([[0], np.cumsum(np.diff(ends)[keep])]).astype(np.int64)


def _check_counts(labels: npt.NDArray[np.int8], groups: npt.NDArray[np.int32], classes: Classes) -> None:
    for index, name in enumerate(classes.names):
        count = len(np.unique(groups[labels == index]))
        if count < MIN_TEXTS:
            raise DataError(_refuse_class(name, count))


def _refuse_class(name: str, count: int) -> str:
    return tr_n(
        "The class {name} has {n} different text; each class needs at least {least}. Bring more of them, join it with "
        "another class, or take its rows out of the file.",
        "The class {name} has {n} different texts; each class needs at least {least}. Bring more of them, join it with "
        "another class, or take its rows out of the file.",
        count,
        name=repr(name),
        n=count,
        least=MIN_TEXTS,
    )


def _sample(texts: Texts, arrays: _Arrays) -> list[str]:
    """Training texts from the whole of the file."""
    places = np.flatnonzero(~arrays.test)
    return [texts[index] for index in places[:: max(len(places) // _SAMPLE, 1)].tolist()]


def _count_words(texts: Texts, arrays: _Arrays, unit: Unit, report: Report) -> tuple[Vocabulary, npt.NDArray[np.int32]]:
    """The vocabulary of the training texts, and how many units each text has."""
    read, counts = get_splitter(unit).read, Counter[str]()
    lengths = np.zeros(len(texts), np.int32)
    for index, test in enumerate(arrays.test.tolist()):
        if index % _REPORT_EVERY == 0:
            report(tr("Counting the words"), index / len(texts))
        words = read(texts[index])
        lengths[index] = len(words)
        if not test:
            counts.update(words)
            if len(counts) > _COUNTED:
                counts = Counter({word: count for word, count in counts.items() if count > 1})
    return _build_vocabulary(counts, unit), lengths


def _build_vocabulary(counts: Counter[str], unit: Unit) -> Vocabulary:
    often = [word for word, count in counts.most_common(MAX_WORDS - len(SPECIAL_WORDS)) if count >= MIN_COUNT]
    if not often:
        raise DataError(
            tr("No word stands twice in the training texts, so there is nothing that a network could learn.")
        )
    return Vocabulary((*SPECIAL_WORDS, *often), unit)


def _count_classes(labels: npt.NDArray[np.int8], classes: Classes) -> tuple[int, ...]:
    return tuple(np.bincount(labels, minlength=len(classes.names)).tolist())


def _report(read: _Rows, arrays: _Arrays, encoding: str | None) -> ReadingReport:
    pairs = np.unique(arrays.groups.astype(np.int64) * 256 + arrays.labels)
    _, labels_of_a_text = np.unique(pairs // 256, return_counts=True)
    copies = len(arrays.groups) - len(labels_of_a_text)
    return ReadingReport(
        read.count, **read.faults, copies=copies, contradictions=int((labels_of_a_text > 1).sum()), encoding=encoding
    )
