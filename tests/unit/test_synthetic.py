"""The task with a planted column."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz import get_data
from attnviz.errors import SettingError


@pytest.mark.parametrize(("input_dim", "column"), [(1, 0), (4, 1), (4, 3), (32, 0)])
def test_the_planted_column_equals_the_target(input_dim: int, column: int) -> None:
    x, y = get_data(100, input_dim, column, seed=0)
    assert (x.shape, y.shape, x.dtype, y.dtype) == ((100, input_dim), (100, 1), np.float32, np.float32)
    np.testing.assert_array_equal(x[:, column], y[:, 0])
    assert set(np.unique(y)) == {0.0, 1.0}


def test_the_target_is_fair_and_the_other_columns_are_standard_normal() -> None:
    x, y = get_data(50_000, 5, 2, seed=3)
    others = np.delete(x, 2, axis=1)
    assert abs(y.mean() - 0.5) < 0.01
    np.testing.assert_allclose(others.mean(axis=0), 0.0, atol=0.02)  # 4.5 standard errors
    np.testing.assert_allclose(others.var(axis=0), 1.0, atol=0.03)
    correlations = np.corrcoef(np.column_stack([others, y]), rowvar=False) - np.eye(5)
    assert np.abs(correlations).max() < 0.02


def test_the_third_and_fourth_moments_are_those_of_the_normal_distribution() -> None:
    column = get_data(50_000, 2, 1, seed=4)[0][:, 0].astype(np.float64)
    assert (column**3).mean() == pytest.approx(0.0, abs=0.1)
    assert (column**4).mean() == pytest.approx(3.0, abs=0.2)


def test_the_same_seed_gives_the_same_data_and_another_seed_does_not() -> None:
    first, again, other = (get_data(50, 3, seed=seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


def test_data_without_a_seed_differ_from_call_to_call() -> None:
    assert not np.array_equal(get_data(50, 3)[0], get_data(50, 3)[0])


@pytest.mark.parametrize(
    ("n", "input_dim", "column", "message"),
    [
        (0, 4, 1, "n=0"),
        (10, 0, 0, "input_dim=0"),
        (-1, 4, 1, "n=-1"),
        (10, 4, 4, "between 0 and 3 for 4 columns, got 4"),
        (10, 4, -1, "got -1"),
    ],
)
def test_settings_that_make_no_data_are_refused(n: int, input_dim: int, column: int, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        get_data(n, input_dim, column)
