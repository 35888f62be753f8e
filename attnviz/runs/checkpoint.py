"""The checkpoint directory: one trained network with its vocabulary, history and the record of its run.

    <name>/model.keras      written by Keras; plain `keras.saving.load_model` reads it once attnviz.models.architectures
                            is imported
    <name>/vocabulary.txt   one word a line, line number = id (text networks only)
    <name>/history.csv      one row an epoch
    <name>/examples.json    explanations of example texts, shown until the network is loaded (text networks)
    <name>/run.json         the Run, the format version, and the sha256 of every other file

Writing goes to a temporary sibling that is renamed when it is whole. Reading needs no TensorFlow; the network itself is
made in loading.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from attnviz.errors import CheckpointError, SettingError, UnknownNameError
from attnviz.models.registry import MODELS, ModelSpec
from attnviz.runs.checkpoint_files import (
    EXAMPLES_FILE,
    HISTORY_FILE,
    MODEL_FILE,
    RUN_FILE,
    VOCABULARY_FILE,
    describe,
    escape_name,
    hash_file,
    parse_examples,
    parse_history,
    parse_record,
    parse_vocabulary,
    read_file,
)
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.explanation import Explanation
from attnviz.values.history import History
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.run import Run

if TYPE_CHECKING:
    import keras

Part = TypeVar("Part")

FORMAT = 1
PUBLISHED_COLUMNS, MAX_COLUMNS = 4, 1_000
"""How many columns of numbers the network `column` reads if its run does not say, and at most."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk whose files have the hashes that its run.json states.

    Attributes:
        folder: where it is.
        run: how it was trained.
        files: the sha256 of each file by its name.
        history: the training history, a row an epoch.
        words: the vocabulary of a text network.
        examples: explanations that were made when the network was saved; a checkpoint may carry none.
    """

    folder: Path
    run: Run
    files: Mapping[str, str]
    history: History = field(compare=False, repr=False)
    words: Vocabulary | None = field(default=None, compare=False, repr=False)
    examples: tuple[Explanation, ...] = field(default=(), compare=False, repr=False)

    @property
    def name(self) -> str:
        """What the library calls it: the folder's name."""
        return self.folder.name

    @property
    def spec(self) -> ModelSpec:
        """The network's row of the model table."""
        return MODELS[self.run.network]

    @property
    def methods(self) -> tuple[str, ...]:
        """The explanation methods that the network offers, the best known first."""
        return self.spec.methods

    @property
    def deceit(self) -> float | None:
        """λ of an adversarially trained twin, see training/deception.py; None of any other network."""
        deceit = self.run.recipe.get("deceit")
        return float(deceit) if isinstance(deceit, (int, float)) else None

    @property
    def reads_padding(self) -> bool:
        """Whether it was trained as its tutorial trained it, on padding that is read like words."""
        return self.run.protocol == "tutorial"

    @property
    def columns(self) -> int:
        """How many columns of numbers the network `column` reads."""
        return _count_columns(self.run)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words by id.

        Raises:
            CheckpointError: the network reads no text.
        """
        if self.words is None:
            raise CheckpointError(f"{self.folder} has no vocabulary: {self.run.network} reads no text.")
        return self.words


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
        _write_texts(temporary, history, vocabulary, examples)
        files = {path.name: hash_file(temporary, path.name) for path in sorted(temporary.iterdir())}
        _write_record(temporary, run, files)
        _replace(temporary, folder)
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be written ({error}).") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return Checkpoint(folder, run, files, history, vocabulary, tuple(examples))


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
    """Check and read a checkpoint without loading its network.

    Raises:
        CheckpointError: in one line, which file is missing, damaged or something else, or which format was found.
    """
    try:
        return _read_checkpoint(folder)
    except CheckpointError as error:
        raise CheckpointError(describe(error)) from error


def _write_texts(
    folder: Path, history: History, vocabulary: Vocabulary | None, examples: Sequence[Explanation]
) -> None:
    history.to_frame().to_csv(folder / HISTORY_FILE, index=False, lineterminator="\n")
    if vocabulary is not None:
        vocabulary.save(folder / VOCABULARY_FILE)
    if examples:
        rows = json.dumps([example.to_dict() for example in examples], allow_nan=False, separators=(",", ":"))
        (folder / EXAMPLES_FILE).write_text(f"{rows}\n", encoding="utf-8")


def _write_record(folder: Path, run: Run, files: Mapping[str, str]) -> None:
    record = {"format": FORMAT, **to_plain(run), "files": files}
    try:
        text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise CheckpointError(f"A run whose loss is no number is not kept ({error}).") from error
    (folder / RUN_FILE).write_text(f"{text}\n", encoding="utf-8")


def _check_folder(folder: Path) -> None:
    if escape_name(folder.name) != folder.name:
        raise CheckpointError(f"{folder} has characters in its name that cannot be seen. Rename the folder.")
    if not os.path.lexists(folder / RUN_FILE):
        raise CheckpointError(f"{folder} is no checkpoint: {RUN_FILE} is missing.")


def _read_checkpoint(folder: Path) -> Checkpoint:
    _check_folder(folder)
    run, files = _read_part(folder, RUN_FILE, read_file(folder, RUN_FILE), _parse_run)
    spec = MODELS[run.network]
    reads_text = spec.task == "reviews"
    if missing := {MODEL_FILE, HISTORY_FILE, *([VOCABULARY_FILE] if reads_text else [])} - files.keys():
        raise CheckpointError(f"{folder / RUN_FILE} states no sha256 of {', '.join(sorted(missing))}.")

    def read(name: str, parse: Callable[[bytes], Part]) -> Part:
        data = read_file(folder, name)
        _compare(folder / name, hashlib.sha256(data).hexdigest(), files)
        return _read_part(folder, name, data, parse)

    history = read(HISTORY_FILE, parse_history)
    if not 1 <= run.selected_epoch <= len(history):
        raise CheckpointError(f"{folder / RUN_FILE} has epoch {run.selected_epoch:,} of {len(history):,} selected.")
    words = read(VOCABULARY_FILE, lambda data: parse_vocabulary(data, spec.vocabulary_size)) if reads_text else None
    examples = read(EXAMPLES_FILE, parse_examples) if EXAMPLES_FILE in files else ()
    _compare(folder / MODEL_FILE, hash_file(folder, MODEL_FILE), files)
    return Checkpoint(folder, run, files, history, words, examples)


def _read_part(folder: Path, name: str, data: bytes, parse: Callable[[bytes], Part]) -> Part:
    try:
        return parse(data)
    except SettingError as error:
        raise CheckpointError(f"{folder / name} is damaged: {str(error).removesuffix('.')}.") from error


def _compare(path: Path, found: str, files: Mapping[str, str]) -> None:
    if found != (stated := files[path.name]):
        raise CheckpointError(f"{path} is damaged: its sha256 is {found[:12]}…, {RUN_FILE} states {stated[:12]}…")


def _parse_run(data: bytes) -> tuple[Run, Mapping[str, str]]:
    record = parse_record(data)
    if record.get("format") != FORMAT:
        found = record.get("format")
        raise SettingError(f"it has checkpoint format {found!r}; this version of attnviz reads format {FORMAT}")
    run = from_plain(Run, record, "record of a run")
    _check_run(run)
    return run, from_plain(dict[str, str], record.get("files"), "table of sha256")


def _check_run(run: Run) -> None:
    """Refuse values that the pages could not show, or a network that could not be built."""
    if run.network not in MODELS:
        raise UnknownNameError("network", run.network, MODELS)
    if not 0 <= run.accuracy <= 1:
        raise SettingError(f"it has {run.accuracy} as accuracy, which is a fraction")
    if MODELS[run.network].task == "column":
        _count_columns(run)
    else:
        for name in ("train", "held_out", "test"):
            _get_count(run, name)


def _count_columns(run: Run) -> int:
    columns = _get_count(run, "columns") if "columns" in run.data else PUBLISHED_COLUMNS
    if not 1 <= columns <= MAX_COLUMNS:
        raise SettingError(f"its network reads {columns:,} columns; 1 to {MAX_COLUMNS:,} are possible")
    return columns


def _get_count(run: Run, name: str) -> int:
    if not isinstance(value := run.data.get(name), int) or value < 0:
        raise SettingError(f"it has {value!r} as the number data.{name}")
    return value


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
