"""The checkpoint directory: one trained network with its vocabulary, history and the record of its run.

    <name>/model.keras      written by Keras; plain `keras.saving.load_model` reads it once attnviz.models.architectures
                            is imported
    <name>/vocabulary.txt   one word a line, line number = id (text networks only)
    <name>/history.csv      one row an epoch
    <name>/examples.json    explanations of example texts, shown until the network is loaded (text networks)
    <name>/run.json         the Run, the format version, and the sha256 of every other file

Reading needs no TensorFlow; loading.py makes the network. Files of the run that made it may lie beside: run_files.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from attnviz.errors import CheckpointError, SettingError
from attnviz.languages import mark, tr
from attnviz.models.own_data_spec import get_run_spec
from attnviz.models.registry import ModelSpec
from attnviz.render.numerals import format_count
from attnviz.runs.checkpoint_files import (
    EXAMPLES_FILE,
    HISTORY_FILE,
    MAX_BYTES,
    MODEL_FILE,
    RUN_FILE,
    VOCABULARY_FILE,
    describe,
    escape_name,
    hash_file,
    parse_examples,
    parse_history,
    parse_vocabulary,
    read_file,
)
from attnviz.runs.run_files import STATUS_FILE
from attnviz.runs.run_record import FORMAT, count_columns, parse_run
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.explanation import Explanation
from attnviz.values.history import History
from attnviz.values.plain import to_plain
from attnviz.values.run import Run

if TYPE_CHECKING:
    import keras

Part = TypeVar("Part")

PIN_FOLDER = ".pin"

_NO_VOCABULARY = mark("{path} has no vocabulary: {network} reads no text.")
_ODD_NAME = mark("{path} has characters in its name that cannot be seen. Rename the folder.")
_NO_HASH = mark("{path} states no sha256 of {files}.")
_NO_EPOCH = mark("{path} has epoch {epoch} of {epochs} selected.")
_OTHER_HASH = mark("{path} is damaged: its sha256 is {found}…, {file} states {stated}…")


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
        """The network's row of the model table, with the classes of a data set of somebody's own if it learned one."""
        return get_run_spec(self.run.network, self.run.data)

    @property
    def methods(self) -> tuple[str, ...]:
        """The explanation methods that the network offers, the best known first."""
        return self.spec.methods

    @property
    def deceit(self) -> float | None:
        """λ of an adversarially trained twin, see training/deception.py; None of any other network."""
        return float(deceit) if isinstance(deceit := self.run.recipe.get("deceit"), (int, float)) else None

    @property
    def reads_padding(self) -> bool:
        """Whether it was trained as its tutorial trained it, on padding that is read like words."""
        return self.run.protocol == "tutorial"

    @property
    def columns(self) -> int:
        """How many columns of numbers the network `column` reads."""
        return count_columns(self.run)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words by id.

        Raises:
            CheckpointError: the network reads no text.
        """
        if self.words is None:
            raise CheckpointError(tr(_NO_VOCABULARY, path=self.folder, network=self.run.network))
        return self.words


def save_checkpoint(
    folder: Path,
    model: keras.Model,
    run: Run,
    history: History,
    vocabulary: Vocabulary | None = None,
    examples: Sequence[Explanation] = (),
) -> Checkpoint:
    """Write a checkpoint into a folder, in the place of one that is there; other files of the folder stay.

    The files are made in a hidden folder inside; when all are there, they move into place. A process that ends before
    that leaves the older checkpoint; one that ends while they move, a folder that `finish_saving` completes.

    Raises:
        CheckpointError: the disk refuses.
    """
    place = folder / PIN_FOLDER
    try:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        model.save(place / MODEL_FILE)
        _write_texts(place, history, vocabulary, examples)
        files = {path.name: hash_file(place, path.name) for path in sorted(place.iterdir())}
        _write_record(place, run, files)
        finish_saving(folder)
    except OSError as error:
        raise CheckpointError(tr("{path} cannot be written ({error}).", path=folder, error=error)) from error
    finally:
        if not (place / RUN_FILE).exists():
            _remove_unused(place)
    return Checkpoint(folder, run, files, history, vocabulary, tuple(examples))


