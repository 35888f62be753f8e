"""What is said of a data set of one's own, on the page and on the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from attnviz.cli import main
from attnviz.render.dataset_report import describe_classes, describe_dataset
from attnviz.values.dataset import Dataset, ReadingReport
from tests.tables import make_rows, write_csv

PLAIN = Dataset(
    name="films",
    source="films.csv",
    text_column="text",
    label_column="label",
    labels=("bad", "good"),
    train=(40, 80),
    test=(10, 20),
    unit="words",
    words=120,
    median_length=14,
    longer=(0.0, 0.0),
    seed=3,
    bytes=9_000,
    digest="0" * 64,
    created="2026-01-01T00:00:00+00:00",
    report=ReadingReport(150),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_DATASETS", str(tmp_path / "datasets"))
    return tmp_path


def test_a_file_without_faults_is_told_in_few_sentences() -> None:
    assert describe_dataset(PLAIN) == [
        "150 rows were read; none was left out.",
        "150 texts, 2 classes (bad 50, good 100).",
        "Always answering ‘good’ would be right on 66.7\xa0% of the test texts.",
        "Split by class with seed 3: 120 texts to train on, 30 to test with.",
        "Read by words: 14 in the median text, 120 different ones known.",
    ]


def test_what_was_left_out_guessed_or_cut_is_told() -> None:
    report = ReadingReport(160, blank=4, unlabelled=5, too_long=1, copies=1, contradictions=2, encoding="cp1252")
    said = describe_dataset(replace(PLAIN, report=report, longer=(0.25, 0.05), labels=("Good", "good")))
    assert said[0] == (
        "160 rows were read; left out: 4 without a text that can be read, 5 without a label and "
        "1 with a text of more than 1,000,000 characters."
    )
    assert "1 of the texts is a copy of an earlier one" in said[1]
    assert said[2].startswith("2 texts stand in the file with more than one label")
    assert "read as cp1252, a guess" in said[3]
    assert "upper and lower case" in said[5]
    assert (
        said[-1]
        == "Networks read the last 200 or 500 of a text: 25\xa0% have more than 200, 5\xa0% have more than 500."
    )


def test_data_sets_are_added_listed_and_deleted_on_the_command_line(folder: Path, capsys) -> None:
    file = write_csv(folder / "films.csv", make_rows(60))
    assert main(["data", "--list"]) == 0
    assert "no data set of your own yet" in capsys.readouterr().out
    assert main(["data", "--add", str(file)]) == 0
    said = capsys.readouterr()
    assert "Data set films:" in said.out
    assert "60 rows were read; none was left out." in said.out
    assert "'text' for the texts, 'label' for the classes" in said.err
    assert main(["data", "--list"]) == 0
    assert capsys.readouterr().out == "films: 60 texts, 3 classes (bad 20, good 20, mixed 20)\n"
    assert main(["data", "--delete", "films"]) == 0
    assert main(["data", "--delete", "films"]) == 2
    assert "Unknown data set 'films'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "luong", "--data", "nothing"], "Unknown data set 'nothing'"),
        (["train", "luong", "--text", "text"], "give --data FILE"),
        (["train", "luong", "--data", "films.csv", "--text", "review"], "no column 'review'"),
        (["data", "--add", "films.csv", "--unit", "syllables"], "words, characters, jieba"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    arguments: list[str], message: str, folder: Path, monkeypatch, capsys
) -> None:
    write_csv(folder / "films.csv", make_rows(60))
    monkeypatch.chdir(folder)
    assert main(arguments) == 2
    said = capsys.readouterr().err.splitlines()
    assert message in said[-1]


def test_classes_are_listed_with_their_counts() -> None:
    assert describe_classes(PLAIN) == "150 texts, 2 classes (bad 50, good 100)"
