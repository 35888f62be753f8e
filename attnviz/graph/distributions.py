"""Whether numbers are shares: not negative, with a sum of 1 along an axis; and what such shares are like."""

from __future__ import annotations

from typing import Any

import numpy as np

from attnviz.values.arrays import FloatArray

_SAME = 1e-5
"""Shares that differ by less, relatively, are the same."""

_MOST_EMPTY = 0.7
"""Of so many queries at most the shares may all be 0: those of padding."""


def are_shares(values: FloatArray, axis: int, tolerance: float) -> bool:
    """Whether the numbers are at least 0 and sum to 1 along the axis, or are all 0: what a query of padding has."""
    if values.size == 0 or values.min() < -1e-6 or values.max() > 1 + tolerance:
        return False
    sums = values.sum(axis=axis)
    full = np.abs(sums - 1) < tolerance
    return bool((full | (sums < 1e-6)).all() and full.mean() > 1 - _MOST_EMPTY)


def measure_gap(values: FloatArray, axis: int) -> float:
    """By how much the sums of shares along the axis miss 1 at most."""
    sums = values.sum(axis=axis, dtype=np.float64)
    return float(np.abs(sums[sums > 1e-6] - 1).max(initial=0))


def are_choices(values: FloatArray) -> bool:
    """Whether all numbers are 0 or 1."""
    return bool((np.isclose(values, 0) | np.isclose(values, 1)).all())


def are_alike(values: FloatArray, others: FloatArray) -> bool:
    """Whether the numbers are the same up to rounding."""
    return bool(np.allclose(values, others, rtol=_SAME, atol=1e-9))


def measure_entropy(values: FloatArray, axis: int, queries: np.ndarray[Any, Any] | None = None) -> float:
    """Mean entropy over the logarithm of how many steps of a text get any weight; 1 is an even share.

    Args:
        values: (batch, ...) shares along the axis.
        axis: that of the steps, from 1.
        queries: which distributions count, as the other axes of `values`; None for all that are not 0.
    """
    shares = np.moveaxis(values.astype(np.float64), axis, -1)
    logs = np.log(shares, where=shares > 0, out=np.zeros_like(shares))
    entropy = -(shares * logs).sum(axis=-1)
    reached = (shares > 0).any(axis=tuple(range(1, shares.ndim - 1))).sum(axis=-1)
    most = np.log(np.maximum(reached, 2)).reshape(-1, *[1] * (entropy.ndim - 1))
    counts = shares.sum(axis=-1) > 0.5
    counts = counts if queries is None else counts & queries
    return float((entropy / most)[counts].mean()) if counts.any() else 0.0
