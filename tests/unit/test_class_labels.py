"""What a column of labels is taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.data.class_labels import NO_CLASS, SPELLINGS, check_spellings, find_classes
from attnviz.errors import DataError


def test_numbers_are_ordered_by_value_and_equal_ones_are_one_class() -> None:
    assert find_classes(["10", "9", "1", "1.0"], "stars") == (("1", "9", "10"), (2, 1, 0, 0))
    assert find_classes(["-1", "0.5", "0"], "score").names == ("-1", "0", "0.5")


def test_names_are_ordered_by_name_also_where_some_are_numbers() -> None:
    assert find_classes(["b", "a", "10", "9"], "kind").names == ("10", "9", "a", "b")
    assert find_classes(["true", "false"], "kind") == (("false", "true"), (1, 0))


def test_a_number_that_is_none_is_no_label_and_a_word_like_it_is_one() -> None:
    assert find_classes(["1", "nan", "2"], "stars") == (("1", "2"), (0, NO_CLASS, 1))
    assert find_classes(["nan", "naan"], "bread").names == ("naan", "nan")


@given(st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=20, unique=True), st.randoms())
def test_the_order_of_the_rows_does_not_matter(spellings: list[str], rng) -> None:
    try:
        classes = find_classes(spellings, "label")
    except DataError:  # numbers that are all equal, or none
        return
    shuffled = rng.sample(spellings, len(spellings))
    again = find_classes(shuffled, "label")
    assert again.names == classes.names
    assert dict(zip(shuffled, again.indices, strict=True)) == dict(zip(spellings, classes.indices, strict=True))


@pytest.mark.parametrize(
    ("spellings", "message"),
    [
        ([], "holds no label"),
        (["spam"], "one class only, 'spam'"),
        (["1", "1.0"], "one class only"),
        ([f"{n}.5" for n in range(21)], "21 different values .* look like numbers of a scale or ids"),
        ([f"user {n}" for n in range(21)], "look like ids or texts"),
        (["spam", "x" * 201], "Is it the column of the texts"),
    ],
)
def test_what_are_no_classes_is_said(spellings: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        find_classes(spellings, "label")


def test_a_column_of_ids_is_refused_while_it_is_read() -> None:
    spellings = [f"{n}" for n in range(SPELLINGS)]
    check_spellings(spellings, "id")
    with pytest.raises(DataError, match="over 80 different values"):
        check_spellings([*spellings, "x"], "id")
