"""The checkpoint directory: one trained network with its vocabulary, history and the record of its run.

    <name>/model.keras      written by Keras; plain `keras.saving.load_model` reads it once attnviz.models.architectures
                            is imported
    <name>/vocabulary.txt   one word a line, line number = id (text networks only)
    <name>/history.csv      one row an epoch
    <name>/examples.json    explanations of example texts, shown until the network is loaded (text networks)
    <name>/run.json         the Run, the format version, and the sha256 of every other file

Writing goes to a temporary sibling that is renamed when it is whole. Reading needs no TensorFlow; only `load_model`
does.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from attnviz.errors import CheckpointError, SettingError, UnknownNameError
from attnviz.folders import library_folders
from attnviz.models.registry import MODELS, ModelSpec
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.explanation import Explanation
from attnviz.values.history import History
from attnviz.values.run import Run

if TYPE_CHECKING:
    import keras

FORMAT = 1
MODEL_FILE, VOCABULARY_FILE, HISTORY_FILE, RUN_FILE = "model.keras", "vocabulary.txt", "history.csv", "run.json"
EXAMPLES_FILE = "examples.json"
_KINDS: Mapping[str, tuple[type, ...]] = {
    "parameters": (int,),
    "data": (dict,),
    "seed": (int,),
    "recipe": (dict,),
    "protocol": (str,),
    "selected_epoch": (int,),
    "accuracy": (int, float),
    "loss": (int, float),
    "created": (str,),
    "seconds": (int, float),
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk whose files have the hashes that its run.json states."""

    folder: Path
    run: Run
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the library calls it: the folder's name."""
        return self.folder.name

    @property
    def spec(self) -> ModelSpec:
        """The network's row of the model table."""
        return MODELS[self.run.network]

    @cached_property
    def history(self) -> History:
        """The training history, a row an epoch."""
        try:
            return History.from_frame(pd.read_csv(self.folder / HISTORY_FILE))
        except (OSError, ValueError) as error:
            raise CheckpointError(f"{self.folder / HISTORY_FILE} is no history ({error}).") from error

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words by id; only text networks have one."""
        try:
            return Vocabulary.load(self.folder / VOCABULARY_FILE)
        except (OSError, ValueError, SettingError) as error:
            raise CheckpointError(f"{self.folder / VOCABULARY_FILE} is no vocabulary ({error}).") from error

    @cached_property
    def examples(self) -> tuple[Explanation, ...]:
        """Explanations that were made when the network was saved; none if the checkpoint carries none."""
        if EXAMPLES_FILE not in self.files:
            return ()
        try:
            rows = json.loads((self.folder / EXAMPLES_FILE).read_text(encoding="utf-8"))
            return tuple(Explanation.from_dict(row) for row in rows)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CheckpointError(f"{self.folder / EXAMPLES_FILE} holds no explanations ({error}).") from error


@dataclass(frozen=True)
class DamagedCheckpoint:
    """A folder of the library that cannot be used, and why."""

    folder: Path
    reason: str

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


def save_checkpoint(
    folder: Path,
    model: keras.Model,
    run: Run,
    history: History,
    vocabulary: Vocabulary | None = None,
    examples: Sequence[Explanation] = (),
    *,
    overwrite: bool = False,
) -> Checkpoint:
    """Write a checkpoint; the folder appears whole or not at all.

    Raises:
        CheckpointError: the folder exists and `overwrite` is False, or the disk refuses.
    """
    check_target(folder, overwrite=overwrite)
    temporary: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        temporary.chmod(0o755)
        model.save(temporary / MODEL_FILE)
        history.to_frame().to_csv(temporary / HISTORY_FILE, index=False, lineterminator="\n")
        if vocabulary is not None:
            vocabulary.save(temporary / VOCABULARY_FILE)
        if examples:
            rows = json.dumps([example.to_dict() for example in examples], allow_nan=False, separators=(",", ":"))
            (temporary / EXAMPLES_FILE).write_text(rows + "\n", encoding="utf-8")
        files = {path.name: _sha256(path) for path in sorted(temporary.iterdir())}
        record = {"format": FORMAT, **asdict(run), "files": files}
        (temporary / RUN_FILE).write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        _replace(temporary, folder)
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be written ({error}).") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return Checkpoint(folder, run, files)


def check_target(folder: Path, *, overwrite: bool = False) -> None:
    """Refuse a folder that `save_checkpoint` could not write, before hours of training are spent.

    Raises:
        CheckpointError: the name is unfit or the folder exists and must stay.
    """
    if not _NAME.fullmatch(folder.name):
        raise CheckpointError(
            f"{folder.name!r} cannot name a checkpoint: use letters, digits, '.', '_' and '-', at most 80."
        )
    if folder.exists() and not overwrite:
        raise CheckpointError(f"{folder} exists already. Choose another folder or ask to overwrite it.")
    if folder.exists() and not (folder / RUN_FILE).is_file():
        raise CheckpointError(f"{folder} is no checkpoint and is not overwritten.")


def read_checkpoint(folder: Path) -> Checkpoint:
    """Check and describe a checkpoint without loading its network.

    Raises:
        CheckpointError: says which file is missing or damaged, or which format was found.
    """
    record = _read_record(folder)
    if record.get("format") != FORMAT:
        raise CheckpointError(
            f"{folder} has checkpoint format {record.get('format')!r}; this version of attnviz reads format {FORMAT}."
        )
    try:
        run = Run(**{field.name: record[field.name] for field in fields(Run)})
        files = dict(record["files"])
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{folder / RUN_FILE} lacks the entry {error}.") from error
    if not isinstance(run.network, str) or run.network not in MODELS:
        raise CheckpointError(f"{folder} holds an unknown network {run.network!r}; known: {', '.join(MODELS)}.")
    _check_run(run, folder)
    needed = {MODEL_FILE, HISTORY_FILE} | ({VOCABULARY_FILE} if MODELS[run.network].task == "reviews" else set())
    if missing := needed - files.keys():
        raise CheckpointError(f"{folder / RUN_FILE} states no sha256 of {', '.join(sorted(missing))}.")
    if EXAMPLES_FILE in files:
        needed.add(EXAMPLES_FILE)
    for name in sorted(needed):
        _check_file(folder / name, files[name])
    return Checkpoint(folder, run, files)


def load_model(checkpoint: Checkpoint) -> keras.Model:
    """The trained network of a checkpoint: built from the model table, with the weights of the file.

    Nothing in the file is deserialised into layers, so a checkpoint from elsewhere cannot run code of its own, and one
    that a newer Keras wrote still loads.

    Raises:
        CheckpointError: the file does not hold the weights of that network.
    """
    from attnviz.models.architectures import build_column_network, build_model

    try:
        if checkpoint.spec.task == "column":
            model = build_column_network(int(checkpoint.run.data.get("columns", 4)))
        else:
            model = build_model(checkpoint.spec.name, vocabulary_size=len(checkpoint.vocabulary))
        model.load_weights(checkpoint.folder / MODEL_FILE)
        return model
    except CheckpointError:
        raise
    except Exception as error:  # Keras raises whatever the parts of the file raise
        raise CheckpointError(f"Keras cannot read {checkpoint.folder / MODEL_FILE} ({error}).") from error


def list_checkpoints() -> list[Checkpoint | DamagedCheckpoint]:
    """Everything in the library, the networks of the table first; damaged folders come with the reason."""
    found: dict[str, Checkpoint | DamagedCheckpoint] = {}
    for folder in _checkpoint_folders():
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
    names = sorted({folder.name for folder in _checkpoint_folders()})
    raise UnknownNameError("checkpoint", str(name_or_path), names)


def get_marks(folder: Path, pattern: str = "*") -> tuple[tuple[str, int, int], ...]:
    """Path, size and time of change of the files of a folder: equal marks, equal files, without reading them again."""
    paths = sorted(folder.glob(pattern)) if folder.is_dir() else []
    return tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths)


def new_run_folder(network: str) -> Path:
    """A folder of the library for a new run of that network: `<network>-<n>` with the first free n from 2."""
    library = library_folders()[0]
    taken = {folder.name for folder in _checkpoint_folders()}
    number = 2
    while f"{network}-{number}" in taken or (library / f"{network}-{number}").exists():
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
        if library.is_dir():
            yield from sorted(path for path in library.iterdir() if path.is_dir() and not path.name.startswith("."))


def _read_or_describe(folder: Path) -> Checkpoint | DamagedCheckpoint:
    try:
        return read_checkpoint(folder)
    except CheckpointError as error:
        return DamagedCheckpoint(folder, str(error))


def _read_record(folder: Path) -> dict[str, Any]:
    try:
        record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckpointError(f"{folder} is no checkpoint: {RUN_FILE} is missing.") from None
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{folder / RUN_FILE} cannot be read ({error}).") from error
    if not isinstance(record, dict):
        raise CheckpointError(f"{folder / RUN_FILE} holds no JSON object.")
    return record


def _check_run(run: Run, folder: Path) -> None:
    """Refuse values that the pages could not show."""
    for name, kinds in _KINDS.items():
        if not isinstance(value := getattr(run, name), kinds):
            raise CheckpointError(f"{folder / RUN_FILE} has {value!r} as {name}.")
    if MODELS[run.network].task == "reviews":
        for name in ("train", "held_out", "test"):
            if not isinstance(value := run.data.get(name), int):
                raise CheckpointError(f"{folder / RUN_FILE} has {value!r} as the number of reviews in data.{name}.")


def _check_file(path: Path, expected: object) -> None:
    try:
        found = _sha256(path)
    except OSError as error:
        raise CheckpointError(f"{path} is missing or cannot be read ({error.strerror}).") from error
    if found != expected:
        raise CheckpointError(
            f"{path} is damaged: its sha256 is {found[:12]}…, {RUN_FILE} states {str(expected)[:12]}…"
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()  # the largest file has 6 MB


def _replace(temporary: Path, folder: Path) -> None:
    """Rename into place; an older checkpoint steps aside first and comes back if the rename fails."""
    if not folder.exists():
        temporary.rename(folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(aside / folder.name)
    try:
        temporary.rename(folder)
    except OSError:
        (aside / folder.name).rename(folder)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
