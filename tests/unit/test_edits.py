"""Texts with words left out or replaced, and where each word that is read comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import attnviz
from attnviz.render.highlighted import HighlightedText, highlight
from attnviz.text.edits import TokenEdit, build_edited_text, describe_token_edits, find_again
from attnviz.text.words import split_words, words
from attnviz.values.edited_text import Change, Origin
from attnviz.values.explanation import Explanation
from attnviz.values.tokens import Token
from tests.made import explain_as
from tests.unit.test_words import TEXTS

READ = st.one_of(st.none(), st.just(""), st.text(max_size=12))
ANY_EDITS = st.lists(st.builds(TokenEdit, st.integers(0, 30), st.integers(0, 30), READ))
PLACED = st.lists(st.tuples(st.integers(0, 12), READ))


def edit_words(text: str, placed: list[tuple[int, str | None]]) -> list[TokenEdit]:
    """Edits of the words of a text by their places; places that it does not have fall away."""
    found = split_words(text)
    return [TokenEdit(*found[place][1:], read) for place, read in placed if place < len(found)]


def explain(text: str, words: list[tuple[int, int]]) -> Explanation:
    tokens = [Token(text[start:end], start, end, 3, True) for start, end in words]
    return explain_as(text, tokens, np.full(len(tokens), 1 / max(len(tokens), 1)), 0.5, "attention", "luong")


def read_spans(text: str) -> list[tuple[int, int]]:
    return [(word.start, word.end) for word in split_words(text)]


def test_a_word_left_out_leaves_its_gaps() -> None:
    edited = build_edited_text("A fine, fine film!", [TokenEdit(2, 6, "")])
    assert edited.text == "A , fine film!"
    assert edited.changes == [Change(2, 6, 2, 2)]
    assert edited.locate(4, 8) == Origin(start=8, end=12, replaced=False)


def test_a_replacement_of_two_words_stands_for_one() -> None:
    edited = build_edited_text("A fine film", [TokenEdit(2, 6, "very dull")])
    assert edited.text == "A very dull film"
    assert edited.locate(2, 6) == edited.locate(7, 11) == Origin(start=2, end=6, replaced=True)
    assert edited.locate(12, 16) == Origin(start=7, end=11, replaced=False)


def test_a_character_of_a_chinese_text_is_a_word() -> None:
    text = "这部电影很好看"
    edited = build_edited_text(text, [TokenEdit(4, 5, "不"), TokenEdit(0, 1, "")])
    assert edited.text == "部电影不好看"
    shown = highlight(explain(edited.text, [(place, place + 1) for place in range(6)]), edited)
    assert [(token.shown, token.start, token.state) for token in shown.tokens] == [
        ("这", 0, "left out"),
        ("部", 1, "read"),
        ("电", 2, "read"),
        ("影", 3, "read"),
        ("不", 4, "replaced"),
        ("好", 5, "read"),
        ("看", 6, "read"),
    ]


def test_a_word_that_closes_over_one_that_is_left_out_takes_in_its_place() -> None:
    edited = build_edited_text("super-hero film", [TokenEdit(5, 6, "")])
    assert edited.text == "superhero film"
    assert edited.locate(0, 9) == Origin(start=0, end=10, replaced=False)
    shown = highlight(explain(edited.text, [(0, 9), (10, 14)]), edited)
    assert [(token.shown, token.state) for token in shown.tokens] == [
        ("superhero", "read"),
        ("-", "left out"),
        ("film", "read"),
    ]
    without = build_edited_text("super-hero film", [TokenEdit(5, 6, ""), TokenEdit(0, 10, "")])
    assert without.text == " film", "a later edit takes the place of those that it covers"


def test_a_replacement_that_the_network_does_not_read_shows_the_word_that_it_replaced() -> None:
    edited = build_edited_text("a fine film", [TokenEdit(2, 6, "!!")])
    shown = highlight(explain(edited.text, read_spans(edited.text)), edited)
    assert [(token.shown, token.state) for token in shown.tokens] == [
        ("a", "read"),
        ("fine", "left out"),
        ("film", "read"),
    ]


def test_the_last_edit_on_a_word_counts_and_bringing_back_undoes_it() -> None:
    edits = [TokenEdit(5, 9, ""), TokenEdit(0, 4, ""), TokenEdit(5, 9, "bad"), TokenEdit(0, 4, None)]
    assert build_edited_text("fine film", edits).text == "fine bad"
    assert build_edited_text("fine film", [*edits, TokenEdit(5, 9, None)]).text == "fine film"
    assert describe_token_edits("Fine film", edits) == [
        "without “film”",
        "without “Fine”",
        "“bad” for “film”",
        "“Fine” again",
    ]


@given(TEXTS, PLACED)
@example("İ ΟΔΟΣ<br />Α", [(0, "")])
@example("a b", [(0, "<br"), (7, "far away")])
def test_the_network_reads_the_words_that_were_not_left_out_in_their_order(
    text: str, placed: list[tuple[int, str | None]]
) -> None:
    reads = dict(placed)
    kept = [
        [word.text] if reads.get(place) is None else words(reads[place])  # type: ignore[arg-type]
        for place, word in enumerate(split_words(text))
    ]
    edited = build_edited_text(text, edit_words(text, placed))
    assert words(edited.text) == [word for part in kept for word in part]


@given(TEXTS, PLACED)
def test_every_word_that_is_read_knows_its_origin(text: str, placed: list[tuple[int, str | None]]) -> None:
    edited, typed = build_edited_text(text, edit_words(text, placed)), read_spans(text)
    for word in split_words(edited.text):
        origin = edited.locate(word.start, word.end)
        assert (origin.start, origin.end) in typed
        if not origin.replaced:
            assert text[origin.start : origin.end] == edited.text[word.start : word.end]


@given(TEXTS, PLACED)
def test_the_page_shows_every_word_of_the_typed_text_once(text: str, placed: list[tuple[int, str | None]]) -> None:
    edited = build_edited_text(text, edit_words(text, placed))
    shown = highlight(explain(edited.text, read_spans(edited.text)), edited)
    assert join_read(shown) == edited.text
    assert {(token.start, token.end) for token in shown.tokens} == set(read_spans(text))


@given(st.text(max_size=25), ANY_EDITS, st.integers(1, 4))
def test_any_edits_of_any_words_leave_nothing_of_the_text_undrawn(text: str, edits: list[TokenEdit], size: int) -> None:
    edited = build_edited_text(text, edits)
    length = len(edited.text)
    spans = [(start, min(start + size, length)) for start in range(0, length, size)]
    shown = highlight(explain(edited.text, spans), edited)
    assert join_read(shown) == edited.text
    assert all(0 <= token.start <= token.end <= len(text) for token in shown.tokens)
    back = [TokenEdit(0, len(text), None)]
    assert build_edited_text(text, [*edits, *back]).text == text


def join_read(shown: HighlightedText) -> str:
    """What is drawn, without the words that are left out."""
    tokens = (token._replace(shown="") if token.state == "left out" else token for token in shown.tokens)
    return replace(shown, tokens=tuple(tokens)).join()


def test_leaving_a_word_out_moves_the_probability_by_its_occlusion_score(library) -> None:  # type: ignore[no-untyped-def]
    explainer = attnviz.load("luong")
    text = "The film was great, and the story was dull."
    whole = explainer.explain(text, "occlusion")
    for place, score in enumerate(whole.scores):
        without = explainer.explain(build_edited_text(text, edit_words(text, [(place, "")])).text)
        assert whole.probability - without.probability == pytest.approx(score, abs=1e-6)


@given(
    before=st.text(min_size=1, max_size=20),
    middle=st.text(max_size=5),
    cut=st.integers(0, 20),
    place=st.integers(0, 19),
)
def test_a_place_is_found_again_behind_and_before_what_was_typed(
    before: str, middle: str, cut: int, place: int
) -> None:
    place %= len(before)
    after = before[:cut] + middle + before[cut:]
    found = find_again(before, after, place)
    assert found is not None
    assert after[found] == before[place]


def test_a_place_that_was_typed_over_is_gone() -> None:
    assert find_again("a great film", "a film", 2) is None
    assert find_again("a great film", "a very great film", 2) == 7
    assert find_again("a great film", "a great old film", 2) == 2
