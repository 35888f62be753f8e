"""The tabs 'Test reviews' and 'Your own file' of the page Reviews, under Streamlit's AppTest."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.data.imdb import find_imdb, load_imdb
from attnviz.engine.protocol import ExplainReviews, Operation
from attnviz.errors import EngineError
from attnviz.render.numerals import format_percent
from attnviz.runs.library import find_checkpoint
from attnviz.ui.reviews.test_reviews_tab import MISSED
from attnviz.ui.state import get_engine, get_readings
from tests.app.visits import component_data, open_tab


@pytest.fixture
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No network has read anything, and the archive was never parsed."""
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    get_readings.clear()
    yield
    get_readings.clear()


def read_all(page: AppTest) -> None:
    """Press the button and wait until the network has read all test reviews."""
    page.button(key="test_start").click().run()
    work = get_readings().get_work(find_checkpoint("luong"))
    assert work is not None
    assert work.wait(60)
    assert (work.state, work.error) == ("finished", "")
    page.run()
    assert not page.exception


def find_sentence(page: AppTest, part: str) -> str:
    (found,) = (block.value for block in page.markdown if part in block.value)
    return found


@pytest.mark.usefixtures("_own_cache")
def test_a_network_reads_the_test_reviews_when_asked_and_never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_tab("Test reviews")
    assert "Let luong read the test reviews" in page.button(key="test_start").label
    assert not get_readings()._work, "nothing is computed unasked"
    read_all(page)
    test = load_imdb(download=False).test
    expected = attnviz.load("luong").predict_texts(list(test.texts))[:, 1]
    right = (expected >= 0.5) == test.labels
    said = find_sentence(page, "test reviews match")
    assert said == f"**120** of 120 test reviews match. luong gets **{format_percent(right.mean(), 2)}** of them right."
    losses = -np.log(np.where(test.labels == 1, expected, 1 - expected))
    table = page.dataframe[0].value
    np.testing.assert_allclose(table["loss"], np.sort(losses)[::-1][:10], atol=1e-4)
    assert table["answer"].tolist() == [MISSED if loss > np.log(2) else "right" for loss in table["loss"]]
    surprising = int(losses.argmax())
    assert ("✗ Missed." if not right[surprising] else "✓ Right.") in find_sentence(page, "Its author gave")
    get_readings.clear()  # another server starts
    monkeypatch.setattr(get_engine(), "ask", lambda *args, **request: pytest.fail("computed again"))
    reading = get_readings().get(find_checkpoint("luong"), find_imdb())
    np.testing.assert_allclose(reading.table.probabilities[:, 1], expected, atol=1e-5)


def test_filters_narrow_the_list_and_a_match_opens_in_the_editor() -> None:
    page = open_tab("Test reviews")
    if not page.dataframe:
        read_all(page)
    page.text_input(key="filter_query").input("Wonderful").run()
    page.selectbox(key="filter_order").select("Shortest first").run()
    page.pills(key="filter_stars").select(9).run()
    test = load_imdb(download=False).test
    holds = [i for i, text in enumerate(test.texts) if "wonderful" in text.lower() and test.ratings[i] == 9]
    lengths = np.diff(test.word_offsets)
    expected = sorted(holds, key=lambda index: lengths[index])
    assert find_sentence(page, "test reviews match").startswith(f"**{len(expected)}** of 120 ")
    assert page.dataframe[0].value["words"].tolist() == lengths[expected][:10].tolist()
    page.button(key="test_next").click().run()
    page.button(key="test_open").click().run()
    shown = component_data(page)
    assert shown["text"] == test.texts[expected[1]].replace("<br />", "\n")
    assert shown["message"].endswith(f"gave 9 of 10 stars, so it counts as positive. Match 2 of {len(expected)}.")
    page.button(key="test_previous").click().run()
    assert page.text[0].value == test.texts[expected[0]].replace("<br />", "\n")
    page.text_input(key="filter_query").input("unheard").run()
    assert "No review matches" in page.info[0].value
    assert not page.exception


def test_without_the_archive_the_tab_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    monkeypatch.delenv("ATTNVIZ_IMDB")
    assert "`attnviz data`, which downloads it" in open_tab("Test reviews").info[0].value


