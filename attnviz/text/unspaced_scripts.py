"""Scripts that leave no blanks between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese), read by characters.

What stands between blanks and punctuation is a word as elsewhere (see words.py), but each character of such a script in
it is a token of its own, with the marks that are written on it; letters of other scripts in between stay together.

UNSPACED and MARKS are written as in a character class of a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attnviz.text.words import Word, normalize_word, split_words

UNSPACED = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"  # Thai, Lao
    "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081\u108e"  # Burmese
    "\u1780-\u17b3\u17d7\u17dc"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Chinese
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"  # Japanese
    "\U00020000-\U000323af"  # rare Chinese characters
)

MARKS = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d"
    "\u17b4-\u17d3\u17dd\u3099\u309a\ufe00-\ufe0f\uff9e\uff9f\U000e0100-\U000e01ef"
)
"""Vowels, tones and variants that are written on the character before them."""

CHINESE = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_PIECE = re.compile(f"[{UNSPACED}][{MARKS}]*|[^{UNSPACED}]+")
_ONE = re.compile(f"[{UNSPACED}]")
_CHINESE = re.compile(f"[{CHINESE}]")


def characters(text: str) -> list[str]:
    """The tokens of `split_characters` without their offsets."""
    return [word.text for word in split_characters(text)]


def split_characters(text: str) -> list[Word]:
    """The tokens of a text in order: characters of unspaced scripts, and words of the others."""
    return [piece for word in split_words(text) for piece in _split_word(text, word)]


def _split_word(text: str, word: Word) -> Iterator[Word]:
    original = text[word.start : word.end]
    if _ONE.search(original) is None:
        yield word
        return
    for match in _PIECE.finditer(original):
        if token := normalize_word(match[0]):
            yield Word(token, word.start + match.start(), word.start + match.end())


def measure_unspaced(texts: Iterable[str]) -> tuple[float, float]:
    """The share of unspaced scripts in all characters of the words of some texts, and that of Chinese in those.

    Both are 0 where there is nothing to count.
    """
    total = unspaced = chinese = 0
    for text in texts:
        read = "".join(word.text for word in split_words(text))
        total += len(read)
        unspaced += len(_ONE.findall(read))
        chinese += len(_CHINESE.findall(read))
    return unspaced / max(total, 1), chinese / max(unspaced, 1)
