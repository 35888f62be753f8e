"""A text with some of its words left out or replaced, and where each word that is read stood in the original."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Origin(NamedTuple):
    """Where a word that is read comes from.

    Attributes:
        start, end: of the word of the original text.
        replaced: whether another one stood there.
    """

    start: int
    end: int
    replaced: bool


class Change(NamedTuple):
    """A stretch of the original, and what is read in its place.

    Attributes:
        typed_start, typed_end: of the stretch in the original text.
        start, end: of what is read there, in the edited text; equal where nothing is.
    """

    typed_start: int
    typed_end: int
    start: int
    end: int


@dataclass(frozen=True)
class EditedText:
    """A text after some edits.

    Attributes:
        original: as it was typed.
        text: what the network reads.
        changes: in order of the text; they don't overlap.
    """

    original: str
    text: str
    changes: Sequence[Change] = ()

    def locate(self, start: int, end: int) -> Origin:
        """The origin of the word `text[start:end]`, which may reach over the place of a word that is left out."""
        typed_start, replaced = self._locate_start(start)
        return Origin(typed_start, max(typed_start, self._locate_end(end)), replaced)

    def _locate_start(self, position: int) -> tuple[int, bool]:
        index = bisect_right(self.changes, position, key=lambda change: change.start) - 1
        if index < 0:
            return position, False
        change = self.changes[index]
        if position < change.end:
            return change.typed_start, True
        return position + change.typed_end - change.end, False

    def _locate_end(self, position: int) -> int:
        index = bisect_left(self.changes, position, key=lambda change: change.start) - 1
        if index < 0:
            return position
        change = self.changes[index]
        return change.typed_end + max(0, position - change.end)
