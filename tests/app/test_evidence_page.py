"""The page Evidence: shipped summaries, and networks of one's own that are measured here."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from attnviz.evidence import evidence_run
from attnviz.evidence.network_summary import read_shipped
from attnviz.evidence.part_plan import Plan
from attnviz.render.numerals import format_percent
from attnviz.ui.corpus_evidence import measuring
from attnviz.ui.corpus_evidence.words_section import cut_around
from tests.app.visits import TIMEOUT, open_page, said

PAGE = "corpus_evidence.evidence_page"


@pytest.fixture(scope="module")
def app_library(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that ships, and one of one's own that nobody has measured."""
    library = tmp_path_factory.mktemp("evidence") / "library"
    shutil.copytree(Path(__file__).parents[2] / "checkpoints" / "word-additive", library / "word-additive")
    shutil.copytree(tiny_library / "luong", library / "luong")
    return library


@pytest.fixture(autouse=True)
def _small_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other attention is searched for a few reviews only, which takes longest."""
    monkeypatch.setattr(evidence_run, "Plan", lambda *given: Plan(*given, attacked=2, erased=10))


def measure(page: AppTest) -> AppTest:
    """Press the button, and run the page until the work has ended."""
    page.button(key="evidence_measure").click().run()
    work = measuring._get_all()["luong"]
    assert work.wait(3 * TIMEOUT)
    return page.run()


def test_a_network_that_ships_is_shown_with_its_numbers() -> None:
    page = open_page(PAGE)
    shipped = read_shipped("word-additive")
    accuracy, lost = shipped.find("accuracy"), shipped.find("accuracy lost", "even weights")
    even = format_percent(accuracy.value - lost.value)
    assert f"{format_percent(accuracy.value)} of 25,000 answers are right; with even weights {even}." in said(page)
    assert "word-additive needs its attention where it is" in said(page)
    table = page.dataframe[1].value
    assert set(table["n"]) >= {25_000}


def test_a_network_of_ones_own_is_measured_here_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    page = open_page(PAGE)
    page.selectbox[0].select("luong").run()
    assert "has not been measured yet" in said(page)
    page = measure(page)
    assert not page.exception
    assert "answers are right" in said(page)
    assert "attnviz evidence luong --texts 1000 --without occlusion" in said(page)
    again = open_page(PAGE)
    again.selectbox[0].select("luong").run()
    assert "has not been measured yet" not in said(again)


def test_what_ships_is_not_shown_of_another_network_of_that_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    shipped = read_shipped("word-additive")
    other = replace(shipped, sha256={**shipped.sha256, "model.keras": "another"})
    monkeypatch.setattr(measuring, "read_shipped", lambda name: other if name == "word-additive" else None)
    assert "has not been measured yet" in said(open_page(PAGE))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A <br />dull film", "A dull film"),
        ("x" * 100 + " dull " + "y" * 100, "… " + "x" * 59 + " dull " + "y" * 59 + " …"),
        ("Nothing of it", "Nothing of it"),
    ],
)
def test_a_review_is_cut_around_the_word(text: str, shown: str) -> None:
    assert cut_around(text, "dull") == shown
