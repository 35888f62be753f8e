"""Runs are asked for, stopped, resumed, and taken out of the queue. Needs no TensorFlow."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from attnviz.errors import CheckpointError, SettingError
from attnviz.folders import library_folders
from attnviz.languages import keep, tr
from attnviz.models.registry import MODELS
from attnviz.runs.checkpoint_files import RUN_FILE
from attnviz.runs.library import get_taken_names, new_run_folder
from attnviz.runs.run_files import STATUS_FILE, STOP_FILE, forget, read_status, write_settings, write_status
from attnviz.runs.run_lock import RunBusy, hold_queue, hold_run
from attnviz.runs.run_process import begin
from attnviz.runs.runner import ensure_runner
from attnviz.runs.stored_run import StoredRun, find_run, list_runs, read_run
from attnviz.runs.training_run import check_training
from attnviz.values.run import RunStatus
from attnviz.values.training_settings import TrainingSettings

MAX_STEM = 70
"""Characters of a name that a number follows."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")

LIAR = "liar"
"""What the name of an adversarially trained twin has after that of its network."""
NEW_FOLDER = ".new-run"
"""Where the folder of a run is made, by the one process that may change the queue."""


def queue_run(settings: TrainingSettings, name: str | None = None) -> StoredRun:
    """Let a run wait for its turn, and make sure that somebody does it.

    Args:
        settings: what it is asked to do. name: of its folder in the library; by default made from the network's.

    Raises:
        UnknownNameError, SettingError: settings that make no run.
        CheckpointError: the name is taken or unfit, or the library cannot be written.
    """
    check_training(settings)
    library = library_folders()[0]
    with hold_queue(library):
        folder = _add(settings, library / name if name else None, overwrite=False)
    ensure_runner()
    return find_run(folder.name)


@contextmanager
def hold_new_run(settings: TrainingSettings, folder: Path | None = None, *, overwrite: bool = False) -> Iterator[Path]:
    """The folder of a new run, and the lock of that run, for a process that does it itself.

    Args:
        settings: what it is asked to do. folder: where; by default a new one in the library.
        overwrite: whether the folder may hold an ended run or a checkpoint, which stays until the new one is saved.

    Raises:
        as `queue_run`.
    """
    check_training(settings)
    with ExitStack() as held:
        with _hold_queue_around(folder):
            folder = _add(settings, folder, overwrite)
            held.enter_context(hold_run(folder))
            begin(folder)
        yield folder


@contextmanager
def hold_old_run(name: str) -> Iterator[Path]:
    """The folder of a run that is to go on, and its lock, for a process that does it itself.

    Raises:
        UnknownNameError: there is none. SettingError: it does not go on.
        CheckpointError: it is damaged or cannot be written.
    """
    run = find_run(name)
    with ExitStack() as held:
        with _hold_queue_around(run.folder):
            _request_again(run.folder, held)
            begin(run.folder)
        yield run.folder


def resume_run(name: str) -> StoredRun:
    """Let a run that was stopped, interrupted or failed wait for its turn to go on from its last finished epoch.

    Raises:
        UnknownNameError: there is none. SettingError: it does not go on.
        CheckpointError: it is damaged or cannot be written.
    """
    run = find_run(name)
    with ExitStack() as held, hold_queue(run.folder.parent):
        _request_again(run.folder, held)
    ensure_runner()
    return find_run(name)


def stop_run(name: str) -> None:
    """Ask a run to stop after its step and to keep the best epoch so far; one that waits leaves the queue.

    Raises:
        UnknownNameError: there is none. SettingError: it has ended already.
        CheckpointError: its folder cannot be written.
    """
    run = find_run(name)
    if run.status.state == "queued":
        take_out(name)
        return
    if not run.status.alive:
        raise SettingError(tr("{name} has ended already.", name=run.name))
    try:
        (run.folder / STOP_FILE).touch()
    except OSError as error:
        raise CheckpointError(
            tr("{path} cannot be written ({error}).", path=run.folder, error=error.strerror)
        ) from error


def take_out(name: str) -> None:
    """Take a waiting run out of the queue: one that never began is gone, any other stays as it was.

    Raises:
        UnknownNameError: there is none. SettingError: it does not wait any more.
        CheckpointError: its folder cannot be written.
    """
    folder = find_run(name).folder
    with hold_queue(folder.parent):
        try:
            with hold_run(folder):
                status = read_status(folder)
                if status.state != "queued":
                    raise RunBusy(name)
                write_status(folder, replace(status, state="stopped", message=keep("Taken out of the queue")))
        except RunBusy:
            raise SettingError(tr("{name} does not wait any more. Stop it instead.", name=name)) from None
        if not status.epoch and not read_run(folder).pinned:
            shutil.rmtree(folder, ignore_errors=True)


