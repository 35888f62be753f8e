"""What a network of the lab is measured by beside its attention: permutation importance and the majority baseline."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz.lab.majority import compute_majority_baseline
from attnviz.lab.permutation import compute_importance, permute_columns
from attnviz.lab.tasks import TASKS


def test_each_copy_has_one_column_in_the_other_order() -> None:
    x = np.arange(12.0).reshape(4, 3)
    order = np.array([2, 0, 3, 1])
    permuted = permute_columns(x, order)
    assert permuted.shape == (4, 4, 3)
    np.testing.assert_array_equal(permuted[0], x)
    for column in range(3):
        others = [i for i in range(3) if i != column]
        np.testing.assert_array_equal(permuted[column + 1][:, column], x[order, column])
        np.testing.assert_array_equal(permuted[column + 1][:, others], x[:, others])


def test_the_importance_is_the_accuracy_that_the_shuffled_column_costs() -> None:
    rng = np.random.default_rng(0)
    x, order = rng.normal(size=(5_000, 3)), rng.permutation(5_000)
    y = (x[:, [1]] > 0).astype(float)
    answers = permute_columns(x, order).reshape(-1, 3)[:, [1]] + 0.5  # a network that looks at column 1 only
    importance = compute_importance(answers, y)
    assert importance[[0, 2]].tolist() == [0, 0]
    assert importance[1] == pytest.approx(1 - ((x[order, 1] > 0) == (x[:, 1] > 0)).mean())
    assert importance[1] == pytest.approx(0.5, abs=0.03)


def test_the_majority_baseline_is_the_best_constant_answer() -> None:
    classes, numbers = np.array([[1.0], [1.0], [0.0], [1.0]]), np.array([[0.0], [0.5], [0.55], [0.59], [3.0]])
    assert compute_majority_baseline(TASKS["column"], classes) == 0.75
    assert compute_majority_baseline(TASKS["column"], 1 - classes) == 0.75
    assert compute_majority_baseline(TASKS["maximum"], numbers) == pytest.approx(0.6)
