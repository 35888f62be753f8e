"""Runs of the library renamed, deleted and brought back. What ships is no run, and stays as it is."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attnviz.errors import CheckpointError, SettingError
from attnviz.languages import tr
from attnviz.models.registry import MODELS
from attnviz.runs.library import get_taken_names
from attnviz.runs.own_models import READ_ONLY, is_read_only
from attnviz.runs.own_sweep import DELETED, find_deleted
from attnviz.runs.run_files import read_status
from attnviz.runs.run_lock import hold_run
from attnviz.runs.run_queue import check_target
from attnviz.runs.stored_run import StoredRun, find_run, is_run


def rename_run(name: str, new_name: str) -> StoredRun:
    """Give a run that has ended another name, which its links and explanations have from then on.

    Raises:
        UnknownNameError: no such run.
        SettingError: it is no run, or waits in the queue, or the name is taken or that of a network of the table, or
            nothing is changed here.
        CheckpointError: the name cannot be one, a process works on the run, or the disk refuses.
    """
    with _changing(name) as run:
        target = run.folder.parent / new_name
        if new_name in MODELS or new_name in get_taken_names():
            raise SettingError(tr("{name} is taken. Choose another name.", name=new_name))
        if target.name != new_name:  # a path, which would lead out of the library
            raise SettingError(
                tr("{name} cannot name a run: use letters, digits, '.', '_' and '-', at most 80.", name=repr(new_name))
            )
        check_target(target)
        _move(run.folder, target)
    return find_run(new_name)


def delete_run(name: str) -> None:
    """Move a run out of the library; `restore_run` brings it back until it is swept away, after a day at the earliest.

    Raises:
        UnknownNameError, SettingError, CheckpointError: as `rename_run`.
    """
    with _changing(name) as run:
        aside = run.folder.parent / f"{DELETED}{secrets.token_hex(4)}-{name}"
        _move(run.folder, aside)
    os.utime(aside)


def restore_run(name: str) -> StoredRun:
    """Undo `delete_run`.

    Raises:
        SettingError: it is gone, its name was taken meanwhile, or nothing is changed here.
        CheckpointError: the disk refuses.
    """
    _check_writable()
    aside = next((folder for folder in find_deleted(name) if is_run(folder)), None)
    if aside is None:
        raise SettingError(tr("{name} cannot be brought back: it was deleted for good.", name=name))
    if name in get_taken_names() or os.path.lexists(aside.parent / name):
        raise SettingError(tr("There is another {name} by now. Rename or delete it first.", name=name))
    _move(aside, aside.parent / name)
    return find_run(name)


@contextmanager
def _changing(name: str) -> Iterator[StoredRun]:
    """A run that nobody works on while it is changed."""
    _check_writable()
    run = find_run(name)
    if not is_run(run.folder):
        raise SettingError(tr("{name} was not trained here, so it is not renamed or deleted.", name=name))
    with hold_run(run.folder, patience=0):
        if not read_status(run.folder).ended:
            raise SettingError(tr("{name} waits in the queue. Take it out first.", name=name))
        yield run


def _move(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError as error:
        raise CheckpointError(
            tr("{path} cannot be changed ({error}).", path=folder.parent, error=error.strerror or error)
        ) from error


def _check_writable() -> None:
    if is_read_only():
        raise SettingError(tr("Runs are not renamed or deleted here: {variable} is set.", variable=READ_ONLY))
