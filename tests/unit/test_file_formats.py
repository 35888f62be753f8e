"""The formats of files that people bring, and their encodings."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.data.encodings import find_encoding
from attnviz.data.records import FORMATS, read_records
from attnviz.errors import DataError

ANY_TEXT = st.text(st.characters(exclude_characters="\0"), max_size=40)
COLUMNS = st.dictionaries(st.sampled_from(["review", "label", "note", "ä"]), ANY_TEXT, min_size=1, max_size=4)


def read(name: str, data: bytes | str) -> list[tuple[int, Mapping[str, str]]]:
    """The line and the fields of each row."""
    records, _ = read_records(name, io.BytesIO(data.encode() if isinstance(data, str) else data))
    return [tuple(record) for record in records]


def mend(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@given(st.lists(COLUMNS, min_size=1, max_size=5), st.sampled_from(["a.jsonl", "a.ndjson", "a.json"]), st.booleans())
@example([{"review": "half \ud83d a pair"}], "a.json", True)
def test_any_text_survives_json(rows: list[dict[str, str]], name: str, ascii_only: bool) -> None:
    """Half a surrogate pair, which no text file can hold, becomes a replacement character."""
    lines = (
        "\n".join(json.dumps(row) for row in rows)
        if ascii_only
        else "\r\n\r\n".join(
            json.dumps({key: mend(text) for key, text in row.items()}, ensure_ascii=False) for row in rows
        )
    )
    step = 1 if ascii_only else 2
    expected = [(1 + step * n, {key: mend(text) for key, text in row.items()}) for n, row in enumerate(rows)]
    assert read(name, lines) == expected


@given(st.lists(COLUMNS, max_size=5), st.sampled_from([None, 0, 2]))
def test_an_array_of_objects_gives_each_object_with_its_line(rows: list[dict[str, str]], indent: int | None) -> None:
    text = json.dumps(rows, indent=indent)
    found = read("a.json", text)
    assert [fields for _, fields in found] == [{key: mend(text) for key, text in row.items()} for row in rows]
    lines = text.split("\n")
    assert all(lines[line - 1].lstrip(" [").startswith("{") for line, _ in found)
    assert [line for line, _ in found] == sorted({line for line, _ in found}) or indent is None


def test_values_that_are_no_texts_become_fields() -> None:
    long = "9" * 100_000
    text = (
        f'{{"review": "x", "n": {long}, "f": 1e400, "none": null, "yes": true, "many": [1, {{"a": "é"}}], "nan": NaN}}'
    )
    ((_, fields),) = read("a.jsonl", text)
    assert fields == {
        "review": "x",
        "n": long,
        "f": "1e400",
        "none": "",
        "yes": "true",
        "many": '["1", {"a": "é"}]',
        "nan": "NaN",
    }


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '{"review": "x"}\n{"review": }\n', "Line 2 of a.jsonl is no JSON \\(Expecting value\\)"),
        ("a.jsonl", '{"review": "x"}\n["x"]\n', "Line 2 of a.jsonl holds a list; expected an object"),
        ("a.jsonl", "7\n", "Line 1 of a.jsonl holds a text or a number"),
        ("a.jsonl", "null\n", "holds null"),
        ("a.jsonl", '{"review": "x"} {"review": "y"}\n', "Extra data"),
        ("a.json", '[{"review": "x"},\n\n {"review": "y"}\n {}]', "Line 4 of a.json is no JSON"),
        ("a.json", '[\n{"review": "x"},\n', "Line 3 of a.json is no JSON"),
        ("a.json", '[{"review": "x"}] more', "something follows the array"),
        ("a.json", '["great film"]', "holds a text or a number"),
        ("a.json", '{"reviews": [\n{"review": "x"}]}', "Line 1 of a.json is no JSON"),
        ("a.json", "review,label\nx,1\n", "Line 1 of a.json is no JSON"),
        ("a.json", "[" * 200_000, "Line 1 of a.json is no JSON \\(nested too deeply\\)"),
        ("a.jsonl", '{"a":' * 200_000, "nested too deeply"),
        ("a.parquet", "review\nx\n", "a.parquet is no Parquet file"),
        ("a.parquet", b"PAR1" + bytes(100) + b"PAR1", "a.parquet is no Parquet file"),
        ("a.csv", b"PK\x03\x04\x14\0\x06\0workbook", "a.csv is no text: line 1 holds a zero byte"),
        ("a.txt", "two\nlines\n".encode("utf-16-le"), "a.txt is no text: line 1 holds a zero byte"),
        ("a.txt", "fine\nfilm".encode("utf-16")[:-1], "a.txt cannot be read as utf-16 after line"),
        ("a.xlsx", "x", "a.xlsx has no format that can be read. Expected one of .csv, .tsv, .txt, .jsonl,"),
        ("a.tsv", "\n\n", "a.tsv is empty"),
        ("a.tsv", "review\tlabel\nx\t1\ty\n", "Line 2 of a.tsv has 3 fields, its header names 2"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, text: bytes | str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read(name, text)
    assert "\n" not in str(caught.value)


def test_a_table_is_parted_by_what_parts_its_header() -> None:
    assert read("a.csv", '\n"id, old";review\n1;"great, really; yes"\n') == [
        (3, {"id, old": "1", "review": "great, really; yes"})
    ]
    assert read("a.tsv", 'review\tlabel\n"two\nlines"\t1\n5 "odd" quotes, a comma\t0\n') == [
        (2, {"review": "two\nlines", "label": "1"}),
        (4, {"review": '5 "odd" quotes, a comma', "label": "0"}),
    ]
    assert read("a.tsv", "a review; with, others\nx\n") == [(2, {"a review; with, others": "x"})]


def test_blank_rows_are_passed_over() -> None:
    assert [line for line, _ in read("a.csv", "review,label\nx,1\n\n   \n,,,\ny,0\n")] == [2, 6]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt", ".jsonl", ".json"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_understood_and_no_part_of_the_text(ending: str, encoding: str) -> None:
    text = '{"review": "naïve 😀"}' if "json" in ending else "review\nnaïve 😀\n"
    assert read(f"a{ending}", text.encode(encoding))[-1][1] == {"review": "naïve 😀"}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The café was naïve — I don’t like it. Très chic!"),
        ("cp1252", "café"),
        ("cp1252", "für"),
        ("cp1252", "Ein schöner Film über Größe und Überraschung"),
        ("cp1250", "Świetny film, naprawdę wzruszający, polecam każdemu"),
        ("cp1251", "Очень хороший фильм, мне понравилось"),
        ("shift_jis", "とても良い映画でした。感動しました。"),
        ("gb18030", "这部电影非常好看，我很喜欢"),
        ("euc_kr", "정말 좋은 영화였어요 감동"),
    ],
)
def test_a_text_that_is_not_utf_8_is_guessed(encoding: str, text: str) -> None:
    data = f"review\n{text}\n".encode(encoding)
    assert find_encoding("a.txt", io.BytesIO(data)) == encoding
    assert read("a.txt", data)[1] == (2, {"review": text})


def test_the_first_foreign_byte_may_stand_far_behind() -> None:
    plain = "a film of which nothing is to be said\n" * 60_000
    data = (plain + "naïve\n").encode("cp1252")
    assert find_encoding("a.txt", io.BytesIO(data)) == "cp1252"
    assert read("a.txt", data)[-1] == (60_001, {"review": "naïve"})


@given(st.text(), st.integers(0, 5))
def test_a_character_that_two_pieces_share_is_no_foreign_byte(text: str, shift: int) -> None:
    data = (b"x" * ((1 << 20) - shift)) + text.replace("\0", "").encode()
    assert find_encoding("a.txt", io.BytesIO(data)) == "utf-8"


def test_a_parquet_file_is_read_where_pyarrow_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    stream = io.BytesIO()
    rows = {"review": [f"film {n}" for n in range(150)], "label": [1, None] * 75, "score": np.arange(150) / 4}
    pd.DataFrame(rows).to_parquet(stream)
    found = read("a.parquet", stream.getvalue())
    assert len(found) == 150
    assert found[:2] == [
        (1, {"review": "film 0", "label": "1.0", "score": "0.0"}),
        (2, {"review": "film 1", "label": "", "score": "0.25"}),
    ]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match="only where pyarrow is installed"):
        read("a.parquet", stream.getvalue())


@given(st.binary(max_size=200), st.sampled_from(FORMATS))
def test_any_bytes_are_rows_or_refused(data: bytes, ending: str) -> None:
    try:
        found = read(f"a{ending}", data)
    except DataError:
        return
    assert all(isinstance(text, str) for _, fields in found for text in fields.values())
