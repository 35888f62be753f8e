"""Runs renamed, deleted and brought back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from attnviz.errors import AttnvizError, CheckpointError, SettingError, UnknownNameError
from attnviz.runs.library import find_checkpoint
from attnviz.runs.own_models import restore_model
from attnviz.runs.own_sweep import sweep
from attnviz.runs.run_changes import delete_run, rename_run, restore_run
from attnviz.runs.run_files import write_settings, write_status
from attnviz.runs.run_lock import hold_run
from attnviz.runs.stored_run import list_runs
from attnviz.values.run import RunState, RunStatus
from attnviz.values.training_settings import TrainingSettings


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    return tmp_path / "library"


def make_run(folder: Path, state: RunState = "finished") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_settings(folder, TrainingSettings("luong"))
    write_status(folder, RunStatus(state, "Finished", 1, epochs=2))
    return folder


def test_a_run_goes_by_its_new_name_and_its_network_with_it(library: Path, tiny_library: Path) -> None:
    shutil.copytree(tiny_library / "luong", make_run(library / "luong-2"), dirs_exist_ok=True)
    assert rename_run("luong-2", "my.best").name == "my.best"
    assert [run.name for run in list_runs()] == ["my.best"]
    assert find_checkpoint("my.best").run.network == "luong"
    with pytest.raises(UnknownNameError):
        rename_run("luong-2", "other")


def test_a_deleted_run_can_be_brought_back(library: Path) -> None:
    make_run(library / "luong-2")
    delete_run("luong-2")
    assert list_runs() == []
    with pytest.raises(SettingError, match="cannot be brought back"):
        restore_model("luong-2")
    assert restore_run("luong-2").status.state == "finished"
    with pytest.raises(SettingError, match="deleted for good"):
        restore_run("luong-2")


def test_a_name_that_was_taken_meanwhile_is_kept_by_the_newer_run(library: Path) -> None:
    make_run(library / "luong-2")
    delete_run("luong-2")
    make_run(library / "luong-2")
    with pytest.raises(SettingError, match="another luong-2 by now"):
        restore_run("luong-2")


def test_a_deleted_run_is_swept_away_after_a_day(library: Path) -> None:
    make_run(library / "luong-2")
    delete_run("luong-2")
    (aside,) = library.iterdir()
    deleted = aside.stat().st_mtime
    sweep(library, deleted + 23 * 3600)
    assert aside.exists()
    sweep(library, deleted + 25 * 3600)
    assert not aside.exists()


@pytest.mark.parametrize("name", ["", "..", "../up", "a b", "luong", "luong-3", ".hidden", "x" * 81, "a/b"])
def test_names_that_are_taken_or_no_names_are_refused(library: Path, name: str) -> None:
    make_run(library / "luong-2")
    make_run(library / "luong-3")
    with pytest.raises((SettingError, CheckpointError), match=r"taken|cannot name"):
        rename_run("luong-2", name)
    assert sorted(path.name for path in library.iterdir()) == ["luong-2", "luong-3"]


def test_a_run_that_is_worked_on_or_waits_is_left_alone(library: Path) -> None:
    folder = make_run(library / "luong-2", "running")
    with hold_run(folder), pytest.raises(CheckpointError, match="A process works on luong-2"):
        delete_run("luong-2")
    make_run(library / "luong-3", "queued")
    with pytest.raises(SettingError, match="Take it out first"):
        rename_run("luong-3", "other")


def test_what_ships_is_left_alone(library: Path, tiny_library: Path) -> None:
    shutil.copytree(tiny_library / "luong", library / "luong")
    with pytest.raises(SettingError, match="was not trained here"):
        delete_run("luong")


@pytest.mark.parametrize("change", [lambda: delete_run("luong-2"), lambda: restore_run("luong-2")])
def test_nothing_is_changed_where_that_is_switched_off(library: Path, monkeypatch: pytest.MonkeyPatch, change) -> None:
    make_run(library / "luong-2")
    monkeypatch.setenv("ATTNVIZ_READ_ONLY", "1")
    with pytest.raises(AttnvizError, match="ATTNVIZ_READ_ONLY is set"):
        change()
