"""The truth score on weights whose score is known."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz.lab.truth import compute_random_baseline, compute_rank_accuracy

TRUTH = np.array([[True, False, False, False], [False, True, False, True]])
ALL = np.ones(2, bool)


def test_weights_that_point_at_the_truth_score_1_and_those_that_point_away_0() -> None:
    right = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.2, 0.1, 0.6]])
    wrong = np.array([[0.1, 0.7, 0.1, 0.1], [0.6, 0.1, 0.2, 0.1]])
    assert compute_rank_accuracy(right, TRUTH, ALL) == 1.0
    assert compute_rank_accuracy(wrong, TRUTH, ALL) == 0.0


def test_where_two_places_are_needed_one_of_them_is_half() -> None:
    weights = np.array([[0.5, 0.3, 0.1, 0.1], [0.3, 0.1, 0.1, 0.5]])
    assert compute_rank_accuracy(weights, TRUTH, ALL, needed=2) == 0.5


def test_samples_that_do_not_count_are_left_out() -> None:
    weights = np.array([[0.7, 0.1, 0.1, 0.1], [0.6, 0.1, 0.2, 0.1]])
    assert compute_rank_accuracy(weights, TRUTH, np.array([True, False])) == 1.0
    assert compute_random_baseline(TRUTH, np.array([True, False])) == 0.25
    assert compute_rank_accuracy(weights, TRUTH, np.zeros(2, bool)) == 0.0


@pytest.mark.parametrize("needed", [1, 2])
def test_weights_in_a_random_order_score_chance(needed: int) -> None:
    rng = np.random.default_rng(0)
    truth = rng.permuted(np.tile([True, True, False, False, False, False], (20_000, 1)), axis=1)
    counted = np.ones(len(truth), bool)
    score = compute_rank_accuracy(rng.random(truth.shape), truth, counted, needed)
    assert score == pytest.approx(compute_random_baseline(truth, counted), abs=0.01) == pytest.approx(1 / 3, abs=0.01)
