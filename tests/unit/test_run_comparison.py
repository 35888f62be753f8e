"""Runs laid side by side: their figures, how far these can be compared, and where the table goes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import attnviz
from attnviz.errors import CheckpointError, SettingError, UnknownNameError
from attnviz.render.palette import SERIES
from attnviz.render.run_comparison_report import DASHES, SYMBOLS, plot_compared
from attnviz.runs.compared_runs import compare_runs, measure_folder
from attnviz.values.run_comparison import MOST_RUNS
from tests.command import assert_refused
from tests.made_runs import change_record, make_run


@pytest.fixture
def own(tmp_path: Path, tiny_library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with two runs that have a network and one that failed."""
    library = tmp_path / "own"
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(library))
    make_run(library, "first", tiny_library / "luong")
    make_run(library, "second", tiny_library / "bilstm", network="bilstm", seed=3)
    make_run(library, "third", state="failed")
    return library


def test_figures_are_those_of_the_folders(own: Path) -> None:
    compared = attnviz.compare_runs(["second", "first", "third"])
    frame = compared.to_frame()
    assert frame["run"].tolist() == ["second", "first", "third"]
    assert frame["network"].tolist() == ["bilstm", "luong", "luong"]
    assert frame["seed"].tolist() == [3, 1, 1]
    assert frame["accuracy"].tolist()[:2] == [0.7, 0.7]
    assert frame["accuracy"].isna().tolist() == frame["parameters"].isna().tolist() == [False, False, True]
    assert frame["best_epoch"].tolist() == [2, 2, 2]
    assert frame["bytes"].tolist()[1] == sum(path.stat().st_size for path in (own / "first").iterdir())
    low, high = frame["low"][1], frame["high"][1]
    assert (round(low, 3), round(high, 3)) == (0.604, 0.781), "Wilson, 70 of 100"
    assert frame["state"].tolist() == ["finished", "finished", "failed"]
    assert "third: no test accuracy yet." in compared.note


def test_the_same_texts_may_be_compared(own: Path) -> None:
    assert compare_runs(["first", "second"]).note.startswith("All were tested on the same 100 texts.")


def test_texts_that_seeds_drew_are_different_texts(own: Path, tiny_library: Path) -> None:
    for seed in (1, 2):
        make_run(own, f"drawn-{seed}", tiny_library / "luong", seed=seed, limit=100)
    assert "different texts of the same data" in compare_runs(["drawn-1", "drawn-2"]).note
    assert "different texts of the same data" in compare_runs(["drawn-1", "first"]).note


def test_accuracies_on_other_data_are_not_comparable(own: Path, tiny_library: Path) -> None:
    folder = make_run(own, "mine", tiny_library / "luong", data="mine")
    labels = ["bad", "so so", "=good\x1b"]
    change_record(folder, {"name": "mine", "digest": "d", "answer": "own", "labels": labels, "unit": "words"})
    note = compare_runs(["first", "mine", "second"]).note
    assert note.startswith("Their accuracies are not comparable, because the data or the answers differ: first and ")
    assert "mine on mine (bad, so so, =good\\x1b)." in note


def test_a_network_that_ships_and_one_of_columns_can_be_among_them(library: Path) -> None:
    compared = compare_runs(["luong", "column"])
    assert compared.to_frame()["tested"].tolist() == [100, 10]
    assert "not comparable" in compared.note


def test_what_cannot_be_compared_is_refused(own: Path) -> None:
    for names, message in ((["first"], "At least two"), (["first", "second", "first"], "first is there twice")):
        with pytest.raises(SettingError, match=message):
            compare_runs(names)
    with pytest.raises(UnknownNameError, match="nope"):
        compare_runs(["first", "nope"])
    (own / "first" / "history.csv").write_text("damaged")
    with pytest.raises(CheckpointError, match="sha256"):
        compare_runs(["first", "second"])


def test_each_run_has_a_colour_a_dash_and_a_mark_of_its_own(own: Path) -> None:
    runs = compare_runs(["first", "second", "third"]).runs
    for measure in ("loss", "accuracy"):
        lines = plot_compared(runs, measure).data
        assert [(line.name, line.showlegend) for line in lines[:4]] == [
            (name, listed) for name in ("first", "second") for listed in (True, False)
        ]
        assert "first, training" in lines[1].hovertemplate
        thick, thin = lines[::2], lines[1::2]
        assert {line.line.width for line in thick} == {2.5}
        assert {line.line.width for line in thin} == {1.0}
        for marks in ([one.line.color for one in thick], [one.line.dash for one in thick]):
            assert len(set(marks)) == 3
        assert [one.line.dash for one in thick] == [one.line.dash for one in thin]
    assert len(set(SERIES)) == len(set(DASHES)) == len(set(SYMBOLS)) == MOST_RUNS


def test_a_link_inside_a_folder_does_not_count(own: Path) -> None:
    before = measure_folder(own / "third")
    (own / "third" / "link").symlink_to("/etc/passwd")
    assert measure_folder(own / "third") == before


def test_the_command_prints_the_table_or_writes_it(run, own: Path, tmp_path: Path) -> None:
    code, out, _ = run("runs", "compare", "first", "second")
    assert code == 0
    assert ["test", "accuracy", "70.00", "%", "70.00", "%"] in [line.split() for line in out.splitlines()]
    assert "All were tested on the same 100 texts." in out
    assert run("runs", "compare", "first", "third", "--csv", tmp_path / "runs.csv") == (0, "", "")
    rows = list(csv.DictReader((tmp_path / "runs.csv").read_text("utf-8").splitlines()))
    assert [(row["run"], row["accuracy"], row["tested"]) for row in rows] == [
        ("first", "0.7", "100"),
        ("third", "", ""),
    ]
    assert_refused(run("runs", "compare", "first"), "At least two runs")