def adopt_run(folder: Path, name: str = "") -> StoredRun:
    """Move a run that was done elsewhere into the library, under that name or the next free one.

    Args:
        folder: of the run. name: by default the folder's.

    Raises:
        CheckpointError: it is damaged, or the library cannot be written.
    """
    library = library_folders()[0]
    with hold_queue(library):
        target = _find_free_folder(library, name or folder.name)
        write_status(folder, replace(read_status(folder), ticket=_next_ticket()))
        try:
            if folder.parent != library:  # from another disk it is copied: it must not be there by half
                shutil.rmtree(library / NEW_FOLDER, ignore_errors=True)
                folder = Path(shutil.move(folder, library / NEW_FOLDER))
            folder.rename(target)
        except OSError as error:
            raise CheckpointError(
                tr("{path} cannot be written ({error}).", path=library, error=error.strerror or error)
            ) from error
    return find_run(target.name)


def _find_free_folder(library: Path, name: str) -> Path:
    """The one of that name, or with the first free number from 2 on behind its stem."""
    if name in MODELS or name in get_taken_names() or os.path.lexists(library / name):
        return new_run_folder(re.sub(r"-\d+$", "", name)[:MAX_STEM])
    return library / name


def is_run_name(name: str) -> bool:
    """Whether the folder of a run may be called that."""
    return _NAME.fullmatch(name) is not None


def check_target(folder: Path, *, overwrite: bool = False) -> None:
    """Refuse a folder in which no run may begin.

    Raises:
        CheckpointError: the name is unfit or the folder exists and must stay.
    """
    if not is_run_name(folder.name):
        raise CheckpointError(
            tr(
                "{name} cannot name a checkpoint: use letters, digits, '.', '_' and '-', at most 80.",
                name=repr(folder.name),
            )
        )
    if folder.exists() and not overwrite:
        raise CheckpointError(tr("{path} exists already. Choose another folder or ask to overwrite it.", path=folder))
    if folder.exists() and not any((folder / name).is_file() for name in (RUN_FILE, STATUS_FILE)):
        raise CheckpointError(tr("{path} is no checkpoint and is not overwritten.", path=folder))


def _hold_queue_around(folder: Path | None) -> AbstractContextManager[None]:
    """The lock of the queue of the library that the folder is in; a folder elsewhere has none."""
    library = library_folders()[0]
    inside = folder is None or folder.resolve().parent == library.resolve()
    return hold_queue(library) if inside else nullcontext()


def _add(settings: TrainingSettings, folder: Path | None, overwrite: bool) -> Path:
    """Make the folder of a run, for whoever holds the lock of the queue; it is there whole or not at all."""
    name = settings.network if settings.deceit is None else f"{settings.network}-{LIAR}"
    folder = folder or new_run_folder(name)
    check_target(folder, overwrite=overwrite)
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    status = RunStatus("queued", keep("Waiting for its turn"), _next_ticket(), now, epochs=settings.epochs or 0)
    try:
        _write_folder(folder, settings, status)
    except OSError as error:
        raise CheckpointError(tr("{path} cannot be written ({error}).", path=folder, error=error.strerror)) from error
    return folder


def _write_folder(folder: Path, settings: TrainingSettings, status: RunStatus) -> None:
    if folder.exists():
        if not read_run(folder).status.ended:
            raise RunBusy(tr("A process works on {name}. Stop the run or wait for its end.", name=folder.name))
        forget(folder)
    place = folder if folder.exists() else folder.parent / NEW_FOLDER
    if place != folder:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
    write_settings(place, settings)
    write_status(place, status)
    if place != folder:
        place.rename(folder)


def _request_again(folder: Path, held: ExitStack) -> None:
    """Let an ended run wait, for whoever holds the lock of the queue; the lock of the run is held on."""
    held.enter_context(hold_run(folder))
    status = read_status(folder)
    if status.without_state:
        raise SettingError(tr("{name} came from a file without what training needs to go on.", name=folder.name))
    if not status.resumable:
        raise SettingError(
            tr(
                "{name} is {state}: runs go on that were stopped, interrupted or failed.",
                name=folder.name,
                state=tr(status.state),
            )
        )
    (folder / STOP_FILE).unlink(missing_ok=True)
    write_status(folder, replace(status, state="queued", message=keep("Waiting to go on"), ticket=_next_ticket()))


def _next_ticket() -> int:
    """The place of a run that is asked for now, for whoever holds the lock of the queue."""
    return max((run.status.ticket for run in list_runs()), default=0) + 1
