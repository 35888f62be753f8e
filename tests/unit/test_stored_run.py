"""The runs of the library as they are listed: which live, which were interrupted, and which wait."""

from __future__ import annotations

import errno
import fcntl
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from attnviz.errors import CheckpointError, UnknownNameError
from attnviz.runs.library import DamagedCheckpoint, list_checkpoints
from attnviz.runs.run_files import (
    EPOCHS_FILE,
    LOG_FILE,
    STATUS_FILE,
    add_row,
    read_status,
    write_settings,
    write_status,
)
from attnviz.runs.run_lock import RunBusy, hold_run
from attnviz.runs.stored_run import find_run, list_runs, read_run
from attnviz.values.run import RunState, RunStatus
from attnviz.values.training_settings import TrainingSettings


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    return tmp_path / "library"


def make_run(folder: Path, state: RunState = "running", ticket: int = 1) -> Path:
    folder.mkdir(parents=True)
    write_settings(folder, TrainingSettings("luong"))
    write_status(folder, RunStatus(state, "Training", ticket, epochs=9, reviews_per_second=100.0))
    return folder


def test_a_run_lives_exactly_while_its_lock_is_held(library: Path) -> None:
    folder = make_run(library / "luong-2")
    with hold_run(folder):
        assert read_run(folder).status.state == "running"
        (folder / "stop").touch()
        assert read_run(folder).status.state == "stopping"
        with pytest.raises(RunBusy, match="A process works on luong-2"), hold_run(folder, patience=0):
            pass
    status = read_run(folder).status
    assert (status.state, status.message) == ("interrupted", "Interrupted before the first epoch was done")
    assert status.reviews_per_second is None
    assert read_status(folder) == status, "it is written down"


def test_an_interrupted_run_says_what_is_kept_and_its_last_words(library: Path) -> None:
    folder = make_run(library / "luong-2")
    for number in (1, 2):
        add_row(folder / EPOCHS_FILE, {"epoch": number, "loss": 0.5})
    (folder / LOG_FILE).write_text("out of memory\n")
    message = "Interrupted; the 2 finished epochs are kept. Its last words: out of memory"
    assert read_run(folder).status.message == message


@pytest.mark.parametrize("state", ["queued", "finished", "stopped", "interrupted", "failed"])
def test_nobody_asks_for_the_process_of_a_run_that_has_none(library: Path, state: RunState) -> None:
    folder = make_run(library / "luong-2", state)
    assert read_run(folder).status.state == state
    assert not (folder / ".lock").exists()


def test_where_locks_cannot_be_had_it_is_said(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    folder = make_run(library / "luong-2")
    monkeypatch.setattr(fcntl, "flock", refuse)
    message = r"cannot be locked \(No locks available\).*set ATTNVIZ_CHECKPOINTS"
    with pytest.raises(CheckpointError, match=message), hold_run(folder):
        pass
    status = read_run(folder).status
    assert status.state == "running"
    assert status.message.startswith("It cannot be told whether this run goes on.")


def test_a_folder_that_is_gone_is_not_made_again_by_its_lock(library: Path) -> None:
    with pytest.raises(CheckpointError, match="is no run"), hold_run(library / "gone"):
        pass
    assert not (library / "gone").exists()


def test_runs_are_listed_from_the_newest_and_the_queue_from_the_oldest(library: Path) -> None:
    make_run(library / "a", "finished", 1)
    for name, ticket in (("d", 4), ("b", 2), ("c", 3)):
        make_run(library / name, "queued", ticket)
    make_run(library / ".hidden", "queued", 5)
    assert [(run.name, run.position) for run in list_runs()] == [("d", 3), ("c", 2), ("b", 1), ("a", None)]
    assert (find_run("c").position, find_run("a").position) == (2, None)


@pytest.mark.parametrize("name", ["nope", "", "..", "../library/a", "nul\x00", "x" * 300])
def test_an_unknown_run_lists_the_known_ones(library: Path, name: str) -> None:
    make_run(library / "a", "finished")
    with pytest.raises(UnknownNameError, match="Valid names: a"):
        find_run(name)


def test_a_checkpoint_alone_is_read_as_the_run_that_made_it(library: Path, tiny_library: Path) -> None:
    shutil.copytree(tiny_library / "luong", library / "luong")
    run = find_run("luong")
    assert (run.status.state, run.status.accuracy, run.status.best_epoch, run.pinned) == ("finished", 0.7, 2, True)
    assert (run.settings.network, run.settings.seed) == ("luong", 1)
    assert run.read_epochs()["loss"].tolist() == [0.7, 0.6]
    assert list_runs() == [], "nobody asked for it here"


def test_a_run_joins_the_models_when_an_epoch_is_pinned(library: Path, tiny_library: Path) -> None:
    folder = make_run(library / "luong-2", "finished")
    assert list_checkpoints() == []
    assert not read_run(folder).pinned
    for path in (tiny_library / "luong").iterdir():
        shutil.copy(path, folder)
    assert [item.name for item in list_checkpoints()] == ["luong-2"]
    assert read_run(folder).read_checkpoint().run.accuracy == 0.7


def test_a_folder_whose_status_is_damaged_is_listed_as_that(library: Path) -> None:
    (make_run(library / "luong-2") / STATUS_FILE).write_text("{")
    assert list_runs() == []
    (damaged,) = list_checkpoints()
    assert isinstance(damaged, DamagedCheckpoint)


def test_a_status_says_what_can_be_done_with_a_run() -> None:
    def ask(state: RunState) -> tuple[bool, bool, bool]:
        status = RunStatus(state, "")
        return status.alive, status.ended, status.resumable

    assert {ask(state) for state in ("starting", "running", "stopping")} == {(True, False, False)}
    assert {ask(state) for state in ("stopped", "interrupted", "failed")} == {(False, True, True)}
    assert (ask("queued"), ask("finished")) == ((False, False, False), (False, True, False))


def test_progress_is_the_share_of_all_steps() -> None:
    status = RunStatus("running", "", epoch=2, epochs=4, step=5, steps=10)
    assert status.progress == 15 / 40
    assert (replace(status, epochs=0).progress, replace(status, epoch=9).progress) == (0.0, 1.0)
