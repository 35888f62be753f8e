"""Faithfulness measures against numbers worked out by hand, and what must hold for any of them."""

from __future__ import annotations

import json
import zlib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attnviz
from attnviz.explain.attribution import occlusion_scores
from attnviz.explain.measures import (
    DRAWS,
    RANDOM_ORDERS,
    THRESHOLDS,
    choose_counts,
    compare,
    compare_orders,
    compute_erasure_curve,
    compute_taus,
    count_words,
    draw_scores,
    find_support,
    find_turn,
    measure_erasure,
    order_words,
)
from attnviz.models.registry import METHODS
from attnviz.values.faithfulness import Compared, ErasureCurve, Faithfulness

DECISIVE = 7


def one_word_decides(rows: list[np.ndarray]) -> np.ndarray:
    """0.9 with the decisive word, 0.6 without."""
    return np.array([0.9 if DECISIVE in row else 0.6 for row in rows])


def most_words_are_bad(rows: list[np.ndarray]) -> np.ndarray:
    """Each word 5 takes 0.1 from 0.5."""
    return np.array([0.5 - 0.1 * list(row).count(5) for row in rows])


@pytest.mark.parametrize(
    ("words", "counts"),
    [(2, [1, 1, 1, 1, 1]), (10, [1, 1, 1, 2, 5]), (100, [1, 5, 10, 20, 50]), (101, [2, 6, 11, 21, 51])],
)
def test_a_threshold_takes_at_least_one_word_and_rounds_up(words: int, counts: list[int]) -> None:
    assert [count_words(words, percent) for percent in THRESHOLDS] == counts


def test_comprehensiveness_and_sufficiency_of_one_decisive_word_by_hand() -> None:
    ids = np.array([3, 4, DECISIVE, 5], dtype=np.int32)  # the thresholds take 1, 1, 1, 1 and 2 of 4 words
    best, second, last = [2, 0, 1, 3], [0, 2, 1, 3], [0, 1, 3, 2]
    comprehensiveness, sufficiency = measure_erasure(ids, np.array([best, second, last]), one_word_decides)
    np.testing.assert_allclose(comprehensiveness, [0.3, 0.3 / 5, 0.0], atol=1e-7)
    np.testing.assert_allclose(sufficiency, [0.0, 0.3 * 4 / 5, 0.3], atol=1e-7)


def test_the_answer_of_a_negative_text_is_its_negative_probability() -> None:
    ids = np.array([5, 3, 5, 3], dtype=np.int32)  # negative with 0.7: 0.6 with one 5, 0.5 with none
    comprehensiveness, sufficiency = measure_erasure(ids, np.array([[0, 2, 1, 3]]), most_words_are_bad)
    assert comprehensiveness[0] == pytest.approx((4 * 0.1 + 0.2) / 5)
    assert sufficiency[0] == pytest.approx((4 * 0.1 + 0.0) / 5)


@given(st.integers(2, 40), st.integers(0, 1000))
def test_no_order_is_more_comprehensive_than_that_by_occlusion_where_one_word_decides(words: int, seed: int) -> None:
    ids = np.full(words, 3, dtype=np.int32)
    ids[seed % words] = DECISIVE
    order = order_words(occlusion_scores([ids], one_word_decides).values[0], signed=True, positive=True)
    random = order_words(draw_scores(words, seed), signed=False, positive=True)
    comprehensiveness, sufficiency = measure_erasure(ids, np.vstack([order[None], random]), one_word_decides)
    assert comprehensiveness[0] == pytest.approx(0.3)
    assert (comprehensiveness[1:] <= comprehensiveness[0] + 1e-9).all()
    assert (sufficiency[1:] >= sufficiency[0] - 1e-9).all()


def test_signed_scores_are_ordered_toward_the_answer() -> None:
    scores = np.array([0.1, -0.5, 0.3, -0.2])
    assert order_words(scores, signed=True, positive=True).tolist() == [2, 0, 3, 1]
    assert order_words(scores, signed=True, positive=False).tolist() == [1, 3, 0, 2]
    assert order_words(np.array([0.2, 0.4, 0.4]), signed=False, positive=False).tolist() == [1, 2, 0]


