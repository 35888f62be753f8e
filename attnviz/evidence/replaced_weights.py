"""Attention weights in place of a network's own, which was not trained with them.

All take and give weights (maps, queries, words) of one text, or several of them, that sum to 1 over the words. What is
shuffled or taken from another text is so for all maps and queries alike: each word gets those of another one.
"""

from __future__ import annotations

import numpy as np

from attnviz.values.arrays import FloatArray

REPLACEMENTS = ("even", "shuffled", "another text's", "reversed")
"""What can stand in place of a network's own weights."""


def make_even(weights: FloatArray) -> FloatArray:
    """Every word gets the same."""
    return np.full_like(weights, 1 / weights.shape[-1])


def shuffle(weights: FloatArray, random: np.random.Generator) -> FloatArray:
    """Dealt out to the words at random."""
    return weights[..., random.permutation(weights.shape[-1])]


def reverse_ranks(weights: FloatArray) -> FloatArray:
    """The word with the largest weight gets the smallest, and so on, in each map and query by itself."""
    order = np.argsort(weights, axis=-1, kind="stable")
    reversed_ = np.empty_like(weights)
    np.put_along_axis(reversed_, order, np.take_along_axis(weights, order[..., ::-1], axis=-1), axis=-1)
    return reversed_


def stretch(weights: FloatArray, words: int) -> FloatArray:
    """(maps, queries, words): the weights of another text at the same share of the way through it, made to sum to 1.

    Args:
        weights: of a text of any number of words; of self-attention, whose queries are its words, so are the queries.
        words: of the text that gets them.
    """
    own = weights.shape[-1]
    places = np.arange(words) * own // words
    taken = weights[..., places]
    if weights.shape[-2] == own > 1:
        taken = taken[..., places, :]
    return taken / np.maximum(taken.sum(axis=-1, keepdims=True), np.finfo(taken.dtype).tiny)
