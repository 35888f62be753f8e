"""What a network reads one by one: words, characters of a script without blanks, or the words that a segmenter cuts.

A data set has one unit, which is decided once from its texts and stored; every network that is trained on it reads it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple, get_args

from attnviz.errors import SettingError
from attnviz.languages import Message, keep, mark, tr
from attnviz.text.unspaced_scripts import characters, measure_unspaced, split_characters
from attnviz.text.words import Word, normalize_word, split_words, words

Unit = Literal["words", "characters", "jieba"]
UNITS: tuple[Unit, ...] = get_args(Unit)

MOSTLY = 0.3
"""From this share of characters on, texts are read as those of an unspaced script; English quotes a few at most."""


class Splitter(NamedTuple):
    """How texts are cut into units: what is read, in order, and the same with offsets."""

    read: Callable[[str], list[str]]
    split: Callable[[str], list[Word]]


def get_splitter(unit: str) -> Splitter:
    """How texts are cut into a unit.

    Raises:
        SettingError: there is no such unit, or its segmenter is not installed here.
    """
    if unit == "jieba":
        _load_jieba()
    if unit not in _SPLITTERS:
        raise SettingError(
            tr("Texts are read by one of {units}, not by {unit}.", units=", ".join(UNITS), unit=repr(unit))
        )
    return _SPLITTERS[unit]


def find_unit(texts: Iterable[str]) -> Unit:
    """The unit that fits texts: words; or, of an unspaced script, what jieba cuts (Chinese, if installed), else
    characters.
    """
    unspaced, chinese = measure_unspaced(texts)
    if unspaced < MOSTLY:
        return "words"
    return "jieba" if chinese > 1 - MOSTLY and has_jieba() else "characters"


def has_jieba() -> bool:
    """Whether the segmenter for Chinese can be imported; it is not loaded."""
    return "jieba" in sys.modules or find_spec("jieba") is not None


def describe_unit(unit: str) -> Message:
    """How texts are read, in a sentence that `tr` tells; '' for words."""
    return keep(_SENTENCES.get(unit, ""))


def _split_jieba(text: str) -> list[Word]:
    """The words of each stretch between blanks and punctuation as jieba cuts it."""
    return [piece for word in split_words(text) for piece in _cut(text, word)]


def _cut(text: str, word: Word) -> Iterator[Word]:
    end = word.start
    for piece in _load_jieba().cut(text[word.start : word.end]):
        start, end = end, end + len(piece)
        if token := normalize_word(piece):
            yield Word(token, start, end)


@cache
def _load_jieba() -> Any:
    try:
        jieba = import_module("jieba")
    except ImportError as error:
        raise SettingError(
            tr("This data set is read by the words that jieba cuts, which is not installed here: pip install jieba.")
        ) from error
    jieba.setLogLevel("WARNING")  # or it writes to standard error how long its dictionary took to load
    return jieba


_SPLITTERS: Mapping[str, Splitter] = {
    "words": Splitter(words, split_words),
    "characters": Splitter(characters, split_characters),
    "jieba": Splitter(lambda text: [word.text for word in _split_jieba(text)], _split_jieba),
}

_SENTENCES: Mapping[str, str] = {
    "characters": mark(
        "Its script has no blanks between words, so it reads character by character; a token is one of them."
    ),
    "jieba": mark("Its script has no blanks between words, so it reads the words that the segmenter jieba cuts."),
}
