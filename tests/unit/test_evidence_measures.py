"""The measures of many texts on numbers made here, beside SciPy's and computations by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from attnviz.evidence.calibration import compute_calibration_error, find_bins
from attnviz.evidence.concentration import compute_entropy, compute_strongest
from attnviz.evidence.replaced_weights import make_even, reverse_ranks, shuffle, stretch
from attnviz.evidence.resampling import estimate_calibration_error, estimate_mean, estimate_median

stats = pytest.importorskip("scipy.stats")

WEIGHTS = arrays(np.float64, (2, 1, 9), elements=st.floats(0.01, 1)).map(lambda w: w / w.sum(axis=-1, keepdims=True))


def draw_weights(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(shape[-1]), size=shape[:-1])


@given(WEIGHTS, st.integers(0, 5))
def test_replaced_weights_are_weights(weights: np.ndarray, seed: int) -> None:
    random = np.random.default_rng(seed)
    replaced = [make_even(weights), shuffle(weights, random), reverse_ranks(weights), stretch(weights, 9)]
    for other in replaced:
        assert other.shape == weights.shape
        np.testing.assert_allclose(other.sum(axis=-1), 1)


@given(WEIGHTS)
def test_reversed_ranks_are_the_same_weights_in_the_opposite_order(weights: np.ndarray) -> None:
    other = reverse_ranks(weights)
    np.testing.assert_array_equal(np.sort(other, axis=-1), np.sort(weights, axis=-1))
    for own, turned in zip(weights[:, 0], other[:, 0], strict=True):
        assert (np.diff(turned[np.argsort(own, kind="stable")]) <= 0).all()


def test_all_maps_are_shuffled_alike() -> None:
    weights = draw_weights(3, 2, 20)
    other = shuffle(weights, np.random.default_rng(1))
    order = [int(np.flatnonzero(weights[0, 0] == value)[0]) for value in other[0, 0]]
    assert sorted(order) == list(range(20))
    assert order != list(range(20))
    np.testing.assert_array_equal(other, weights[..., order])


def test_stretched_weights_stand_at_the_same_share_of_the_way() -> None:
    np.testing.assert_allclose(stretch(np.array([[[0.2, 0.8]]]), 4), [[[0.1, 0.1, 0.4, 0.4]]])
    np.testing.assert_allclose(stretch(np.array([[[0.1, 0.3, 0.2, 0.4]]]), 2), [[[1 / 3, 2 / 3]]])


def test_queries_of_words_are_stretched_with_the_words() -> None:
    weights = draw_weights(2, 4, 4)
    other = stretch(weights, 8)
    assert other.shape == (2, 8, 8)
    np.testing.assert_allclose(other[:, 0], other[:, 1])
    np.testing.assert_allclose(other.sum(axis=-1), 1)


def test_entropy_is_scipys_as_a_share_of_the_largest() -> None:
    for seed in range(20):
        weights = draw_weights(30, seed=seed)
        assert compute_entropy(weights) == pytest.approx(stats.entropy(weights) / np.log(30))
    assert compute_entropy(np.full(5, 0.2)) == pytest.approx(1)
    assert compute_entropy(np.array([0.0, 1.0])) == 0
    assert np.isnan(compute_entropy(np.ones(1)))


def test_the_strongest_word_beside_an_even_share() -> None:
    assert compute_strongest(np.full(7, 1 / 7)) == pytest.approx(1)
    assert compute_strongest(np.array([0.1, 0.6, 0.2, 0.1])) == pytest.approx(2.4)


def test_the_calibration_error_by_hand() -> None:
    confidence = np.array([0.55, 0.58, 0.95, 0.92, 1.0])
    correct = np.array([1, 0, 1, 1, 1])
    by_hand = (2 / 5) * abs(0.5 - 0.565) + (3 / 5) * abs(1 - (0.95 + 0.92 + 1.0) / 3)
    assert compute_calibration_error(confidence, correct, 10) == pytest.approx(by_hand)


def test_a_confidence_on_an_edge_belongs_to_the_bin_below() -> None:
    assert find_bins(np.array([0.0, 0.1, 0.1001, 0.5, 1.0]), 10).tolist() == [0, 0, 1, 4, 9]


def test_the_mean_and_its_interval_agree_with_the_standard_error() -> None:
    values = np.random.default_rng(0).normal(size=2_000)
    found = estimate_mean(np.concatenate([values, [np.nan] * 5]))
    assert found.n == 2_000
    assert found.value == pytest.approx(values.mean())
    half = 1.96 * values.std() / np.sqrt(2_000)
    assert found.low == pytest.approx(values.mean() - half, abs=0.15 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.15 * half)


def test_the_interval_is_that_of_scipys_bootstrap() -> None:
    values = np.random.default_rng(3).exponential(size=200)
    theirs = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=4_000, rng=1).confidence_interval
    ours = estimate_mean(values)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=40))
def test_the_median_is_the_lower_middle_one(values: list[float]) -> None:
    found = estimate_median(np.array(values))
    assert found.value == sorted(values)[(len(values) - 1) // 2]
    assert min(values) <= found.low <= found.high <= max(values)


def test_the_calibration_error_with_its_interval_leaves_out_texts_without_an_answer() -> None:
    random = np.random.default_rng(0)
    confidence = random.uniform(0.5, 1, 500)
    correct = (random.random(500) < confidence).astype(float)
    found = estimate_calibration_error(
        np.concatenate([confidence, [0.9]]), np.concatenate([correct, [np.nan]]), bins=15
    )
    assert found.n == 500
    assert found.value == pytest.approx(compute_calibration_error(confidence, correct, 15))
    assert found.low < found.high


def test_no_number_has_no_estimate() -> None:
    assert estimate_mean(np.array([np.nan])) is None
    assert estimate_median(np.array([])) is None


def test_the_same_seed_gives_the_same_interval_and_another_one_another() -> None:
    values = np.arange(30.0)
    assert estimate_mean(values, seed=1) == estimate_mean(values, seed=1)
    assert estimate_mean(values, seed=1) != estimate_mean(values, seed=2)
