"""Texts read by any function that gives ids with offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from typing import Any

from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import MAX_IDS, ReadWord, Tokenization
from attnviz.languages import keep, tr
from attnviz.values import finding_forms

EXPECTED = "text -> [(id, start, end), ...]"


def read_function(function: Callable[[str], Iterable[Any]]) -> Tokenization:
    """How a function reads texts; one word for each of its ids. What it gives is checked at every text.

    Raises:
        SettingError: it gives something else for a few words.
    """
    if isinstance(function, type):
        raise SettingError(tr("The tokenizer is a class, {name}: give an object of it.", name=function.__name__))
    split = partial(_split, function=function)
    split("A text to see what the function gives.")
    name = getattr(function, "__name__", type(function).__name__)
    return Tokenization(keep(finding_forms.FUNCTION, name=name), split, 0)


def _split(text: str, function: Callable[[str], Iterable[Any]]) -> list[ReadWord]:
    try:
        found = [_check(piece, text) for piece in function(text)]
    except (TypeError, ValueError) as error:
        raise SettingError(
            tr("The tokenizer must be a function {expected}; it failed: {error}", expected=EXPECTED, error=error)
        ) from error
    if any(one.start > other.start or one.end > other.end for one, other in pairwise(found)):
        raise SettingError(tr("The function must give its words in the order of the text."))
    return found


def _check(piece: Any, text: str) -> ReadWord:
    id, start, end = (int(value) for value in piece)
    if not (0 <= id < MAX_IDS and 0 <= start <= end <= len(text)):
        raise SettingError(
            tr(
                "The function gave (id, start, end) = {found} for a text of {n} characters.",
                found=(id, start, end),
                n=len(text),
            )
        )
    return ReadWord(text[start:end].lower(), start, end, (id,))
