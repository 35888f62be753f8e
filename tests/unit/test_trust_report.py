"""The pictures of 'Does the highlight explain the answer?' and their sentences."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnviz.render.dot_strip import Axis, render_strip
from attnviz.render.glossary import GLOSSARY
from attnviz.render.html import escape_text
from attnviz.render.trust_report import TERMS, render_trust
from attnviz.values.faithfulness import Compared, Faithfulness
from tests.made import say


def draw(value: float, random: float, beaten: int) -> Compared:
    """A number among 99 others, of which so many are beaten."""
    return Compared(value, random, beaten, 99, tuple(random + place / 1000 for place in range(-49, 50)))


NEEDED, ENOUGH, OTHER = draw(0.5, 0.1, 99), draw(-0.00001, 0.25, 97), draw(-0.5, 0, 1)


def measured(needed: Compared = NEEDED, enough: Compared = ENOUGH, other: Compared = OTHER) -> Faithfulness:
    erased = needed, enough
    return Faithfulness("text", 30, say(0.9), 1, "attention", "luong", *erased, {"gradient": other}, 9_999)


def read(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html))


def test_each_measure_has_a_picture_of_its_number_among_those_of_random_maps() -> None:
    html = render_trust(measured())
    assert html.count('role="img"') == 3
    assert html.count("border-radius:50%") == 3 * 99
    said = read(html)
    assert (
        "Without them it loses 50.0 percentage points; random maps: it loses 10.0 percentage points on average. "
        "Better than 99 of 99 random maps: better than chance."
    ) in said
    assert "They alone keep all of it. Better than 97 of 99 random maps: better than chance." in said
    assert "alike by −0.500, where 1 is the same order. Better than 1 of 99 random maps: not shown to be" in said
    assert all(escape_text(GLOSSARY[term]) in html for term in TERMS)


def test_a_place_is_kept_and_old_pictures_are_dimmed() -> None:
    assert "min-height" in render_trust(None)
    assert "opacity:.45" in render_trust(measured(), stale=True)
    assert "opacity:.45" not in render_trust(measured())


@pytest.mark.parametrize("words", [0, 1])
def test_without_two_words_there_is_no_picture(words: int) -> None:
    assert render_trust(Faithfulness("", words, say(None), 1, "attention", "luong")) == ""


@given(st.floats(-1, 1), st.lists(st.floats(-1, 1), min_size=1, max_size=99))
def test_every_dot_lies_on_the_line_in_its_order(own: float, drawn: list[float]) -> None:
    html = render_strip(own, drawn, Axis("<low>", "high"), 'a "picture"')
    lefts = [float(left) for left in re.findall(r";left:([-\d.]+)%", html)]
    assert len(lefts) == len(drawn) + 1
    assert all(0 <= left <= 100 for left in lefts)
    values = [*drawn, own]
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [lefts[place] for place in order] == sorted(lefts)
    assert "&lt;low&gt;" in html
    assert 'aria-label="a &quot;picture&quot;"' in html


def test_without_random_maps_there_is_no_line() -> None:
    assert render_strip(0.5, (), Axis("", ""), "") == ""


NUMBERS = st.builds(draw, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.integers(0, 99) | st.integers(93, 99))


@settings(max_examples=500)
@given(NUMBERS, NUMBERS, NUMBERS)
def test_no_sentence_under_a_picture_is_contradicted_by_its_numbers(
    needed: Compared, enough: Compared, other: Compared
) -> None:
    found = measured(needed, enough, other)
    said = r"<p style=\"margin:.3em 0 0;min-height:5em\">(.*?)</p>"
    sentences = [read(part) for part in re.findall(said, render_trust(found))]
    better = found.find_better()
    passed = [better[name] for name in ("comprehensiveness", "sufficiency", "gradient")]
    for said, numbers, shown in zip(sentences, (needed, enough, other), passed, strict=True):
        assert ("not shown to be better than chance" in said) == (not shown)
        assert "does not" not in said
        assert f"Better than {numbers.beaten or 'none'} of 99 random maps" in said
    if kept := re.search(r"keep (\d+)\xa0% of it", sentences[1]):
        assert 0.9 - enough.value == pytest.approx(0.9 * int(kept[1]) / 100, abs=0.0091)
    else:
        assert enough.value < 0.0005
    changes = re.findall(r"it (?:(loses|gains) ([\d.]+) percentage|loses nothing)", sentences[0])
    for (verb, points), value in zip(changes, (needed.value, needed.random), strict=True):
        told = float(points or 0) / 100 * (-1 if verb == "gains" else 1)
        assert value == pytest.approx(told, abs=0.00051)
