"""From a file to a data set among the others; its folder appears whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path, PurePath

import msgspec

from attnviz.data.dataset_writing import write_dataset
from attnviz.data.datasets import RECORD_FILE, list_datasets
from attnviz.data.labelled_rows import LabelledRows, Report, open_file
from attnviz.errors import DataError, SettingError
from attnviz.folders import datasets_folder
from attnviz.languages import tr
from attnviz.text.reading_units import Unit
from attnviz.values.dataset import Dataset
from attnviz.values.plain import to_plain

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_LONGEST_STEM = 40


def add_dataset(
    file: str | Path,
    text: str,
    label: str,
    *,
    name: str | None = None,
    seed: int = 0,
    unit: Unit | None = None,
    source: str | None = None,
    report: Report = lambda message, share: None,
) -> Dataset:
    """Read a table of labelled texts and keep it as a data set, on which networks can be trained.

    A file that was added before with the same settings gives the data set that is there.

    Args:
        file: .csv, .tsv, .jsonl, .ndjson, .json or .parquet, at most 200 MB.
        text, label: the columns of the texts and of their classes, two to twenty: words, numbers or truth values.
        name: what to call it; by default after the file, with a number if that is taken.
        seed: decides which fifth of the texts, of each class, are for testing.
        unit: 'words', 'characters' or 'jieba'; by default what fits the texts, see text/reading_units.py.
        source: what the file is called, if not as its path says.
        report: told of progress.

    Raises:
        DataError: the file can't be read, its labels are no classes, its texts too few, or the disk refuses.
        SettingError: no such column, or a name that can't be one or is taken.
    """
    source = source or Path(file).name
    if name is not None:
        _check_free(name)
    with open_file(Path(file), source) as stream, _make_folder() as folder:
        rows = LabelledRows(stream, source, text, label, report)
        facts = {"name": "", "source": source, "text_column": text, "label_column": label}
        found = write_dataset(folder, rows, facts, seed, unit, report)
        known = next((one for one in _list_whole() if one.digest == found.digest), None)
        if known is not None and name is None:
            return known
        return _put(folder, found, name or _make_stem(source), numbered=name is None)


def _check_free(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SettingError(
            tr("{name} cannot name a data set: use letters, digits, '.', '_' and '-', at most 60.", name=repr(name))
        )
    if (datasets_folder() / name).exists():
        raise SettingError(
            tr("There is a data set {name} already. Choose another name or delete that one.", name=repr(name))
        )


def _list_whole() -> list[Dataset]:
    return [one for one in list_datasets() if isinstance(one, Dataset)]


@contextmanager
def _make_folder() -> Iterator[Path]:
    """A folder beside the data sets, which goes unless it was renamed."""
    try:
        datasets_folder().mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=datasets_folder()))
    except OSError as error:
        raise DataError(
            tr("{path} cannot be written ({error}).", path=datasets_folder(), error=error.strerror or error)
        ) from error
    try:
        yield folder
    except OSError as error:
        raise DataError(tr("The data set cannot be written ({error}).", error=error.strerror or error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(folder: Path, found: Dataset, stem: str, numbered: bool) -> Dataset:
    """Give the folder its name; the next free one if it may be numbered."""
    for number in count(1):
        about = replace(found, name=stem if number == 1 else f"{stem}-{number}")
        place = datasets_folder() / about.name
        if place.exists() and not numbered:
            _check_free(about.name)
        if not place.exists():
            (folder / RECORD_FILE).write_bytes(msgspec.json.encode(to_plain(about)))
            with suppress(FileExistsError):  # another process was faster
                folder.rename(place)
                return about
    raise AssertionError("numbers do not end")


def _make_stem(source: str) -> str:
    """A folder's name after a file's: letters and digits that any link can hold."""
    plain = unicodedata.normalize("NFKD", PurePath(source).stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_STEM].strip("-") or "my-data"
