"""The truth score on weights whose score is known."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz.lab.truth import compute_random_baseline, compute_rank_accuracy, compute_use_agreement

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
    nothing = np.zeros(2, bool)
    assert compute_rank_accuracy(weights, TRUTH, nothing) is None, "there is no truth to score"
    assert compute_random_baseline(TRUTH, nothing) is None


@pytest.mark.parametrize("needed", [1, 2])
def test_weights_in_a_random_order_score_chance(needed: int) -> None:
    rng = np.random.default_rng(0)
    truth = rng.permuted(np.tile([True, True, False, False, False, False], (20_000, 1)), axis=1)
    counted = np.ones(len(truth), bool)
    score = compute_rank_accuracy(rng.random(truth.shape), truth, counted, needed)
    assert score == pytest.approx(compute_random_baseline(truth, counted), abs=0.01) == pytest.approx(1 / 3, abs=0.01)


def test_attention_agrees_with_use_where_it_has_the_same_order() -> None:
    use = np.array([0.3, 0.1, 0.0, 0.005])
    assert compute_use_agreement(np.array([0.5, 0.3, 0.1, 0.1]), use, 0.01) == 1.0
    assert compute_use_agreement(np.array([0.1, 0.2, 0.3, 0.4]), use, 0.01) == 0.0
    assert compute_use_agreement(np.array([0.4, 0.1, 0.2, 0.3]), use, 0.01) == 3 / 5, "the last two are used alike"


def test_columns_that_are_used_alike_have_no_order() -> None:
    assert compute_use_agreement(np.array([0.7, 0.3]), np.array([0.2, 0.195]), 0.01) is None


def test_attention_in_a_random_order_agrees_in_half_of_the_pairs() -> None:
    rng = np.random.default_rng(0)
    found = [compute_use_agreement(rng.random(6), rng.random(6), 0.01) for _ in range(4_000)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.02)
