"""The folder of a model that somebody brought, and what its own.json says.

    <name>/model.keras or model.h5   the file as it was brought
    <name>/vocabulary.<ending>       the words, if they are not inside the model
    <name>/own.json                  how it is read, its card, the sha256 of the other files, whose it is

Writing goes to own_models.py; nothing here needs TensorFlow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from attnviz.errors import CheckpointError, SettingError
from attnviz.foreign.limits import MAX_MODEL_BYTES, MAX_VOCABULARY_BYTES
from attnviz.languages import tr
from attnviz.runs.checkpoint_files import describe, escape_name, hash_file, parse_record, read_file
from attnviz.values.model_card import ModelCard
from attnviz.values.plain import from_plain, to_plain

RECORD_FILE = "own.json"
FORMAT = 1
MAX_RECORD_BYTES = 1_000_000
MODEL_ENDINGS = (".keras", ".h5")
VOCABULARY_ENDINGS = (".txt", ".json")
OWN_FILES = (RECORD_FILE, "model.h5", "vocabulary.json")
"""Files of such a folder that a checkpoint has not."""
MAX_TITLE, MAX_LABELS, MAX_STEPS = 80, 1_000, 100_000

Title = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
Label = Annotated[str, Meta(min_length=1, max_length=200)]
Pad = Literal["auto", "left", "right"]


@dataclass(frozen=True)
class OwnModelSettings:
    """How a model that somebody brought is read.

    Attributes:
        title: what the pages call it.
        labels: the names of the classes in the order of the model's outputs; none for 'class 0' and so on.
        pad: on which side shorter texts are filled up; 'auto' finds it out.
        length: how many steps the model reads; None finds it out.
        attention: the names of the attentions that are shown (`FoundAttention.name`); None chooses, () shows none.
        target: the label that is explained if nobody says which, an index; None for the predicted one.
    """

    title: Title
    labels: Annotated[tuple[Label, ...], Meta(max_length=MAX_LABELS)] = ()
    pad: Pad = "auto"
    length: Annotated[int, Meta(ge=1, le=MAX_STEPS)] | None = None
    attention: Annotated[tuple[str, ...], Meta(max_length=1_000)] | None = None
    target: Annotated[int, Meta(ge=0)] | None = None


@dataclass(frozen=True)
class OwnModel:
    """A kept model whose files have the hashes that its own.json states.

    Attributes:
        folder: where it is.
        settings: how it is read; card: what was found in it.
        files: the sha256 of each file by its name.
        created: ISO 8601 in UTC.
        owner: sha256 of the key of whoever may see it; '' for everybody.
    """

    folder: Path
    settings: OwnModelSettings
    card: ModelCard
    files: Mapping[str, str]
    created: str
    owner: str = ""

    @property
    def name(self) -> str:
        """What the library calls it: the folder's name."""
        return self.folder.name

    @property
    def methods(self) -> tuple[str, ...]:
        """The explanation methods that it offers, the best known first."""
        return self.card.methods


@dataclass(frozen=True)
class _Written:
    """own.json."""

    format: int
    settings: OwnModelSettings
    card: ModelCard
    files: Mapping[str, str]
    created: str
    owner: str = ""


def hash_owner(owner: str) -> str:
    """What own.json keeps of the key of an owner, from which nobody learns the key."""
    return hashlib.sha256(owner.encode()).hexdigest() if owner else ""


def is_own_folder(folder: Path) -> bool:
    """Whether a folder of the library says that it holds such a model."""
    return (folder / RECORD_FILE).is_file()


def find_model_file(folder: Path) -> Path:
    """The model's file in a folder.

    Raises:
        CheckpointError: there is none.
    """
    for ending in MODEL_ENDINGS:
        if (path := folder / f"model{ending}").is_file():
            return path
    raise CheckpointError(tr("{path} holds no model file.", path=folder))


def find_vocabulary_file(folder: Path) -> Path | None:
    """The file of the words, if one was brought."""
    paths = (folder / f"vocabulary{ending}" for ending in VOCABULARY_ENDINGS)
    return next((path for path in paths if path.is_file()), None)


def hash_files(folder: Path) -> dict[str, str]:
    """The sha256 of the model's file and of its vocabulary, by name."""
    found = (find_model_file(folder), find_vocabulary_file(folder))
    return {path.name: hash_file(folder, path.name, get_limit(path.name)) for path in found if path is not None}


def get_limit(name: str) -> int:
    """How many bytes a file of such a folder may have."""
    if name == RECORD_FILE:
        return MAX_RECORD_BYTES
    return MAX_MODEL_BYTES if name.startswith("model.") else MAX_VOCABULARY_BYTES


def write_record(model: OwnModel) -> None:
    """Write own.json into the model's folder: whole or not at all."""
    written = _Written(FORMAT, model.settings, model.card, dict(model.files), model.created, model.owner)
    temporary = model.folder / f".{RECORD_FILE}"
    text = json.dumps(to_plain(written), indent=2, ensure_ascii=False, allow_nan=False)
    temporary.write_text(f"{text}\n", encoding="utf-8")
    temporary.replace(model.folder / RECORD_FILE)


def read_own_model(folder: Path, name: str | None = None) -> OwnModel:
    """Check and read such a folder without opening the model.

    Args:
        folder: of the model.
        name: what the model is called, if the folder was moved out of the way.

    Raises:
        CheckpointError: in one line, what is damaged.
    """
    try:
        model = _read(folder)
        _check_name(model, name or folder.name)
        _check_hashes(model)
    except SettingError as error:
        raise CheckpointError(
            describe(tr("{path} is damaged: {error}", path=folder / RECORD_FILE, error=error))
        ) from error
    except CheckpointError as error:
        raise CheckpointError(describe(error)) from error
    return model


def read_owner(folder: Path) -> str:
    """Whose model it is, as `OwnModel.owner`; its files are not looked at.

    Raises:
        CheckpointError: own.json is damaged.
    """
    try:
        return _read(folder).owner
    except SettingError as error:
        raise CheckpointError(
            describe(tr("{path} is damaged: {error}", path=folder / RECORD_FILE, error=error))
        ) from error


def _read(folder: Path) -> OwnModel:
    record = parse_record(read_file(folder, RECORD_FILE, MAX_RECORD_BYTES))
    if record.get("format") != FORMAT:
        raise SettingError(
            tr(
                "it has format {found}; this version of attnviz reads format {format}",
                found=repr(record.get("format")),
                format=FORMAT,
            )
        )
    written = from_plain(_Written, record, "record of a model")
    return OwnModel(folder, written.settings, written.card, written.files, written.created, written.owner)


def _check_name(model: OwnModel, name: str) -> None:
    if escape_name(name) != name:
        raise CheckpointError(
            tr("{path} has characters in its name that cannot be seen. Rename the folder.", path=model.folder)
        )
    if model.card.name != name or model.card.origin != "yours" or len(model.card.labels) < 2:
        raise SettingError(tr("its card is that of another model"))


def _check_hashes(model: OwnModel) -> None:
    found = hash_files(model.folder)
    for name in sorted(found.keys() | model.files.keys()):
        if found.get(name) != model.files.get(name):
            path = model.folder / name
            raise CheckpointError(
                tr(
                    "{path} is not the file that {record} describes. Add the model again.",
                    path=path,
                    record=RECORD_FILE,
                )
            )
