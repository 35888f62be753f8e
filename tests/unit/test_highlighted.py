"""Texts to draw: nothing of them is lost, and every word knows its place."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.highlighted import CUT, CUT_END, HighlightedText, HighlightedToken, Scale, highlight
from attnviz.text.edits import TokenEdit, build_edited_text
from attnviz.text.words import split_words
from attnviz.values.explanation import Explanation
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.prediction import Prediction
from attnviz.values.tokens import Token
from tests.made import explain_as
from tests.unit.test_words import TEXTS

ANY_TEXT = st.one_of(
    TEXTS, st.text(), st.lists(st.sampled_from(["İ", "a", "\ud800", "😀", " ", "<br />"])).map("".join)
)


def explain(text: str, unread: int = 0, method: str = "attention") -> Explanation:
    words = split_words(text)
    tokens = [Token(word, start, end, 3, True) for word, start, end in words[unread:]]
    scores = np.linspace(0.1, 0.9, len(tokens))
    return explain_as(text, tokens, scores, 0.5 if tokens else None, method, "luong", min(unread, len(words)))


@given(ANY_TEXT, st.integers(0, 3))
def test_head_gaps_and_words_are_the_text_as_typed(text: str, unread: int) -> None:
    unread = min(unread, max(len(split_words(text)) - 1, 0))
    shown, words = highlight(explain(text, unread)), split_words(text)
    assert shown.join() == text
    assert (shown.truncated, bool(shown.head)) == (unread, unread > 0)
    assert [(token.word, token.start, token.end) for token in shown.tokens] == [
        tuple(words[place]) for place in range(unread, len(words))
    ]
    assert len(shown.gaps) == len(shown.tokens) + 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_plain_data_bring_it_back(text: str) -> None:
    shown = highlight(explain(text))
    assert from_plain(HighlightedText, json.loads(json.dumps(to_plain(shown)))) == shown


def test_ranks_count_from_the_largest_size() -> None:
    explanation = replace(explain("a b c d", method="gradient"), scores=[0.1, -0.5, 0.2, 0.5])
    assert [token.rank for token in highlight(explanation).tokens] == [4, 1, 3, 2]


def test_words_that_are_changed_stand_where_they_were_typed() -> None:
    text = "a boring old film"
    edited = build_edited_text(text, [TokenEdit(2, 8, "very good"), TokenEdit(9, 12, "")])
    shown = highlight(explain(edited.text), edited)
    assert [(token.shown, token.state) for token in shown.tokens] == [
        ("a", "read"),
        ("very", "replaced"),
        ("good", "replaced"),
        ("old", "left out"),
        ("film", "read"),
    ]
    assert [(token.start, token.end) for token in shown.tokens] == [(0, 1), (2, 8), (2, 8), (9, 12), (13, 17)]
    assert (shown.tokens[3].score, shown.tokens[3].rank) == (0.0, 0)
    assert shown.gaps == ("", " ", " ", " ", " ", "")


def test_a_word_left_out_of_what_is_not_read_is_not_there() -> None:
    edited = build_edited_text("one two three four", [TokenEdit(0, 3, "")])
    shown = highlight(explain(edited.text, unread=2), edited)
    assert [(token.shown, token.start) for token in shown.tokens] == [("four", 14)]
    assert shown.head == " two three "


def test_the_scale_says_what_the_colours_mean() -> None:
    attention = highlight(explain("a b c"))
    assert attention.scale == Scale(1.0, False, "attention weight", "positive", "negative", pytest.approx(1 / 3))
    gradient = highlight(replace(explain("a b c", method="gradient"), target=0))
    assert (gradient.scale.toward, gradient.scale.against) == ("negative", "positive")
    assert (gradient.scale.signed, gradient.scale.name) == (True, "gradient × input")
    assert gradient.scale.even is None, "signed scores share out nothing"
    assert gradient.scale.full == pytest.approx(0.9)


def test_of_more_than_two_labels_the_scores_speak_against_the_others() -> None:
    prediction = Prediction(("1–4 stars", "7–8 stars", "9–10 stars"), (0.2, 0.5, 0.3))
    shown = highlight(replace(explain("a b", method="gradient"), prediction=prediction, target=2))
    assert (shown.scale.toward, shown.scale.against) == ("9–10 stars", "other classes")


@pytest.mark.parametrize(
    ("most", "head"), [(100, "one two three "), (10, f"{CUT}three "), (0, CUT), (14, "one two three ")]
)
def test_of_an_unread_start_only_the_end_is_shown(most: int, head: str) -> None:
    shown = highlight(explain("one two three four", unread=3))
    assert shown.shorten(most).head == head


def test_a_text_that_was_read_from_its_start_has_nothing_to_shorten() -> None:
    shown = highlight(explain("one two"))
    assert shown.shorten() == shown


def test_there_is_a_gap_more_than_words() -> None:
    token = HighlightedToken("a", "a", 0, 1, 0.5, 1, True, "read")
    with pytest.raises(ValueError, match="1 tokens need a gap more, got 1"):
        HighlightedText("", 0, (token,), ("",), Scale(1.0, False, "attention weight", "positive", "negative"))


@given(st.integers(1, 3))
def test_what_is_not_read_at_the_end_stands_behind(unread: int) -> None:
    text = "one two three, four!"
    explanation = explain(text)
    read = len(explanation.tokens) - unread
    cut = replace(explanation, tokens=explanation.tokens[:read], scores=explanation.scores[:read], truncated_end=unread)
    shown = highlight(cut)
    assert shown.join() == text
    assert (shown.truncated_end, shown.gaps[-1]) == (unread, "")
    assert shown.tail == text[shown.tokens[-1].end :]
    assert shown.shorten().tail == CUT_END


def test_a_word_left_out_of_the_unread_end_is_not_there() -> None:
    edited = build_edited_text("one two three four", [TokenEdit(14, 18, "")])
    explanation = explain(edited.text)
    cut = replace(explanation, tokens=explanation.tokens[:1], scores=explanation.scores[:1], truncated_end=2)
    shown = highlight(cut, edited)
    assert [token.shown for token in shown.tokens] == ["one"]
    assert shown.tail == " two three "
