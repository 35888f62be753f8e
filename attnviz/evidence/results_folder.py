"""The folder of results.

    record.json      what was measured, how and with what: the command, the settings, seeds, versions, sha256 of the
                     network and of the data, how many texts; and, once it is finished, how long it took
    parts/           values of the parts that are done, until all are
    values.parquet   a row a text, in the order in which they were drawn, with its id and a column a measure; no text
    words.parquet    of networks of the table: a row for each label that was answered and each word, see `word_use`
    table.csv, table.json   the measures over all texts, with their intervals

A part is written to a temporary file that is renamed when it is whole, so that a run that was broken off goes on with
the parts that are missing.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import numpy as np

from attnviz.errors import DataError, SettingError
from attnviz.evidence.corpus_part import Part, Values
from attnviz.evidence.word_use import add_up, split_columns
from attnviz.languages import tr
from attnviz.values.corpus_measures import Row
from attnviz.values.plain import from_plain

if TYPE_CHECKING:
    import pandas as pd

RECORD, VALUES, WORDS, PARTS = "record.json", "values.parquet", "words.parquet", "parts"
TABLE = "table.json"
"""The last file that is written."""
FORMAT = 1

_CHANGING = ("created", "command", "finished")
"""What of a record may differ where a run goes on."""


class ResultsFolder:
    """A folder that holds, or will hold, the results of what a record describes.

    Args:
        path: of the folder; it is made if there is none.
        record: plain data: what makes the results.

    Raises:
        DataError: the folder has results of something else or other files, or cannot be written.
    """

    def __init__(self, path: Path, record: Mapping[str, Any]) -> None:
        self.path = path
        self._record = {"format": FORMAT, **record}
        try:
            self._open()
        except OSError as error:
            raise DataError(
                tr("{file} cannot be written ({error}).", file=path, error=error.strerror or error)
            ) from error

    @property
    def is_finished(self) -> bool:
        """Whether all values are there."""
        return (self.path / VALUES).is_file()

    @contextmanager
    def reserve(self) -> Iterator[None]:
        """Measure for this folder while no other run does.

        Raises:
            DataError: another one does.
        """
        try:
            with filelock.FileLock(self.path / PARTS / ".lock", timeout=0):
                yield
        except filelock.Timeout as error:
            raise DataError(
                tr("Another run is measuring for {folder}: wait for it, or name another folder.", folder=self.path)
            ) from error

    def find_done(self) -> set[int]:
        """The numbers of the parts that are there."""
        return {int(file.stem) for file in (self.path / PARTS).glob("*.parquet") if file.stem.isdecimal()}

    def save_part(self, part: Part, values: Values) -> None:
        """Keep the values of a part; those of its texts last, since they say that the part is there."""
        texts, words = split_columns(values)
        if words:
            _write_parquet(self._name_part(part.number, "words"), words)
        _write_parquet(self._name_part(part.number), {"text": part.ids, "answer": part.answers, **texts})

    def finish(self, count: int, finished: Mapping[str, Any], vocabulary: Sequence[str] = ()) -> None:
        """Put the parts together, in their order, and say so in the record.

        Args:
            count: of the parts. finished: for the record. vocabulary: the words behind the ids of the parts.

        Raises:
            DataError: a part is damaged.
        """
        import pandas as pd

        whole = pd.concat([_read_parquet(self._name_part(number)) for number in range(count)], ignore_index=True)
        self._write_record({**read_record(self.path), "finished": finished})
        if words := [file for number in range(count) if (file := self._name_part(number, "words")).is_file()]:
            _write_frame(self.path / WORDS, add_up(map(_read_parquet, words), vocabulary))
        _write_frame(self.path / VALUES, whole)
        shutil.rmtree(self.path / PARTS)

    def write_tables(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """The table in two formats."""
        import pandas as pd

        pd.DataFrame(rows).to_csv(self.path / "table.csv", index=False, lineterminator="\n")
        write_text(self.path / TABLE, json.dumps(list(rows), indent=2, allow_nan=False) + "\n")

    def _name_part(self, number: int, kind: str = "") -> Path:
        return self.path / PARTS / f"{kind}{number:06d}.parquet"

    def _open(self) -> None:
        if (self.path / RECORD).is_file():
            _check_same(self.path, read_record(self.path), self._record)
        elif self.path.exists() and any(self.path.iterdir()):
            raise DataError(tr("{folder} has other files in it; name another folder with --out.", folder=self.path))
        else:
            self.path.mkdir(parents=True, exist_ok=True)
            self._write_record(self._record)
        if not self.is_finished:
            (self.path / PARTS).mkdir(exist_ok=True)

    def _write_record(self, record: Mapping[str, Any]) -> None:
        write_text(self.path / RECORD, json.dumps(record, indent=2, allow_nan=False) + "\n")


def read_record(path: Path) -> dict[str, Any]:
    """The record of a folder of results.

    Raises:
        DataError: it is missing or damaged.
    """
    try:
        record = json.loads((path / RECORD).read_bytes())
    except (OSError, ValueError) as error:
        raise DataError(tr("{file} cannot be read ({error}).", file=path / RECORD, error=error)) from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise DataError(tr("{file} is no record of results, or one of another version of attnviz.", file=path / RECORD))
    return record


def read_values(path: Path) -> pd.DataFrame:
    """The values of a folder of results, a row a text.

    Raises:
        DataError: they are missing or damaged.
    """
    return _read_parquet(path / VALUES)


def read_rows(path: Path) -> tuple[Row, ...]:
    """The table of a folder of results.

    Raises:
        DataError: it is missing or damaged.
    """
    try:
        return from_plain(tuple[Row, ...], json.loads((path / TABLE).read_bytes()), "table of results")
    except (OSError, ValueError, SettingError) as error:
        raise DataError(tr("{file} cannot be read ({error}).", file=path / TABLE, error=error)) from error


def read_words(path: Path) -> pd.DataFrame | None:
    """The words of a folder of results; None where it has none, as of a model with a tokenizer of its own.

    Raises:
        DataError: they are damaged.
    """
    return _read_parquet(path / WORDS) if (path / WORDS).is_file() else None


def write_text(path: Path, text: str) -> None:
    """The file appears whole or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".", delete=False, encoding="utf-8") as file:
        file.write(text)
    _move(file.name, path)