@pytest.mark.parametrize(
    ("one", "two", "tau"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4], 1.0),
        ([1, 2, 3, 4], [4, 3, 2, 1], -1.0),
        ([1, 2, 3], [1, 3, 2], 1 / 3),
        ([1, 2, 2], [1, 2, 3], 2 / np.sqrt(2 * 3)),  # one of three pairs is tied on one side
        ([1, 1, 2, 2], [1, 2, 1, 2], 0.0),
        ([1, 1, 1], [1, 2, 3], None),
    ],
)
def test_tau_b_by_hand(one: list[float], two: list[float], tau: float | None) -> None:
    found = compute_taus(np.array([one, two], np.float32))[0][1]
    assert found == (None if tau is None else pytest.approx(tau, abs=1e-12))


@given(st.integers(2, 12).flatmap(lambda words: st.lists(st.tuples(*[st.integers(-3, 3)] * words), min_size=1)))
def test_taus_count_pairs_and_are_symmetric(scores: list[tuple[int, ...]]) -> None:
    scores.append(tuple(-score for score in scores[0]))
    signs = [[np.sign(one - two) for one, two in combinations(row, 2)] for row in scores]
    found = compute_taus(np.array(scores, np.float32))
    assert found == [list(column) for column in zip(*found, strict=True)]
    for row, one in enumerate(signs):
        for column, two in enumerate(signs):
            untied = np.sqrt(np.count_nonzero(one) * np.count_nonzero(two))
            expected = pytest.approx(np.dot(one, two) / untied, abs=1e-12) if untied else None
            assert found[row][column] == expected


def test_a_number_stands_beside_the_mean_and_spread_of_the_random_ones() -> None:
    assert compare(0.5, [0.1, 0.3, None]) == pytest.approx(Compared(0.5, 0.2, 0.1))
    assert compare(None, [0.1]) is None
    assert compare_orders(np.ones(3), np.arange(3.0), draw_scores(3, 0)) is None
    assert compare_orders(-np.arange(3.0), np.arange(3.0), draw_scores(3, 0)).value == pytest.approx(1.0)


def test_random_scores_are_the_same_for_the_same_seed() -> None:
    assert draw_scores(5, 1).shape == (DRAWS, 5)
    assert (draw_scores(5, 1) == draw_scores(5, 1)).all()
    assert (draw_scores(5, 1) != draw_scores(5, 2)).any()


@pytest.fixture(scope="module")
def luong(tiny_library: Path) -> attnviz.Explainer:
    return attnviz.load(tiny_library / "luong")


@pytest.mark.parametrize("method", METHODS)
def test_a_text_is_measured_with_every_method_and_the_same_again(luong: attnviz.Explainer, method: str) -> None:
    text = "a great, lovely film with a dull story 😀"
    found = luong.measure_faithfulness(text, method)
    assert (found.words, found.method, found.model, found.text) == (9, method, "luong", text)
    assert found.probability == pytest.approx(luong.explain(text, method).probability, abs=1e-6)
    assert found.agreement.keys() == {"gradient", "occlusion"} - {method}
    assert luong.measure_faithfulness(text, method) == found
    assert Faithfulness.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False))) == found


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
    assert Faithfulness.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.parametrize("text", ["great " * 600, "film film", "xylophone quux", "\ud800 a\x00b"])
def test_unusual_texts_can_be_measured(luong: attnviz.Explainer, text: str) -> None:
    assert np.isfinite(luong.measure_faithfulness(text, "gradient").comprehensiveness).all()


def test_an_erasure_curve_by_hand() -> None:
    ids = np.array([3, 4, DECISIVE, 5], dtype=np.int32)
    drawn = np.array([[0, 1, 2, 3], [2, 3, 0, 1]])  # without the decisive word from 3 and from 1 on
    counts, without, alone, random_without, random_alone = compute_erasure_curve(
        ids, np.array([1, 2, 0, 3]), drawn, one_word_decides
    )
    assert counts == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(without, [0.9, 0.9, 0.6, 0.6, 0.6])
    np.testing.assert_allclose(alone, [0.6, 0.6, 0.9, 0.9, 0.9])
    np.testing.assert_allclose(random_without, [[0.9, 0.9, 0.9, 0.6, 0.6], [0.9, 0.6, 0.6, 0.6, 0.6]])
    np.testing.assert_allclose(random_alone, [[0.6, 0.6, 0.9, 0.9, 0.9], [0.6, 0.6, 0.6, 0.6, 0.9]])


