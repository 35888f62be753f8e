"""All that training needs to go on from its last finished epoch, as one file that is there whole or not at all.

It holds the model's variables (weights and the states of the random numbers of dropout), the optimizer's (moments, the
number of steps, which is the place in the schedule, and averaged weights), the weights of the best epoch, and what was
measured so far. As Keras' BackupAndRestore, but for a run that selects an epoch and averages weights.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from attnviz.errors import CheckpointError, SettingError
from attnviz.languages import tr
from attnviz.values.arrays import FloatArray
from attnviz.values.plain import from_plain, to_plain

FILE, RECORD = "epoch.npz", "record"


@dataclass(frozen=True)
class BestEpoch:
    """The epoch that is kept, counted from 1, with its weights in the model's order; before the first, number 0."""

    epoch: int = 0
    rank: tuple[float, float] = (-math.inf, 0.0)
    weights: Sequence[FloatArray] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class EpochState:
    """Training after an epoch.

    Attributes:
        digest: of the data and the settings; training goes on with the same only.
        rows: what each epoch measured.
        seconds: how long it took so far.
        best: the epoch that would be kept.
        variables: the values of the variables that `list_variables` lists.
    """

    digest: str
    rows: Sequence[dict[str, float]]
    seconds: float
    best: BestEpoch
    variables: Sequence[FloatArray] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Record:
    digest: str
    rows: list[dict[str, float]]
    seconds: float
    epoch: int
    rank: tuple[float, float]


def write_state(folder: Path, state: EpochState) -> None:
    """Replace what the folder holds.

    Raises:
        CheckpointError: the disk refuses; what was there before still is.
    """
    best = state.best
    record = _Record(state.digest, list(state.rows), state.seconds, best.epoch, best.rank)
    arrays: dict[str, Any] = {RECORD: np.frombuffer(json.dumps(to_plain(record)).encode(), np.uint8)}
    arrays |= _number("best", best.weights) | _number("variable", state.variables)
    temporary = folder / f".{FILE}"  # of the one process that holds the lock of the run
    try:
        folder.mkdir(exist_ok=True)
        with temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        temporary.replace(folder / FILE)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)  # gives a full disk some room again
        raise CheckpointError(
            tr("{path} cannot be written ({error}).", path=folder, error=error.strerror or error)
        ) from error


def read_state(folder: Path) -> EpochState | None:
    """What the folder holds; None before the first epoch is done.

    Raises:
        CheckpointError: the file is damaged.
    """
    if not (folder / FILE).is_file():
        return None
    try:
        with (folder / FILE).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            record = from_plain(_Record, json.loads(arrays[RECORD].tobytes()), "state of a run")
            best = BestEpoch(record.epoch, record.rank, _collect("best", arrays))
            return EpochState(record.digest, record.rows, record.seconds, best, _collect("variable", arrays))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, SettingError) as error:
        raise CheckpointError(
            tr("{path} is damaged ({error}): the run cannot go on from there.", path=folder / FILE, error=error)
        ) from error


def list_variables(model: Any) -> list[Any]:
    """What changes while a compiled and built model is trained, in an order that the same model has again."""
    measured = {id(variable) for variable in model.metrics_variables}
    return [variable for variable in model.variables if id(variable) not in measured] + model.optimizer.variables


def restore_variables(model: Any, values: Sequence[FloatArray]) -> None:
    """Give the variables of a compiled model the values that they had.

    Raises:
        CheckpointError: they are those of another model.
    """
    model.optimizer.build(model.trainable_variables)
    variables = list_variables(model)
    if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
        raise CheckpointError(tr("The run cannot go on: its state is that of another network or another version."))
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _number(name: str, arrays: Iterable[FloatArray]) -> dict[str, FloatArray]:
    return {f"{name}-{number}": array for number, array in enumerate(arrays)}


def _collect(name: str, arrays: Any) -> list[FloatArray]:
    return [arrays[f"{name}-{number}"] for number in range(sum(key.startswith(f"{name}-") for key in arrays.files))]
