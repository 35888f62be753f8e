"""Words with their place in the original text.

Words equal those of Keras' classic tokenizer (`keras_preprocessing.text.text_to_word_sequence` with its default
filter): lower case, split at spaces and at the filtered punctuation, apostrophes kept. Two things differ on
purpose: every word keeps its offsets, and the `<br />` of the IMDB reviews is a line break, not the word 'br'.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""The punctuation that Keras' classic tokenizer treats as a space."""

MAX_CHARACTERS = 1_000_000
"""A longer text is refused; the longest review of the dataset has 14,000 characters."""

_WORD = re.compile(f"[^ {re.escape(FILTERS)}]+")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


class Word(NamedTuple):
    """A lower-cased word and the offsets of its original, `text[start:end]`."""

    text: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The lower-cased words of `text` in order: `split_words` without the offsets, for whole corpora."""
    return _WORD.findall(_blank_breaks(text).lower())


def _blank_breaks(text: str) -> str:
    return _BREAK.sub(lambda match: " " * len(match[0]), text)


def split_words(text: str) -> list[Word]:
    """The words of `text` in order; the stretches between them are the gaps."""
    text = _blank_breaks(text)
    lowered = text.lower()
    if len(lowered) == len(text):
        return [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(lowered)]
    # Lower-casing made the text longer ('İ' becomes two characters). The whole text is lower-cased at once, since
    # the form of a Greek sigma depends on its neighbours, and each word finds its place by the lengths.
    starts = [0, *accumulate(len(character.lower()) for character in text)]
    return [
        Word(lowered[starts[match.start()] : starts[match.end()]], match.start(), match.end())
        for match in _WORD.finditer(text)
    ]
