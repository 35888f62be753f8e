"""The page Training: what it asks for, and what it says of the runs of the library."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from attnviz.data.snapshots import save_time_lapse
from attnviz.errors import SettingError
from attnviz.runs import run_queue
from attnviz.runs.run_files import (
    EPOCHS_FILE,
    SNAPSHOTS_FILE,
    STEPS_FILE,
    add_row,
    read_settings,
    write_settings,
    write_status,
)
from attnviz.runs.stored_run import StoredRun, find_run, list_runs
from attnviz.ui.training_runs import run_buttons, run_form
from attnviz.values.run import RunState, RunStatus
from attnviz.values.time_lapse import Moment, PinnedText, TimeLapse, take_snapshot
from attnviz.values.tokens import Token
from attnviz.values.training_settings import TrainingSettings
from tests.app.visits import component_data, open_page, said

EPOCH = {"loss": 0.6, "accuracy": 0.7, "val_loss": 0.65, "val_accuracy": 0.6, "seconds": 1.0}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


def make_run(library: Path, name: str, state: RunState, ticket: int = 1, message: str = "Its message") -> Path:
    folder = library / name
    folder.mkdir(exist_ok=True)
    write_settings(folder, TrainingSettings("luong", epochs=2, limit=200, seed=5))
    status = RunStatus(state, message, ticket, epoch=2, epochs=2, step=4, steps=4, best_epoch=1)
    write_status(folder, status)
    for step in range(1, 5):
        add_row(folder / STEPS_FILE, {"epoch": 1, "step": step, "loss": 0.7, "accuracy": 0.5})
    for epoch, held_out in ((1, 0.65), (2, 0.7)):
        add_row(folder / EPOCHS_FILE, {"epoch": epoch, **EPOCH, "loss": 0.7 - epoch / 10, "val_loss": held_out})
    return folder


def pin_network(folder: Path, tiny_library: Path, **data: Any) -> None:
    """Put an untrained network into the folder of a run."""
    shutil.copytree(tiny_library / "luong", folder, dirs_exist_ok=True)
    record = json.loads((folder / "run.json").read_text())
    record["data"].update(data)
    (folder / "run.json").write_text(json.dumps(record))


def keep_lapse(folder: Path) -> TimeLapse:
    pinned = PinnedText("good film", (Token("good", 0, 4, 3, True), Token("film", 5, 9, 4, True)))
    lapse = TimeLapse("luong", ("negative", "positive"), 1, (pinned,), steps=4)
    for place, weights in (((0, 0), [0.5, 0.5]), ((1, 0), [0.9, 0.1])):
        lapse = lapse.add(Moment(*place, (take_snapshot((0.4, 0.6), np.array(weights)),)))
    save_time_lapse(lapse, folder / SNAPSHOTS_FILE)
    return lapse


def open_training(**session: Any) -> AppTest:
    return open_page("training_page", **session)


def get_button(page: AppTest, label: str) -> Any:
    return next(button for button in page.button if button.label == label)


def labels(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


def test_a_missing_archive_is_told_and_the_settings_are_there(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_IMDB", str(own / "missing.tar.gz"))
    page = open_training()
    assert "does not exist" in page.error[0].value
    assert [select.label for select in page.selectbox] == ["Data", "Model"]
    assert "No run yet" in page.info[-1].value


def test_train_queues_what_is_chosen(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[TrainingSettings] = []

    def queue(settings: TrainingSettings) -> StoredRun:
        asked.append(settings)
        return find_run(make_run(own, "luong-2", "finished").name)

    monkeypatch.setattr(run_form, "queue_run", queue)
    page = open_training(review_text="Typed\nbefore.")
    page.selectbox(key="train_network").select("luong").run()
    page.number_input(key="train_epochs_luong").set_value(3)
    assert page.text_area(key="train_pinned").value == "Typed before."
    page.text_area(key="train_pinned").set_value("good film\n\n  a <b>bad</b> one ")
    page.checkbox(key="train_log").check()
    get_button(page, "Train").click().run()
    assert not page.exception
    pinned = ("good film", "a <b>bad</b> one")
    assert asked == [
        TrainingSettings("luong", epochs=3, limit=2_000, seed=0, pinned=pinned, tensorboard=run_form.LOG_FOLDER)
    ]
    assert page.selectbox(key="train_run").value == "luong-2"


@pytest.mark.parametrize(
    ("pinned", "message"),
    [("\n".join("abcdef"), "at most 5 pinned texts, got 6"), ("x" * 2_001, "has 2,001 characters")],
)
def test_too_much_to_watch_is_refused(own: Path, pinned: str, message: str) -> None:
    page = open_training()
    page.text_area(key="train_pinned").set_value(pinned)
    get_button(page, "Train").click().run()
    assert message in page.error[0].value.replace("\\", "")
    assert list_runs() == []


def test_a_run_that_cannot_be_queued_is_told(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: TrainingSettings) -> StoredRun:
        raise SettingError("the disk is full")

    monkeypatch.setattr(run_form, "queue_run", refuse)
    page = open_training()
    get_button(page, "Train").click().run()
    assert "the disk is full" in page.error[0].value


def test_a_finished_run_says_what_it_reached_and_its_highlight_plays(own: Path, tiny_library: Path) -> None:
    folder = make_run(own, "luong-2", "finished")
    pin_network(folder, tiny_library, test=2_000, majority=0.51)
    keep_lapse(folder)
    page = open_training()
    told = page.success[0].value.replace("\\", "")
    assert told.startswith(
        "Finished, saved as luong-2. 70.0\xa0% of 2,000 test texts right (95\xa0% interval 68.0 to 72.0\xa0%)"
    )
    assert {"Train", "Stop", "Open in Reviews", "Delete", "Save"} <= labels(page)
    assert get_button(page, "Stop").disabled
    assert "Over-fitting from epoch 2 on" in said(page)
    shown = component_data(page, "lapse")["lapse"]
    assert shown["moments"] == ["before training", "after epoch 1"]
    assert [round(number, 4) for _, number in shown["accuracies"]] == [0.6, 0.6]


def test_an_accuracy_that_may_be_guessed_is_never_green(own: Path, tiny_library: Path) -> None:
    pin_network(make_run(own, "luong-2", "finished"), tiny_library, test=20, majority=0.6)
    page = open_training()
    assert not page.success
    assert "no better than guessing" in page.warning[0].value


@pytest.mark.parametrize("state", ["stopped", "interrupted", "failed"])
def test_a_run_that_ended_early_can_go_on(own: Path, monkeypatch: pytest.MonkeyPatch, state: RunState) -> None:
    asked: list[str] = []
    monkeypatch.setattr(run_buttons, "resume_run", asked.append)
    make_run(own, "luong-2", state, message="A *reason* of its own")
    page = open_training()
    shown: dict[RunState, Callable[[], Any]] = {
        "stopped": lambda: page.info,
        "interrupted": lambda: page.warning,
        "failed": lambda: page.error,
    }
    assert "A *reason* of its own." in shown[state]()[0].value.replace("\\", "")
    assert "Open in Reviews" not in labels(page)
    get_button(page, "Resume").click().run()
    assert asked == ["luong-2"]


def test_the_queue_can_be_seen_and_left(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(run_buttons, "take_out", asked.append)
    make_run(own, "luong-2", "queued", ticket=1)
    make_run(own, "luong-3", "queued", ticket=2)
    page = open_training()
    assert page.selectbox(key="train_run").options == ["luong-3", "luong-2"]
    captions = [caption.value.replace("\\", "") for caption in page.caption]
    assert "In the queue: 1. luong-2, 2. luong-3" in captions
    assert page.info[-1].value.replace("\\", "") == "Waits in the queue, place 2."
    get_button(page, "Take out of the queue").click().run()
    assert asked == ["luong-3"]


def test_the_real_queue_takes_runs_and_gives_them_up(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_queue, "ensure_runner", lambda: None)
    page = open_training()
    for _ in range(2):
        get_button(page, "Train").click().run()
        assert not page.exception
    assert [run.position for run in list_runs()] == [2, 1]
    get_button(page, "Take out of the queue").click().run()
    assert [run.name for run in list_runs()] == ["word-additive-2"]


def test_a_run_is_renamed_deleted_and_brought_back(own: Path) -> None:
    make_run(own, "luong-2", "finished")
    page = open_training()
    page.text_input(key="run_name_luong-2").set_value("a name")
    get_button(page, "Save").click().run()
    assert "cannot name" in page.error[0].value
    page.text_input(key="run_name_luong-2").set_value("mine")
    get_button(page, "Save").click().run()
    assert page.selectbox(key="train_run").value == "mine"
    assert read_settings(own / "mine").seed == 5
    get_button(page, "Delete").click().run()
    assert list_runs() == []
    get_button(page, "Undo").click().run()
    assert [run.name for run in list_runs()] == ["mine"]
    assert "Undo" not in labels(page)


def test_where_nothing_is_changed_no_button_offers_it(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(own, "luong-2", "finished")
    monkeypatch.setenv("ATTNVIZ_READ_ONLY", "1")
    assert labels(open_training()) == {"Train", "Stop"}


def test_a_damaged_file_of_a_run_is_told(own: Path) -> None:
    folder = make_run(own, "luong-2", "finished")
    (folder / SNAPSHOTS_FILE).write_text("no time-lapse\n")
    assert "is no time-lapse" in open_training().warning[0].value.replace("\\", "")
    (folder / STEPS_FILE).write_text("a,b\n1,2\n")
    assert "is damaged" in open_training().error[0].value


def test_what_is_under_way_says_how_long_it_takes(own: Path) -> None:
    from attnviz.runs.run_lock import hold_run

    folder = make_run(own, "luong-2", "running")
    status = replace(find_run("luong-2").status, state="running", reviews_per_second=250.0, seconds_left=61.0)
    write_status(folder, status)
    with hold_run(folder):
        page = open_training()
    expected = "Epoch 2 of 2, batch 4 of 4 · 250 texts a second · about 1 min 1 s left."
    assert page.info[-1].value.replace("\\", "") == expected
    assert not get_button(page, "Stop").disabled
