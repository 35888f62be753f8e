"""Models that people bring, on their way into the library and out of it: staged, kept, renamed, deleted, restored.

A file is checked at the door (`stage_model`), opened in a process of its own (the engine's `ExamineModel`), and kept
under a name (`keep_model`).

Whose it is: `owner` is '' for whoever sits at the machine (`attnviz add`, a page that is opened on the machine itself);
what he adds is everybody's, and he may change everything. Visitors of a server have a key each, which nobody else
knows; what they add is listed for them alone, they change nothing else, and it is gone after VISITOR_HOURS.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

import filelock

from attnviz.errors import CheckpointError, SettingError
from attnviz.folders import library_folders
from attnviz.foreign.limits import check_size
from attnviz.foreign.model_door import check_at_door
from attnviz.foreign.model_file import FileReport
from attnviz.foreign.vocabulary_file import check_vocabulary_file
from attnviz.languages import tr
from attnviz.runs.library import find_own_model, get_taken_names
from attnviz.runs.own_names import make_file_name, make_model_name, make_title
from attnviz.runs.own_record import (
    OwnModel,
    OwnModelSettings,
    get_limit,
    hash_files,
    hash_owner,
    is_own_folder,
    read_own_model,
    write_record,
)
from attnviz.runs.own_sweep import DELETED, LOCK_FILE, STAGED, find_deleted, sweep
from attnviz.values.model_card import ModelCard

READ_ONLY = "ATTNVIZ_READ_ONLY"
"""The environment variable that switches adding, renaming and deleting off, if it is set to 1."""


@dataclass(frozen=True)
class StagedModel:
    """A file that passed the door and waits in a hidden folder of the library until it is kept.

    Attributes:
        folder: where it is; its name is what `ExamineModel`, and afterwards `Explain` and the like, call the model.
        title: what to call it if nobody says better, from the file's name.
        report: what the file says of itself.
    """

    folder: Path
    title: str
    report: FileReport

    @property
    def name(self) -> str:
        """What the operations of the engine call it until it is kept."""
        return self.folder.name


def is_read_only() -> bool:
    """Whether models may not be added, renamed and deleted here: ATTNVIZ_READ_ONLY=1."""
    return os.environ.get(READ_ONLY, "") not in ("", "0")


def stage_model(file_name: str, data: bytes | Path, vocabulary: tuple[str, bytes | Path] | None = None) -> StagedModel:
    """Check a model's file, and the file of its words if they are not inside, and lay them into a hidden folder.

    Args:
        file_name: as its owner calls it; the ending says what it is.
        data: what is in it, or where it is.
        vocabulary: the name and the contents of a file of words.

    Raises:
        ModelFileError: a file that is not opened; says why and what to do.
        SettingError: models are not added here.
        CheckpointError: the library cannot be written.
    """
    _check_writable()
    files = [(make_file_name("model", file_name), data)]
    if vocabulary is not None:
        files.append((make_file_name("vocabulary", vocabulary[0]), vocabulary[1]))
    try:
        return _stage(make_title(file_name), files)
    except OSError as error:
        raise CheckpointError(
            tr("{path} cannot be written ({error}).", path=library_folders()[0], error=error.strerror)
        ) from error


def discard_model(staged: StagedModel) -> None:
    """Forget a staged model."""
    shutil.rmtree(staged.folder, ignore_errors=True)


def keep_model(staged: StagedModel, settings: OwnModelSettings, card: ModelCard, *, owner: str = "") -> ModelCard:
    """Put a staged model into the library under a name made of its title; its card under that name.

    Raises:
        SettingError: models are not added here, or this one is not there any more.
        CheckpointError: the library cannot be written.
    """
    _check_writable()
    if not staged.folder.is_dir():
        raise SettingError(tr("This model was not kept in time. Choose its file again."))
    library = staged.folder.parent
    with filelock.FileLock(library / LOCK_FILE):
        name = make_model_name(settings.title, get_taken_names())
        card = replace(card, name=name, title=settings.title, origin="yours")
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        kept = OwnModel(staged.folder, settings, card, hash_files(staged.folder), now, hash_owner(owner))
        write_record(kept)
        staged.folder.rename(library / name)
    return card


def rename_model(name: str, title: str, *, owner: str = "") -> ModelCard:
    """Give a kept model another title; its name, by which links find it, stays.

    Raises:
        UnknownNameError: this owner has no such model.
        SettingError: no title, or nothing is changed here.
    """
    _check_writable()
    model = find_own_model(name, owner=owner, to_change=True)
    title = make_title(title)
    card = replace(model.card, title=title)
    write_record(replace(model, settings=replace(model.settings, title=title), card=card))
    return card


def delete_model(name: str, *, owner: str = "") -> None:
    """Move a model out of the library; `restore_model` brings it back until it is swept away, after a day at most.

    Raises:
        UnknownNameError: this owner has no such model.
        SettingError: nothing is changed here.
    """
    _check_writable()
    folder = find_own_model(name, owner=owner, to_change=True).folder
    aside = folder.parent / f"{DELETED}{secrets.token_hex(4)}-{name}"
    folder.rename(aside)
    os.utime(aside)


def restore_model(name: str, *, owner: str = "") -> ModelCard:
    """Undo `delete_model`.

    Raises:
        SettingError: it is gone, or its name was taken meanwhile, or nothing is changed here.
    """
    _check_writable()
    for aside in filter(is_own_folder, find_deleted(name)):  # a run may have had the name, too
        if read_own_model(aside, name=name).owner == hash_owner(owner):
            if name in get_taken_names():
                raise SettingError(tr("There is another {name} by now. Rename or delete it first.", name=name))
            aside.rename(aside.parent / name)
            return read_own_model(aside.parent / name).card
    raise SettingError(tr("{name} cannot be brought back: it was deleted for good.", name=name))


def _check_writable() -> None:
    if is_read_only():
        raise SettingError(tr("Models are not added, renamed or deleted here: {variable} is set.", variable=READ_ONLY))


def _stage(title: str, files: list[tuple[str, bytes | Path]]) -> StagedModel:
    library = library_folders()[0]
    library.mkdir(parents=True, exist_ok=True)
    sweep(library, time.time())
    folder = library / f"{STAGED}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        model, *words = [_write(folder / name, data) for name, data in files]
        report = check_at_door(model)
        for path in words:
            check_vocabulary_file(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return StagedModel(folder, title, report)


def _write(path: Path, data: bytes | Path) -> Path:
    if isinstance(data, Path):
        check_size(data, get_limit(path.name))
        shutil.copyfile(data, path)
    else:
        path.write_bytes(data)
    return path
