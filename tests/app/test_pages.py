"""The pages Training and Models."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from attnviz.runs import run_queue
from attnviz.runs.stored_run import list_runs
from attnviz.values.training_settings import TrainingSettings
from tests.app.visits import open_page


def test_training_refuses_settings_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    monkeypatch.setenv("ATTNVIZ_IMDB", str(tmp_path / "missing.tar.gz"))
    page = open_page("training_page")
    assert "does not exist" in page.error[0].value
    assert {select.label for select in page.selectbox} == {"Model"}


def test_training_shows_who_waits_and_takes_him_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    monkeypatch.setattr(run_queue, "ensure_runner", lambda: None)
    page = open_page("training_page")
    for _ in range(2):
        page = next(button for button in page.button if button.label == "Train").click().run()
        assert not page.exception
    assert [run.position for run in list_runs()] == [2, 1]
    page.button(key="take_out_word-additive-3").click().run()
    assert [run.name for run in list_runs()] == ["word-additive-2"]
    next(button for button in page.button if button.label == "Stop").click().run()
    assert list_runs() == []


def test_training_resumes_a_run_that_was_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    monkeypatch.setattr(run_queue, "ensure_runner", lambda: None)
    with run_queue.hold_new_run(TrainingSettings("luong")):
        pass
    page = open_page("training_page")
    assert "Interrupted before the first epoch was done" in page.warning[0].value
    next(button for button in page.button if button.label == "Resume").click().run()
    assert [(run.name, run.position) for run in list_runs()] == [("luong-2", 1)]


def test_models_lists_the_library_and_the_reason_of_a_damaged_one(
    tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(tiny_library, folder)
    (folder / "luong" / "history.csv").write_text("epoch,loss\n1,0.1\n")
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(folder))
    page = open_page("models_page")
    assert "history.csv is damaged" in page.error[0].value.replace("\\", "")
    table = page.dataframe[0].value.set_index("model")
    assert table.loc["bilstm", "reached"] == pytest.approx(0.7)
    assert table.loc["bilstm", "published"] == pytest.approx(0.8658)
    assert "luong" in page.caption[0].value, "it is named among the networks without a usable checkpoint"
