"""Texts with words left out or replaced, and where each word that is read comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import attnviz
from attnviz.errors import SettingError
from attnviz.render.highlighted import highlight
from attnviz.text import edits as what_if
from attnviz.text.edits import MAX_STEPS, Step, build_variant, describe_steps, read_steps
from attnviz.text.words import split_words, words
from attnviz.values.tokens import Token
from attnviz.values.variant import LeftOut, Origin
from tests.made import explain_as
from tests.unit.test_text import TEXTS

STEPS = st.lists(st.builds(Step, st.integers(0, 12), st.one_of(st.none(), st.just(""), st.text(max_size=12))))


def test_a_word_left_out_leaves_its_gaps() -> None:
    variant = build_variant("A fine, fine film!", [Step(1, "")])
    assert variant.text == "A , fine film!"
    assert variant.left_out == [LeftOut(place=1, start=2, end=6, position=2)]
    assert variant.locate(4, 8) == Origin(place=2, start=8, end=12, replaced=False)


def test_a_replacement_of_two_words_stands_for_one() -> None:
    variant = build_variant("A fine film", [Step(1, "very dull")])
    assert variant.text == "A very dull film"
    assert variant.locate(2, 6) == variant.locate(7, 11) == Origin(place=1, start=2, end=6, replaced=True)
    assert variant.locate(12, 16) == Origin(place=2, start=7, end=11, replaced=False)


def test_the_last_step_on_a_word_counts_and_bringing_back_undoes_it() -> None:
    steps = [Step(1, ""), Step(0, ""), Step(1, "bad"), Step(0, None)]
    assert build_variant("fine film", steps).text == "fine bad"
    assert build_variant("fine film", [*steps, Step(1, None)]).text == "fine film"
    assert describe_steps("Fine film", steps) == [
        "without “film”",
        "without “Fine”",
        "“bad” for “film”",
        "“Fine” again",
    ]


@given(TEXTS, STEPS)
@example("İ ΟΔΟΣ<br />Α", [Step(0, "")])
@example("a b", [Step(0, "<br"), Step(7, "far away")])
def test_the_network_reads_the_words_that_were_not_left_out_in_their_order(text: str, steps: list[Step]) -> None:
    reads = {step.place: step.read for step in steps}
    kept = [
        [word.text] if reads.get(place) is None else words(reads[place])  # type: ignore[arg-type]
        for place, word in enumerate(split_words(text))
    ]
    variant = build_variant(text, steps)
    assert words(variant.text) == [word for part in kept for word in part]


@given(TEXTS, STEPS)
def test_every_word_that_is_read_knows_its_origin(text: str, steps: list[Step]) -> None:
    variant, typed = build_variant(text, steps), split_words(text)
    if variant.text == text:
        return
    for word in split_words(variant.text):
        origin = variant.locate(word.start, word.end)
        assert (typed[origin.place].start, typed[origin.place].end) == (origin.start, origin.end)
        if not origin.replaced:
            assert text[origin.start : origin.end] == variant.text[word.start : word.end]


@given(TEXTS, STEPS)
def test_the_page_shows_every_word_of_the_typed_text_once(text: str, steps: list[Step]) -> None:
    variant = build_variant(text, steps)
    read = split_words(variant.text)
    tokens = [Token(word.text, word.start, word.end, 3, True) for word in read]
    scores = np.full(len(tokens), 1 / max(len(tokens), 1))
    explanation = explain_as(variant.text, tokens, scores, 0.5, "attention", "luong")
    shown = highlight(explanation, variant)
    read = tuple(token._replace(shown="") if token.state == "left out" else token for token in shown.tokens)
    assert replace(shown, tokens=read).join() == variant.text
    assert {(token.start, token.end) for token in shown.tokens} == {(w.start, w.end) for w in split_words(text)}


def test_all_variants_of_a_text_take_its_words_from_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    monkeypatch.setattr(what_if, "split_words", lambda text: looks.append(text) or split_words(text))
    text, steps = "a text that nobody has split before", [Step(place, "") for place in range(3)]
    texts = [build_variant(text, steps[:at]).text for at in range(4)]
    assert texts == [text, text[1:], "  that nobody has split before", "   nobody has split before"]
    describe_steps(text, steps)
    assert looks.count(text) == 1


TOO_MANY = [[0, ""]] * (MAX_STEPS + 1)


@pytest.mark.parametrize(
    "given_steps", [None, "text", [[-1, ""]], [[0]], [["0", ""]], [[0, 5]], [[0, "x" * 201]], TOO_MANY]
)
def test_steps_from_outside_are_checked(given_steps: object) -> None:
    with pytest.raises(SettingError, match=r"Changes of a text|A change is"):
        read_steps(given_steps)


def test_leaving_a_word_out_moves_the_probability_by_its_occlusion_score(library) -> None:  # type: ignore[no-untyped-def]
    explainer = attnviz.load("luong")
    text = "The film was great, and the story was dull."
    whole = explainer.explain(text, "occlusion")
    for place, score in enumerate(whole.scores):
        without = explainer.explain(build_variant(text, [Step(place, "")]).text)
        assert whole.probability - without.probability == pytest.approx(score, abs=1e-6)
