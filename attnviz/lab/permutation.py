"""Permutation importance: what it costs a network when a column is shuffled among the samples.

Source: Breiman 2001, *Random Forests*; Fisher, Rudin & Dominici 2019.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attnviz.values.arrays import FloatArray, frozen_array


def permute_columns(x: FloatArray, order: npt.NDArray[np.int64]) -> FloatArray:
    """(input_dim + 1, n, input_dim): the samples x (n, input_dim), then with each of their columns in another order."""
    permuted = np.repeat(x[None], x.shape[1] + 1, axis=0)
    for column in range(x.shape[1]):
        permuted[column + 1, :, column] = x[order, column]
    return permuted


def compute_importance(answers: FloatArray, y: FloatArray) -> FloatArray:
    """(input_dim,) by how much the accuracy falls with each column permuted.

    Args:
        answers: ((input_dim + 1) * n, 1) probabilities for the rows of `permute_columns`.
        y: (n, 1) the right answers, 0 or 1.
    """
    right = (answers.reshape(-1, len(y)) > 0.5) == (y[:, 0] > 0.5)
    accuracies = right.mean(axis=1)
    return frozen_array(accuracies[0] - accuracies[1:])
