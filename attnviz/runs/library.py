"""The library: the folders of checkpoints, what is in them, and what is not usable there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from attnviz.errors import CheckpointError, UnknownNameError
from attnviz.folders import library_folders
from attnviz.languages import mark, tr
from attnviz.models.model_cards import card_of
from attnviz.models.registry import MODELS
from attnviz.runs.checkpoint import Checkpoint, read_checkpoint
from attnviz.runs.checkpoint_files import MAX_BYTES, RUN_FILE, describe, escape_name
from attnviz.runs.factory_card import read_factory
from attnviz.runs.own_record import (
    OWN_FILES,
    RECORD_FILE,
    OwnModel,
    hash_owner,
    is_own_folder,
    read_own_model,
    read_owner,
)
from attnviz.runs.run_files import STATUS_FILE, read_status
from attnviz.values.model_card import ModelCard, Origin

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
            found[library.name] = DamagedCheckpoint(
                library, describe(tr("{path} cannot be read ({error}).", path=library, error=error.strerror))
            )
            continue
        for folder in folders:
            if folder.name not in found and not is_own_folder(folder) and not _has_pinned_nothing(folder):
                found[folder.name] = _read_or_describe(folder)
    order = {name: position for position, name in enumerate(MODELS)}
    return sorted(found.values(), key=lambda item: (order.get(item.name, len(order)), item.name))


def list_own_models(owner: str = "") -> list[OwnModel | DamagedCheckpoint]:
    """The models that people brought, those of everybody and the owner's; damaged folders come with the reason.

    Args:
        owner: the key of who asks; '' for whoever sits at the machine, who sees those of everybody.
    """
    seen = ("", hash_owner(owner))
    return [_read_or_describe_own(folder) for folder in _own_folders() if _get_owner(folder) in seen]


def list_cards(owner: str = "") -> list[ModelCard | DamagedCheckpoint]:
    """A card of everything in the library that reads texts, the networks of the table first, brought models last.

    Args:
        owner: as in `list_own_models`.
    """
    brought = [item.card if isinstance(item, OwnModel) else item for item in list_own_models(owner)]
    factory = read_factory()
    return [*_list_network_cards(), *([factory.card] if factory else []), *brought]


def find_card(name: str, owner: str = "") -> ModelCard:
    """The card of that name.

    Raises:
        UnknownNameError: this owner has no such model; the message lists the names there are.
        CheckpointError: it is damaged.
    """
    cards = {card.name: card for card in list_cards(owner)}
    if name not in cards:
        raise UnknownNameError(mark("model"), name, cards)
    if isinstance(card := cards[name], DamagedCheckpoint):
        raise CheckpointError(card.reason)
    return card


def find_own_model(name: str, *, owner: str = "", to_change: bool = False) -> OwnModel:
    """A model that somebody brought.

    Args:
        name: in the library.
        owner: as in `list_own_models`.
        to_change: whether it is to be renamed or deleted, which visitors may do to their own only.

    Raises:
        UnknownNameError: this owner has no such model; the message lists the names there are.
        CheckpointError: it is damaged.
    """
    seen = {hash_owner(owner)} if to_change else {"", hash_owner(owner)}
    folders = {folder.name: folder for folder in _own_folders() if _get_owner(folder) in seen}
    if name not in folders:
        raise UnknownNameError(mark("model of your own"), name, map(escape_name, folders))
    return read_own_model(folders[name])


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
    raise UnknownNameError(mark("checkpoint"), str(name_or_path), names)


def get_marks(folder: Path) -> Marks:
    """Name, size and time of change of a checkpoint's files: equal marks, equal files, without reading them."""
    return tuple(_mark_files(folder))


def get_library_marks() -> tuple[tuple[str, Marks], ...]:
    """The marks of each folder of the library: equal marks, an equal library. Every name in them is a proper text."""
    return tuple((escape_name(str(folder)), get_marks(folder)) for folder in _checkpoint_folders())


def get_taken_names() -> set[str]:
    """The names of everything in the library."""
    return {folder.name for folder in _checkpoint_folders()}


def new_run_folder(network: str) -> Path:
    """A folder of the library for a new run of that network: `<network>-<n>` with the first free n from 2."""
    library = library_folders()[0]
    taken = get_taken_names()
    number = 2
    while f"{network}-{number}" in taken or os.path.lexists(library / f"{network}-{number}"):
        number += 1
    return library / f"{network}-{number}"


def _existing_path(path: str | Path) -> Path | None:
    try:
        folder = Path(path).expanduser()
        return folder if any((folder / name).is_file() for name in (RUN_FILE, STATUS_FILE, RECORD_FILE)) else None
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


def _has_pinned_nothing(folder: Path) -> bool:
    """Whether it is the folder of a run that is no checkpoint (yet)."""
    with suppress(CheckpointError):  # what is neither is damaged
        return not os.path.lexists(folder / RUN_FILE) and bool(read_status(folder))
    return False


def _read_or_describe(folder: Path) -> Checkpoint | DamagedCheckpoint:
    try:
        return read_checkpoint(folder)
    except CheckpointError as error:
        return DamagedCheckpoint(folder, str(error))


def _list_network_cards() -> list[ModelCard | DamagedCheckpoint]:
    found = list_checkpoints()
    read_texts = [one for one in found if isinstance(one, DamagedCheckpoint) or one.spec.task == "reviews"]
    return [build_card(one) if isinstance(one, Checkpoint) else one for one in read_texts]


def build_card(checkpoint: Checkpoint) -> ModelCard:
    """The card of a network of the table that is in the library."""
    origin: Origin = "shipped" if checkpoint.name in MODELS else "run"
    card = card_of(checkpoint.spec, checkpoint.run.parameters, checkpoint.name, origin, checkpoint.deceit)
    return replace(card, accuracy=checkpoint.run.accuracy)


def _own_folders() -> Iterator[Path]:
    return (folder for folder in _checkpoint_folders() if is_own_folder(folder))


def _get_owner(folder: Path) -> str:
    """Whose model it is; one that does not say so any more is everybody's, who see that it is damaged."""
    try:
        return read_owner(folder)
    except CheckpointError:
        return ""


def _read_or_describe_own(folder: Path) -> OwnModel | DamagedCheckpoint:
    try:
        return read_own_model(folder)
    except CheckpointError as error:
        return DamagedCheckpoint(folder, str(error))


def _mark_files(folder: Path) -> Iterator[tuple[str, int, int]]:
    for name in (*MAX_BYTES, *OWN_FILES):
        with suppress(OSError):  # not there, as examples in many
            found = (folder / name).lstat()
            yield name, found.st_size, found.st_mtime_ns