def _check_same(path: Path, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Whether a folder was made by what is asked for now, after a journey of both as JSON."""
    wanted = json.loads(json.dumps(wanted))
    names = (there.keys() | wanted.keys()) - set(_CHANGING)
    differ = sorted(name for name in names if there.get(name) != wanted.get(name))
    if differ:
        raise DataError(
            tr(
                "{folder} has results of something else ({names} differ): name another folder with --out, or delete "
                "it.",
                folder=path,
                names=", ".join(differ),
            )
        )


def _read_parquet(file: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_parquet(file)
    except (OSError, ValueError) as error:  # pyarrow's errors are of these kinds
        raise DataError(
            tr("{file} cannot be read ({error}): delete it, and it is measured again.", file=file, error=error)
        ) from error


def _write_frame(path: Path, frame: pd.DataFrame) -> None:
    _write_parquet(path, {str(name): frame[name].to_numpy() for name in frame.columns})


def _write_parquet(path: Path, columns: Mapping[str, Any]) -> None:
    import pyarrow
    from pyarrow import parquet

    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        parquet.write_table(pyarrow.table({name: np.asarray(values) for name, values in columns.items()}), file.name)
    _move(file.name, path)


def _move(temporary: str, path: Path) -> None:
    mask = os.umask(0)
    os.umask(mask)
    Path(temporary).chmod(0o666 & ~mask)
    Path(temporary).replace(path)
