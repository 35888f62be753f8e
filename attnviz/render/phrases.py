"""Names and sentences put together as the reader's language does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from attnviz.languages import Message, keep, mark, tr

_SENTENCES = mark("{one} {other}")


def quote(name: str) -> str:
    """‘a name’ inside a sentence."""
    return tr("‘{name}’", name=name)


def quote_word(word: str) -> str:
    """“a word” of a text."""
    return tr("“{word}”", word=word)


def join_and(names: Iterable[str]) -> str:
    """'one and another'; '' of none."""
    return _fold(mark("{one} and {other}"), names)


def join_or(names: Iterable[str]) -> str:
    """'one or another'; '' of none."""
    return _fold(mark("{one} or {other}"), names)


def join_list(names: Iterable[str]) -> str:
    """'one, another, a third'; '' of none."""
    return _fold(mark("{one}, {other}"), names)


def join_clauses(clauses: Iterable[str]) -> str:
    """'this is so; that too'; '' of none."""
    return _fold(mark("{one}; {other}"), clauses)


def join_sentences(sentences: Iterable[str]) -> str:
    """Sentences one after the other, in Chinese without blanks between them; '' of none."""
    return _fold(_SENTENCES, sentences)


def keep_sentences(sentences: Sequence[Message]) -> Message:
    """The same of kept messages, of which there must be one at least; halved, so that none lies deep."""
    if len(sentences) == 1:
        return sentences[0]
    half = len(sentences) // 2
    return keep(_SENTENCES, one=keep_sentences(sentences[:half]), other=keep_sentences(sentences[half:]))


def capitalise(text: str) -> str:
    """The beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def _fold(message: str, parts: Iterable[str]) -> str:
    return reduce(lambda one, other: tr(message, one=one, other=other), list(parts) or [""])
