"""How far explanations of one text agree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from attnviz.values.arrays import FloatArray
from attnviz.values.comparison import Comparison, find_disagreements, find_shared
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Compared

AHEAD = 1e-5
"""By how much a number has to be better than another one to beat it; less is noise of float32, and a tie."""


def compare(explanations: Sequence[Explanation]) -> Comparison:
    """Lay explanations of one text side by side: how far they agree, and on which words they disagree most.

    Args:
        explanations: of one text, by any networks and methods.

    Raises:
        SettingError: there is none, or they are of different texts.
    """
    shared = find_shared(explanations)
    agreement = compute_agreement(explanations, shared)
    return Comparison(tuple(explanations), len(shared[0]), agreement, find_disagreements(explanations))


def compute_agreement(
    explanations: Sequence[Explanation], shared: Sequence[Sequence[int]]
) -> tuple[tuple[float | None, ...], ...]:
    """For each two explanations Kendall's tau-b of |scores|; see `compute_taus`.

    Args:
        explanations: of one text.
        shared: for each of them the places of the words to compare, as `find_shared` gives them.
    """
    sizes = [np.abs(one.scores[list(at)]) for one, at in zip(explanations, shared, strict=True)]
    return tuple(map(tuple, compute_taus(np.stack(sizes))))


def compute_taus(maps: FloatArray) -> list[list[float | None]]:
    """Kendall's tau-b of every two of some scores: 1 for the same order of the words, -1 for the reverse.

    Tied pairs count as in tau-b; None where all scores of one side are tied, since they have no order. The test
    against other methods' scores follows Jain & Wallace 2019, arXiv:1902.10186; their gradients hold the attention
    fixed and their texts lack the first and the last word, ours don't. Source: Kendall 1945, 'The treatment of ties'.

    Args:
        maps: (maps, words); in float32 up to 5,792 words, whose 2^24 pairs it counts exactly.

    Returns:
        A symmetric table (maps, maps).
    """
    first, second = np.triu_indices(maps.shape[1], k=1)
    signs = np.sign(maps[:, first] - maps[:, second])  # (maps, pairs): 1, 0 or -1
    products = (signs @ signs.T).astype(np.float64)
    untied = np.sqrt(np.outer(products.diagonal(), products.diagonal()))
    return [
        [product / size if size else None for product, size in zip(*rows, strict=True)]
        for rows in zip(products.tolist(), untied.tolist(), strict=True)
    ]


def compare_orders(scores: FloatArray, reference: FloatArray, drawn: FloatArray, shifted: int = 0) -> Compared | None:
    """Kendall's tau-b of |scores| with |reference|, both (words,), beside that of the drawn ones (draws, words).

    `shifted` is as in `compare_to_random`.
    """
    value, *random = compute_taus_with(np.abs(reference), np.abs(np.vstack([scores, drawn])))
    return compare_to_random(value, random, shifted=shifted)


def compute_taus_with(reference: FloatArray, maps: FloatArray) -> list[float | None]:
    """Kendall's tau-b of some scores (words,) with each of others (maps, words), as in `compute_taus`.

    One after the other, so that it needs memory for one table of pairs only, (words, words).
    """
    own = _find_signs(reference)
    untied = int(np.count_nonzero(own))
    return [_compute_tau(own, _find_signs(one), untied) for one in maps]


def _find_signs(scores: FloatArray) -> npt.NDArray[np.int8]:
    """(words, words): 1 where the score of the row is the higher one, -1 where that of the column is."""
    return (scores[:, None] > scores).view(np.int8) - (scores[:, None] < scores).view(np.int8)


def _compute_tau(own: npt.NDArray[np.int8], other: npt.NDArray[np.int8], untied: int) -> float | None:
    size = math.sqrt(untied * np.count_nonzero(other))
    return int((own * other).sum(dtype=np.int64)) / size if size else None


def compare_to_random(
    value: float | None, random: Iterable[float | None], *, low: bool = False, shifted: int = 0
) -> Compared | None:
    """A number beside those that random maps get; None if there is no number.

    Args:
        low: whether the smaller number is the better one.
        shifted: how many of those maps, the first ones, are of one kind and the others of another one.
    """
    numbers = np.array([np.nan if number is None else number for number in random], dtype=np.float64)
    there = ~np.isnan(numbers)
    if value is None or not there.any():
        return None
    beats = (numbers - value if low else value - numbers) >= AHEAD  # nan is not
    kinds = [(int(beats[part].sum()), int(there[part].sum())) for part in (slice(shifted), slice(shifted, None))]
    drawn = numbers[there]
    told = tuple(kinds) if shifted else ()
    return Compared(float(value), float(drawn.mean()), int(beats.sum()), len(drawn), tuple(drawn.tolist()), told)
