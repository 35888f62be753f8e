"""Reading curves against what the beginnings of a text say one by one, and what is said of them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attnviz
from attnviz.engine.protocol import MeasureReadingCurve
from attnviz.explain.beginnings import MOST_BEGINNINGS, choose_beginnings, measure_reading_curve
from attnviz.explain.text_reader import VocabularyReader
from attnviz.render.reading_report import describe_reading, render_reading_curve
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.reading_curve import ReadingCurve
from tests.made import UNUSUAL, WORDLESS, Rule

READER = VocabularyReader(Vocabulary((*SPECIAL_WORDS, "good", "dull", "film")), steps=500)
GOOD, DULL = READER.encode("good dull").inputs


class Tags(HTMLParser):
    """The elements of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.add(tag)


class Last(Rule):
    """Says of a text what its last telling word says."""

    encode = staticmethod(READER.encode)

    def __init__(self) -> None:
        super().__init__(lambda row: {GOOD: 0.9, DULL: 0.2}[[0, GOOD, *(i for i in row if i in (GOOD, DULL))][-1]])


def measure(text: str, target: int | None = 1) -> ReadingCurve:
    return measure_reading_curve(Last(), text, target)


@pytest.mark.parametrize("name", ["luong", "bilstm", "lstm-featurewise"])
def test_a_point_is_what_the_beginning_says_alone(tiny_library: Path, name: str) -> None:
    explainer = attnviz.load(tiny_library / name)
    text = "A great, lovely film… with a dull story. 😀 The end!"
    curve = explainer.measure_reading_curve(text)
    ends = [token.end for token in curve.tokens]
    expected = [explainer.explain(text[:end], explainer.methods[0]).probability for end in ends]
    np.testing.assert_allclose(curve.probabilities, expected, atol=1e-5)
    assert curve.counts == tuple(range(1, len(ends) + 1))
    assert curve.prediction.predicted == curve.answers[-1]
    asked = MeasureReadingCurve(name, text)
    assert asked.read_result(json.loads(json.dumps(asked.write_result(curve), allow_nan=False))) == curve
    other = explainer.measure_reading_curve(text, explainer.labels[0])
    np.testing.assert_allclose(np.add(other.probabilities, curve.probabilities), 1, atol=1e-5)


def test_of_a_text_that_is_too_long_the_beginnings_of_what_is_read_are_followed(tiny_library: Path) -> None:
    curve = attnviz.load(tiny_library / "lstm-featurewise").measure_reading_curve("dull film " * 150)
    assert (curve.truncated, len(curve.tokens), curve.whole) == (100, 200, True)
    assert "The first 100 words of the text are not read at all." in render_reading_curve(curve)


@given(st.integers(0, 3_000))
def test_beginnings_grow_to_the_whole_text_and_their_number_is_bounded(words: int) -> None:
    counts = list(choose_beginnings(words))
    assert len(counts) == min(words, MOST_BEGINNINGS)
    assert counts == sorted(set(counts))
    assert (counts[:1], counts[-1:]) == (([1], [words]) if words else ([], []))


def test_the_turns_are_named() -> None:
    curve = measure("Good! A film that is <DULL>, dull.")
    assert describe_reading(curve) == (
        "The answer turns from positive to negative at “DULL” (word 6), and stays so to the end."
    )
    assert describe_reading(measure("good film")) == "The answer is positive from the first word to the last."
    assert describe_reading(measure("good dull " * 3)).startswith(
        "The answer turns 5 times, the last time from positive to negative at “dull” (word 6)"
    )


def test_a_turn_between_beginnings_that_were_read_is_not_given_to_a_word() -> None:
    curve = measure("good " * 250 + "dull " * 250)
    assert not curve.whole
    said = describe_reading(curve)
    assert "200 of 500 beginnings were read; between them it may turn as well." in said
    before, after = map(int, re.search(r"between word (\d+) and word (\d+)", said).groups())
    assert before <= 250 < after


@pytest.mark.parametrize("text", [*WORDLESS, *UNUSUAL.values(), "good"])
def test_no_text_is_too_strange(text: str) -> None:
    curve = measure(text, None)
    assert from_plain(ReadingCurve, json.loads(json.dumps(to_plain(curve), allow_nan=False))) == curve
    html = curve._repr_html_()
    assert Tags(html).names <= {"figure", "p", "figcaption", "svg", "path", "text", "circle", "title"}
    assert ("There is no word" in html) == (not curve.tokens)


def test_without_a_number_there_is_no_point_and_no_turn() -> None:
    class Silent(Last):
        def predict(self, inputs):  # type: ignore[no-untyped-def]
            found = super().predict(inputs)
            found[[len(row) == 2 for row in inputs]] = np.nan
            return found

    curve = measure_reading_curve(Silent(), "good film dull", 1)
    assert (curve.probabilities, curve.answers) == ((0.9, None, 0.2), (1, None, 0))
    assert [turn.point for turn in curve.find_turns()] == [2]
    assert re.search(r' d="M[\d. ]+M[\d. ]+"', render_reading_curve(curve)), "a gap, no line across it"


@given(st.lists(st.sampled_from(["good", "dull", "film"]), min_size=1, max_size=40))
def test_the_sentence_fits_the_curve(words: list[str]) -> None:
    curve = measure(" ".join(words))
    said, turns = describe_reading(curve), curve.find_turns()
    sides = [value >= 0.5 for value in curve.probabilities]
    assert [turn.point for turn in turns] == [
        place for place in range(1, len(words)) if sides[place] != sides[place - 1]
    ]
    assert ("from the first word to the last" in said) == (not turns)
    if turns:
        assert f"“{words[turns[-1].point]}” (word {turns[-1].point + 1}), and stays so to the end." in said
