"""Which texts go through a model together, and as what tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.explain.arranging import Arranged, Row, get_ids, pad_right
from attnviz.explain.batching import Indices
from attnviz.explain.text_reader import TextReader
from attnviz.languages import tr
from attnviz.training.batches import sorted_batches


class RowBatches:
    """Rows of a reader in batches, so that what a model says of a text does not depend on what it is batched with.

    Args:
        reader: of the model.
        fixed: how many steps the model reads, if it can't read any other number.
        plain: whether a step is a word and padding, 0 on the right, changes nothing. Then texts of any lengths go
            together; else only those that are padded to the same length when they come alone.
    """

    def __init__(self, reader: TextReader, fixed: int | None, plain: bool) -> None:
        self.plain = plain
        self._reader, self._fixed = reader, fixed
        self._widths: dict[int, int] = {}

    def split(self, rows: Sequence[Row], size: int) -> Iterator[Indices]:
        """The indices of all rows, in batches of at most `size`, from the shortest rows to the longest."""
        lengths = np.array([len(get_ids(row)) for row in rows], dtype=np.int64)
        if self.plain:
            yield from sorted_batches(lengths, size)
            return
        widths = self._find_widths(rows, lengths)
        for width in np.unique(widths):
            alike = np.flatnonzero(widths == width)
            yield from (alike[start : start + size] for start in range(0, len(alike), size))

    def arrange(self, rows: Sequence[Row], steps: int | None = None) -> Arranged:
        """Rows as the model reads them; of words alone, without a reader's own padding, where it is plain.

        Raises:
            SettingError: the reader does not pad to the number of steps that the model reads.
        """
        if self.plain:
            return pad_right(rows, steps)
        found = self._reader.arrange(rows, steps or self._fixed)
        if self._fixed not in (None, found.ids.shape[1]):
            raise SettingError(
                tr(
                    "The model reads {n} steps, but its texts are arranged as {given} steps.",
                    n=self._fixed,
                    given=found.ids.shape[1],
                )
            )
        return found if found.ids.shape[1] else self._reader.arrange(rows, 1)

    @cached_property
    def width(self) -> int | None:
        """How many steps every text has, whatever its length; None if that differs."""
        short, long = (self.arrange([self._reader.encode(text).inputs]).ids.shape[1] for text in ("a", "a a a a"))
        return short if short == long else None

    def _find_widths(self, rows: Sequence[Row], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """(rows,) how many steps each has alone; rows of as many ids have as many."""
        for length, place in zip(*np.unique(lengths, return_index=True), strict=True):
            if length not in self._widths:
                self._widths[length] = self.arrange([rows[place]]).ids.shape[1]
        return np.array([self._widths[length] for length in lengths.tolist()], np.int64)
