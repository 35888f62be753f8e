"""Words with their place in the original text.

ASCII text gives the words of Keras' classic tokenizer (`keras_preprocessing.text.text_to_word_sequence` with its
default filter): lower case, split at spaces and at the filtered punctuation, apostrophes kept. Four things differ on
purpose: every word keeps its offsets; a carriage return parts words as a line break does; the `<br />` of the IMDB
reviews is a line break, not the word 'br'; and what people type or paste beyond ASCII is read as its plain spelling
would be. Typographic apostrophes are apostrophes, the other punctuation and white space of Unicode part words as theirs
of ASCII do, and what nobody sees (soft hyphens, joiners, marks of direction) is not read. The networks know words in
this spelling only.

SEPARATORS, APOSTROPHES and INVISIBLE are written as in a character class of a regular expression, in a way that
JavaScript reads too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import normalize

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""The punctuation that Keras' classic tokenizer treats as a space."""

SEPARATORS = (
    "\r\v\f"  # of ASCII: the classic tokenizer knows no line break of Windows
    "\x84\x85\x8b\x93-\x97\x9b"  # quotes, dashes, dots and bullets of Windows that were taken for Latin-1
    "\xa0\xa1\xab\xb7\xbb\xbf\u037e\u0387"
    "\u0589\u058a\u05be\u05c0\u05c3\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u1400\u1680\u1806"
    "\u2000-\u200b\u2010-\u2017\u201a\u201c-\u2029\u202f-\u2031\u2033\u2034\u2036-\u205f\u2212"  # General Punctuation
    "\u2e00-\u2e7f\u3000-\u3003\u3008-\u3011\u3014-\u301f\u3030\u30a0\u30fb"  # and that of East Asia, also full width
    "\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff06\uff08-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
"""White space, punctuation and dashes that FILTERS lacks, nearly all beyond ASCII; they part words as those do."""

APOSTROPHES = "\x91\x92\xb4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032\u2035\uff07"
"""What stands for an apostrophe; the first two are those of Windows that were taken for Latin-1."""

INVISIBLE = "\xad\u034f\u061c\u180b-\u180f\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
"""What shows nothing and parts no words: soft hyphen, joiners, marks of direction, variation selectors."""

MAX_CHARACTERS = 1_000_000
"""A longer text is refused; the longest review of the dataset has 14,000 characters."""

LONGEST_COMPOSED = 200
"""A longer word stays as it is spelled: composing takes a time that grows with the square of the marks in a row."""

_WORD = re.compile(f"[^ {re.escape(FILTERS)}{SEPARATORS}]+")
_BREAK = re.compile(r"<[Bb][Rr]\s*/?>")


def _expand(characters: str) -> Iterator[int]:
    """The code points of a character class."""
    for first, last in re.findall("(.)(?:-(.))?", characters, re.DOTALL):
        yield from range(ord(first), ord(last or first) + 1)


_SPELLINGS: dict[int, str | None] = {
    **dict.fromkeys(_expand(APOSTROPHES), "'"),
    **dict.fromkeys(_expand(INVISIBLE)),
    **{code: normalize("NFKC", chr(code)) for code in _expand("\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a")},
}
"""How characters are read; also ligatures as their letters, and letters of full width as those of ASCII."""


class Word(NamedTuple):
    """A word as a network knows it, and the offsets of its original, `text[start:end]`."""

    text: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of `text` in order: `split_words` without the offsets, for whole corpora."""
    text = _BREAK.sub(" ", text)
    if text.isascii():
        return _WORD.findall(text.lower())
    return [word for word in map(normalize_word, _WORD.findall(text)) if word]


def has_words(text: str) -> bool:
    """Whether there is a word to read in a text; nothing after the first is looked at."""
    return any(normalize_word(match[0]) for match in _WORD.finditer(_BREAK.sub(" ", text)))


def split_words(text: str) -> list[Word]:
    """The words of `text` in order; the stretches between them are the gaps."""
    if text.isascii():
        return [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(_blank_breaks(text).lower())]
    found = ((normalize_word(match[0]), *match.span()) for match in _WORD.finditer(_blank_breaks(text)))
    return [Word(*facts) for facts in found if facts[0]]


def normalize_word(original: str) -> str:
    """A word as the vocabularies spell it: lower case, composed (NFC); '' if it holds nothing that shows."""
    if original.isascii():
        return original.lower()
    word = original.translate(_SPELLINGS).lower()
    return normalize("NFC", word) if len(word) <= LONGEST_COMPOSED else word


def _blank_breaks(text: str) -> str:
    return _BREAK.sub(lambda match: " " * len(match[0]), text)
