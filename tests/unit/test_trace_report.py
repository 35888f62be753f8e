"""A forward trace as strips, bars and equations."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.explain.followed_word import select_rows
from attnviz.languages import LANGUAGES, using_language
from attnviz.models.registry import MODELS
from attnviz.render.mechanisms import MECHANISMS
from attnviz.render.number_strips import (
    LINE,
    NUMBERS,
    SENTIMENT,
    Bar,
    Strip,
    render_bars,
    render_strips,
    render_weights,
)
from attnviz.render.step_sentences import announce_products
from attnviz.render.trace_report import (
    LINES,
    LONGEST,
    SHARES,
    UNKNOWN,
    describe_cells,
    label_word,
    list_shares,
    list_strips,
    name_followed,
    shorten,
    write_answer,
    write_power,
    write_score,
    write_vector,
    write_weight,
)
from attnviz.values.trace import FollowedWord, LastLayer, TracedWord, WordScore

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8)


class _Text(HTMLParser):
    """The tags and the text of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(label=st.text(min_size=1), values=VALUES, followed=st.booleans())
def test_no_label_can_break_the_html(label: str, values: list[float], followed: bool) -> None:
    for html in (render_strips([Strip(label, values, followed)]), render_bars([Bar(label, values[0], followed)])):
        parser = _Text()
        parser.feed(html)
        assert parser.tags <= {"table", "tr", "th", "td", "div"}


def test_a_cell_of_a_strip_is_as_strong_as_its_number() -> None:
    html = render_strips([Strip("x", [1.0, -0.5, 0.0], largest=2.0)])
    colours = re.findall(r"(#[0-9a-f]{6})([0-9a-f]{2}) 0 ([\d.]+)%", html)
    assert [hue for hue, _, _ in colours] == [NUMBERS.above] * 3 + [NUMBERS.below] * 3
    strengths = [int(alpha, 16) for _, alpha, _ in colours]
    assert strengths[0] == pytest.approx(2 * strengths[4], abs=2)
    assert [place for place, strong in enumerate(strengths) if strong] == [0, 4], (
        "above 0 at the top, below at the bottom"
    )
    assert [float(end) for _, _, end in colours] == pytest.approx([33.333, 66.667, 100] * 2, abs=0.01)


def test_the_number_of_the_full_colour_is_told_once() -> None:
    shared, own = [Strip("x", [1.0, -0.5], largest=2.0)] * 2, [Strip("x", [0.29, -0.1])]
    assert "±2.00" not in render_strips(shared)
    assert describe_cells(shared) == "Each cell is one number; full colour = ±2.00."
    assert "±0.29" in render_strips(own)


def test_raw_numbers_and_sentiment_never_share_a_colour() -> None:
    assert not set(NUMBERS) & set(SENTIMENT)
    bars = [Bar("a", 2.0), Bar("b", -1.0)]
    for pair, other in ((NUMBERS, SENTIMENT), (SENTIMENT, NUMBERS)):
        html = render_bars(bars, pair)
        assert [hue in html for hue in (*pair, *other)] == [True, True, False, False]


def test_a_picture_keeps_its_height_however_few_its_lines_are() -> None:
    few = (render_strips([Strip("x", [1.0])], 9), render_bars([Bar("x", 1.0)], lines=9), render_weights([], 1.0, 9))
    assert all(f"min-height:{9 * LINE}px" in html for html in few)


@pytest.mark.parametrize("word", [0, 1, 4, 50, 97, 99])
def test_no_list_has_more_lines_than_there_is_room(word: int) -> None:
    count = 100
    rows = tuple(select_rows(count, word))
    numbers = tuple((1.0,) for _ in rows)
    tokens = tuple(TracedWord("w", place, place + 1, True) for place in range(count))
    long = trace(
        word=word, rows=rows, states=numbers, tokens=tokens, shares=tuple(-float(place) for place in range(count))
    )
    assert len(list_strips(long, "states")) <= LINES
    assert len(list_shares(long)) <= SHARES


def test_an_unknown_word_is_shown_as_what_the_network_reads() -> None:
    unknown = trace(tokens=(*TRACE.tokens[:2], TracedWord("xyzzy", 7, 12, False)))
    assert label_word(unknown, 2) == f"3 {UNKNOWN}"
    assert name_followed(unknown) == f"{UNKNOWN} (“xyzzy”)"
    assert name_followed(TRACE) == "film"


