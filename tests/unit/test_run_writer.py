"""What a run writes down while it trains."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from attnviz.errors import CheckpointError, NothingTrained, SettingError
from attnviz.runs import run_writer
from attnviz.runs.run_files import (
    EPOCHS_FILE,
    STEPS_FILE,
    STOP_FILE,
    add_row,
    read_epochs,
    read_status,
    read_steps,
    write_settings,
    write_status,
)
from attnviz.runs.run_writer import RunWriter
from attnviz.values.run import RunStatus
from attnviz.values.training_settings import TrainingSettings

MEASURED = {"loss": 0.5, "accuracy": 0.75}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_settings(tmp_path, TrainingSettings("luong"))
    write_status(tmp_path, RunStatus("starting", "", 7, "2026-01-01", seconds=10.0))
    return tmp_path


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A clock that goes on when it is told to."""
    now = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


def test_the_status_says_speed_time_left_and_the_best_epoch(folder: Path, pass_time: Callable[[float], None]) -> None:
    writer = RunWriter(folder)
    writer.on_start(3, 100, reviews=3_200)
    for step in range(1, 101):
        pass_time(0.5)
        writer.on_step(1, step, MEASURED)
    pass_time(20)
    writer.on_epoch(1, MEASURED, 1)
    status = read_status(folder)
    assert (status.state, status.epoch, status.epochs, status.step, status.steps) == ("running", 1, 3, 100, 100)
    assert (status.reviews_per_second, status.best_epoch) == (64.0, 1), "32 reviews in half a second"
    assert status.seconds_left == 2 * (50 + 20), "two epochs, and the held-out reviews after each"
    assert status.seconds == 80.0, "10 of an earlier sitting, 70 of this one"
    assert (status.ticket, status.created) == (7, "2026-01-01")


@pytest.mark.parametrize(("steps", "rows"), [(1, 1), (39, 39), (100, 34), (1_000, 40)])
def test_an_epoch_has_a_few_dozen_points_and_its_last_step_is_one(folder: Path, steps: int, rows: int) -> None:
    writer = RunWriter(folder)
    writer.on_start(1, steps, reviews=steps)
    for step in range(1, steps + 1):
        writer.on_step(1, step, MEASURED)
    found = read_steps(folder)
    assert (len(found["step"]), found["step"][-1]) == (rows, steps)


def test_what_was_measured_after_the_last_finished_epoch_is_forgotten(folder: Path) -> None:
    for epoch in (1, 2, 3):
        add_row(folder / EPOCHS_FILE, {"epoch": epoch, **MEASURED})
        add_row(folder / STEPS_FILE, {"epoch": epoch, "step": 1, **MEASURED})
    with (folder / STEPS_FILE).open("a") as file:
        file.write("3,2,0.")
    RunWriter(folder).on_start(5, 10, reviews=100, done=2)
    assert (len(read_epochs(folder)), read_steps(folder)["epoch"]) == (2, [1, 2])
    status = read_status(folder)
    assert (status.epoch, status.step, status.progress) == (2, 10, 0.4)


def test_a_run_that_begins_anew_forgets_all(folder: Path) -> None:
    add_row(folder / STEPS_FILE, {"epoch": 1, "step": 1, **MEASURED})
    writer = RunWriter(folder)
    writer.on_start(5, 10, reviews=100)
    assert read_steps(folder)["step"] == []
    writer.on_step(1, 1, MEASURED)
    assert read_steps(folder)["step"] == [1]


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        (SettingError("The limit is odd."), "failed", "The limit is odd."),
        (MemoryError("too large"), "failed", "MemoryError: too large."),
        (NothingTrained("Stopped early."), "stopped", "Stopped early."),
        (KeyboardInterrupt(), "stopped", "Stopped before an epoch was done."),
    ],
)
def test_a_run_that_ends_with_an_error_says_it(folder: Path, error: BaseException, state: str, message: str) -> None:
    RunWriter(folder).fail(error)
    status = read_status(folder)
    assert (status.state, status.sentence) == (state, message)


@pytest.mark.parametrize(
    ("stopped", "sentence"),
    [
        (False, "Finished: accuracy 75.00\xa0%."),
        (True, "Stopped; the best epoch is kept: accuracy 75.00\xa0%."),
    ],
)
def test_a_saved_run_says_what_it_reached(folder: Path, stopped: bool, sentence: str) -> None:
    RunWriter(folder).finish("luong-2", accuracy=0.75, stopped=stopped)
    status = read_status(folder)
    assert (status.accuracy, status.sentence, status.resumable) == (0.75, sentence, stopped)


def test_it_stops_when_somebody_asks(folder: Path) -> None:
    writer = RunWriter(folder)
    assert not writer.should_stop()
    (folder / STOP_FILE).touch()
    assert writer.should_stop()


def test_a_full_disk_is_what_the_run_says_and_its_end_is_no_second_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    writer = RunWriter(folder)
    monkeypatch.setattr(Path, "write_text", fill)
    with pytest.raises(CheckpointError, match=r"cannot be written \(No space left on device\)") as error:
        writer.message("Reading")
    writer.fail(error.value)
    assert read_status(folder).state == "starting"
    assert {path.name for path in folder.iterdir()} == {"settings.json", "status.json"}


def test_the_status_is_not_written_at_every_step(folder: Path, pass_time: Callable[[float], None]) -> None:
    writer = RunWriter(folder)
    writer.on_start(1, 100, reviews=100)
    writer.on_step(1, 1, MEASURED)
    assert read_status(folder).step == 0
    pass_time(2 * run_writer.STATUS_SECONDS)
    writer.on_step(1, 2, MEASURED)
    assert read_status(folder).step == 2
