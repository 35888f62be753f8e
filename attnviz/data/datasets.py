"""The data sets that people brought: each a folder with its texts, its split, its vocabulary and what there is to know.

    <name>/dataset.json     the Dataset, with the sha256 of the rest
    <name>/texts.bin        all texts in UTF-8, one after the other
    <name>/arrays.npz       offsets, labels, groups (equal for copies of a text) and test, an entry a text
    <name>/vocabulary.txt   the words of the training texts, the most frequent first

They lie where `folders.datasets_folder` says; dataset_adding.py puts them there.
"""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from attnviz.data.class_labels import FEWEST, MOST
from attnviz.data.dataset_writing import TEXTS_FILE, VOCABULARY_FILE, hash_dataset, read_arrays
from attnviz.data.labelled_texts import PickedTexts, Texts
from attnviz.errors import DataError, SettingError, UnknownNameError
from attnviz.folders import datasets_folder
from attnviz.languages import mark, tr
from attnviz.text.reading_units import UNITS
from attnviz.text.vocabulary import UNKNOWN, Vocabulary
from attnviz.values.dataset import Dataset
from attnviz.values.plain import from_plain

RECORD_FILE = "dataset.json"
MAX_RECORD_BYTES = 100_000


@dataclass(frozen=True)
class DatasetPart:
    """The training or the test texts of a data set.

    Attributes:
        texts: n texts. labels: (n,) their classes, indices.
        groups: (n,) equal numbers for copies of a text.
        vocabulary: that of the data set.
    """

    texts: Sequence[str]
    labels: npt.NDArray[np.int8]
    groups: npt.NDArray[np.int32]
    vocabulary: Vocabulary

    def __len__(self) -> int:
        return len(self.labels)

    def encode(self, index: int, vocabulary_size: int, steps: int) -> npt.NDArray[np.int32]:
        """The ids of the last `steps` words of a text; those that a vocabulary of that size lacks are UNKNOWN."""
        ids = self.vocabulary.encode(self.texts[index])[-steps:]
        return np.where(ids < vocabulary_size, ids, UNKNOWN).astype(np.int32)


@dataclass(frozen=True)
class OwnData:
    """A data set that somebody brought, with its texts.

    Attributes:
        about: what there is to know of it.
        train, test: its parts. vocabulary: the words of the training texts.
    """

    about: Dataset
    train: DatasetPart
    test: DatasetPart
    vocabulary: Vocabulary

    @property
    def digest(self) -> str:
        """A sha256 of everything in it."""
        return self.about.digest


@dataclass(frozen=True, slots=True)
class DamagedDataset:
    """A folder that holds no data set that can be used, and why."""

    name: str
    reason: str


def list_datasets() -> list[Dataset | DamagedDataset]:
    """All data sets by name; a folder that cannot be used comes with the reason."""
    folder = datasets_folder()
    with suppress(OSError):
        places = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        return [_read_or_describe(path) for path in places]
    return []


def find_dataset(name: str) -> Dataset:
    """What there is to know of a data set.

    Raises:
        UnknownNameError: there is none of that name. DataError: it is damaged.
    """
    names = [one.name for one in list_datasets()]
    if name not in names:
        raise UnknownNameError(mark("data set"), name, names)
    return read_record(datasets_folder() / name)


def load_dataset(name: str) -> OwnData:
    """A data set with its texts, which stay on disk until one is asked for.

    Raises:
        UnknownNameError: there is none of that name.
        DataError: it is damaged. SettingError: it is read with a segmenter that is not installed.
    """
    about, folder = find_dataset(name), datasets_folder() / name
    try:
        if hash_dataset(folder, about.labels, about.unit) != about.digest:
            raise DataError(
                tr("The data set {name} is damaged: its files are not those that it was made of.", name=name)
            )
        return _open(about, folder)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(
            tr("The data set {name} is damaged ({error}). Delete it and bring its file again.", name=name, error=error)
        ) from error


def load_by_digest(digest: str) -> OwnData:
    """The data set with this digest, whatever it is called now.

    Raises:
        DataError: it is not on this machine, or damaged.
    """
    for one in list_datasets():
        if isinstance(one, Dataset) and one.digest == digest:
            return load_dataset(one.name)
    raise DataError(tr("The data set that this network learned is not on this machine any more. Bring its file again."))


def delete_dataset(name: str) -> None:
    """Delete a data set; what was trained on it stays.

    Raises:
        UnknownNameError: there is none of that name. DataError: the disk refuses.
    """
    names = [one.name for one in list_datasets()]
    if name not in names:
        raise UnknownNameError(mark("data set"), name, names)
    try:
        with tempfile.TemporaryDirectory(prefix=".deleted-", dir=datasets_folder()) as aside:
            (datasets_folder() / name).rename(Path(aside) / name)
    except OSError as error:
        raise DataError(
            tr("The data set {name} cannot be deleted ({error}).", name=name, error=error.strerror or error)
        ) from error


def read_record(folder: Path) -> Dataset:
    """What a folder says of its data set.

    Raises:
        DataError: it holds none, or a damaged one.
    """
    try:
        path = folder / RECORD_FILE
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_RECORD_BYTES:
            raise DataError(tr("{path} is no record of a data set.", path=path))
        about = from_plain(Dataset, msgspec.json.decode(path.read_bytes()), "record of a data set")
    except (OSError, ValueError, SettingError) as error:
        raise DataError(tr("{path} holds no data set that can be used ({error}).", path=folder, error=error)) from error
    _check(about, folder)
    return about


def _check(about: Dataset, folder: Path) -> None:
    whole = (
        about.name == folder.name
        and FEWEST <= len(about.labels) <= MOST
        and len(set(about.labels)) == len(about.labels) == len(about.train) == len(about.test)
        and about.unit in UNITS
    )
    if not whole:
        raise DataError(tr("{path} is the record of no data set that can be used.", path=folder / RECORD_FILE))


def _read_or_describe(folder: Path) -> Dataset | DamagedDataset:
    try:
        return read_record(folder)
    except DataError as error:
        return DamagedDataset(folder.name, str(error))


def _open(about: Dataset, folder: Path) -> OwnData:
    unit = next(unit for unit in UNITS if unit == about.unit)
    vocabulary = Vocabulary.load(folder / VOCABULARY_FILE, unit)
    arrays = read_arrays(folder)
    texts = Texts(np.memmap(folder / TEXTS_FILE, np.uint8, "r"), arrays["offsets"])

    def part(test: bool) -> DatasetPart:
        places = np.flatnonzero(arrays["test"] == test)
        return DatasetPart(PickedTexts(texts, places), arrays["labels"][places], arrays["groups"][places], vocabulary)

    return OwnData(about, part(False), part(True), vocabulary)