def test_bars_start_in_the_middle_and_their_length_is_linear() -> None:
    html = render_bars([Bar("a", 2.0), Bar("b", -1.0)])
    assert re.findall(r"left:([\d.]+)%;width:([\d.]+)%", html) == [("50.00", "50.00"), ("25.00", "25.00")]
    assert "−1.000" in html


TRACE = FollowedWord(
    text="a fine film",
    model="lstm-dot",
    tokens=(TracedWord("a", 0, 1, True), TracedWord("fine", 2, 6, True), TracedWord("film", 7, 11, True)),
    truncated=0,
    labels=("negative", "positive"),
    target=1,
    table=10,
    temperature=1.0,
    word=2,
    id=5,
    rows=(0, 2),
    vectors=((0.0,), (0.0,)),
    states=((0.5, -1.0), (0.25, 4.0)),
    scores=((1.0,), (2.0,), (3.0,)),
    weights=(0.1, 0.2, 0.7),
    score=WordScore(None, None, (2.0, 3.0, 1.0), (1.0, -1.0, 7.0), 6.0, 2.0, None, 3.0),
    contributions=((0.0,), (0.0,)),
    context=(0.0,),
    part=0.5,
    last=LastLayer((1.0,), (1.7,), 0.3, (0.1, -0.4, 2.0), (2.0,), 2.0),
    probability=0.8808,
    usual_probability=0.8808,
)
"""Three words followed by hand: scores 1, 2 and 3 over temperature 1."""


def trace(**changed: Any) -> FollowedWord:
    """TRACE with other values of its score, its last layer, or its own."""
    score = {name: value for name, value in changed.items() if name in WordScore.__dataclass_fields__}
    last = {name: value for name, value in changed.items() if name in LastLayer.__dataclass_fields__}
    own = {name: value for name, value in changed.items() if name not in score | last}
    return replace(TRACE, score=replace(TRACE.score, **score), last=replace(TRACE.last, **last), **own)


def test_the_equations_hold_the_numbers_of_the_trace() -> None:
    score = write_score(trace())
    assert r"1.00 \cdot 2.00 + (-1.00) \cdot 3.00 + \dots" in score
    assert r"e_{3} = \frac{6.000}{\sqrt{4}} = 3.000" in score
    # e^3 = 20.086, and e^1 + e^2 + e^3 = 30.193
    assert write_weight(trace(), "a") == r"a_{3} = \frac{e^{3.000 / 1}}{\sum} = \frac{20.086}{30.193} = 0.6652"
    assert write_answer(trace()) == r"p = \frac{1}{1 + e^{-2.000}} = 0.8808"


def test_a_bias_stands_within_the_tanh() -> None:
    score = write_score(trace(bias=-4.0, scale=1.0, score=0.964, example=4))
    assert r"e_{3,5} = \tanh(6.000 -4.000) = 0.964" in score


def test_what_rounds_to_0_has_no_sign() -> None:
    assert write_vector([-0.0004, 0.0004, -0.0006]) == r"(0.000,\ 0.000,\ -0.001)"
    assert r"0.00 \cdot 1.00 + " in write_score(trace(query=[-0.004, 1.0, 1.0], key=[1.0, 1.0, 1.0]))


def test_a_sum_that_is_the_score_is_not_told_twice() -> None:
    assert write_score(trace(scale=1.0, score=6.0)).endswith(r"= 6.000 \\[.5em] e_{3} = 6.000\end{gathered}")


@pytest.mark.parametrize(
    ("exponent", "written"),
    [
        (0.0, "1.000"),
        (math.log(12345.6789), "12{,}345.679"),
        (1000 * math.log(10), r"1.00 \cdot 10^{1000}"),
        (-1000 * math.log(10) + math.log(2), r"2.00 \cdot 10^{-1000}"),
    ],
)
def test_powers_of_any_size_can_be_written(exponent: float, written: str) -> None:
    assert write_power(exponent) == written


