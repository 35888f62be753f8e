"""Changes of the words of a text: what the network reads in their place, and the text that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from attnviz.errors import SettingError
from attnviz.text.words import Word, split_words
from attnviz.values.variant import Change, Variant

MAX_STEPS = 500
MAX_REPLACEMENT = 200
"""Characters that may stand in the place of one word."""


class Step(NamedTuple):
    """One change of a text: what the network reads in the place of a word.

    Attributes:
        place: the word, counted from 0 in the original text.
        read: '' leaves the word out, as does anything without a word in it; None brings it back.
    """

    place: int
    read: str | None


def read_steps(given: Any) -> list[Step]:
    """Steps that come from a browser, as pairs of a place and what is read there.

    Raises:
        SettingError: they are something else, or too many.
    """
    if not isinstance(given, list) or len(given) > MAX_STEPS:
        raise SettingError(f"Changes of a text are a list of at most {MAX_STEPS} pairs.")
    steps = []
    for pair in given:
        match pair:
            case [int(place), None | str() as read] if place >= 0 and len(read or "") <= MAX_REPLACEMENT:
                steps.append(Step(place, read))
            case _:
                raise SettingError(
                    f"A change is the place of a word and at most {MAX_REPLACEMENT} characters to read there."
                )
    return steps


def build_variant(text: str, steps: Iterable[Step]) -> Variant:
    """The text after the steps; a place that the text does not have is passed over."""
    reads: dict[int, str | None] = {}
    for place, read in steps:
        reads[place] = read if read is None or split_words(read) else ""
    if all(read is None for read in reads.values()):
        return Variant(text, text)
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
        changes.append(Change(place, word.start, word.end, start, length))
    parts.append(text[position:])
    return Variant(text, "".join(parts), starts, changes)


def describe_steps(text: str, steps: Sequence[Step]) -> list[str]:
    """Each step in a few words, for a trail."""
    words, _ = _split(text)
    originals = (text[slice(*words[step.place][1:])] if step.place < len(words) else "?" for step in steps)
    return [_describe(original, step.read) for original, step in zip(originals, steps, strict=True)]


@lru_cache(maxsize=8)
def _split(text: str) -> tuple[tuple[Word, ...], tuple[int, ...]]:
    """The words of a text and where they start; all variants of a text need them, and a long text has thousands."""
    words = tuple(split_words(text))
    return words, tuple(word.start for word in words)


def _describe(word: str, read: str | None) -> str:
    if read is None:
        return f"“{word}” again"
    return f"“{read}” for “{word}”" if read else f"without “{word}”"
