"""One word of a text."""

from __future__ import annotations

from typing import NamedTuple


class Token(NamedTuple):
    """One word of a text, `text[start:end]` of the untouched original. A named tuple: a text has hundreds of them.

    `text` is the lower-cased word as the network knows it, `id` its line in the vocabulary and `known`
    whether the vocabulary holds it.
    """

    text: str
    start: int
    end: int
    id: int
    known: bool