def test_equations_have_the_decimal_comma_of_a_language_that_has_one() -> None:
    with using_language("ru"):
        assert write_answer(trace()) == r"p = \frac{1}{1 + e^{-2{,}000}} = 0{,}8808"
        assert write_vector((0.5, 1.0)) == r"(0{,}500;\ 1{,}000)"
        assert write_power(math.log(12345.6789)) == r"12\,345{,}679"
        assert describe_cells([Strip("x", [1.0], largest=2.0)]).endswith("= ±2,00.")


@given(scores=st.lists(st.floats(-100, 100), min_size=3, max_size=3), temperature=st.floats(0.01, 100))
def test_the_equation_of_a_weight_can_always_be_written(scores: list[float], temperature: float) -> None:
    text = write_weight(trace(scores=[[score] for score in scores], score=scores[2], temperature=temperature), "a")
    assert text.count("{") == text.count("}")
    assert "nan" not in text
    assert "inf" not in text


def test_the_shares_that_are_listed_add_up_to_the_sum() -> None:
    many = trace(shares=[0.1] * 20 + [-3.0, 0.05], word=21, tokens=[TracedWord("w", 0, 1, True)] * 22, logit=-0.65)
    bars = list_shares(many, count=3)
    assert [bar.followed for bar in bars] == [False, False, False, True, False, False, False]
    assert bars[0].value == -3.0
    assert sum(bar.value for bar in bars[:-1]) == pytest.approx(bars[-1].value)


def test_what_is_left_out_between_words_is_counted() -> None:
    strips = list_strips(trace(), "states")
    assert [strip.label for strip in strips][1] == "… 1 more word …"
    assert {strip.largest for strip in strips if strip.values} == {4.0}


@given(st.text())
def test_a_word_is_short_and_keeps_its_direction_to_itself(word: str) -> None:
    shown = shorten(word)
    assert len(shown) <= LONGEST + 2
    if not word.isascii():
        assert (shown[0], shown[-1]) == ("\u2068", "\u2069")


def test_every_network_with_attention_is_explained_in_six_steps() -> None:
    assert set(MECHANISMS) == {name for name, spec in MODELS.items() if spec.attention_layer} - {"column"}
    for mechanism in MECHANISMS.values():
        starts = [step.title.partition(":")[0] for step in mechanism.steps]
        assert starts[1] == ("Queries, keys and values" if mechanism.column == "head" else "Hidden states")
        assert [*starts[:1], *starts[2:]] == ["Embedding", "Scores", "Softmax", "Weighted sum", "Probability"]


def test_of_a_pair_both_places_and_the_head_are_written() -> None:
    pair = trace(place=0, example=1, scores=((1.0, 4.0), (2.0, 5.0), (3.0, 6.0)), score=4.0)
    assert r"e_{3,1}^{(2)} = \frac{6.000}{\sqrt{4}} = 4.000" in write_score(pair)
    # e^4 = 54.598, and e^4 + e^5 + e^6 = 606.440
    assert write_weight(pair, "a").startswith(r"a_{3,1}^{(2)} = ")
    assert write_weight(pair, "a").endswith(r"\frac{54.598}{606.440} = 0.0900")


def test_with_several_labels_the_answer_is_a_softmax() -> None:
    softmax = trace(labels=("a", "b", "c"), logits=(0.0, 2.0, 1.0), probability=0.6652)
    assert write_answer(softmax) == r"p = \frac{e^{2.00}}{e^{0.00} + e^{2.00} + e^{1.00}} = 0.6652"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_has_its_name_without_what_it_does_in_every_language(language: str) -> None:
    with using_language(language):
        names = [step.name for mechanism in MECHANISMS.values() for step in mechanism.steps]
    assert [name for name in names if len(name) > 30 or ":" in name or "：" in name] == []


def test_it_is_said_which_score_is_worked_out_and_why() -> None:
    feature, pair = trace(example=4), trace(place=0, example=1, feature=1)
    said = announce_products(MECHANISMS["lstm-featurewise"], feature)
    assert said == "For **film** in feature 5 (its largest weight), 3 products are added up:"
    said = announce_products(MECHANISMS["transformer"], pair)
    assert said == "For **film** asking **a** in head 2, 3 products are added up:"
    assert announce_products(MECHANISMS["lstm-dot"], TRACE) == "For **film**, 3 products are added up:"
