"""Files of one's own reviews: what is read, and what is refused at the door."""

from __future__ import annotations

import csv
import io
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.data import records
from attnviz.data.records import FORMATS, MAX_COLUMNS, Record, name_columns
from attnviz.data.review_files import MAX_BYTES, MAX_REVIEWS, ReviewFile, read_review_file, stream_reviews
from attnviz.errors import DataError, SettingError
from attnviz.text.words import MAX_CHARACTERS

UTF8_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
"""Before Python 3.11 the csv module reads no NUL."""


def read(text: str, name: str = "reviews.csv") -> ReviewFile:
    return read_review_file(name, text.encode())


def write(rows: list[list[str]], **settings: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, **settings).writerows(rows)
    return stream.getvalue()


@given(st.lists(st.tuples(UTF8_TEXT, UTF8_TEXT), min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_any_text_survives_a_csv_file(rows: list[tuple[str, str]], delimiter: str) -> None:
    file = read(write([["review", "note"], *map(list, rows)], delimiter=delimiter))
    assert file.get_texts("review") == [text for text, _ in rows]
    assert file.get_texts("note") == [note for _, note in rows]


@given(st.binary(max_size=60), st.sampled_from([f"a{ending}" for ending in ("", *FORMATS)]))
def test_any_bytes_are_read_or_refused_in_words(data: bytes, name: str) -> None:
    try:
        file = read_review_file(name, data)
    except DataError:
        return
    assert len(set(file.columns)) == len(file.columns)
    assert {len(row) for row in file.rows} == {len(file.columns)}
    assert len(file.lines) == len(file.rows) > 0
    assert file.text_column in file.columns


def test_a_text_file_has_a_review_in_each_line_that_is_not_blank() -> None:
    file = read("\ufeffgreat film\r\n\n  \ndull\u2028story, really\n", "reviews.TXT")
    assert file.columns == ("review",)
    assert file.get_texts("review") == ["great film", "dull\u2028story, really"]
    assert file.lines == (1, 4)


def test_a_record_of_several_lines_is_placed_where_it_starts() -> None:
    file = read('\ufeffreview,label\n"two\nlines",1\n\nshort,0\n')
    assert file.lines == (2, 5)
    assert file.get_labels("label") == [1, 0]


@pytest.mark.parametrize(
    ("header", "columns"),
    [("review,label", ("review", "label")), (",review", ("column 1", "review")), ("a,a,a", ("a", "a (2)", "a (3)"))],
)
def test_every_column_has_a_name_of_its_own(header: str, columns: tuple[str, ...]) -> None:
    assert read(f"{header}\n{','.join('x' * len(columns))}\n").columns == columns


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("stars,Review\n9,great\n", "Review"),
        ("TEXT,review\na,b\n", "review"),
        ("id,Text\n1,great\n", "Text"),
        ("id,what\n1,a great film\n2,dull\n3,a dull film\n", "what"),
        ("id,what\n1,great\n", "id"),
    ],
)
def test_the_column_with_the_reviews_is_guessed(text: str, column: str) -> None:
    assert read(text).text_column == column


def test_right_answers_come_in_three_spellings() -> None:
    labels = ["0", "NEG", " negative ", "1", "pos", "", "Positive", "0.0"]
    file = read("review,label\n" + "".join(f"x,{label}\n" for label in labels))
    assert file.get_labels("label") == [0, 0, 0, 1, 1, None, 1, 0]
    assert file.find_label_column() == "label"


STARS = ("1-2 stars", "3-4 stars", "7-8 stars", "9-10 stars")


def test_right_answers_may_be_any_labels_by_name_or_index() -> None:
    file = read("review,class\n" + "".join(f"x,{label}\n" for label in ["3", "7-8 STARS", "", " 1-2 stars", "0"]))
    assert file.get_labels("class", STARS) == [3, 2, None, 0, 0]
    assert file.find_label_column(STARS) == "class"
    assert file.find_label_column() is None
    with pytest.raises(SettingError, match=r"Line 2 of .* has '4' .*one of 1-2 stars, .*, a number from 0 to 3"):
        read("review,class\nx,4\n").get_labels("class", STARS)


def test_a_name_counts_before_an_index() -> None:
    assert read("review,label\nx,0\nx,1\n").get_labels("label", ("1", "0")) == [1, 0]


