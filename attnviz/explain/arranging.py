"""Texts as a model reads them: the words' ids in rows of steps, and which word each step belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from attnviz.training.batches import Ids, left_padded, pad
from attnviz.values.arrays import FloatArray

Places = npt.NDArray[np.int64]

NO_WORD = -1
"""The place of a step that belongs to no word: padding, '[CLS]'."""


class WordSteps(Sequence[Ids]):
    """The words of a text as the steps that a model reads, where a word may have several (sub-words), or none.

    Args:
        ids: (steps,) of all words, one after the other.
        starts: (words + 1,) where each word's steps begin, from 0 to the number of steps.

    Raises:
        ValueError: the starts do not cut the ids into words.
    """

    def __init__(self, ids: npt.ArrayLike, starts: npt.ArrayLike) -> None:
        self.ids: Ids = np.asarray(ids, np.int32)
        self.starts: Places = np.asarray(starts, np.int64)
        if not _cuts(self.starts, len(self.ids)):
            raise ValueError(f"{self.starts.tolist()} does not cut {len(self.ids)} steps into words")

    @property
    def counts(self) -> Places:
        """(words,) how many steps each word has."""
        return np.diff(self.starts)

    @property
    def places(self) -> Places:
        """(steps,) the word that each step belongs to."""
        return np.repeat(np.arange(len(self)), self.counts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, index: Any) -> Any:
        """One word's ids; of a slice or an array of places those words, in that order."""
        if isinstance(index, (int, np.integer)):
            place = range(len(self))[index]
            return self.ids[self.starts[place] : self.starts[place + 1]]
        chosen = np.arange(len(self))[index]
        counts = self.counts[chosen]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return WordSteps(self.ids[np.repeat(self.starts[chosen] - starts[:-1], counts) + np.arange(starts[-1])], starts)

    def __iter__(self) -> Iterator[Ids]:
        return (self[place] for place in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WordSteps) and self.tobytes() == other.tobytes()

    def __hash__(self) -> int:
        return hash(self.tobytes())

    def __repr__(self) -> str:
        return f"WordSteps({self.ids.tolist()}, {self.starts.tolist()})"

    def tobytes(self) -> bytes:
        """What tells these words from others, as of an array."""
        return self.starts.tobytes() + self.ids.tobytes()


Row = Ids | WordSteps
"""The words of a text: one id a word, (words,), or several steps a word."""


class Arranged(NamedTuple):
    """Rows as a model reads them.

    Attributes:
        ids: (batch, steps) int32, padding and special steps ('[CLS]') included.
        places: (batch, steps) int32, which word of its row each step belongs to, NO_WORD for none.
    """

    ids: Ids
    places: Ids


def get_ids(row: Row) -> Ids:
    """(steps,) the ids of a row, without padding and special steps."""
    return row.ids if isinstance(row, WordSteps) else row


def get_places(row: Row) -> Places:
    """(steps,) the word that each id of a row belongs to."""
    return row.places if isinstance(row, WordSteps) else np.arange(len(row))


def leave_out(row: Row, place: int) -> Row:
    """The row without one word, whatever number of steps it has."""
    if isinstance(row, WordSteps):
        return row[np.delete(np.arange(len(row)), place)]
    return np.delete(row, place)


def pad_right(rows: Sequence[Row], steps: int | None = None) -> Arranged:
    """Rows of the same number of steps, by default that of the longest and at least one, with 0 on the right."""
    ids, places = [get_ids(row) for row in rows], [get_places(row) + 1 for row in rows]
    width = steps or max(1, max(map(len, ids), default=0))
    return Arranged(pad(ids, width), pad(places, width) + NO_WORD)  # type: ignore[arg-type]  # small numbers of int64


def pad_left(rows: Sequence[Row], steps: int) -> Arranged:
    """Rows of so many steps, with 0 on the left."""
    ids = [left_padded(get_ids(row), steps) for row in rows]
    places = [left_padded(get_places(row).astype(np.int32) + 1, steps) for row in rows]
    return Arranged(np.array(ids).reshape(-1, steps), np.array(places).reshape(-1, steps) + NO_WORD)


def sum_steps(values: FloatArray, places: npt.NDArray[Any], words: int) -> FloatArray:
    """(words,) the sum of each word's steps; those of no word are left out.

    Args:
        values: (steps,). places: (steps,) the word that each belongs to, NO_WORD for none.
    """
    real = places >= 0
    return np.bincount(places[real], weights=values[real], minlength=words).astype(np.float32)


def _cuts(starts: Places, steps: int) -> bool:
    whole = starts.ndim == 1 and len(starts) > 0 and starts[0] == 0 and starts[-1] == steps
    return bool(whole and (np.diff(starts) >= 0).all())
