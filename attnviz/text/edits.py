"""Changes of the words of a text: what the network reads in their place, and the text that follows.

A word is where it stands, so that they are the words of any tokenizer: those with blanks between them, the characters
of a script without, and what sub-words were merged to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, NamedTuple

from msgspec import Meta

from attnviz.languages import tr
from attnviz.values.edited_text import Change, EditedText

MAX_EDITS = 500
MAX_REPLACEMENT = 200
"""Characters that may stand in the place of one word."""

Offset = Annotated[int, Meta(ge=0, le=2**53)]


class TokenEdit(NamedTuple):
    """What the network reads in the place of one word of a text. `from_plain` checks the limits.

    Attributes:
        start, end: of the word in the original text, `text[start:end]`.
        read: '' or blanks leave the word out; None brings it back.
    """

    start: Offset
    end: Offset
    read: Annotated[str, Meta(max_length=MAX_REPLACEMENT)] | None


def build_edited_text(text: str, edits: Iterable[TokenEdit]) -> EditedText:
    """The text after the edits: of those that overlap the last one counts; one outside of the text is passed over."""
    parts: list[str] = []
    changes: list[Change] = []
    position = length = 0
    for start, end, read in _resolve(text, edits):
        parts += text[position:start], read
        begin = length + start - position
        length, position = begin + len(read), end
        changes.append(Change(start, end, begin, length))
    return EditedText(text, "".join([*parts, text[position:]]), changes)


def describe_token_edits(text: str, edits: Sequence[TokenEdit]) -> list[str]:
    """Each edit in a few words, for a trail."""
    return [_describe(text[edit.start : edit.end] or "?", edit.read) for edit in edits]


def find_again(before: str, after: str, place: int) -> int | None:
    """Where a place of a text lies after something was typed into it; None if it was typed over.

    Args:
        place: from 0 to the last character of `before`.
    """
    if after.startswith(before[: place + 1]):
        return place
    rest = before[place:]
    return len(after) - len(rest) if after.endswith(rest) else None


def _resolve(text: str, edits: Iterable[TokenEdit]) -> list[tuple[int, int, str]]:
    """The edits that count, in order of the text."""
    kept: list[TokenEdit] = []
    for edit in edits:
        if edit.start < edit.end <= len(text):
            kept = [other for other in kept if other.end <= edit.start or edit.end <= other.start]
            kept.append(edit)
    return sorted((start, end, read if read.strip() else "") for start, end, read in kept if read is not None)


def _describe(word: str, read: str | None) -> str:
    if read is None:
        return tr("“{word}” again", word=word)
    return tr("“{read}” for “{word}”", read=read, word=word) if read.strip() else tr("without “{word}”", word=word)
