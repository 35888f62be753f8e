"""Models that nobody wants any more: staged and never kept, deleted, or brought by visitors long ago."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from attnviz.errors import CheckpointError
from attnviz.folders import library_folders
from attnviz.runs.own_record import is_own_folder, read_owner

STAGED, DELETED, LOCK_FILE = ".staged-", ".deleted-", ".own.lock"
STAGED_HOURS, DELETED_HOURS, VISITOR_HOURS = 2, 24, 24
"""How long a staged model waits, a deleted one can be brought back, and a visitor's one is kept."""
MAX_STAGED = 20
"""How many staged models wait at a time; the oldest give way."""


def sweep(library: Path, now: float) -> None:
    """Remove what nobody wants any more from a folder of the library.

    Args:
        library: the folder.
        now: seconds since 1970.
    """
    staged = sorted(library.glob(f"{STAGED}*"), key=_age)
    for folder in [*staged[:-MAX_STAGED], *_find_old(library, now)]:
        shutil.rmtree(folder, ignore_errors=True)


def find_deleted(name: str) -> list[Path]:
    """Where models of that name lie that were deleted, the last one first."""
    found = library_folders()[0].glob(f"{DELETED}*")
    return sorted((path for path in found if path.name.split("-", 2)[2:] == [name]), key=_age, reverse=True)


def _find_old(library: Path, now: float) -> Iterator[Path]:
    for folder in library.iterdir():
        hours = _hours_kept(folder)
        if hours is not None and now - _age(folder) > hours * 3600:
            yield folder


def _hours_kept(folder: Path) -> int | None:
    """None for ever."""
    if folder.name.startswith(STAGED):
        return STAGED_HOURS
    if folder.name.startswith(DELETED):
        return DELETED_HOURS
    with suppress(CheckpointError):
        return VISITOR_HOURS if is_own_folder(folder) and read_owner(folder) else None
    return None


def _age(folder: Path) -> float:
    """When the folder was changed, seconds since 1970; 0 if it is gone meanwhile."""
    try:
        return folder.lstat().st_mtime
    except OSError:
        return 0.0
