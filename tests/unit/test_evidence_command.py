"""`attnviz evidence` and `attnviz reproduce` on the tiny library."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from attnviz.evidence import reproduction
from attnviz.evidence.control_plan import Control
from attnviz.evidence.evidence_run import measure_evidence
from attnviz.evidence.published_figures import STUDIES
from attnviz.evidence.resampling import estimate_f1
from attnviz.models.registry import MODELS
from tests.command import assert_refused

pytestmark = pytest.mark.usefixtures("library")


@pytest.mark.long
def test_evidence_prints_the_table_and_leaves_the_folder(run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--texts", 12, "--out", out, "--without", "occlusion", "--processes", 1)
    code, text, err = run("evidence", "luong", *options)
    assert (code, err) == (0, "")
    rows = json.loads((out / "table.json").read_text())
    lines = text.splitlines()
    assert lines[0] == "luong on 12 of 120 texts: IMDB test reviews"
    accuracy = next(row for row in rows if row["measure"] == "accuracy")
    assert f"{accuracy['value']:.3f}" in next(line for line in lines if line.startswith("  accuracy "))
    assert sum(line.endswith("  n 12") for line in lines) == sum(row["n"] == 12 for row in rows)
    assert "even weights" in text
    assert str(out) in lines[-1]


def test_evidence_of_a_file_with_columns_of_any_name(run, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({"body": "a great film", "mood": "positive"}) + "\n")
    options = ("--data", file, "--text", "body", "--label", "mood", "--out", tmp_path / "out", "--method", "attention")
    code, text, _ = run("evidence", "luong", *options)
    assert code == 0
    assert text.startswith("luong on 1 of 1 texts: mine.jsonl\nseed 0; methods: attention\n")


def test_a_wrong_column_and_a_wrong_label_are_told_in_a_line(run, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("review,label\na film,splendid\n")
    assert_refused(run("evidence", "luong", "--data", file, "--text", "body"), "has no column 'body'")
    assert_refused(run("evidence", "luong", "--data", file), "'splendid' as right answer")
    assert_refused(run("evidence", "nonsense"), "nonsense")
    assert_refused(run("evidence", "luong", "--without", "nonsense"), "fixed_gradient")
    assert_refused(run("reproduce", "nonsense"), "jain-wallace, wiegreffe-pinter, eraser")


def test_reproduce_lays_ours_beside_what_is_published(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def measure_luong(network: str, out: Path, **settings):
        asked.append(network)
        return measure_evidence("luong", out, **settings)

    monkeypatch.setattr(reproduction, "measure_evidence", measure_luong)
    code, text, err = run("reproduce", "wiegreffe-pinter", "--texts", 8, "--out", tmp_path / "out", "--processes", 1)
    assert (code, err) == (0, "")
    assert asked == ["bilstm-additive"]
    assert "0.879" in text
    assert "theirs is trained anew" in text
    rows = json.loads((tmp_path / "out" / "table.json").read_text())["rows"]
    shown = [row for row in rows if row["published"]["retrained"] is None]
    assert [row["ours"] is None for row in shown] == [False, False, True, True]
    assert shown[1]["ours"]["of"] == "even weights"


def test_what_was_trained_anew_is_the_mean_over_the_seeds_that_ship(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = next(one for one in STUDIES["wiegreffe-pinter"].figures if one.retrained == ("even", None, "f1"))
    monkeypatch.setattr(reproduction, "read_shipped_runs", lambda network: ())
    assert reproduction.find_retrained(figure) is None
    runs = [
        SimpleNamespace(control=Control(kind, seed), f1=f1, agreement=SimpleNamespace(n=9))
        for kind, seed, f1 in (("own", 0, 0.1), ("even", 0, 0.8), ("even", 1, 0.9), ("even", 2, None))
    ]
    monkeypatch.setattr(reproduction, "read_shipped_runs", lambda network: runs)
    found = reproduction.find_retrained(figure)
    assert (found.value, found.seeds, found.n) == (pytest.approx(0.85), 2, 9)
    assert found.spread == pytest.approx(np.std([0.8, 0.9], ddof=1))


def test_every_published_figure_is_measured_here_or_says_why_not() -> None:
    for study in STUDIES.values():
        assert "arXiv:" in study.title
        for figure in study.figures:
            assert bool(figure.network) == (bool(figure.row[0]) != (figure.retrained is not None))
            assert figure.network in MODELS or figure.differs.startswith("not repeated")
            occlusion = "occlusion" in figure.row[1]
            assert not (occlusion and "occlusion" in study.without)


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    random = np.random.default_rng(0)
    answers, predicted = random.integers(0, 2, 200), random.integers(0, 2, 200)
    hits = np.sum((answers == 1) & (predicted == 1))
    precision, recall = hits / predicted.sum(), hits / answers.sum()
    correct = np.concatenate([predicted == answers, [np.nan]])
    found = estimate_f1(correct, np.concatenate([answers, [-1]]))
    assert found.value == pytest.approx(2 * precision * recall / (precision + recall))
    assert found.n == 200
