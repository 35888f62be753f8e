"""The files of a run: what is written comes back, what is half written is left out, and what is damaged says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import CheckpointError
from attnviz.runs.run_files import (
    EPOCHS_FILE,
    LOG_FILE,
    SETTINGS_FILE,
    STATUS_FILE,
    STEPS_FILE,
    add_row,
    read_epochs,
    read_last_words,
    read_settings,
    read_status,
    read_steps,
    write_settings,
    write_status,
)
from attnviz.values.run import RunStatus
from attnviz.values.training_settings import TrainingSettings


def test_settings_and_status_come_back_as_they_were_written(tmp_path: Path) -> None:
    settings = TrainingSettings("luong", epochs=2, batch_size=None, seed=5, limit=40, protocol="tutorial")
    status = RunStatus("running", "Grüße 😀", 3, "2026-01-01", 1, 2, 3, 4, 5.5, 900.25, None, 1, 0.75)
    write_settings(tmp_path, settings)
    write_status(tmp_path, status)
    assert (read_settings(tmp_path), read_status(tmp_path)) == (settings, status)
    assert {path.name for path in tmp_path.iterdir()} == {SETTINGS_FILE, STATUS_FILE}


def test_rows_are_read_as_they_are_added(tmp_path: Path) -> None:
    assert (len(read_epochs(tmp_path)), read_steps(tmp_path)["loss"]) == (0, [])
    for number in (1, 2):
        add_row(tmp_path / EPOCHS_FILE, {"epoch": number, "loss": 0.1 / number, "accuracy": 0.75})
        add_row(tmp_path / STEPS_FILE, {"epoch": number, "step": 3, "loss": 0.123456789012, "accuracy": 0.5})
    assert read_epochs(tmp_path)["loss"].tolist() == [0.1, 0.05]
    assert read_steps(tmp_path) == {
        "epoch": [1, 2],
        "step": [3, 3],
        "loss": [0.123456789012] * 2,
        "accuracy": [0.5] * 2,
    }


@given(st.integers(0, 200))
def test_a_half_last_line_is_no_line(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("run")
    for number in (1, 2, 3):
        add_row(folder / EPOCHS_FILE, {"epoch": number, "loss": 12.5 * number})
    whole = (folder / EPOCHS_FILE).read_bytes()
    left = whole[: max(len(whole) - cut, 0)]
    (folder / EPOCHS_FILE).write_bytes(left)
    found = read_epochs(folder)
    assert len(found) == max(left.count(b"\n") - 1, 0)
    assert [12.5 * number for number in range(1, len(found) + 1)] == (found["loss"].tolist() if len(found) else [])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (SETTINGS_FILE, '{"network": "luong", "epochs": "many"}', "settings.json is damaged.*Expected `int | null`"),
        (SETTINGS_FILE, '{"epochs": 3}', "missing required field `network`"),
        (SETTINGS_FILE, "[]", "it holds no JSON object"),
        (STATUS_FILE, "", "status.json is damaged"),
        (STATUS_FILE, '{"state": "happy", "message": ""}', "status.json is damaged.*Invalid enum value 'happy'"),
        (STATUS_FILE, '{"state": "running", "message": "", "seconds": NaN}', "status.json is damaged"),
    ],
)
def test_what_is_damaged_says_so(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    read = read_settings if name == SETTINGS_FILE else read_status
    with pytest.raises(CheckpointError, match=message):
        read(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("epoch,step\n1,2\n", "its columns are not epoch, step, loss, accuracy"),
        ("epoch,step,loss,accuracy\n1,2,x,4\n", "steps.csv is damaged"),
        ("epoch,step,loss,accuracy\n" + "1,2,3,4\n" * 10_001, "more than 10,000 rows"),
    ],
)
def test_damaged_steps_say_so(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / STEPS_FILE).write_text(content)
    with pytest.raises(CheckpointError, match=message):
        read_steps(tmp_path)


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text('{"state": "running", "message": ""}')
    (tmp_path / STATUS_FILE).symlink_to("elsewhere")
    with pytest.raises(CheckpointError, match="is a link, no file"):
        read_status(tmp_path)


@pytest.mark.parametrize(
    ("log", "words"), [(None, ""), ("", ""), ("first\nout of memory\n\n", "out of memory"), ("x\n" * 9_999 + "y", "y")]
)
def test_the_last_words_are_the_last_line(tmp_path: Path, log: str | None, words: str) -> None:
    if log is not None:
        (tmp_path / LOG_FILE).write_text(log)
    assert read_last_words(tmp_path) == words
