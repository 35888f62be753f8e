"""Erasure curves against numbers worked out by hand, and against what the shortened texts say one by one."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attnviz
from attnviz.explain.erasure_curve import RANDOM_ORDERS, choose_counts, erase, find_flip, find_sufficient
from attnviz.explain.measures import draw_scores
from attnviz.values.faithfulness import ErasureCurve
from attnviz.values.plain import from_plain, to_plain
from tests.made import Rule

DECISIVE = 7


@pytest.fixture(scope="module")
def luong(tiny_library: Path) -> attnviz.Explainer:
    return attnviz.load(tiny_library / "luong")


def test_an_erasure_curve_by_hand() -> None:
    ids = np.array([3, 4, DECISIVE, 5], dtype=np.int32)
    drawn = np.array([[0, 1, 2, 3], [2, 3, 0, 1]])  # without the decisive word from 3 and from 1 on
    rule = Rule(lambda row: 0.9 if DECISIVE in row else 0.6)
    found = erase(rule, ids, np.array([1, 2, 0, 3]), drawn, choose_counts(4))
    without, alone, random_without, random_alone = (curve[..., 1] for curve in found)
    assert choose_counts(4) == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(without, [0.9, 0.9, 0.6, 0.6, 0.6])
    np.testing.assert_allclose(alone, [0.6, 0.6, 0.9, 0.9, 0.9])
    np.testing.assert_allclose(random_without, [[0.9, 0.9, 0.9, 0.6, 0.6], [0.9, 0.6, 0.6, 0.6, 0.6]])
    np.testing.assert_allclose(random_alone, [[0.6, 0.6, 0.9, 0.9, 0.9], [0.6, 0.6, 0.6, 0.6, 0.9]])


def test_where_the_answer_turns_and_from_where_it_stands() -> None:
    counts = [0, 1, 2, 4, 6]
    assert find_flip(counts, [1, 1, 0, 1, 0]) == 2
    assert find_flip(counts, [0, 0, 0, 3, 1]) == 4
    assert find_flip(counts, [1, 1, 1, 1, 0]) is None, "without any word nothing is left to read"
    assert find_sufficient(counts, [0, 2, 0, 2, 2]) == 4
    assert find_sufficient(counts, [1, 1, 1, 1, 0]) == 6
    assert find_sufficient(counts, [1, 1, 1, 1, 1]) == 0


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
    blank = luong.classifier.predict([np.zeros(0, np.int32)])[0]
    assert curve.without[-1] == curve.alone[0] == pytest.approx(blank[1], abs=1e-6)
    assert curve.blank == blank.argmax()
    assert curve.random_without[0] == curve.random_alone[-1] == pytest.approx(curve.without[0], abs=1e-5)
    assert curve.flip_count == find_flip(curve.counts, [value >= 0.5 for value in curve.without])
    assert curve.sufficient_count == find_sufficient(range(6), [value >= 0.5 for value in curve.alone])
    ids = luong.classifier.encode(" ".join(words)).inputs
    orders = np.argsort(-draw_scores(5, zlib.crc32(ids.tobytes()))[:RANDOM_ORDERS])
    without = [[answer(order[count:]) for count in range(5)] + [curve.without[-1]] for order in orders]
    sides = [[value >= 0.5 for value in column] for column in without]
    assert curve.random_flip_counts == tuple(find_flip(curve.counts, side) for side in sides)
    assert curve.random_sufficient_counts == tuple(find_sufficient(curve.counts, side[::-1]) for side in sides)
    np.testing.assert_allclose(curve.random_without, np.mean(without, axis=0), atol=1e-5)
    assert from_plain(ErasureCurve, json.loads(json.dumps(to_plain(curve), allow_nan=False))) == curve
    assert luong.measure_erasure_curve(" ".join(words), method) == curve


@pytest.mark.parametrize(("text", "counts"), [("", ()), ("?!", ()), ("great!", (0, 1)), ("\ud800 a\x00b", (0, 1, 2))])
def test_a_short_text_has_a_short_erasure_curve(luong: attnviz.Explainer, text: str, counts: tuple[int, ...]) -> None:
    curve = luong.measure_erasure_curve(text)
    assert (curve.counts, len(curve.alone)) == (counts, len(counts))
    assert from_plain(ErasureCurve, json.loads(json.dumps(to_plain(curve)))) == curve
