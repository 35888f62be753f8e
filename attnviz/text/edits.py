"""A text with some of its words left out or replaced, and where each word that is read stood in the original."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, NamedTuple

from msgspec import Meta

from attnviz.text.words import Word, split_words

MAX_EDITS = 500
MAX_REPLACEMENT = 200
"""Characters that may stand in the place of one word."""


class TokenEdit(NamedTuple):
    """What the network reads in the place of one word of a text.

    Attributes:
        place: the word, counted from 0 in the original text.
        read: '' leaves the word out, as does anything without a word in it; None brings it back.
    """

    place: Annotated[int, Meta(ge=0, le=2**53)]
    read: Annotated[str, Meta(max_length=MAX_REPLACEMENT)] | None


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


class _Change(NamedTuple):
    place: int
    word: Word
    start: int
    end: int


@dataclass(frozen=True)
class EditedText:
    """A text after some edits.

    Attributes:
        original: as it was typed.
        text: what the network reads.
    """

    original: str
    text: str
    _starts: Sequence[int] = ()
    _changes: Sequence[_Change] = ()

    @property
    def left_out(self) -> list[LeftOut]:
        """The words that are not read, in order."""
        return [
            LeftOut(change.place, change.word.start, change.word.end, change.start, change.word.text)
            for change in self._changes
            if change.start == change.end
        ]

    def locate(self, start: int, end: int) -> Origin:
        """The origin of the word `text[start:end]`; its place counts only in a text that was changed."""
        index = bisect_right(self._changes, start, key=lambda change: change.start) - 1
        if index < 0:
            return Origin(bisect_right(self._starts, start) - 1, start, end, replaced=False)
        change = self._changes[index]
        if start < change.end:
            return Origin(change.place, change.word.start, change.word.end, replaced=True)
        shift = change.word.end - change.end
        return Origin(bisect_right(self._starts, start + shift) - 1, start + shift, end + shift, replaced=False)


def build_edited_text(text: str, edits: Iterable[TokenEdit]) -> EditedText:
    """The text after the edits; a place that the text does not have is passed over."""
    reads: dict[int, str | None] = {}
    for place, read in edits:
        reads[place] = read if read is None or split_words(read) else ""
    if all(read is None for read in reads.values()):
        return EditedText(text, text)
    words, starts = _split(text)
    parts: list[str] = []
    changes: list[_Change] = []
    position = length = 0
    for place, read in sorted(reads.items()):
        if read is None or place >= len(words):
            continue
        word = words[place]
        parts += text[position : word.start], read
        start = length + word.start - position
        length = start + len(read)
        position = word.end
        changes.append(_Change(place, word, start, length))
    parts.append(text[position:])
    return EditedText(text, "".join(parts), starts, changes)


def describe_token_edits(text: str, edits: Sequence[TokenEdit]) -> list[str]:
    """Each edit in a few words, for a trail."""
    words, _ = _split(text)
    originals = (text[slice(*words[edit.place][1:])] if edit.place < len(words) else "?" for edit in edits)
    return [_describe(original, edit.read) for original, edit in zip(originals, edits, strict=True)]


@lru_cache(maxsize=8)
def _split(text: str) -> tuple[tuple[Word, ...], tuple[int, ...]]:
    """The words of a text and where they start; all edited forms of a text need them, and a long text has thousands."""
    words = tuple(split_words(text))
    return words, tuple(word.start for word in words)


def _describe(word: str, read: str | None) -> str:
    if read is None:
        return f"“{word}” again"
    return f"“{read}” for “{word}”" if read else f"without “{word}”"
