"""The files of a run, one by one, beside those of a checkpoint (checkpoint.py). Needs no TensorFlow.

    <name>/settings.json    TrainingSettings, what the run is asked to do; it never changes
    <name>/status.json      RunStatus, where it stands
    <name>/epochs.csv       what was measured, a row an epoch
    <name>/steps.csv        epoch, step, loss and accuracy of training within the epoch, a few dozen rows an epoch
    <name>/snapshots.jsonl  what the network says of pinned texts, a line a moment
    <name>/log.txt          what its process printed
    <name>/stop             an empty file: the request to stop
    <name>/.lock            locked exactly while a process works on the run
    <name>/state/           all that training needs to go on from the last finished epoch; gone when the run is whole

When an epoch is pinned, the files of a checkpoint appear in the same folder, run.json last. A small file is written
beside and renamed, so that a reader never meets half of it; a .csv grows line by line, and a half last line is no line.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from attnviz.errors import CheckpointError, SettingError
from attnviz.languages import tr
from attnviz.runs.checkpoint_files import describe, parse_numbers, parse_record, read_file
from attnviz.values.arrays import FloatArray
from attnviz.values.history import History
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.run import RunStatus
from attnviz.values.training_settings import TrainingSettings

SETTINGS_FILE, STATUS_FILE = "settings.json", "status.json"
EPOCHS_FILE, STEPS_FILE, SNAPSHOTS_FILE = "epochs.csv", "steps.csv", "snapshots.jsonl"
LOG_FILE, STOP_FILE, LOCK_FILE, STATE_FOLDER = "log.txt", "stop", ".lock", "state"

STEP_COLUMNS = ("epoch", "step", "loss", "accuracy")
MAX_BYTES = {SETTINGS_FILE: 100_000, STATUS_FILE: 100_000, EPOCHS_FILE: 1_000_000, STEPS_FILE: 1_000_000}
"""The largest size of each file that is read."""
_TAIL_BYTES = 4_000


def read_settings(folder: Path) -> TrainingSettings:
    """What a run is asked to do.

    Raises:
        CheckpointError: settings.json is missing or damaged.
    """
    return _read_record(folder, SETTINGS_FILE, TrainingSettings, "training settings")


def read_status(folder: Path) -> RunStatus:
    """Where a run says that it stands, true or not: `read_run` asks whether its process is there.

    Raises:
        CheckpointError: status.json is missing or damaged.
    """
    return _read_record(folder, STATUS_FILE, RunStatus, "status of a run")


def read_epochs(folder: Path) -> History:
    """The epochs that are done: loss, accuracy, val_loss, val_accuracy, seconds; empty before the first.

    Raises:
        CheckpointError: the file is damaged.
    """
    rows = _read_rows(folder, EPOCHS_FILE)
    return History({name: column for name, column in rows.items() if name != "epoch"})


def read_steps(folder: Path) -> Mapping[str, Sequence[float]]:
    """What training measured within the epochs: the STEP_COLUMNS, equally long, in the order of the steps.

    `loss` and `accuracy` are the means over the epoch up to that step, as Keras reports them; empty at first.

    Raises:
        CheckpointError: the file is damaged.
    """
    rows = _read_rows(folder, STEPS_FILE)
    if not rows:
        return {name: [] for name in STEP_COLUMNS}
    if tuple(rows) != STEP_COLUMNS:
        raise CheckpointError(
            tr(
                "{path} is damaged: its columns are not {columns}.",
                path=folder / STEPS_FILE,
                columns=", ".join(STEP_COLUMNS),
            )
        )
    return {name: rows[name].tolist() for name in STEP_COLUMNS}


def read_last_words(folder: Path) -> str:
    """The last line that the process of a run printed; '' if it printed none."""
    try:
        with (folder / LOG_FILE).open("rb") as log:
            log.seek(max(log.seek(0, 2) - _TAIL_BYTES, 0))
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return describe(lines[-1]) if lines else ""


def write_settings(folder: Path, settings: TrainingSettings) -> None:
    """Write settings.json.

    Raises:
        CheckpointError: the disk refuses.
    """
    _write_json(folder / SETTINGS_FILE, settings)


def write_status(folder: Path, status: RunStatus) -> None:
    """Write status.json; whoever does holds the lock of the run, or has just made its folder.

    Raises:
        CheckpointError: the disk refuses.
    """
    _write_json(folder / STATUS_FILE, status)


def add_row(path: Path, row: Mapping[str, float]) -> None:
    """Add a line to a .csv, after the line of names if it is the first.

    Raises:
        CheckpointError: the disk refuses.
    """
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            names = "" if file.tell() else f"{','.join(row)}\n"
            file.write(f"{names}{','.join(map(repr, row.values()))}\n")
    except OSError as error:
        raise _refuse(path, error) from error


def keep_rows(path: Path, epochs: int) -> None:
    """Leave only the whole lines of the first epochs in a .csv whose first column is the epoch.

    Raises:
        CheckpointError: the disk refuses.
    """
    if path.exists():
        names, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True) or [""]
        whole = [line for line in lines if line.endswith("\n") and float(line.partition(",")[0]) <= epochs]
        write_text(path, "".join([names, *whole]) if whole else "")


def write_text(path: Path, text: str) -> None:
    """Write beside and rename.

    Raises:
        CheckpointError: the disk refuses.
    """
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)  # gives a full disk some room again
        raise _refuse(path, error) from error


def sweep_leftovers(folder: Path) -> None:
    """Remove what interrupted writes left; only for whoever holds the lock of the run."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(".") and path.name != LOCK_FILE and path.is_file():
                path.unlink()


def forget(folder: Path) -> None:
    """Remove what earlier runs measured and kept in a folder, but not its checkpoint.

    Raises:
        OSError: the disk refuses.
    """
    for name in (STATUS_FILE, EPOCHS_FILE, STEPS_FILE, SNAPSHOTS_FILE, LOG_FILE, STOP_FILE):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / STATE_FOLDER, ignore_errors=True)


def _refuse(path: Path, error: OSError) -> CheckpointError:
    return CheckpointError(tr("{path} cannot be written ({error}).", path=path.parent, error=error.strerror or error))


def _read_record(folder: Path, name: str, kind: type[Any], what: str) -> Any:
    try:
        return from_plain(kind, parse_record(read_file(folder, name, MAX_BYTES[name])), what)
    except SettingError as error:
        raise CheckpointError(describe(tr("{path} is damaged: {error}", path=folder / name, error=error))) from error
    except CheckpointError as error:
        raise CheckpointError(describe(error)) from error


def _read_rows(folder: Path, name: str) -> dict[str, FloatArray]:
    """The columns of the whole lines of a .csv; none before the first."""
    if not os.path.lexists(folder / name):
        return {}
    data = read_file(folder, name, MAX_BYTES[name])
    whole = data[: data.rfind(b"\n") + 1]
    try:
        return parse_numbers(whole) if whole.count(b"\n") > 1 else {}
    except SettingError as error:
        raise CheckpointError(describe(tr("{path} is damaged: {error}", path=folder / name, error=error))) from error


def _write_json(path: Path, value: Any) -> None:
    write_text(path, json.dumps(to_plain(value), ensure_ascii=False, allow_nan=False))