@pytest.mark.parametrize("text", ["review\nx\n", "review,label\nx,7\n", "review,label\nx,\n", "review,stars\nx,1\n"])
def test_a_column_without_right_answers_is_not_taken_for_one(text: str) -> None:
    assert read(text).find_label_column() is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty; expected a header"),
        (b"\n\n", "is empty; expected a header"),
        (b"review\n", "holds no review"),
        (b"review\nok\n\xe9\x81\xff\xfe\x90\n", "line 3 holds the byte 0xE9"),
        (b"review,label\nok,1\nwell, not quoted,0\n", "Line 3 of a.csv has 3 fields, its header names 2"),
        (b"review,label\nok,1\nalone\n", "Line 3 of a.csv has 1 fields"),
        (b'review\nok\n"never closed\n', "line 3 of a.csv is no CSV"),
        (b"x" * (MAX_BYTES + 1), "has 5.0 MB; at most 5 MB"),
        (b"review\n" + b"x\n" * (MAX_REVIEWS + 1), "holds more than 2,000 reviews"),
    ],
)
def test_an_unfit_file_is_refused_and_the_line_is_named(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_review_file("a.csv", data)


def test_as_many_reviews_as_are_possible_are_read() -> None:
    assert len(read("review\n" + "x\n" * MAX_REVIEWS).rows) == MAX_REVIEWS


def test_a_review_that_is_too_long_is_refused_by_its_line() -> None:
    file = read(f"review\nshort\n{'x' * (MAX_CHARACTERS + 1)}\n")
    with pytest.raises(SettingError, match=r"line 3 of reviews\.csv has 1,000,001 characters"):
        file.get_texts("review")


def test_a_right_answer_that_is_none_is_refused_by_its_line() -> None:
    with pytest.raises(SettingError, match=r"Line 3 of .* has 'maybe'"):
        read("review,label\nx,1\ny,maybe\n").get_labels("label")


def test_an_absent_column_is_refused() -> None:
    with pytest.raises(SettingError, match=r"no column 'text'\. Its columns: review, label"):
        read("review,label\nx,1\n").get_texts("text")


@given(st.lists(UTF8_TEXT, min_size=1, max_size=5))
def test_the_stream_reads_the_same_reviews(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("stream") / "reviews.csv"
    path.write_bytes(write([["review"], *([text] for text in texts)]).encode())
    assert list(stream_reviews(Path(path))) == texts


@pytest.mark.parametrize("name", ["absent.csv", "folder"])
def test_a_stream_that_cannot_be_opened_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match=rf"{name} cannot be read \("):
        stream_reviews(tmp_path / name)


def test_a_stream_names_a_missing_column_at_once_and_knows_two_names(tmp_path: Path) -> None:
    path = tmp_path / "reviews.tsv"
    path.write_text("id\tText\n1\tgreat, really\n", encoding="utf-8")
    assert list(stream_reviews(path)) == ["great, really"]
    assert list(stream_reviews(path, "id")) == ["1"]
    with pytest.raises(SettingError, match=r"no column 'review'\. Its columns: id, Text"):
        stream_reviews(path, "review")


def test_a_stream_without_a_review_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text("review\n", encoding="utf-8")
    with pytest.raises(DataError, match="holds no review"):
        stream_reviews(path)


def test_a_stream_says_what_it_guessed(tmp_path: Path) -> None:
    path, told = tmp_path / "reviews.txt", []
    path.write_bytes("a naïve film\n".encode("cp1252"))
    assert list(stream_reviews(path, report=told.append)) == ["a naïve film"]
    assert told == [f"{path} is not UTF-8 and was read as cp1252, which is a guess."]


def test_a_pipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"great film\ndull\n",))
    writer.start()
    assert list(stream_reviews(path)) == ["great film", "dull"]
    writer.join()


FAR_TOO_MANY = "a," * 39_999 + "a"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", f"{FAR_TOO_MANY}\n{FAR_TOO_MANY}\n", "has 40,000 columns; at most 1,000"),
        ("a.jsonl", json.dumps({str(n): "x" for n in range(1_001)}), "has 1,001 columns"),
        ("a.jsonl", "".join(json.dumps({str(n): "x", "b": "y"}) + "\n" for n in range(1_500)), "has 1,001 columns"),
        ("a.csv", "\n" * 4_999_999, "has 4,999,999 lines; at most 250,000"),
        ("a.txt", "\r" * 1_000_000, "has 1,000,000 lines; at most 250,000"),
        ("a.txt", "x\n" * 240_000, "holds more than 2,000 reviews"),
        ("a.csv", "review\n" + "x," * 2_000_000, "Line 2 of a.csv has 2,000,001 fields"),
    ],
)
def test_a_file_is_refused_before_its_size_can_hurt(
    name: str, text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What names columns looks at no more of them than are possible."""
    named: list[int] = []
    monkeypatch.setattr(records, "name_columns", lambda header: named.append(len(header)) or tuple(header))
    with pytest.raises(DataError, match=message):
        read(text, name)
    assert all(count <= MAX_COLUMNS for count in named)


def test_no_more_records_are_read_than_are_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(records, "Record", lambda line, fields: made.append(line) or Record(line, fields))
    with pytest.raises(DataError, match="more than"):
        read("review\n" + "x\n" * 200_000)
    assert len(made) == MAX_REVIEWS + 1


def test_columns_are_named_by_looking_each_name_up_once() -> None:
    class Name(str):
        looks = 0
        __hash__ = str.__hash__

        def strip(self) -> Name:  # type: ignore[override]
            return self

        def __eq__(self, other: object) -> bool:
            Name.looks += 1
            return str.__eq__(self, other)

    assert len(name_columns(map(Name, range(5_000)))) == 5_000
    assert Name.looks < 5_000, "each name against all others would be 12 million"
