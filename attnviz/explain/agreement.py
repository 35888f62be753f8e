"""How far explanations of one text agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from attnviz.values.arrays import FloatArray
from attnviz.values.comparison import Comparison, find_disagreements, find_shared
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Compared


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


def compare_orders(scores: FloatArray, reference: FloatArray, drawn: FloatArray) -> Compared | None:
    """Kendall's tau-b of |scores| with |reference|, both (words,), beside that of the random ones (DRAWS, words)."""
    value, *random = compute_taus(np.vstack([np.abs(reference), np.abs(scores), drawn]))[0][1:]
    return compare_to_random(value, random)


def compare_to_random(value: float | None, random: Iterable[float | None]) -> Compared | None:
    """A number beside the mean and the standard deviation of what random scores get; None if there is no number."""
    if value is None:
        return None
    drawn = np.array([number for number in random if number is not None], dtype=np.float64)
    return Compared(float(value), float(drawn.mean()), float(drawn.std()))
