"""How far explanations of one text agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnviz.explain.measures import compute_taus
from attnviz.values.comparison import Comparison, find_disagreements, find_shared
from attnviz.values.explanation import Explanation


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
