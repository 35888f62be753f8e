"""Faithfulness measures against numbers worked out by hand, and what must hold for any of them."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attnviz
from attnviz.explain.attribution import occlusion_scores
from attnviz.explain.measures import (
    DRAWS,
    SHIFTS,
    THRESHOLDS,
    count_orders,
    count_words,
    draw_maps,
    draw_scores,
    find_answer,
    measure_erasure,
    order_by,
    order_words,
)
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Faithfulness
from attnviz.values.methods import TYPED_METHODS
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.prediction import Prediction
from attnviz.values.tokens import Token
from tests.made import Rule, explain_as
from tests.unit.explained import list_numbers

FOUR = tuple(Token(letter, 2 * at, 2 * at + 1, 3, True) for at, letter in enumerate("abcd"))
DECISIVE = 7


def one_word_decides(row: np.ndarray) -> float:
    """0.9 with the decisive word, 0.6 without."""
    return 0.9 if DECISIVE in row else 0.6


def most_words_are_bad(row: np.ndarray) -> float:
    """Each word 5 takes 0.1 from 0.5."""
    return 0.5 - 0.1 * list(row).count(5)


@pytest.mark.parametrize(
    ("words", "counts"),
    [(2, [1, 1, 1, 1, 1]), (10, [1, 1, 1, 2, 5]), (100, [1, 5, 10, 20, 50]), (101, [2, 6, 11, 21, 51])],
)
def test_a_threshold_takes_at_least_one_word_and_rounds_up(words: int, counts: list[int]) -> None:
    assert [count_words(words, percent) for percent in THRESHOLDS] == counts


def test_comprehensiveness_and_sufficiency_of_one_decisive_word_by_hand() -> None:
    ids = np.array([3, 4, DECISIVE, 5], dtype=np.int32)  # the thresholds take 1, 1, 1, 1 and 2 of 4 words
    best, second, last = [2, 0, 1, 3], [0, 2, 1, 3], [0, 1, 3, 2]
    comprehensiveness, sufficiency = measure_erasure(Rule(one_word_decides), ids, np.array([best, second, last]), 1)
    np.testing.assert_allclose(comprehensiveness, [0.3, 0.3 / 5, 0.0], atol=1e-7)
    np.testing.assert_allclose(sufficiency, [0.0, 0.3 * 4 / 5, 0.3], atol=1e-7)


def test_the_answer_of_a_negative_text_is_its_negative_probability() -> None:
    ids = np.array([5, 3, 5, 3], dtype=np.int32)  # negative with 0.7: 0.6 with one 5, 0.5 with none
    comprehensiveness, sufficiency = measure_erasure(Rule(most_words_are_bad), ids, np.array([[0, 2, 1, 3]]), 0)
    assert comprehensiveness[0] == pytest.approx((4 * 0.1 + 0.2) / 5)
    assert sufficiency[0] == pytest.approx((4 * 0.1 + 0.0) / 5)


@given(st.integers(2, 40), st.integers(0, 1000))
def test_no_order_is_more_comprehensive_than_that_by_occlusion_where_one_word_decides(words: int, seed: int) -> None:
    ids = np.full(words, 3, dtype=np.int32)
    ids[seed % words] = DECISIVE
    order = order_words(occlusion_scores([ids], Rule(one_word_decides).predict, 1).values[0])
    random = order_words(draw_scores(words, seed))
    comprehensiveness, sufficiency = measure_erasure(Rule(one_word_decides), ids, np.vstack([order[None], random]), 1)
    assert comprehensiveness[0] == pytest.approx(0.3)
    assert (comprehensiveness[1:] <= comprehensiveness[0] + 1e-9).all()
    assert (sufficiency[1:] >= sufficiency[0] - 1e-9).all()


def test_signed_scores_are_ordered_toward_the_answer() -> None:
    scores = np.array([0.1, -0.5, 0.3, -0.2])
    assert order_by(explain_as("a b c d", FOUR, scores, 0.9, "gradient")).tolist() == [2, 0, 3, 1]
    assert order_by(explain_as("a b c d", FOUR, scores, 0.1, "gradient")).tolist() == [1, 3, 0, 2]
    assert order_by(explain_as("a b c d", FOUR, np.abs(scores), 0.1, "attention")).tolist() == [1, 2, 3, 0]
    assert order_words(np.array([0.2, 0.4, 0.4])).tolist() == [1, 2, 0]


def test_of_several_labels_signed_scores_are_measured_by_the_label_that_they_speak_for() -> None:
    prediction = Prediction(("bad", "fair", "good"), (0.7, 0.2, 0.1))
    signed, attention = (
        Explanation("", (), [], 2, prediction, method, "stars") for method in ("gradient", "attention")
    )
    assert (find_answer(signed), find_answer(attention)) == (2, 0)
    assert find_answer(explain_as("", (), [], 0.1, "gradient")) == 0, "of two labels both say the same"


def test_random_scores_are_the_same_for_the_same_seed() -> None:
    assert draw_scores(5, 1).shape == (DRAWS, 5)
    assert (draw_scores(5, 1) == draw_scores(5, 1)).all()
    assert (draw_scores(5, 1) != draw_scores(5, 2)).any()


@pytest.mark.parametrize("words", [2, 3, 9, 200])
def test_maps_that_know_nothing_are_the_own_one_moved_and_random_ones(words: int) -> None:
    scores = np.arange(words, dtype=np.float32)
    maps = draw_maps(scores, 5)
    assert maps.shape == (DRAWS, words)
    moved = min(SHIFTS, words - 1)
    moves = {int(np.flatnonzero(one == 0)[0]) for one in maps[:moved]}
    assert len(moves) == moved, "each by another number of words"
    assert 0 not in moves
    assert all((np.roll(one, -np.flatnonzero(one == 0)[0]) == scores).all() for one in maps[:moved])
    assert (maps[moved:] == draw_scores(words, 5)[moved:]).all()
    assert (draw_maps(scores, 5) == maps).all()


@pytest.mark.parametrize("words", [2, 3, 4, 5, 6, 7])
def test_orders_are_counted_by_what_they_take(words: int) -> None:
    counts = [count_words(words, percent) for percent in THRESHOLDS]
    taken = {tuple(frozenset(order[:count]) for count in counts) for order in permutations(range(words))}
    assert count_orders(words) == len(taken)
    assert count_orders(19) == count_orders(20) == count_orders(100_000) == 1_000_000


@pytest.fixture(scope="module")
def luong(tiny_library: Path) -> attnviz.Explainer:
    return attnviz.load(tiny_library / "luong")


@pytest.mark.parametrize("method", TYPED_METHODS)
def test_a_text_is_measured_with_every_method_and_the_same_again(luong: attnviz.Explainer, method: str) -> None:
    text = "a great, lovely film with a dull story 😀"
    found = luong.measure_faithfulness(text, method)
    assert (found.words, found.method, found.model, found.text) == (9, method, "luong", text)
    assert found.prediction.probabilities == pytest.approx(luong.explain(text, method).prediction.probabilities)
    assert found.answer == found.prediction.predicted
    assert found.agreement.keys() == {"gradient", "occlusion"} - {method}
    assert luong.measure_faithfulness(text, method) == found
    assert from_plain(Faithfulness, json.loads(json.dumps(to_plain(found), allow_nan=False))) == found


def test_the_measures_of_a_text_are_what_its_shortened_texts_say(luong: attnviz.Explainer) -> None:
    words = ["great", "dull", "film", "story"]
    found, explanation = luong.measure_faithfulness(" ".join(words)), luong.explain(" ".join(words))
    order = np.argsort(-explanation.scores)

    def answer(places: np.ndarray) -> float:
        probability = luong.explain(" ".join(words[place] for place in sorted(places))).probability
        return probability if explanation.probability >= 0.5 else 1 - probability

    without = [answer(order[count:]) for count in (1, 1, 1, 1, 2)]
    alone = [answer(order[:count]) for count in (1, 1, 1, 1, 2)]
    assert found.comprehensiveness.value == pytest.approx(answer(order) - np.mean(without), abs=1e-5)
    assert found.sufficiency.value == pytest.approx(answer(order) - np.mean(alone), abs=1e-5)


@pytest.mark.parametrize(("text", "words"), [("", 0), ("?!", 0), ("great!", 1)])
def test_a_text_of_less_than_two_words_has_no_measures(luong: attnviz.Explainer, text: str, words: int) -> None:
    found = luong.measure_faithfulness(text)
    assert (found.words, found.comprehensiveness, found.sufficiency, found.agreement) == (words, None, None, {})
    assert from_plain(Faithfulness, json.loads(json.dumps(to_plain(found)))) == found


@pytest.mark.parametrize("text", ["great " * 600, "film film", "xylophone quux", "\ud800 a\x00b"])
def test_unusual_texts_can_be_measured(luong: attnviz.Explainer, text: str) -> None:
    assert np.isfinite(list_numbers(luong.measure_faithfulness(text, "gradient").comprehensiveness)).all()
