"""Folders of the library that pretend to be checkpoints: each is told with its reason, and nobody else is affected."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from attnviz.errors import CheckpointError
from attnviz.runs.checkpoint import Checkpoint, read_checkpoint
from attnviz.runs.checkpoint_files import MAX_BYTES, MAX_REASON
from attnviz.runs.library import (
    DamagedCheckpoint,
    find_checkpoint,
    get_library_marks,
    get_marks,
    list_checkpoints,
    new_run_folder,
)
from attnviz.runs.loading import load_model
from tests.hostile_folders import HOSTILE, KIND_OR_SIZE, put

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")


@pytest.fixture
def place(tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of this test with two good checkpoints, `good` and `odd`; its folder."""
    for name in ("good", "odd"):
        shutil.copytree(tiny_library / "luong", tmp_path / name)
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    return tmp_path


def list_damaged() -> DamagedCheckpoint:
    """The damaged one of the library, which holds nothing else than the good one."""
    damaged, good = sorted(list_checkpoints(), key=lambda item: isinstance(item, Checkpoint))
    assert (good.name, type(good), type(damaged)) == ("good", Checkpoint, DamagedCheckpoint)
    return damaged


def test_there_are_many_kinds_and_the_folder_is_good_before_it_is_spoilt(place: Path) -> None:
    assert len(HOSTILE) >= 100
    assert [type(item) for item in list_checkpoints()] == [Checkpoint, Checkpoint]


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_folder_is_listed_with_its_reason(place: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil, reason = HOSTILE[kind]
    spoil(place / "odd")
    opened: list[str] = []
    plain_open = Path.open

    def note_and_open(path: Path, *arguments: object, **options: object) -> object:
        if path.parent.name != "good":
            opened.append(path.name)
        return plain_open(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", note_and_open)
    damaged = list_damaged()
    assert reason in damaged.reason
    assert f"{damaged.name}{damaged.reason}".isprintable()
    assert len(damaged.reason) <= MAX_REASON
    if kind in KIND_OR_SIZE:
        assert kind.partition(":")[0] not in opened, "what is no file, or too large, is never opened"
    with pytest.raises(CheckpointError, match=r"odd|two|back|byte"):
        read_checkpoint(damaged.folder)
    assert get_library_marks() == get_library_marks()
    assert new_run_folder("good") == place / "good-2"


@pytest.mark.parametrize("name", MAX_BYTES)
def test_a_device_is_never_opened(place: Path, name: str) -> None:
    (place / "odd" / name).unlink()
    try:
        os.mknod(place / "odd" / name, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # the numbers of /dev/zero
    except PermissionError:
        pytest.skip("only an administrator makes devices")
    assert f"{name} is a device, no file." in list_damaged().reason


@pytest.mark.parametrize("name", MAX_BYTES)
def test_a_file_may_have_its_largest_size_and_no_byte_more(place: Path, name: str) -> None:
    with (place / "odd" / name).open("r+b") as file:
        file.truncate(MAX_BYTES[name])
    assert "at most" not in list_damaged().reason, "it is read and found to be another one"
    with (place / "odd" / name).open("r+b") as file:
        file.truncate(MAX_BYTES[name] + 1)
    assert f"{name} has {MAX_BYTES[name] + 1:,} bytes; at most {MAX_BYTES[name]:,} are read." in list_damaged().reason


def test_links_that_lead_nowhere_and_files_are_no_checkpoints(place: Path) -> None:
    (place / "loop").symlink_to("loop")
    (place / "nowhere").symlink_to("absent")
    (place / "notes.txt").write_text("no folder")
    os.mkfifo(place / "pipe")
    assert [item.name for item in list_checkpoints()] == ["good", "odd"]


def test_a_library_that_is_a_link_to_itself_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "loop"))
    assert list_checkpoints() == []


def test_a_library_that_cannot_be_read_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    (item,) = list_checkpoints()
    assert isinstance(item, DamagedCheckpoint)
    assert item.reason == f"{place} cannot be read (Permission denied)."
    assert get_library_marks() == ()
    assert new_run_folder("luong") == place / "luong-2"


def test_a_model_file_that_keras_cannot_read_is_named(place: Path) -> None:
    put(place / "odd", "model.keras", b"no model")
    with pytest.raises(CheckpointError, match=r"Keras cannot read .*odd/model\.keras"):
        load_model(find_checkpoint("odd"))


def test_what_was_read_does_not_change_with_the_files(place: Path) -> None:
    checkpoint = find_checkpoint("odd")
    for name in ("history.csv", "vocabulary.txt", "examples.json"):
        (place / "odd" / name).write_bytes(b"\xff")
    assert (len(checkpoint.history), len(checkpoint.examples) > 0) == (2, True)
    assert "wonderful" in checkpoint.vocabulary


def test_marks_change_with_a_file_and_need_none_to_be_read(place: Path) -> None:
    before, library = get_marks(place / "odd"), get_library_marks()
    assert [name for name, _, _ in before] == list(MAX_BYTES)
    os.utime(place / "odd" / "model.keras", (1, 1))
    assert get_marks(place / "odd") != before
    assert get_library_marks() != library
    assert get_marks(place / "absent") == ()


def test_a_new_folder_changes_the_marks_of_the_library(place: Path) -> None:
    before = get_library_marks()
    (place / "empty").mkdir()
    assert get_library_marks() != before
