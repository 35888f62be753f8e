"""A run that comes as one file (run_archive.py), checked at the door and laid into the library. Needs no TensorFlow.

The file is unpacked into a hidden folder of the library; when all is right, that is renamed. What is wrong leaves the
library as it was.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from attnviz.errors import AttnvizError, CheckpointError, ModelFileError, SettingError
from attnviz.folders import library_folders
from attnviz.foreign.limits import check_size
from attnviz.languages import Message, tr
from attnviz.runs.checkpoint_files import describe
from attnviz.runs.imported_content import check_content
from attnviz.runs.own_models import READ_ONLY, is_read_only
from attnviz.runs.own_sweep import STAGED, sweep
from attnviz.runs.run_archive import MANIFEST_FILE, MAX_ARCHIVE_BYTES, STATE_FILE, Manifest, unpack
from attnviz.runs.run_files import read_epochs, read_status, write_status
from attnviz.runs.run_queue import adopt_run, is_run_name
from attnviz.runs.stored_run import StoredRun


def import_run(source: str | Path | IO[bytes]) -> StoredRun:
    """Bring a run that `export_run` wrote, from this machine or another one.

    It gets the name that it had, or the next free one. A run that was stopped goes on here only if the file holds what
    training needs for that, and then only on the same data.

    Args:
        source: the path of the file, or the file itself, opened to be read.

    Returns:
        The run, as it is in the library.

    Raises:
        ModelFileError: no file of a run, or one that is damaged or does not fit together; one sentence says what.
        SettingError: runs are not brought here.
        CheckpointError: the library cannot be written.
    """
    if is_read_only():
        raise SettingError(tr("Runs are not brought here: {variable} is set.", variable=READ_ONLY))
    library = library_folders()[0]
    try:
        with _open(source) as stream, _stage(library) as folder:
            manifest = unpack(stream, folder)
            _check(folder, manifest)
            return _keep(folder, manifest)
    except OSError as error:
        raise CheckpointError(
            tr("{path} cannot be written ({error}).", path=library, error=error.strerror or error)
        ) from error


@contextmanager
def _open(source: str | Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if not isinstance(source, (str, Path)):
        yield source
        return
    path = Path(source).expanduser()
    check_size(path, MAX_ARCHIVE_BYTES)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise ModelFileError(
            tr("{name} cannot be read ({error}).", name=path.name, error=error.strerror or error)
        ) from error
    with stream:
        yield stream


@contextmanager
def _stage(library: Path) -> Iterator[Path]:
    """A hidden folder of the library, which is gone at the end unless it was renamed."""
    library.mkdir(parents=True, exist_ok=True)
    sweep(library, time.time())
    folder = library / f"{STAGED}{secrets.token_hex(8)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(folder: Path, manifest: Manifest) -> None:
    """Whatever is wrong is said of the file that somebody brought, not of the folder where it is looked at."""
    if not is_run_name(manifest.name):
        raise ModelFileError(
            describe(
                tr("{file} calls the run {name}, which cannot name one.", file=MANIFEST_FILE, name=repr(manifest.name))
            )
        )
    try:
        check_content(folder)
    except AttnvizError as error:
        told = str(error).replace(f"{folder}{os.sep}", "").replace(f"{folder}", tr("the run"))
        raise ModelFileError(describe(tr("The run in this file is not taken: {told}", told=told))) from error


def _keep(folder: Path, manifest: Manifest) -> StoredRun:
    status = read_status(folder)
    lacks = status.resumable and STATE_FILE not in manifest.files and len(read_epochs(folder)) > 0
    shown = describe(status.message)  # a terminal shows it as it is
    message = status.message if shown == status.message else Message(shown)
    write_status(folder, replace(status, message=message, without_state=status.without_state or lacks))
    return adopt_run(folder, manifest.name)
