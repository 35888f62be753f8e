"""How well attention weights point at a truth that was planted."""

from __future__ import annotations

import numpy as np

from attnviz.data.planted_samples import BoolArray
from attnviz.values.arrays import FloatArray


def compute_rank_accuracy(weights: FloatArray, truth: BoolArray, counted: BoolArray, needed: int = 1) -> float:
    """Relevance rank accuracy: of the `needed` largest weights of a sample, the share that stands on the truth.

    1 means that the largest weights are always where the answer is. It compares ranks and not the weights' mass,
    because a network may well find the answer and still spread a third of its attention over the rest: the published
    toy gives 0.72 to its planted column. For one needed place it is the pointing game.

    Args:
        weights: (n, places), one row a sample. truth: (n, places), where the answer stands.
        counted: (n,), the samples to take the mean over. A weight on a 0 passes nothing on, whatever it is, so where
            everything planted is 0 the weights have nowhere to be right.
        needed: how many places must be known to give the answer, at most as many as the truth has.

    Source: Arras, Osman & Samek 2022, *CLEVR-XAI* (relevance rank accuracy); Zhang et al. 2018 (the pointing game).
    """
    largest = np.argsort(-weights, axis=1, kind="stable")[:, :needed]
    hits = np.take_along_axis(truth, largest, axis=1).mean(axis=1)
    return float(hits[counted].mean()) if counted.any() else 0.0


def compute_random_baseline(truth: BoolArray, counted: BoolArray) -> float:
    """What `compute_rank_accuracy` gives for weights in a random order: the share of the places that are true."""
    return float(truth[counted].mean()) if counted.any() else 0.0
