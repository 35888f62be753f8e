"""A text with some of its words left out or replaced, and where each word that is read stood in the original."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Origin(NamedTuple):
    """Where a word that is read comes from.

    Attributes:
        place, start, end: of the word of the original text.
        replaced: whether another one stood there.
    """

    place: int
    start: int
    end: int
    replaced: bool


class LeftOut(NamedTuple):
    """A word that is not read.

    Attributes:
        place, start, end: of the word in the original text.
        position: where it would stand in the edited text.
        word: as a network knows it.
    """

    place: int
    start: int
    end: int
    position: int
    word: str


class Change(NamedTuple):
    """One word of the original, and what is read in its place.

    Attributes:
        place, word, word_start, word_end: of the word of the original text.
        start, end: of what is read there, in the edited text; equal where the word is left out.
    """

    place: int
    word: str
    word_start: int
    word_end: int
    start: int
    end: int


@dataclass(frozen=True)
class EditedText:
    """A text after some edits.

    Attributes:
        original: as it was typed.
        text: what the network reads.
        starts: where the words of the original start.
        changes: in order of the text.
    """

    original: str
    text: str
    starts: Sequence[int] = ()
    changes: Sequence[Change] = ()

    @property
    def left_out(self) -> list[LeftOut]:
        """The words that are not read, in order."""
        return [
            LeftOut(change.place, change.word_start, change.word_end, change.start, change.word)
            for change in self.changes
            if change.start == change.end
        ]

    def locate(self, start: int, end: int) -> Origin:
        """The origin of the word `text[start:end]`; its place counts only in a text that was changed."""
        index = bisect_right(self.changes, start, key=lambda change: change.start) - 1
        if index < 0:
            return Origin(bisect_right(self.starts, start) - 1, start, end, replaced=False)
        change = self.changes[index]
        if start < change.end:
            return Origin(change.place, change.word_start, change.word_end, replaced=True)
        shift = change.word_end - change.end
        return Origin(bisect_right(self.starts, start + shift) - 1, start + shift, end + shift, replaced=False)