def finish_saving(folder: Path) -> None:
    """Complete what an ended `save_checkpoint` had written whole; remove what it had not.

    Raises:
        OSError: the disk refuses.
        CheckpointError: what is there was not written by `save_checkpoint`.
    """
    place = folder / PIN_FOLDER
    if not place.is_dir():
        return
    if (place / RUN_FILE).is_file():
        files = parse_run(read_file(place, RUN_FILE))[1]
        (folder / RUN_FILE).unlink(missing_ok=True)  # no checkpoint any more, until all of the new one is there
        for name in MAX_BYTES.keys() - {RUN_FILE}:
            if (place / name).exists():
                (place / name).replace(folder / name)
            elif name not in files:
                (folder / name).unlink(missing_ok=True)
        (place / RUN_FILE).replace(folder / RUN_FILE)
    shutil.rmtree(place)


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
        raise CheckpointError(tr("A run whose loss is no number is not kept ({error}).", error=error)) from error
    half = folder / f".{RUN_FILE}"  # the record says that all is there, so it must not be there by half
    half.write_text(f"{text}\n", encoding="utf-8")
    half.replace(folder / RUN_FILE)


def _check_folder(folder: Path) -> None:
    if escape_name(folder.name) != folder.name:
        raise CheckpointError(tr(_ODD_NAME, path=folder))
    if not os.path.lexists(folder / RUN_FILE) and (folder / STATUS_FILE).is_file():
        raise CheckpointError(tr("{name} is a run of which no epoch is kept (yet).", name=folder.name))
    if not os.path.lexists(folder / RUN_FILE):
        raise CheckpointError(tr("{path} is no checkpoint: {file} is missing.", path=folder, file=RUN_FILE))


def _read_checkpoint(folder: Path) -> Checkpoint:
    _check_folder(folder)
    run, files = _read_part(folder, RUN_FILE, read_file(folder, RUN_FILE), parse_run)
    spec = get_run_spec(run.network, run.data)
    reads_text = spec.task == "reviews"
    if missing := {MODEL_FILE, HISTORY_FILE, *([VOCABULARY_FILE] if reads_text else [])} - files.keys():
        raise CheckpointError(tr(_NO_HASH, path=folder / RUN_FILE, files=", ".join(sorted(missing))))

    def read(name: str, parse: Callable[[bytes], Part]) -> Part:
        data = read_file(folder, name)
        _compare(folder / name, hashlib.sha256(data).hexdigest(), files)
        return _read_part(folder, name, data, parse)

    history = read(HISTORY_FILE, parse_history)
    if not 1 <= run.selected_epoch <= len(history):
        raise CheckpointError(
            tr(
                _NO_EPOCH,
                path=folder / RUN_FILE,
                epoch=format_count(run.selected_epoch),
                epochs=format_count(len(history)),
            )
        )
    most, unit = spec.vocabulary_size, spec.unit
    words = read(VOCABULARY_FILE, lambda data: parse_vocabulary(data, most, unit)) if reads_text else None
    examples = read(EXAMPLES_FILE, parse_examples) if EXAMPLES_FILE in files else ()
    _compare(folder / MODEL_FILE, hash_file(folder, MODEL_FILE), files)
    return Checkpoint(folder, run, files, history, words, examples)


def _read_part(folder: Path, name: str, data: bytes, parse: Callable[[bytes], Part]) -> Part:
    try:
        return parse(data)
    except SettingError as error:
        raise CheckpointError(
            tr("{path} is damaged: {error}.", path=folder / name, error=str(error).removesuffix("."))
        ) from error


def _compare(path: Path, found: str, files: Mapping[str, str]) -> None:
    if found != (stated := files[path.name]):
        raise CheckpointError(tr(_OTHER_HASH, path=path, found=found[:12], file=RUN_FILE, stated=stated[:12]))


def _remove_unused(place: Path) -> None:
    """Of a save that failed: its hidden folder, and the folder around it if it holds nothing else."""
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):
        place.parent.rmdir()
