"""Class names as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.text.class_names import MAX_CHARACTERS, MAX_CLASSES, parse_class_names

NAME = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=","), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ()),
        (" \n ", ()),
        ("bad, good", ("bad", "good")),
        ("bad\ngood\n", ("bad", "good")),
        ("very bad, or so\r\n\r\ngood", ("very bad, or so", "good")),
        ("差，一般\n好", ("差，一般", "好")),
    ],
)
def test_names_stand_in_lines_or_between_commas(typed: str, names: tuple[str, ...]) -> None:
    assert parse_class_names(typed) == names


@given(st.lists(NAME, min_size=2, max_size=9, unique=True), st.sampled_from([",", ", ", "\n", "\n\n"]))
def test_what_is_typed_comes_back_in_its_order(names: list[str], between: str) -> None:
    assert parse_class_names(between.join(names)) == tuple(names)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("good", "There is one class name"),
        ("good,good", "Two classes are called ‘good’"),
        ("a," + "x" * (MAX_CHARACTERS + 1), f"more than {MAX_CHARACTERS} characters"),
        (",".join(map(str, range(MAX_CLASSES + 1))), f"at most {MAX_CLASSES:,} are possible"),
    ],
)
def test_what_names_no_classes_is_refused(typed: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        parse_class_names(typed)
