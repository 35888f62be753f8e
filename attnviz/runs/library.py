"""The library: the folders of checkpoints, what is in them, and what is not usable there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from attnviz.errors import CheckpointError, UnknownNameError
from attnviz.folders import library_folders
from attnviz.models.registry import MODELS
from attnviz.runs.checkpoint import Checkpoint, read_checkpoint
from attnviz.runs.checkpoint_files import MAX_BYTES, RUN_FILE, describe, escape_name

Marks = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class DamagedCheckpoint:
    """A folder of the library that cannot be used, and why, in one line."""

    folder: Path
    reason: str

    @property
    def name(self) -> str:
        """The folder's name; what cannot be seen in it is written as codes."""
        return escape_name(self.folder.name)


def list_checkpoints() -> list[Checkpoint | DamagedCheckpoint]:
    """Everything in the library, the networks of the table first; damaged folders come with the reason."""
    found: dict[str, Checkpoint | DamagedCheckpoint] = {}
    for library in library_folders():
        try:
            folders = _list_folders(library)
        except OSError as error:
            found[library.name] = DamagedCheckpoint(library, describe(f"{library} cannot be read ({error.strerror})."))
            continue
        for folder in folders:
            if folder.name not in found:
                found[folder.name] = _read_or_describe(folder)
    order = {name: position for position, name in enumerate(MODELS)}
    return sorted(found.values(), key=lambda item: (order.get(item.name, len(order)), item.name))


def find_checkpoint(name_or_path: str | Path) -> Checkpoint:
    """A checkpoint by its name in the library, or by its path.

    Raises:
        UnknownNameError: nothing of that name; the message lists the names there are.
        CheckpointError: it is damaged.
    """
    return read_checkpoint(find_folder(name_or_path))


def find_folder(name_or_path: str | Path) -> Path:
    """The folder of a checkpoint by its name in the library, or by its path; what it holds is not looked at.

    Raises:
        UnknownNameError: nothing of that name; the message lists the names there are.
    """
    for folder in _checkpoint_folders():
        if folder.name == str(name_or_path):
            return folder
    if (path := _existing_path(name_or_path)) is not None:
        return path
    names = sorted({escape_name(folder.name) for folder in _checkpoint_folders()})
    raise UnknownNameError("checkpoint", str(name_or_path), names)


def get_marks(folder: Path) -> Marks:
    """Name, size and time of change of a checkpoint's files: equal marks, equal files, without reading them."""
    return tuple(_mark_files(folder))


def get_library_marks() -> tuple[tuple[str, Marks], ...]:
    """The marks of each folder of the library: equal marks, an equal library. Every name in them is a proper text."""
    return tuple((escape_name(str(folder)), get_marks(folder)) for folder in _checkpoint_folders())


def new_run_folder(network: str) -> Path:
    """A folder of the library for a new run of that network: `<network>-<n>` with the first free n from 2."""
    library = library_folders()[0]
    taken = {folder.name for folder in _checkpoint_folders()}
    number = 2
    while f"{network}-{number}" in taken or os.path.lexists(library / f"{network}-{number}"):
        number += 1
    return library / f"{network}-{number}"


def _existing_path(path: str | Path) -> Path | None:
    try:
        folder = Path(path).expanduser()
        return folder if (folder / RUN_FILE).is_file() else None
    except (OSError, RuntimeError):  # no path at all: a whole review, or the home of an unknown user
        return None


def _checkpoint_folders() -> Iterator[Path]:
    for library in library_folders():
        with suppress(OSError):  # `list_checkpoints` tells
            yield from _list_folders(library)


def _list_folders(library: Path) -> list[Path]:
    """The folders that are not hidden, and links to folders; none in a library that is not there yet."""
    if not library.is_dir():
        return []
    return sorted(path for path in library.iterdir() if not path.name.startswith(".") and path.is_dir())


def _read_or_describe(folder: Path) -> Checkpoint | DamagedCheckpoint:
    try:
        return read_checkpoint(folder)
    except CheckpointError as error:
        return DamagedCheckpoint(folder, str(error))


def _mark_files(folder: Path) -> Iterator[tuple[str, int, int]]:
    for name in MAX_BYTES:
        with suppress(OSError):  # not there, as examples in many
            found = (folder / name).lstat()
            yield name, found.st_size, found.st_mtime_ns
