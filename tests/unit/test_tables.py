"""Explanations of many reviews as one table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.tables import TOKEN_COLUMNS, build_row, format_strongest, render_csv, write_tokens
from attnviz.values.explanation import Explanation
from attnviz.values.tokens import Token
from tests.made import explain_as

TOKENS = tuple(
    Token(word, 0, 1, number, word != "zzz") for number, word in enumerate(["a", "b", "zzz", "d", "e", "f", "g"])
)
SIGNED = explain_as("a b zzz d e f g", TOKENS, [0.1, -0.9, 0.2, 0.3, -0.4, 0.05, 0.0], 0.5, "gradient", "net", 3)
SILENT = explain_as("=?!", (), [], None, "attention", "net")


def test_a_row_counts_and_names_the_strongest_words() -> None:
    assert build_row(SIGNED, label=0) == {
        "text": "a b zzz d e f g",
        "probability": 0.5,
        "answer": "positive",
        "right_answer": "negative",
        "right": False,
        "words": 7,
        "unknown": 1,
        "truncated": 3,
        "strongest": [(TOKENS[place].text, float(SIGNED.scores[place])) for place in (1, 4, 3, 2, 0)],
    }
    assert format_strongest(build_row(SIGNED)).startswith("b −0.9000, e −0.4000, d 0.3000")


def test_a_text_without_words_is_neither_right_nor_wrong() -> None:
    row = build_row(SILENT, label=1)
    assert (row["answer"], row["right_answer"], row["right"], row["strongest"]) == (None, "positive", None, [])


def read(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table, newline="")))


def test_the_table_has_a_column_for_each_of_five_words() -> None:
    first, second = read(render_csv([build_row(SIGNED, 0), build_row(SILENT)]))
    assert [first[f"word_{number}"] for number in range(1, 6)] == ["b", "e", "d", "zzz", "a"]
    assert float(first["score_1"]) == SIGNED.scores[1], "a negative number is a number, not a formula"
    assert (first["right"], second["right"], second["probability"], second["word_1"]) == ("False", "", "", "")
    assert second["text"] == "'=?!"


def test_no_rows_are_an_empty_table() -> None:
    assert render_csv([]) == "text\r\n"


@given(st.text(st.characters(exclude_characters="\0")))
def test_any_text_survives_and_no_cell_is_a_formula(text: str) -> None:
    row = build_row(explain_as(text, (), [], None, "attention", "net"))
    (found,) = read(render_csv([row]))
    assert found["text"] in (text, f"'{text}")
    assert not found["text"].lstrip().startswith(("=", "+", "-", "@"))


def test_every_token_is_a_row_as_a_frame_of_the_explanation_has_it() -> None:
    stream = io.StringIO(newline="")
    write_tokens(stream, iter([SIGNED, SILENT, SIGNED]))
    rows = read(stream.getvalue())
    assert tuple(rows[0]) == TOKEN_COLUMNS
    assert [row["review"] for row in rows] == ["1"] * 7 + ["3"] * 7
    assert {row["probability"] for row in rows} == {"0.5"}
    frame = io.StringIO(SIGNED.to_frame().to_csv(index=False), newline="")
    expected = list(csv.DictReader(frame))
    assert [{name: row[name] for name in TOKEN_COLUMNS[2:]} for row in rows[:7]] == expected


def test_rows_of_tokens_are_written_before_the_next_review_is_explained() -> None:
    stream = io.StringIO(newline="")

    def explain() -> Iterator[Explanation]:
        yield SIGNED
        assert stream.getvalue().count("\n") == 1 + len(TOKENS)
        yield SIGNED

    write_tokens(stream, explain())


@given(st.text(st.characters(exclude_characters="\0")))
def test_any_word_survives_as_a_token(word: str) -> None:
    stream = io.StringIO(newline="")
    token = Token(word, 0, len(word), 2, False)
    write_tokens(stream, [explain_as(word, (token,), [1.0], 0.5, "attention", "net")])
    (row,) = read(stream.getvalue())
    assert (row["token"], row["known"], row["score"]) == (word, "False", "1.0")
