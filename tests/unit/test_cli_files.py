"""`attnviz explain --file`: many reviews from a file of any format, in every form of output."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest

from tests.command import assert_refused

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def explain(run):
    """Explain a file with `luong`; returns the exit code, standard output and standard error."""
    return partial(run, "explain", "luong", "--file")


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    """A CSV file with three reviews, one of them over two lines and one empty."""
    path = tmp_path / "reviews.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["stars", "review"], [9, 'a "great" film,\nreally'], [1, ""], [2, "dull 😀"]])
    return path


def test_a_csv_file_is_explained_row_by_row_as_json_lines(explain, reviews: Path) -> None:
    code, out, _ = explain(reviews, "--format", "json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [row["text"] for row in rows] == ['a "great" film,\nreally', "", "dull 😀"]
    assert [row["probability"] is None for row in rows] == [False, True, False]


def test_a_csv_file_is_explained_as_one_table(explain, reviews: Path) -> None:
    _, out, _ = explain(reviews, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["review"], row["token"]) for row in rows] == [
        *(("1", "a"), ("1", "great"), ("1", "film"), ("1", "really")),
        *(("3", "dull"), ("3", "😀")),
    ]
    assert len({row["probability"] for row in rows}) == 2


def test_a_csv_file_is_explained_as_one_page_or_as_text(explain, reviews: Path) -> None:
    _, page, _ = explain(reviews, "--format", "html")
    _, text, _ = explain(reviews)
    assert page.count("<section") == 3
    assert page.count("<!doctype") == 1
    assert [line for line in text.splitlines() if line.startswith("review ")] == ["review 1", "review 2", "review 3"]


def test_another_column_may_be_chosen(explain, reviews: Path) -> None:
    _, out, _ = explain(reviews, "--column", "stars", "--format", "json")
    assert [json.loads(line)["text"] for line in out.splitlines()] == ["9", "1", "2"]


def test_a_text_file_is_one_review_a_line(explain, tmp_path: Path) -> None:
    path = tmp_path / "reviews.txt"
    path.write_bytes("great film\r\ndull\u2028story\n".encode())
    _, out, _ = explain(path, "--format", "json")
    assert [json.loads(line)["text"] for line in out.strip().split("\n")] == ["great film", "dull\u2028story"]


def test_a_missing_column_names_those_that_there_are(explain, reviews: Path) -> None:
    result = explain(reviews, "--column", "text", "--format", "json")
    assert_refused(result, "has no column 'text'. Its columns: stars, review.")


@pytest.mark.parametrize("name", ["absent.csv", "folder"])
def test_a_file_that_cannot_be_read_is_refused(explain, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    result = explain(tmp_path / name, "--format", "json")
    assert_refused(result, f"{name} cannot be read (")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("reviews.tsv", "stars\treview\n9\ta great film, really\n2\tdull\n"),
        ("reviews.csv", "stars;review\n9;a great film, really\n2;dull\n"),
        ("reviews.jsonl", '{"review": "a great film, really"}\n{"review": "dull"}\n'),
        ("reviews.json", '[{"review": "a great film, really"}, {"review": "dull"}]'),
    ],
)
def test_every_format_gives_the_reviews(explain, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    code, out, err = explain(tmp_path / name, "--format", "json")
    assert (code, err) == (0, "")
    assert [json.loads(line)["text"] for line in out.splitlines()] == ["a great film, really", "dull"]


def test_a_guessed_encoding_is_told(explain, tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("review\ncafé\n".encode("latin-1"))
    code, out, err = explain(tmp_path / "latin.csv", "--format", "json")
    assert (code, json.loads(out)["text"]) == (0, "café")
    assert err.endswith("latin.csv is not UTF-8 and was read as cp1252, which is a guess.\n")


def test_a_broken_line_is_named(explain, tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text("review,stars\na film,9\nnot quoted, really,1\n", encoding="utf-8")
    result = explain(tmp_path / "reviews.csv", "--format", "json")
    assert_refused(result, "reviews.csv has 3 fields, its header names 2")
