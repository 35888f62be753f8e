"""Changes of the words of a text: what the network reads in their place, and the text that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, NamedTuple

from msgspec import Meta

from attnviz.text.words import Word, split_words
from attnviz.values.edited_text import Change, EditedText

MAX_EDITS = 500
MAX_REPLACEMENT = 200
"""Characters that may stand in the place of one word."""


class TokenEdit(NamedTuple):
    """What the network reads in the place of one word of a text. `from_plain` checks the limits.

    Attributes:
        place: the word, counted from 0 in the original text.
        read: '' leaves the word out, as does anything without a word in it; None brings it back.
    """

    place: Annotated[int, Meta(ge=0, le=2**53)]
    read: Annotated[str, Meta(max_length=MAX_REPLACEMENT)] | None


def build_edited_text(text: str, edits: Iterable[TokenEdit]) -> EditedText:
    """The text after the edits; a place that the text does not have is passed over."""
    reads: dict[int, str | None] = {}
    for place, read in edits:
        reads[place] = read if read is None or split_words(read) else ""
    if all(read is None for read in reads.values()):
        return EditedText(text, text)
    words, starts = _split(text)
    parts: list[str] = []
    changes: list[Change] = []
    position = length = 0
    for place, read in sorted(reads.items()):
        if read is None or place >= len(words):
            continue
        word = words[place]
        parts += text[position : word.start], read
        start = length + word.start - position
        length = start + len(read)
        position = word.end
        changes.append(Change(place, word.text, word.start, word.end, start, length))
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
