"""Files of one's own reviews: what is read, and what is refused at the door."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(st.binary(max_size=60), st.sampled_from(["a.csv", "a.txt"]))
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
    labels = ["0", "NEG", " negative ", "1", "pos", "", "Positive"]
    file = read("review,label\n" + "".join(f"x,{label}\n" for label in labels))
    assert file.get_labels("label") == [0, 0, 0, 1, 1, None, 1]
    assert file.label_column == "label"


@pytest.mark.parametrize("text", ["review\nx\n", "review,label\nx,7\n", "review,label\nx,\n", "review,stars\nx,1\n"])
def test_a_column_without_right_answers_is_not_taken_for_one(text: str) -> None:
    assert read(text).label_column is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty; expected a header"),
        (b"\n\n", "is empty; expected a header"),
        (b"review\n", "holds no review"),
        (b"review\nok\ncaf\xe9\n", "line 3 holds the byte 0xE9"),
        ("review\nok\n".encode("utf-16"), "line 1 holds the byte 0xFF"),
        (b"review,label\nok,1\nwell, not quoted,0\n", "Line 3 of a.csv has 3 fields, its header names 2"),
        (b"review,label\nok,1\nalone\n", "Line 3 of a.csv has 1 fields"),
        (b'review\nok\n"never closed\n', "line 3 of a.csv is no CSV"),
        (b"x" * (MAX_BYTES + 1), "has 5.0 MB; at most 5 MB"),
        (b"review\n" + b"x\n" * (MAX_REVIEWS + 1), "holds 2,001 reviews; at most 2,000"),
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


@given(st.lists(UTF8_TEXT, max_size=5))
def test_the_stream_reads_the_same_reviews(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("stream") / "reviews.csv"
    path.write_bytes(write([["review"], *([text] for text in texts)]).encode())
    assert list(stream_reviews(Path(path))) == texts
