"""The two maps as HTML, and the sentences that follow from their numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.adversarial_report import describe_adversarial, render_adversarial
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.adversarial_attention import AdversarialAttention
from tests.made import explain_as, say

VOCABULARY = Vocabulary(("<pad>", "<start>", "<unknown>", "great", "film"))


class Reader(HTMLParser):
    """The text that a browser would show, and the tags that it would meet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def make_maps(
    text: str, divergence: float = 0.66, shuffled: tuple[float, ...] = (0.005, 0.08, 0.3), read: int | None = None
) -> AdversarialAttention:
    tokens = tuple(VOCABULARY.tokenize(text))
    truncated = 0 if read is None else len(tokens) - read
    tokens = tokens[truncated:]
    scores = np.full(len(tokens), 1 / max(len(tokens), 1))
    own = explain_as(text, tokens, scores, 0.9 if tokens else None, "attention", "luong", truncated)
    if len(tokens) < 2:
        return AdversarialAttention(own, None, 0.01)
    other = replace(own, scores=np.eye(len(tokens))[1], prediction=say(0.896))
    return AdversarialAttention(own, other, 0.01, divergence, shuffled)


def test_another_map_with_the_same_answer_is_told_with_its_numbers() -> None:
    said = describe_adversarial(make_maps("a great film"))
    assert said.startswith(
        "A very different map gives the same answer: the probability moves by 0.004 (Jensen–Shannon divergence 0.660 of"
    )
    assert said.endswith(
        "Shuffled over the words at random, its own weights move it by 0.080 in the median of 3 times, and only once "
        "by 0.01 or less."
    )
    assert "and never by 0.01 or less" in describe_adversarial(make_maps("a great film", shuffled=(0.2,) * 3))


def test_attention_that_is_tied_down_is_told() -> None:
    said = describe_adversarial(make_maps("a great film", divergence=0.2))
    assert said.startswith("This text ties the attention down")
    assert "of the maps that move the probability by 0.01 at most" in said
    assert "close to its own (Jensen–Shannon divergence 0.200 of at most 0.693)" in said


def test_attention_that_hardly_matters_is_told() -> None:
    assert describe_adversarial(make_maps("a film", shuffled=(0.0, 0.003, 0.5))).endswith(
        "move it by 0.003 in the median of 3 times, 2 times by 0.01 at most: where they lie hardly matters here."
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=99), st.floats(0, 0.69))
def test_no_sentence_about_shuffling_is_contradicted_by_its_numbers(moves: list[float], divergence: float) -> None:
    said = describe_adversarial(make_maps("a great film", divergence, tuple(moves)))
    within = sum(move <= 0.01 for move in moves)
    assert ("hardly matters" in said) == (within > len(moves) / 2)
    if few := re.search(r"and (?:only )?(never|once|\d+)(?: times)? by 0.01 or less", said):
        assert {"never": 0, "once": 1}.get(few[1]) == within or few[1] == str(within)
    told = re.search(r"move it by (less than )?([\d.]+) in the median", said)
    middle = median(moves)
    assert middle < 0.0005 if told[1] else middle == pytest.approx(float(told[2]), abs=0.00051)


@pytest.mark.parametrize(("text", "said"), [("", "no word"), ("!?", "no word"), ("great", "only one word")])
def test_less_than_two_words_have_no_other_map(text: str, said: str) -> None:
    assert describe_adversarial(make_maps(text)).startswith(f"There is {said} to read here")
    assert Reader(render_adversarial(make_maps(text))).text == ""


def test_both_maps_share_the_scale_of_the_own_one() -> None:
    html = render_adversarial(make_maps("a great fine film"))
    shares = [float(size) for size in re.findall(r"100% ([0-9.]+)px", html)]
    assert shares == [1.3, 1.3, 1.3, 1.3, 0, 4, 0, 0], "the full colour is three times an even share, and more"
    assert html.count("linear in the score") == 1
    read = Reader(html)
    assert "0.7500 and more" in read.text
    assert "0.900 positive" in read.text
    assert "0.896 positive" in read.text
    assert "Largest weights: great 1.000" in read.text


def test_a_place_is_kept_and_old_maps_are_dimmed() -> None:
    assert "min-height:8rem" in render_adversarial(None)
    assert "opacity:.45" in render_adversarial(make_maps("great film"), stale=True)
    assert "opacity:.45" not in render_adversarial(make_maps("great film"))


def test_what_was_not_read_is_not_shown() -> None:
    shown = Reader(render_adversarial(make_maps("unread great, great film!", read=2))).text
    assert shown.count("… great film!") == 2
    assert "unread" not in shown


@given(st.text(max_size=60) | st.lists(st.sampled_from(["great", "<b>", "&amp;", '"', "😀", "שלום"])).map(" ".join))
def test_every_text_is_escaped(text: str) -> None:
    found = make_maps(text)
    describe_adversarial(found)
    read = Reader(render_adversarial(found))
    assert set(read.tags) <= {"div", "section", "p", "span", "small", "details", "summary"}
    if found.other is not None and text.isprintable():
        assert read.text.count(text) >= 2
