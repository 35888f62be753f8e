"""Names and sentences put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.phrases import capitalise, join_and, join_clauses, join_list, join_sentences, quote, quote_word

JOINS = {join_and: " and ", join_list: ", ", join_clauses: "; ", join_sentences: " "}


@pytest.mark.parametrize("join", JOINS)
@given(parts=st.lists(st.text(max_size=8), max_size=5))
def test_parts_stand_as_they_are_with_one_joint_between_two(
    join: Callable[[Iterable[str]], str], parts: list[str]
) -> None:
    assert join(iter(parts)) == JOINS[join].join(parts)


@given(st.text(max_size=8))
def test_quotes_stand_around_whatever_was_written(text: str) -> None:
    assert (quote(text), quote_word(text)) == (f"‘{text}’", f"“{text}”")


@pytest.mark.parametrize(("text", "begun"), [("", ""), ("lIME reads", "LIME reads"), ("ёлка", "Ёлка"), ("词", "词")])
def test_only_the_first_letter_of_a_sentence_grows(text: str, begun: str) -> None:
    assert capitalise(text) == begun
