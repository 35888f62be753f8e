"""Texts with words left out or replaced, and where each word that is read comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import attnviz
import attnviz.text.edits
from attnviz.render.highlighted import highlight
from attnviz.text.edits import (
    TokenEdit,
    build_edited_text,
    describe_token_edits,
)
from attnviz.text.words import split_words, words
from attnviz.values.edited_text import LeftOut, Origin
from attnviz.values.tokens import Token
from tests.made import explain_as
from tests.unit.test_words import TEXTS

EDITS = st.lists(st.builds(TokenEdit, st.integers(0, 12), st.one_of(st.none(), st.just(""), st.text(max_size=12))))


def test_a_word_left_out_leaves_its_gaps() -> None:
    edited = build_edited_text("A fine, fine film!", [TokenEdit(1, "")])
    assert edited.text == "A , fine film!"
    assert edited.left_out == [LeftOut(place=1, start=2, end=6, position=2, word="fine")]
    assert edited.locate(4, 8) == Origin(place=2, start=8, end=12, replaced=False)


def test_a_replacement_of_two_words_stands_for_one() -> None:
    edited = build_edited_text("A fine film", [TokenEdit(1, "very dull")])
    assert edited.text == "A very dull film"
    assert edited.locate(2, 6) == edited.locate(7, 11) == Origin(place=1, start=2, end=6, replaced=True)
    assert edited.locate(12, 16) == Origin(place=2, start=7, end=11, replaced=False)


def test_the_last_edit_on_a_word_counts_and_bringing_back_undoes_it() -> None:
    edits = [TokenEdit(1, ""), TokenEdit(0, ""), TokenEdit(1, "bad"), TokenEdit(0, None)]
    assert build_edited_text("fine film", edits).text == "fine bad"
    assert build_edited_text("fine film", [*edits, TokenEdit(1, None)]).text == "fine film"
    assert describe_token_edits("Fine film", edits) == [
        "without “film”",
        "without “Fine”",
        "“bad” for “film”",
        "“Fine” again",
    ]


@given(TEXTS, EDITS)
@example("İ ΟΔΟΣ<br />Α", [TokenEdit(0, "")])
@example("a b", [TokenEdit(0, "<br"), TokenEdit(7, "far away")])
def test_the_network_reads_the_words_that_were_not_left_out_in_their_order(text: str, edits: list[TokenEdit]) -> None:
    reads = {edit.place: edit.read for edit in edits}
    kept = [
        [word.text] if reads.get(place) is None else words(reads[place])  # type: ignore[arg-type]
        for place, word in enumerate(split_words(text))
    ]
    edited = build_edited_text(text, edits)
    assert words(edited.text) == [word for part in kept for word in part]


@given(TEXTS, EDITS)
def test_every_word_that_is_read_knows_its_origin(text: str, edits: list[TokenEdit]) -> None:
    edited, typed = build_edited_text(text, edits), split_words(text)
    if edited.text == text:
        return
    for word in split_words(edited.text):
        origin = edited.locate(word.start, word.end)
        assert (typed[origin.place].start, typed[origin.place].end) == (origin.start, origin.end)
        if not origin.replaced:
            assert text[origin.start : origin.end] == edited.text[word.start : word.end]


@given(TEXTS, EDITS)
def test_the_page_shows_every_word_of_the_typed_text_once(text: str, edits: list[TokenEdit]) -> None:
    edited = build_edited_text(text, edits)
    read = split_words(edited.text)
    tokens = [Token(word.text, word.start, word.end, 3, True) for word in read]
    scores = np.full(len(tokens), 1 / max(len(tokens), 1))
    explanation = explain_as(edited.text, tokens, scores, 0.5, "attention", "luong")
    shown = highlight(explanation, edited)
    read = tuple(token._replace(shown="") if token.state == "left out" else token for token in shown.tokens)
    assert replace(shown, tokens=read).join() == edited.text
    assert {(token.start, token.end) for token in shown.tokens} == {
        (word.start, word.end) for word in split_words(text)
    }


def test_all_variants_of_a_text_take_its_words_from_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    monkeypatch.setattr(attnviz.text.edits, "split_words", lambda text: looks.append(text) or split_words(text))
    text, edits = "a text that nobody has split before", [TokenEdit(place, "") for place in range(3)]
    texts = [build_edited_text(text, edits[:at]).text for at in range(4)]
    assert texts == [text, text[1:], "  that nobody has split before", "   nobody has split before"]
    describe_token_edits(text, edits)
    assert looks.count(text) == 1


def test_leaving_a_word_out_moves_the_probability_by_its_occlusion_score(library) -> None:  # type: ignore[no-untyped-def]
    explainer = attnviz.load("luong")
    text = "The film was great, and the story was dull."
    whole = explainer.explain(text, "occlusion")
    for place, score in enumerate(whole.scores):
        without = explainer.explain(build_edited_text(text, [TokenEdit(place, "")]).text)
        assert whole.probability - without.probability == pytest.approx(score, abs=1e-6)
