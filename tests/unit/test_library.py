"""The library: what is listed, found and named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from attnviz.errors import UnknownNameError
from attnviz.folders import library_folders
from attnviz.runs import library
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import DamagedCheckpoint, find_checkpoint, list_checkpoints, new_run_folder


@pytest.fixture
def copy(tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny library that the test may damage; it is the library of the test."""
    shutil.copytree(tiny_library, tmp_path / "copy")
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "copy"))
    return tmp_path / "copy"


def test_damaged_checkpoints_are_listed_with_the_reason_and_the_rest_is_kept(copy: Path) -> None:
    with (copy / "bilstm" / "model.keras").open("ab") as file:
        file.write(b"!")
    (copy / "lstm-featurewise" / "vocabulary.txt").unlink()
    (copy / "empty").mkdir()
    (copy / ".luong-half-written").mkdir()
    (copy / "notes.txt").write_text("no folder")
    listed = list_checkpoints()
    assert [(item.name, type(item)) for item in listed] == [
        ("luong", Checkpoint),
        ("bilstm", DamagedCheckpoint),
        ("lstm-featurewise", DamagedCheckpoint),
        ("column", Checkpoint),
        ("empty", DamagedCheckpoint),
    ]
    reasons = {item.name: item.reason for item in listed if isinstance(item, DamagedCheckpoint)}
    assert "model.keras is damaged: its sha256 is" in reasons["bilstm"]
    assert "vocabulary.txt is missing" in reasons["lstm-featurewise"]
    assert "empty is no checkpoint: run.json is missing" in reasons["empty"]


@pytest.mark.parametrize("name", ["nope", "", "a review, not a name " * 300, "~nobody-of-this-name/x", "nul\x00"])
def test_an_unknown_checkpoint_lists_the_known_ones(library: Path, name: str) -> None:
    with pytest.raises(UnknownNameError, match="Valid names: bilstm, column, lstm-featurewise, luong"):
        find_checkpoint(name)


def test_a_checkpoint_outside_the_library_is_found_by_its_path(tiny_library: Path) -> None:
    assert find_checkpoint(tiny_library / "luong").name == "luong"
    assert find_checkpoint(str(tiny_library / "luong")).name == "luong"


def test_the_environment_chooses_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "absent"))
    assert list_checkpoints() == []
    assert new_run_folder("luong") == tmp_path / "absent" / "luong-2"
    with pytest.raises(UnknownNameError, match="Valid names: none"):
        find_checkpoint("luong")


def test_without_the_variable_the_library_is_that_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTNVIZ_CHECKPOINTS", raising=False)
    assert library_folders() == (Path(library.__file__).parents[2] / "checkpoints",)


def test_a_new_run_gets_the_first_free_number(copy: Path) -> None:
    assert new_run_folder("luong").name == "luong-2"
    (copy / "luong-2").mkdir()
    (copy / "luong-3").write_text("even a file takes the name")
    (copy / "luong-5").mkdir()
    assert new_run_folder("luong") == copy / "luong-4"
    assert new_run_folder("bilstm") == copy / "bilstm-2"
