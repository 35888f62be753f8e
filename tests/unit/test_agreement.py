"""Kendall's tau against numbers worked out by hand, against SciPy, and what must hold for any scores."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from attnviz.explain.agreement import compare_orders, compare_to_random, compute_taus, compute_taus_with
from attnviz.explain.measures import draw_scores
from attnviz.values.faithfulness import Compared


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


def test_a_number_stands_beside_the_mean_of_the_random_ones_and_how_many_it_beats() -> None:
    found = compare_to_random(0.5, [0.1, 0.3, None])
    assert found[:4] == pytest.approx(Compared(0.5, 0.2, 2, 2)[:4])
    assert found.drawn == (0.1, 0.3), "for the picture"
    assert compare_to_random(0.3, [0.1, 0.299995, 0.6, 0.8], low=True)[2:4] == (2, 4), "less than 0.00001 is a tie"
    assert compare_to_random(0.3, [0.1, 0.299995, 0.6, 0.8])[2:4] == (1, 4)
    assert Compared(0.5, 0.2, 99, 99).chance == 0.01
    assert found.kinds == ()
    assert compare_to_random(0.3, [0.1, None, 0.2, 0.4, 0.0], shifted=2).kinds == ((1, 1), (2, 3))
    assert compare_to_random(None, [0.1]) is None
    assert compare_to_random(0.1, [None]) is None
    assert compare_orders(np.ones(3), np.arange(3.0), draw_scores(3, 0)) is None
    assert compare_orders(-np.arange(3.0), np.arange(3.0), draw_scores(3, 0)).value == pytest.approx(1.0)


@given(st.integers(2, 12).flatmap(lambda words: st.lists(st.tuples(*[st.integers(-3, 3)] * words), min_size=2)))
def test_taus_with_one_are_its_row_of_all(scores: list[tuple[int, ...]]) -> None:
    maps = np.array(scores, np.float32)
    assert compute_taus_with(maps[0], maps) == pytest.approx(compute_taus(maps)[0], abs=1e-12)


@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=2, max_size=40))
def test_tau_b_is_scipys(pairs: list[tuple[int, int]]) -> None:
    one, two = np.array(pairs, np.float32).T
    found, expected = compute_taus(np.stack([one, two]))[0][1], kendalltau(one, two, variant="b").statistic
    assert found == (None if np.isnan(expected) else pytest.approx(expected, abs=1e-12))
