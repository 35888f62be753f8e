"""A part of labelled texts that is drawn by chance: the same share of each class, and all copies of a text together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def draw_part(
    labels: npt.NDArray[np.integer], groups: npt.NDArray[np.integer], share: float, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """(n,) which texts are drawn: of each class about that share, at least one group and never all of several.

    Args:
        labels: (n,) the class of each text.
        groups: (n,) equal numbers for copies of a text; all go where the first of them goes, whatever their labels.
        share: above 0 and below 1.
        rng: decides which.
    """
    _, first, inverse, sizes = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)
    drawn = np.zeros(len(first), dtype=np.bool_)
    for label in np.unique(labels[first]):
        members = rng.permutation(np.flatnonzero(labels[first] == label))
        until = np.searchsorted(np.cumsum(sizes[members]), share * sizes[members].sum(), side="right")
        drawn[members[: min(max(int(until), 1), max(len(members) - 1, 1))]] = True
    return drawn[inverse]
