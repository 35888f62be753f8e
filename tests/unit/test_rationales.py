"""Rationales of people: read from what ERASER publishes, refused where they are something else, measured."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

import attnviz
from attnviz.errors import DataError
from attnviz.evidence.rationale_study import measure_rationales
from attnviz.evidence.rationales import read_rationales
from tests.command import assert_refused

TEXT = "it was dull\nbut the end is a great delight"


def mark(*spans: tuple[int, int], docid: str = "a.txt") -> str:
    evidences = [[{"docid": docid, "start_token": start, "end_token": end, "text": "?"}] for start, end in spans]
    return json.dumps({"annotation_id": docid, "classification": "POS", "evidences": evidences})


@pytest.fixture
def eraser(tmp_path: Path) -> Path:
    """A folder as ERASER publishes them."""
    folder = tmp_path / "movies"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "a.txt").write_text(TEXT)
    (folder / "train.jsonl").write_text(mark((8, 10)) + "\n")
    return folder


def pack(folder: Path) -> Path:
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
        for file in folder.rglob("*.*"):
            archive.write(file, file.relative_to(folder.parent))
    return folder.with_suffix(".zip")


def test_a_folder_a_zip_and_lines_say_the_same(eraser: Path, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps({"text": TEXT, "rationale": [[8, 10]]}) + "\n\n")
    found = [read_rationales(path) for path in (eraser, pack(eraser), lines)]
    assert found[0] == found[1] == found[2]
    ((text, ((start, end),)),) = found[0]
    assert text[start:end] == "great delight"


def test_tokens_are_joined_by_spaces(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"tokens": ["a", "fine", "film"], "rationale": [[1, 2]]}))
    assert read_rationales(file) == (("a fine film", ((2, 6),)),)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "Line 1 of train.jsonl is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "holds no object"),
        ("{}", "neither 'evidences' nor"),
        (mark((3, 99)), "marks the tokens 3 to 99, and its text has 10"),
        (mark((3, 3)), "a start and a larger end"),
        (mark((True, 3)), "a start and a larger end"),
        (mark((-1, 3)), "a start and a larger end"),
        (mark((0, 1), docid="../train.jsonl"), "has no text '../train.jsonl'"),
        (json.dumps({"evidences": {}}), "has no list as 'evidences'"),
        (json.dumps({"evidences": [["x"]]}), "an evidence that is no object"),
        (json.dumps({"evidences": [[{"docid": name} for name in "ab"]]}), "words of 2 documents"),
        (json.dumps({"text": 1, "rationale": []}), "has no text as 'text'"),
    ],
)
def test_what_is_no_rationale_is_told_in_a_sentence(eraser: Path, line: str, message: str) -> None:
    (eraser / "train.jsonl").write_text(line)
    with pytest.raises(DataError, match=r"^[^\n]+$") as caught:
        read_rationales(eraser)
    assert message in str(caught.value)


def test_files_that_cannot_be_rationales(eraser: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK no")
    (tmp_path / "b.txt").write_text("")
    for name in ("a.zip", "b.txt", "missing.jsonl", "movies/docs"):
        with pytest.raises(DataError):
            read_rationales(tmp_path / name)
    monkeypatch.setattr("attnviz.evidence.rationale_files.MAX_BYTES", 10)
    for path in (eraser, pack(eraser)):
        with pytest.raises(DataError, match="at most 10"):
            read_rationales(path)


def test_a_link_in_the_folder_is_not_followed(eraser: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(TEXT)
    (eraser / "docs" / "a.txt").unlink()
    (eraser / "docs" / "a.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(DataError, match="a link"):
        read_rationales(eraser)


@pytest.mark.usefixtures("library")
def test_methods_stand_beside_both_baselines(eraser: Path) -> None:
    (eraser / "train.jsonl").write_text("\n".join([mark((8, 10)), mark((0, 1)), mark(), mark((0, 10))]))
    explainer = attnviz.load("luong")
    study = measure_rationales(explainer, eraser)
    assert (study.record["n"], study.skipped, study.unread) == (2, 2, 0)
    table = {(row.measure, row.of): row for row in study.rows}
    names = {of for _, of in table}
    assert names == {"attention", "gradient", "fixed_gradient", "occlusion", "last words", "random"}
    assert {row.n for row in study.rows} == {2}
    assert table["F1 of the k highest, k are marked", "last words"].value == 0.5  # all of the first, none of the other
    faithful = explainer.measure_faithfulness(TEXT, "attention")
    assert faithful.comprehensiveness is not None
    assert table["comprehensiveness", "attention"].value == pytest.approx(faithful.comprehensiveness.value, abs=1e-6)


@pytest.mark.usefixtures("library")
def test_the_area_is_the_mean_of_that_of_scikit_learn(eraser: Path) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    scores = np.abs(attnviz.load("luong").explain(TEXT, "attention").scores)
    precision, recall, _ = metrics.precision_recall_curve([0] * 8 + [1] * 2, scores.astype(np.float64))
    row = next(row for row in measure_rationales("luong", eraser).rows if row.of == "attention")
    assert (row.measure, row.value) == ("AUPRC", pytest.approx(metrics.auc(recall, precision)))


@pytest.mark.usefixtures("library")
def test_the_command_prints_and_writes_the_table(run, eraser: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, text, err = run("evidence", "luong", "--rationales", eraser, "--without", "occlusion", "--out", out)
    assert (code, err) == (0, "")
    assert "luong on 1 of 1 texts: movies" in text
    assert "AUPRC: last words" in text
    written = json.loads((out / "rationales.json").read_text())
    assert len(written["rows"]) == 5 * 5 == len((out / "table.csv").read_text().splitlines()) - 1
    assert_refused(run("evidence", "luong", "--rationales", eraser, "--processes", 2), "go without --rationales")
    (eraser / "train.jsonl").write_text(mark())
    assert_refused(run("evidence", "luong", "--rationales", eraser), "of no text")
