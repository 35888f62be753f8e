"""A table of somebody's own at the door of the Column lab: what is read, and what is refused with which sentence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import AttnvizError, DataError, SettingError
from attnviz.lab.own_table import MAX_ROWS, OwnTable, draw_table, fit_settings
from attnviz.lab.table_file import MAX_BYTES, TableFile, list_faults, read_frame, read_table_file, suggest_columns
from attnviz.lab.tasks import TaskSettings, default_settings

ROWS = 120


def write(row: Callable[[int], str] = lambda at: f"{at},{at % 7},x{at},{'yes' if at % 3 else 'no'}") -> bytes:
    return "\n".join(["size,rest,name,answer", *map(row, range(ROWS))]).encode()


def read(row: Callable[[int], str]) -> TableFile:
    return read_table_file("a.csv", write(row))


def choose(file: TableFile, **settings: object) -> OwnTable:
    return file.choose("answer", **settings)


def test_the_numbers_and_the_answer_come_as_they_are() -> None:
    file = read_table_file("a.csv", write())
    assert (file.numeric, file.likely_answer, file.list_answers("answer")) == (
        ("size", "rest"),
        "answer",
        ("no", "yes"),
    )
    assert list_faults(file) == [
        "'name' holds 'x0' in line 2, where a number was expected.",
        "'answer' holds 'no' in line 2, where a number was expected.",
    ]
    table = choose(file)
    x, y = table.unpack()
    np.testing.assert_array_equal(x, [[at, at % 7] for at in range(ROWS)])
    np.testing.assert_array_equal(y[:, 0], [bool(at % 3) for at in range(ROWS)])
    assert (table.columns, table.question) == (("size", "rest"), "answer is yes")
    assert choose(file, yes="no").unpack()[1].sum() == ROWS - y.sum()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a,b,c\n1,2,3\n", "The number of rows of a.csv is 1; 100 to 10,000 are possible here"),
        (b"a,b,c\n" + b"1,2,3\n" * (MAX_ROWS + 1), "rows of a.csv is more than 10,000;"),
        (b"a,b\n" + b"1,2\n" * ROWS, "columns of a.csv is 2; an answer and at least two of numbers"),
        (b"x" * (MAX_BYTES + 1), "a.csv has 5.0 MB; at most 5 MB"),
        (b"a,b,c\n" + b"1,2,3\n" * ROWS + b"1,2\n", "Line 122 of a.csv has 2 fields, its header names 3"),
        (b"a,b,c\n\x00", "a.csv is no text"),
        (b"", "a.csv is empty"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(DataError, match=says):
        read_table_file("a.csv", data)
    with pytest.raises(DataError, match=r"a\.exe is no table"):
        read_table_file("a.exe", data[:100])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (lambda at: f"{at},1,x,only", "'answer' of a.csv holds only 'only'; two answers"),
        (lambda at: f"{at},1,x,{'' if at == 5 else at % 2}", "'answer' of a.csv has no answer in line 7"),
        (lambda at: f"{at},1,x,text {at}", "120 different values that are no numbers; at most 20"),
        (lambda at: f"{at},1,x,{'yes' if at < 9 else 'no'}", "answer is yes in 9 of the 120 rows.*at least 10"),
        (lambda at: f"{at},-,x,{at % 2}", "columns to read of a.csv is 1; 2 to 32"),
    ],
)
def test_a_table_that_cannot_be_learned_from_is_refused(row: Callable[[int], str], says: str) -> None:
    with pytest.raises(DataError, match=says):
        choose(read(row))


def test_a_column_with_missing_values_is_named_and_refused() -> None:
    file = read(lambda at: f"{at},{'n/a' if at % 50 == 4 else 1.5},2,{at % 2}")
    assert file.numeric == ("size", "name", "answer")
    assert list_faults(file) == ["'rest' has no value in 3 of 120 rows, first in line 6."]
    with pytest.raises(DataError, match=r"In a\.csv, 'rest' has no value"):
        choose(file, columns=["size", "rest"])


@pytest.mark.parametrize("field", ["inf", "1e400", "1_0", "0x1F", "1,5", "nan"])
def test_what_is_no_number_is_not_read_as_one(field: str) -> None:
    assert "rest" not in read(lambda at: f'{at},"{field if at == 3 else 1}",2,{at % 2}').numeric


def test_a_choice_that_is_not_there_is_refused() -> None:
    file = read_table_file("a.csv", write())
    for settings, says in (
        ({"yes": "maybe"}, "never is 'maybe'. Its answers: no, yes"),
        ({"columns": ["size", "answer"]}, "must not read it"),
        ({"columns": ["size", "nope"]}, "no column 'nope'. Its columns: size, rest, name, answer"),
    ):
        with pytest.raises(SettingError, match=says):
            choose(file, **settings)


def test_many_numbers_are_divided_at_their_median() -> None:
    frame = pd.DataFrame({"a": range(150), "b": range(150), "price": np.arange(150) / 4})
    file = read_frame(frame)
    assert file.list_answers("price") == ("above 18.625",)
    assert file.choose("price").unpack()[1].sum() == 75
    assert file.choose("price").question == "price is above 18.625"


def test_more_columns_than_can_be_read_are_left_for_a_choice() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(120, 40))).assign(answer=np.arange(120) % 2)
    file = read_frame(frame)
    assert len(suggest_columns(file, "answer")) == 32
    assert file.choose("answer", columns=suggest_columns(file, "answer")).columns[-1] == "31"
    with pytest.raises(DataError, match="columns to read of table is 40; 2 to 32"):
        file.choose("answer")


def test_what_trains_is_standardised_and_the_rest_with_it() -> None:
    frame = pd.DataFrame({"a": np.arange(200) * 1e6, "same": 3.7, "answer": np.arange(200) % 2})
    table = read_frame(frame).choose("answer")
    settings = fit_settings(TaskSettings(**default_settings("table")), table)
    data = draw_table(table, settings)
    training = data.x[:160]
    np.testing.assert_allclose(training.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(training.std(axis=0), [1, 0], atol=1e-5)
    back = np.round((data.x[:, 0] - data.x[:, 0].min()) / np.diff(np.sort(data.x[:, 0])).mean())
    np.testing.assert_array_equal(back % 2, data.y[:, 0]), "each row kept its answer"
    assert sorted(back.tolist()) == list(range(200)), "no row is lost"
    assert not np.array_equal(back, draw_table(table, TaskSettings(**settings.to_dict() | {"seed": 1})).x[:, 0])


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_file_is_read_or_refused_with_a_sentence(data: bytes) -> None:
    for name in ("a.csv", "a.tsv", "a.json", "a.jsonl", "a.parquet"):
        with pytest.raises(AttnvizError) as caught:
            read_table_file(name, data)
        assert str(caught.value)


@given(st.lists(st.text(max_size=6) | st.floats().map(str), min_size=100, max_size=130))
def test_any_column_has_numbers_or_a_fault(fields: list[str]) -> None:
    file = TableFile("a", {"x": tuple(fields)}, tuple(range(len(fields))))
    assert bool(file.find_fault("x")) == ("x" not in file.numeric)
