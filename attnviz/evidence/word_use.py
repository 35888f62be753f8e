"""The words that a network lives on: over many texts how often it read each, how much it attended to it, what it did.

A word is counted under the label that the network answered. Its attention is given in even shares: 1 is what every word
of that text would get if all got the same, so that long and short texts can be added up. Its effect is gradient x input
toward the label that was answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from attnviz.values.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from attnviz.evidence.part_reading import Columns, PartReading

PREFIX = "word: "
"""Of columns that have a value for each word and label of a part, instead of one for each text."""

KEYS, COUNT = ("label", "id"), "count"
_METHODS: Mapping[str, str] = {"attention": "attention", "effect": "gradient"}


def measure_words(reading: PartReading) -> Columns:
    """The columns of a part, a row for each label that was answered and each word that was read there."""
    labels = reading.predicted[reading.places]
    rows = [np.asarray(row, np.int64) for row in reading.rows]
    pairs = np.concatenate(
        [np.stack([np.full(len(row), label), row]) for label, row in zip(labels, rows, strict=True)], 1
    )
    found, place = np.unique(pairs, axis=1, return_inverse=True)
    for name, values in zip(KEYS, found, strict=True):
        yield f"{PREFIX}{name}", values.astype(np.float64)
    yield f"{PREFIX}{COUNT}", np.bincount(place.reshape(-1)).astype(np.float64)
    for name, method in _METHODS.items():
        if method in reading.scores:
            scores: FloatArray = np.concatenate(_scale(name, reading.scores[method]))
            yield f"{PREFIX}{name}", np.bincount(place.reshape(-1), scores).astype(np.float64)


def _scale(name: str, scores: Sequence[FloatArray]) -> list[FloatArray]:
    """Attention in even shares; effects as they are."""
    return [one * len(one) if name == "attention" else one for one in scores]


def split_columns(columns: Mapping[str, FloatArray]) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """The columns of texts, and those of words without their prefix."""
    texts = {name: values for name, values in columns.items() if not name.startswith(PREFIX)}
    words = {name.removeprefix(PREFIX): values for name, values in columns.items() if name.startswith(PREFIX)}
    return texts, words


def add_up(parts: Iterable[pd.DataFrame], vocabulary: Sequence[str]) -> pd.DataFrame:
    """One table of those of several parts: label, word, count, and the sums that there are; the most frequent first.

    Args:
        parts: with the columns of `measure_words`.
        vocabulary: words by their ids.
    """
    import pandas as pd

    whole = pd.concat(parts, ignore_index=True).groupby(list(KEYS), as_index=False).sum()
    whole = whole.sort_values([COUNT, *KEYS], ascending=[False, True, True], kind="stable").reset_index(drop=True)
    ids = whole.pop("id").to_numpy(np.int64)
    whole.insert(1, "word", pd.Series([vocabulary[id] for id in ids.tolist()], dtype="str"))
    return whole.astype({"label": np.int64, COUNT: np.int64})
