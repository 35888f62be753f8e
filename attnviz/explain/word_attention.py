"""Attention over the steps that a model reads as attention over words, and back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.values.arrays import FloatArray

Places = npt.NDArray[np.integer]

_TINY = 1e-12
"""In place of 0 where a query attends to no word at all."""


def gather_words(
    maps: FloatArray, places: Places, words: int, *, is_matrix: bool
) -> tuple[FloatArray, FloatArray | None]:
    """(maps, queries, words) the weights of words, and (maps, queries) the share that went to steps of no word.

    A word's weight is the sum of its steps', made to sum to 1 over the words; the query of a word is the mean of its
    steps', and of a word without steps the mean of all. The share is None where every step is a word's.

    Args:
        maps: (maps, queries, steps) as the model computes them.
        places: (steps,) the word that each step belongs to, -1 for none.
        is_matrix: whether the queries are the steps.
    """
    if np.array_equal(places, np.arange(words)):
        return maps, None
    member = (places[:, None] == np.arange(words)).astype(maps.dtype)  # (steps, words)
    weights = maps @ member
    inside, whole = weights.sum(axis=-1, keepdims=True), maps.sum(axis=-1, keepdims=True)
    weights = weights / np.maximum(inside, _TINY)
    outside = (1 - inside / np.maximum(whole, _TINY))[..., 0]
    if is_matrix:
        weights, outside = _gather_queries(weights, member), _gather_queries(outside[..., None], member)[..., 0]
    return weights, outside if (places < 0).any() else None


def _gather_queries(rows: FloatArray, member: FloatArray) -> FloatArray:
    """(maps, words, ...) the means of the rows (maps, steps, ...) of each word."""
    counts = member.sum(axis=0)[:, None]
    means = member.T @ rows / np.maximum(counts, 1)
    return np.where(counts > 0, means, means.sum(axis=1, keepdims=True) / max(1, np.count_nonzero(counts)))


class WordWeights:
    """A text's own weights as those of words, and other weights of words as those of its steps.

    Args:
        maps: (maps, queries, steps) the model's own. places: (steps,) as of `gather_words`. words: how many.
        is_matrix: whether the queries are the steps.

    Attributes:
        own: (maps, queries, words).

    Raises:
        SettingError: the queries are steps, and steps are not words.
    """

    def __init__(self, maps: FloatArray, places: Places, words: int, *, is_matrix: bool) -> None:
        self._same = np.array_equal(places, np.arange(words))
        if is_matrix and not self._same:
            raise SettingError(
                tr("Its attention matrices have steps that are no words, so other ones can't be put in.")
            )
        self.own, _ = gather_words(maps, places, words, is_matrix=is_matrix)
        self._maps, self._places = maps, places

    def spread(self, weights: FloatArray) -> FloatArray:
        """(rows, maps, queries, steps) of weights (rows, maps, queries, words).

        Steps of no word keep what they have; the rest is dealt out to the words, and in a word to its steps as the
        model itself does.
        """
        if self._same:
            return weights
        real = self._places >= 0
        words = self._places[real]
        inside = self._maps[..., real].sum(axis=-1, keepdims=True)
        found = np.repeat(self._maps[None], len(weights), axis=0)
        within = self._maps[..., real] / np.maximum(self.own[..., words] * inside, _TINY)
        found[..., real] = weights[..., words] * inside * within
        return found
