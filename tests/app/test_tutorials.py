"""What did attention change? on the pages Evidence and Models, with what ships and with made runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from attnviz.evidence import tutorial_run
from attnviz.evidence.tutorial_run import Attention, TutorialRun, read_shipped_tutorials, write_tutorial_run
from attnviz.evidence.word_bag import read_shipped_bags
from attnviz.ui.corpus_evidence.tutorials_section import HEADING
from attnviz.values.run import Run
from tests.app.visits import open_page, said

PAGE = "corpus_evidence.evidence_page"


@pytest.fixture(scope="module")
def app_library(tiny_library: Path) -> Path:
    return tiny_library


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of made runs in the place of those that ship."""
    monkeypatch.setattr(tutorial_run, "SHIPPED", tmp_path)
    read_shipped_tutorials.cache_clear()
    yield tmp_path
    read_shipped_tutorials.cache_clear()


def ship(folder: Path, network: str, attention: Attention, *accuracies: float) -> None:
    """Made runs that reached these test accuracies, one a seed."""
    for seed, accuracy in enumerate(accuracies):
        curves = {"loss": (0.5, 0.1), "accuracy": (0.8, 0.99), "val_loss": (0.4, 0.6), "val_accuracy": (0.87, accuracy)}
        data = {"test": 25_000, "held_out": 0}
        run = Run(network, network, 9, data, seed, {}, "tutorial", 2, accuracy, 0.6, {}, "2026-01-01", 3600.0)
        write_tutorial_run(folder, TutorialRun(attention, run, curves, "digest", None, "attnviz reproduce tutorials"))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_claim_stands_beside_test_accuracy_without_a_run_that_was_repeated(shipped: Path) -> None:
    page = open_page(PAGE)
    assert HEADING in [one.value for one in page.header]
    words = plain(said(page))
    assert "raised the accuracy from about 94 % to 99 %" in words
    assert "84.08 % after the last epoch" in words
    assert any("None of them has been repeated here yet" in one.value for one in page.caption)
    bag = read_shipped_bags().find("bilstm", 1, 25_000)
    assert bag is not None
    assert f"200 last words occur, in any order, reaches {100 * bag.accuracy:.2f} %." in words


def test_the_sentences_follow_the_runs(shipped: Path) -> None:
    ship(shipped, "bilstm", "own", 0.841, 0.845, 0.838)
    ship(shipped, "bilstm-additive", "own", 0.842, 0.839, 0.846)
    ship(shipped, "bilstm-additive", "even", 0.86, 0.861, 0.862)
    page = open_page(PAGE)
    words = plain(said(page))
    assert "bilstm-additive** against **bilstm**: +0.10 points on average" in words
    assert "so these runs do not show a change" in words
    assert "bilstm-additive** against **bilstm-additive, even weights**: −1.87 points" in words
    assert "every run of the first is worse than every run of the second" in words
    told = "9 runs, 25,000 test reviews each, 9.0 hours of training in all"
    assert any(told in one.value for one in page.caption)
    assert ", more than the best of these runs (86.20 %)" in words


def test_a_table_has_every_number(shipped: Path) -> None:
    ship(shipped, "bilstm", "own", 0.841, 0.845)
    tables = [one.value for one in open_page(PAGE).dataframe]
    table = next(one for one in tables if "test, here last" in one.columns).set_index("network")
    row = table.loc["bilstm"]
    assert (row["test, published last"], row["test, here last"], row["seeds"]) == (0.8408, pytest.approx(0.843), 2)
    assert row["training, published last"] == 0.9486
    assert table.loc["luong, even weights", "seeds"] == 0


def test_a_damaged_run_is_told_and_the_page_goes_on(shipped: Path) -> None:
    (shipped / "luong").mkdir()
    (shipped / "luong" / "own-seed0.json").write_text("{")
    page = open_page(PAGE)
    assert any("own-seed0.json cannot be read" in error.value.replace("\\", "") for error in page.error)
    assert "Train a liar" in [one.value for one in page.header]


def test_the_page_models_lays_the_seeds_under_the_published_log(shipped: Path) -> None:
    ship(shipped, "luong", "own", 0.87, 0.88)
    page = open_page("models_page")
    model = next(box for box in page.selectbox if box.label == "Model")
    assert "As its tutorial trained it" not in said(model.select("lstm-featurewise").run())
    model = next(box for box in page.selectbox if box.label == "Model")
    assert "As its tutorial trained it" in said(model.select("luong").run())
    assert not page.exception
