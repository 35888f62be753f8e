"""Where rationales stand: a .jsonl, a folder, or a .zip, which is read from where it is and never unpacked."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from attnviz.errors import DataError

MAX_BYTES = 50_000_000
"""The largest file of annotations, or text."""
MAX_FILES = 50_000
DOCS = "docs"

Read = Callable[[], bytes]


class RationaleFiles(NamedTuple):
    """The files of annotations and the texts, by their names; nothing is read before it is asked for."""

    name: str
    annotations: Mapping[str, Read]
    documents: Mapping[str, Read]

    def read_lines(self) -> Iterator[tuple[str, int, str]]:
        """File, number and content of each line that is not blank.

        Raises:
            DataError: a file cannot be read or is no UTF-8.
        """
        for name, read in self.annotations.items():
            for number, line in enumerate(_decode(name, read()).split("\n"), start=1):
                if line.strip():
                    yield name, number, line

    def read_document(self, name: str) -> str:
        """One text.

        Raises:
            DataError: there is none of that name, or it cannot be read.
        """
        if name not in self.documents:
            raise DataError(f"{self.name} has no text {name[:80]!r} in its folder {DOCS}.")
        return _decode(name, self.documents[name]())


@contextmanager
def open_files(path: Path) -> Iterator[RationaleFiles]:
    """The files of a .jsonl, a folder or a .zip, as long as the context lasts.

    Raises:
        DataError: it is missing, of another kind, or has too many or no such files.
    """
    if path.is_dir():
        yield _sort(path.name, {name: partial(_read_file, file) for name, file in _list_folder(path)})
    elif path.suffix.lower() == ".zip":
        with _open_archive(path) as archive:
            yield _sort(
                path.name, {one.filename: partial(_read_member, archive, one) for one in _list_members(archive)}
            )
    elif path.suffix.lower() in (".jsonl", ".ndjson"):
        yield RationaleFiles(path.name, {path.name: partial(_read_file, path)}, {})
    else:
        raise DataError(f"{path.name} is no .jsonl, no .zip and no folder of rationales.")


def _sort(name: str, files: Mapping[str, Read]) -> RationaleFiles:
    """Annotations are the .jsonl beside the folder of texts, wherever in the archive it is."""
    if len(files) > MAX_FILES:
        raise DataError(f"{name} has more than {MAX_FILES:,} files.")
    annotations = {file: read for file, read in sorted(files.items()) if file.endswith(".jsonl")}
    if not annotations:
        raise DataError(f"{name} has no .jsonl with annotations.")
    root = min((PurePosixPath(file).parent for file in annotations), key=lambda one: len(one.parts))
    beside = {file: read for file, read in annotations.items() if PurePosixPath(file).parent == root}
    prefix = f"{root / DOCS}/"
    return RationaleFiles(name, beside, {file[len(prefix) :]: files[file] for file in files if file.startswith(prefix)})


def _list_folder(path: Path) -> Iterator[tuple[str, Path]]:
    """The files at the two places where rationales stand."""
    for file in (*path.glob("*.jsonl"), *(path / DOCS).glob("*")):
        yield file.relative_to(path).as_posix(), file


def _read_file(path: Path) -> bytes:
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise DataError(f"{path.name} is no file but a folder, a link or a device.")
        _check_size(path.name, found.st_size)
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path.name} cannot be read ({error.strerror}).") from error


@contextmanager
def _open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(f"{path.name} cannot be read as .zip ({error}).") from error
    with archive:
        yield archive


def _list_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [one for one in archive.infolist() if not one.is_dir()]


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    _check_size(member.filename, member.file_size)
    try:
        with archive.open(member) as file:
            return file.read(MAX_BYTES + 1)[: member.file_size]
    except (OSError, ValueError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise DataError(f"{member.filename} in the .zip cannot be read ({error}).") from error


def _check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise DataError(f"{name} has {size:,} bytes; at most {MAX_BYTES:,} are possible.")


def _decode(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is no UTF-8 ({error.reason}).") from error
