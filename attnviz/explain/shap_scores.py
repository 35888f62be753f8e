"""SHAP values, computed by the partition explainer of the `shap` library on the words that the classifier reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numpy as np
import numpy.typing as npt

from attnviz.explain.attribution import Found
from attnviz.explain.word_subsets import Masks, WordSubsets, load_library
from attnviz.values.arrays import FloatArray
from attnviz.values.methods import SHAP_READINGS

_BATCH = 64
"""How many texts are read at once before it is decided which groups are split next."""

_SHARED = Lock()


def shap_scores(words: WordSubsets) -> Found:
    """Owen values: the text is split into halves, quarters and so on, and each part gets its share of the difference.

    A part's share is what it adds to the probability, on the mean of both orders in which it and its neighbour may
    come. The parts that matter most are split first; if SHAP_READINGS are used up, the words of a part share its value
    evenly. So the values always add up to the probability minus that of a text without words; what they miss is the
    gap. Sources: Lundberg & Lee 2017, arXiv:1705.07874; Owen 1977, 'Values of games with a priori unions'.
    """
    library, count = load_library("shap"), len(words)
    explainer = library.PartitionExplainer(words.read, _Masker(count))
    # The library may read one text more than it is told to.
    budget = SHAP_READINGS - words.readings - 1
    with _drawing_from(words.seed):
        found = explainer(np.ones((1, count)), max_evals=budget, batch_size=_BATCH, silent=True)
    values: FloatArray = np.asarray(found.values[0], np.float32)
    gap = float(found.values[0].sum() - (words.probabilities[words.target] - found.base_values[0]))
    return Found(tuple(words.probabilities.tolist()), values, gap, readings=words.readings)


class _Masker:
    """What `shap` asks of the features: here a text is the mask of its words, and neighbours belong together.

    Attributes:
        shape: of the features; one row.
        clustering: (words - 1, 4) the two parts of each group, in the format of SciPy's linkage.
    """

    immutable_outputs = True

    def __init__(self, words: int) -> None:
        self.shape = (1, words)
        self.clustering = build_halves(words)

    def __call__(self, mask: Masks, _: npt.NDArray[np.float64]) -> Masks:
        return mask[None]


def build_halves(words: int) -> npt.NDArray[np.float64]:
    """(words - 1, 4) a tree over the places of a text in which neighbours are paired, and then the pairs, and so on.

    A row is a group: its two parts (a place, or `words` plus the number of an earlier row), its level and its size.
    """
    rows: list[tuple[int, int, int, int]] = []
    parts, level = [(place, 1) for place in range(words)], 0
    while len(parts) > 1:
        level += 1
        pairs, rest = list(zip(parts[::2], parts[1::2], strict=False)), parts[len(parts) // 2 * 2 :]
        parts = [(words + len(rows) + at, one[1] + two[1]) for at, (one, two) in enumerate(pairs)] + rest
        rows += [(one[0], two[0], level, one[1] + two[1]) for one, two in pairs]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


@contextmanager
def _drawing_from(seed: int) -> Iterator[None]:
    """NumPy's shared generator, by which `shap` orders parts of equal weight, as the seed leaves it; then as before."""
    with _SHARED:
        before = np.random.get_state()
        np.random.seed(seed)
        try:
            yield
        finally:
            np.random.set_state(before)
