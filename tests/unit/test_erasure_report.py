"""What the page says of an erasure curve, and what it gives the browser to draw."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.erasure_report import describe_erasure
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve
from attnviz.values.prediction import Prediction
from tests.made import explain_as, say

VOCABULARY = Vocabulary(("<pad>", "<start>", "<unknown>", "great", "film"))


def make_curve(
    words: int,
    probability: float,
    flip: int | None = None,
    sufficient: int = 0,
    random_flips: tuple[int | None, ...] = (None,) * 5,
    random_sufficient: tuple[int, ...] = (0,) * 5,
) -> ErasureCurve:
    return ErasureCurve(
        "text",
        say(probability),
        1,
        "attention",
        "luong",
        order=tuple(range(words)),
        flip_count=flip,
        flipped_to=None if flip is None else int(probability < 0.5),
        sufficient_count=sufficient,
        random_flip_counts=random_flips,
        random_sufficient_counts=random_sufficient,
    )


def explain(text: str, read: int | None = None) -> Explanation:
    tokens = tuple(VOCABULARY.tokenize(text))
    kept = tokens if read is None else tokens[len(tokens) - read :]
    scores = [1 / len(kept)] * len(kept) if kept else []
    return explain_as(text, kept, scores, 0.7 if kept else None, "attention", "luong", len(tokens) - len(kept))


def test_the_sentence_names_the_counts_at_which_the_answer_turns() -> None:
    said = describe_erasure(make_curve(1_004, 0.9, 2, 3, (None, 1_000, 300, None, 200), (1_002, 50, 900, 7, 800)))
    assert said == (
        "The answer first turns negative when the 2 highest of the 1,004 words are left out. "
        "In random order it took about 300 words, in 3 of 5 tries. "
        "The 3 highest words alone are enough for it; in random order it took about 800 words."
    )


def test_the_sentence_of_a_negative_answer_and_one_word() -> None:
    said = describe_erasure(make_curve(2, 0.1, 1, 1, random_sufficient=(1, 2, 1, 1, 2)))
    turned = "first turns positive when the highest of the 2 words is left out."
    assert f"{turned} In random order none of 5 tries turned it." in said
    assert "The highest word alone is enough for it; in random order it took about 1 word." in said


def test_an_answer_that_never_turns_says_so_and_what_random_orders_do() -> None:
    said = describe_erasure(make_curve(3, 0.9, None, 1, (None, None, 2, None, None)))
    stays = "stays positive while the 3 words are left out, highest first, down to the last one."
    assert f"{stays} In random order it took 2 words, in 1 of 5 tries." in said
    assert said.endswith("enough for it; in random order none was needed.")
    assert "took about 2 words, in all 5 tries" in describe_erasure(make_curve(3, 0.9, 1, 1, (2,) * 5))


def test_where_nothing_gives_the_same_answer_no_word_is_praised_for_it() -> None:
    assert "A text without words is positive to this network as well" in describe_erasure(make_curve(2, 0.9))


def test_an_answer_that_nothing_gives_as_well_is_no_wonder_when_it_stays() -> None:
    stays = replace(make_curve(3, 0.9, None, 1), blank=1)
    assert "That says little, since a text without words is positive to this network as well." in describe_erasure(
        stays
    )
    assert "That says little" not in describe_erasure(replace(stays, blank=0))
    assert "That says little" not in describe_erasure(replace(stays, blank=None))
    assert describe_erasure(replace(stays, sufficient_count=0)).count("without words") == 1, "it is said once"


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        (ErasureCurve("?!", say(None), 1, "attention", "luong"), "There is no word to take away here."),
        (make_curve(1, 0.9), "There is only one word here: without it nothing is left"),
    ],
)
def test_texts_of_less_than_two_words_have_sentences_of_their_own(curve: ErasureCurve, said: str) -> None:
    assert describe_erasure(curve).startswith(said)


def test_of_several_labels_the_new_answer_is_named() -> None:
    prediction = Prediction(("bad", "fair", "good"), (0.7, 0.2, 0.1))
    curve = ErasureCurve("text", prediction, 0, "attention", "stars", (0, 1, 2), flip_count=2, flipped_to=1)
    assert "first turns fair when the 2 highest of the 3 words" in describe_erasure(
        replace(curve, random_flip_counts=(None,), random_sufficient_counts=(0,))
    )


COUNTS = st.integers(1, 30)


@given(
    st.none() | COUNTS, st.integers(0, 30), st.tuples(*[st.none() | COUNTS] * 5), st.tuples(*[st.integers(0, 30)] * 5)
)
def test_no_sentence_is_contradicted_by_its_numbers(
    flip: int | None, sufficient: int, flips: tuple[int | None, ...], sufficients: tuple[int, ...]
) -> None:
    said = describe_erasure(make_curve(30, 0.9, flip, sufficient, flips, sufficients))
    turned = [count for count in flips if count is not None]
    assert ("first turns" in said) == (flip is not None)
    assert ("none of 5 tries turned it" in said) == (not turned)
    if found := re.search(r"it took (?:about )?(\d+) words?, in (?:all )?(\d)(?: of 5)? tries", said):
        assert int(found[2]) == len(turned)
        assert sum(count <= int(found[1]) for count in turned) * 2 >= len(turned)
    assert ("A text without words is positive" in said) == (sufficient == 0)
    assert ("only with all 30 words" in said) == (sufficient == 30), "all words are no part of the text"
    if found := re.search(r"enough for it; in random order it took about (\d+) words?", said):
        assert int(found[1]) == sorted(sufficients)[2]
