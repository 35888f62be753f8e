"""How well attention weights point at a truth: one that was planted, or what the network uses."""

from __future__ import annotations

import numpy as np

from attnviz.data.planted_samples import BoolArray
from attnviz.values.arrays import FloatArray


def compute_rank_accuracy(weights: FloatArray, truth: BoolArray, counted: BoolArray, needed: int = 1) -> float | None:
    """Relevance rank accuracy: of the `needed` largest weights of a sample, the share that stands on the truth.

    1 means that the largest weights are always where the answer is. It compares ranks and not the weights' mass,
    because a network may well find the answer and still spread a third of its attention over the rest: the published
    toy gives 0.72 to its planted column. For one needed place it is the pointing game.

    Args:
        weights: (n, places), one row a sample. truth: (n, places), where the answer stands.
        counted: (n,), the samples to take the mean over. A weight on a 0 passes nothing on, whatever it is, so where
            everything planted is 0 the weights have nowhere to be right.
        needed: how many places must be known to give the answer, at most as many as the truth has.

    Returns:
        The mean; None if no sample counts, because then there is no truth to score.

    Source: Arras, Osman & Samek 2022, *CLEVR-XAI* (relevance rank accuracy); Zhang et al. 2018 (the pointing game).
    """
    largest = np.argsort(-weights, axis=1, kind="stable")[:, :needed]
    hits = np.take_along_axis(truth, largest, axis=1).mean(axis=1)
    return float(hits[counted].mean()) if counted.any() else None


def compute_random_baseline(truth: BoolArray, counted: BoolArray) -> float | None:
    """What `compute_rank_accuracy` gives for weights in a random order: the share of the places that are true."""
    return float(truth[counted].mean()) if counted.any() else None


def find_clear_pairs(importance: FloatArray, margin: float) -> list[tuple[int, int]]:
    """The pairs of columns of which the first is clearly used more than the second.

    Args:
        importance: (columns,) permutation importance. margin: by how much it must differ.
    """
    more, less = np.nonzero(importance[:, None] - importance[None, :] >= margin)
    return list(zip(more.tolist(), less.tolist(), strict=True))


def compute_use_agreement(attention: FloatArray, importance: FloatArray, margin: float) -> float | None:
    """Of the pairs of columns that clearly differ in use, the share in which the one used more gets more attention.

    1 means that attention puts the columns into the order of their use; a random order gets a half. It is the
    concordance index with a margin below which two columns count as used alike.

    Args:
        attention: (columns,) mean weights. importance, margin: as in `find_clear_pairs`.

    Returns:
        The share; None if no two columns clearly differ.

    Source: Harrell et al. 1982 (the concordance index).
    """
    pairs = find_clear_pairs(importance, margin)
    return sum(attention[more] > attention[less] for more, less in pairs) / len(pairs) if pairs else None