@pytest.mark.usefixtures("_own_cache")
def test_a_damaged_archive_is_told_and_may_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.tar.gz").write_bytes(b"no archive")
    monkeypatch.setenv("ATTNVIZ_IMDB", str(tmp_path / "broken.tar.gz"))
    page = open_tab("Test reviews")
    page.button(key="test_start").click().run()
    assert get_readings().get_work(find_checkpoint("luong")).wait(60)
    page.run()
    assert "is truncated or no archive" in page.error[0].value
    assert page.button(key="test_start")


REVIEWS = [["text", "label"], ["a great film", "pos"], ["=awful, <b>dull</b> 😀", "0"], ["?!", ""]]


def write_csv(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def upload(page: AppTest, name: str, data: bytes) -> None:
    page.file_uploader[0].upload(name, data, "text/csv").run()
    assert not page.exception


def explain(page: AppTest) -> None:
    """Press the button and wait for the answers."""
    page.button(key="own_start").click().run()
    assert page.session_state.own_run.work.wait(60)
    page.run()
    assert not page.exception


def test_a_file_becomes_a_table_with_the_answers_of_the_api() -> None:
    page = open_tab("Your own file")
    upload(page, "mine.csv", write_csv(REVIEWS))
    assert [page.selectbox(key=f"own_{kind}_column").value for kind in ("text", "label")] == ["text", "label"]
    explain(page)
    texts = [row[0] for row in REVIEWS[1:]]
    expected = attnviz.load("luong").explain_batch(texts)
    table = page.dataframe[0].value
    np.testing.assert_allclose(table["probability"][:2], [expected[0].probability, expected[1].probability], atol=1e-5)
    assert table["answer"][2] == "–"
    right = sum([expected[0].probability >= 0.5, expected[1].probability < 0.5])
    assert f"gets **{format_percent(right / 2)}** of these right" in find_sentence(
        page, "luong (attention weights) on mine"
    )
    run = page.session_state.own_run
    rows = list(csv.DictReader(io.StringIO(run.to_csv().decode("utf-8-sig"), newline="")))
    assert [row["text"] for row in rows] == [texts[0], f"'{texts[1]}", texts[2]]
    lines = [json.loads(line) for line in run.to_json_lines().decode().splitlines()]
    assert [line["text"] for line in lines] == texts
    assert [len(line["tokens"]) for line in lines] == [3, 5, 0]
    assert [line["right_answer"] for line in lines] == ["positive", "negative", None]


def test_an_unfit_file_is_refused_in_words_and_a_fit_one_takes_its_place() -> None:
    page = open_tab("Your own file")
    upload(page, "mine.csv", b"review\nfine, really\n")
    assert "Line 2 of mine.csv has 2 fields" in page.error[0].value.replace("\\", "")
    upload(page, "mine.csv", b"review,label\nfine,maybe\n")
    page.selectbox(key="own_label_column").select("label").run()
    assert "'maybe' as right answer" in page.error[0].value.replace("\\", "")
    page.button(key="own_another").click().run()
    upload(page, "mine.txt", "fine, naïve\n".encode("cp1252"))
    assert not page.error
    assert any("was read as cp1252" in caption.value for caption in page.caption)
    assert page.button(key="own_start").label == "Explain 1 review with luong (attention weights)"


def test_answers_that_fail_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = get_engine().ask

    def fail(operation: Operation, **how: Any) -> object:
        if isinstance(operation, ExplainReviews):
            raise EngineError("no answers today")
        return ask(operation, **how)

    page = open_tab("Your own file")
    upload(page, "mine.txt", b"fine\n")
    monkeypatch.setattr(get_engine(), "ask", fail)
    explain(page)
    assert "no answers today" in page.error[0].value


def test_a_stopped_file_shows_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_tab("Your own file")
    upload(page, "mine.txt", b"great film\n" * 40)
    ask = get_engine().ask

    def stop_after_one(operation: Operation, **how: Any) -> object:
        answers = ask(operation, **how)
        if isinstance(operation, ExplainReviews):
            while "own_run" not in page.session_state or page.session_state.own_run is None:
                time.sleep(0.01)
            page.session_state.own_run.work.stop()
        return answers

    monkeypatch.setattr(get_engine(), "ask", stop_after_one)
    explain(page)
    assert "Stopped after 16 of 40 reviews" in find_sentence(page, "luong (attention weights) on mine")
    assert len(page.dataframe[0].value) == 16