def test_where_the_answer_turns_and_from_where_it_stands() -> None:
    counts = [0, 1, 2, 4, 6]
    assert find_turn(counts, [0.9, 0.6, 0.4, 0.6, 0.3]) == 2
    assert find_turn(counts, [0.1, 0.2, 0.3, 0.5, 0.6]) == 4
    assert find_turn(counts, [0.9, 0.8, 0.7, 0.6, 0.3]) is None, "without any word nothing is left to read"
    assert find_support(counts, [0.3, 0.6, 0.4, 0.7, 0.9]) == 4
    assert find_support(counts, [0.6, 0.6, 0.6, 0.6, 0.3]) == 6
    assert find_support(counts, [0.7, 0.8, 0.9, 0.8, 0.9]) == 0


@given(st.integers(1, 600))
def test_counts_go_from_none_to_all_and_back(words: int) -> None:
    counts = choose_counts(words)
    assert counts == sorted(words - count for count in counts)
    assert counts[:21] == list(range(min(words, 20) + 1))
    assert counts[-1] == words
    assert len(counts) <= 101
    assert max(np.diff(counts)) <= max(1, -(-words // 60))


@pytest.mark.parametrize("method", ["attention", "gradient"])
def test_an_erasure_curve_is_what_its_shortened_texts_say(luong: attnviz.Explainer, method: str) -> None:
    words = ["great", "dull", "film", "story", "awful"]
    curve, explanation = luong.measure_erasure_curve(" ".join(words), method), luong.explain(" ".join(words), method)
    toward = explanation.scores if method == "attention" or explanation.probability >= 0.5 else -explanation.scores
    assert curve.order == tuple(np.argsort(-toward))
    assert curve.counts == (0, 1, 2, 3, 4, 5)

    def answer(places: tuple[int, ...]) -> float:
        return luong.explain(" ".join(words[place] for place in sorted(places))).probability

    for count in curve.counts[:-1]:
        assert curve.without[count] == pytest.approx(answer(curve.order[count:]), abs=1e-5)
        assert curve.alone[5 - count] == pytest.approx(answer(curve.order[: 5 - count]), abs=1e-5)
    assert curve.without[-1] == curve.alone[0] == pytest.approx(luong.predict([np.zeros(0, np.int32)])[0], abs=1e-6)
    assert curve.random_without[0] == curve.random_alone[-1] == pytest.approx(curve.without[0], abs=1e-5)
    assert (curve.turn, curve.support) == (find_turn(curve.counts, curve.without), find_support(range(6), curve.alone))
    orders = np.argsort(-draw_scores(5, zlib.crc32(luong.vocabulary.encode(" ".join(words)).tobytes()))[:RANDOM_ORDERS])
    without = [[answer(order[count:]) for count in range(5)] + [curve.without[-1]] for order in orders]
    assert curve.random_turns == tuple(find_turn(curve.counts, column) for column in without)
    assert curve.random_supports == tuple(find_support(curve.counts, column[::-1]) for column in without)
    np.testing.assert_allclose(curve.random_without, np.mean(without, axis=0), atol=1e-5)
    assert ErasureCurve.from_dict(json.loads(json.dumps(curve.to_dict(), allow_nan=False))) == curve
    assert luong.measure_erasure_curve(" ".join(words), method) == curve


@pytest.mark.parametrize(("text", "counts"), [("", ()), ("?!", ()), ("great!", (0, 1)), ("\ud800 a\x00b", (0, 1, 2))])
def test_a_short_text_has_a_short_erasure_curve(luong: attnviz.Explainer, text: str, counts: tuple[int, ...]) -> None:
    curve = luong.measure_erasure_curve(text)
    assert (curve.counts, len(curve.alone)) == (counts, len(counts))
    assert ErasureCurve.from_dict(json.loads(json.dumps(curve.to_dict()))) == curve
