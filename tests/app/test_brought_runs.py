"""Runs that come as a file, and go as one, on the page Training."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from attnviz.runs import imported_content
from attnviz.runs.run_export import pack_run
from attnviz.runs.stored_run import list_runs
from attnviz.ui.training_runs.bring_section import FOR_THE_MACHINE, SWITCHED_OFF
from tests.app.visits import TIMEOUT, open_page, said
from tests.made_runs import keep_state, make_run


@pytest.fixture
def own(tmp_path: Path, tiny_library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "own"))
    monkeypatch.setattr(imported_content, "check_network", lambda folder: None)
    return make_run(tmp_path / "own", "luong-2", tiny_library / "luong")


def bring(content: bytes) -> AppTest:
    page = open_page("training_page", owner="")
    uploader = next(one for one in page.file_uploader if one.label == "File of a run")
    uploader.upload("any name.zip", content, "application/zip").run()
    if (bringing := page.session_state.to_dict().get("run_bringing")) is not None:
        assert bringing.work.wait(TIMEOUT)
        page.run()
    assert not page.exception
    return page


def test_a_run_comes_in_and_is_chosen(own: Path) -> None:
    page = bring(pack_run("luong-2"))
    assert page.selectbox(key="train_run").value == "luong-3"
    assert "luong-3 is in the library now" in page.success[0].value.replace("\\", "").replace("*", "")
    assert [run.name for run in list_runs()] == ["luong-3", "luong-2"]


def test_a_run_without_its_state_says_why_it_does_not_go_on(own: Path) -> None:
    keep_state(make_run(own.parent, "half", state="stopped"))
    page = bring(pack_run("half"))
    assert any("it cannot be resumed" in caption.value for caption in page.caption)
    assert "Resume" not in {button.label for button in page.button}


def test_a_file_that_is_refused_says_why_and_changes_nothing(own: Path) -> None:
    page = bring(b"<b>no zip</b>")
    assert page.error[0].value.replace("\\", "").startswith("This is no file of a run, or it is damaged")
    assert not page.success or "in the library now" not in page.success[0].value
    assert [run.name for run in list_runs()] == ["luong-2"]


def test_a_run_says_how_large_its_file_is(own: Path) -> None:
    keep_state(own)
    page = open_page("training_page", owner="")
    assert "One file of at most 0.4 MB" in said(page)
    assert page.checkbox(key="run_state_luong-2").label.startswith("With what training needs to go on: 1 kB more")


def test_visitors_and_closed_libraries_take_no_runs(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page("training_page", owner="x" * 43)
    assert FOR_THE_MACHINE in [caption.value for caption in page.caption]
    assert not page.file_uploader
    monkeypatch.setenv("ATTNVIZ_READ_ONLY", "1")
    page = open_page("training_page", owner="")
    assert SWITCHED_OFF in [caption.value for caption in page.caption]
    assert not page.file_uploader
