"""Data of one's own on the page Training, without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from attnviz.data.datasets import find_dataset
from attnviz.ui.own_data.own_data_section import FOR_THE_MACHINE, SWITCHED_OFF
from tests.app.visits import TIMEOUT, open_page, said
from tests.tables import make_rows, write_csv

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the data sets of this test lie."""
    monkeypatch.setenv("ATTNVIZ_DATASETS", str(tmp_path / "datasets"))
    return tmp_path


def upload(page: AppTest, file: Path) -> AppTest:
    uploader = next(one for one in page.file_uploader if one.label == "Table of texts with labels")
    uploader.upload(file.name, file.read_bytes(), "text/csv").run()
    assert not page.exception
    return page


def read(page: AppTest) -> AppTest:
    """Let the file be read, and show what came of it."""
    page.button(key="own_data_start").click().run()
    reading = page.session_state.own_data_reading if "own_data_reading" in page.session_state else None
    if reading is not None:
        assert reading.work.wait(TIMEOUT)
        page.run()
    assert not page.exception
    return page


def bring(page: AppTest, place: Path, rows: Sequence[tuple[str, ...]], name: str = "films.csv") -> AppTest:
    return read(upload(page, write_csv(place / name, rows)))


def open_training(**session: str) -> AppTest:
    return open_page("training_page", owner="", **session)


def test_a_file_becomes_a_data_set_that_is_chosen(datasets: Path) -> None:
    page = upload(open_training(), write_csv(datasets / "films.csv", make_rows(90), ("Satz", "Urteil")))
    assert page.selectbox(key="own_data_text").value == "Satz"
    assert page.selectbox(key="own_data_label").value == "Urteil"
    read(page)
    assert page.selectbox(key="train_data").value == "films"
    assert "90 rows were read; none was left out" in said(page).replace("\\", "")
    assert find_dataset("films").source == "films.csv"


def test_what_is_wrong_with_a_file_is_said_and_another_can_be_brought(datasets: Path) -> None:
    page = bring(open_training(), datasets, [(f"text {n}", "good") for n in range(30)])
    assert "one class only" in page.error[0].value
    page.button(key="own_data_another").click().run()
    assert not page.error
    bring(page, datasets, make_rows(60))
    assert page.selectbox(key="train_data").value == "films"


def test_a_file_that_is_no_table_is_refused_at_once(datasets: Path) -> None:
    page = upload(open_training(), write_csv(datasets / "films.csv", [("x",)] * 20, ("text",)))
    assert "one column" in page.error[0].value
    assert "Table of texts with labels" in [one.label for one in page.file_uploader]


def test_a_data_set_is_deleted_and_no_longer_offered(datasets: Path) -> None:
    page = bring(open_training(), datasets, make_rows(60))
    page.button(key="own_data_delete_films").click().run()
    assert not page.exception
    assert page.selectbox(key="train_data").options == ["IMDB reviews"]


def test_hostile_names_of_classes_and_columns_are_text(datasets: Path) -> None:
    rows = [(text, {"good": HOSTILE}.get(label, label)) for text, label in make_rows(60)]
    page = upload(open_training(), write_csv(datasets / "films.csv", rows, ("text", HOSTILE)))
    read(page)
    shown = [part.value for part in (*page.markdown, *page.caption, *page.success) if "img" in part.value]
    assert shown
    assert all("<img" not in value.replace(r"\<", "") for value in shown)


def test_visitors_of_a_server_bring_no_data(datasets: Path) -> None:
    page = open_page("training_page", owner="x" * 43)
    assert FOR_THE_MACHINE in [caption.value for caption in page.caption]
    assert not page.file_uploader
    assert page.selectbox(key="train_data").options == ["IMDB reviews"]


def test_whoever_runs_a_server_can_switch_it_off(datasets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_READ_ONLY", "1")
    page = open_training()
    assert SWITCHED_OFF in [caption.value for caption in page.caption]
