"""Where the pieces that a tokenizer made of a text stand in it, for tokenizers that keep no offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import combining, normalize

from attnviz.errors import SettingError
from attnviz.languages import tr

_SKIPPED = r"[\W_]{0,8}?"
"""What may stand between two letters of a piece in the original: punctuation that was taken out."""

_LONGEST = 200
"""A longer piece is looked for as it is."""


def find_places(pieces: Sequence[str], text: str) -> list[tuple[int, int]]:
    """(start, end) of each piece in the original text, in order.

    Letters are compared without case and accents, and punctuation that is missing from a piece is passed over.

    Raises:
        SettingError: a piece is not in the text, so that nobody could be shown what its score belongs to.
    """
    folded, origins = _fold(text)
    position, places = 0, []
    for piece in pieces:
        start, end = _find(_fold(piece)[0], folded, position, piece)
        places.append((origins[start], origins[end - 1] + 1) if end > start else (_at(origins, start, text),) * 2)
        position = end
    return places


def _fold(text: str) -> tuple[str, list[int]]:
    """Without case and accents, and where each character comes from."""
    found = list(_fold_characters(text))
    return "".join(character for character, _ in found), [origin for _, origin in found]


def _fold_characters(text: str) -> Iterator[tuple[str, int]]:
    for place, character in enumerate(text):
        plain = character.lower() if character.isascii() else normalize("NFD", character.lower())
        yield from ((part, place) for part in plain if not combining(part))


def _find(piece: str, text: str, position: int, original: str) -> tuple[int, int]:
    """The span of a folded piece from a position on."""
    start = text.find(piece, position)
    if start >= 0 and len(piece) > _LONGEST:
        return start, start + len(piece)
    found = re.compile(_SKIPPED.join(map(re.escape, piece[:_LONGEST]))).search(text, position)
    if found is None:
        raise SettingError(
            tr(
                "The tokenizer made {piece} of the text, which is not in it, so it can't be shown where it belongs; "
                "give a function text -> [(id, start, end), ...] as the tokenizer.",
                piece=repr(original[:40]),
            )
        )
    return found.span()


def _at(origins: list[int], place: int, text: str) -> int:
    return origins[place] if place < len(origins) else len(text)
