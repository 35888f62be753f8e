"""How unevenly attention is spread over the words of a text."""

from __future__ import annotations

import numpy as np

from attnviz.values.arrays import FloatArray


def compute_strongest(weights: FloatArray) -> float:
    """How many times an even share the strongest word has: 1 where all have the same, at most the number of words.

    Args:
        weights: (words,) that sum to 1.
    """
    return float(weights.max() * len(weights))


def compute_entropy(weights: FloatArray) -> float:
    """Shannon's entropy of weights (words,) as a share of what even ones have: 1 for even, 0 for a single word.

    Of fewer than two words NaN: there is nothing to spread.
    """
    if len(weights) < 2:
        return float("nan")
    positive = weights[weights > 0].astype(np.float64)
    return float(-(positive * np.log(positive)).sum() / np.log(len(weights)))
