"""How a text becomes the ids that somebody's model reads: words with their places, and what is put around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from attnviz.errors import SettingError
from attnviz.languages import Message, keep

Side = Literal["left", "right"]
Ending = Literal["start", "end"]

MAX_IDS = 10_000_000
"""A vocabulary with more entries, or with a larger id, is refused: no text model knows so many words."""


class ReadWord(NamedTuple):
    """A word as a model reads it, `text[start:end]` of the original.

    `text` is how the vocabulary spells it, `ids` are its steps, several for a word in pieces, and `known` says whether
    the vocabulary holds it.
    """

    text: str
    start: int
    end: int
    ids: tuple[int, ...]
    known: bool = True


@dataclass(frozen=True)
class Tokenization:
    """How texts become ids, and what the tokenizer says about padding.

    Attributes:
        kind: what the notes call the tokenizer, such as 'the word index'.
        split: the words of a text in order; a word that the tokenizer drops is not among them.
        size: one more than the largest id that it gives.
        padding: the id that fills up.
        side: where it fills up; None if the tokenizer leaves that to others.
        cut: which end of a text that is too long is not read.
        length: how many steps it cuts to; None if it leaves that to others.
        pads: whether it also fills up to `length`.
        before, after: ids around every text, '[CLS]' and the like.
        keeps_before: whether `before` stays where the start of a text is cut.
        whole: whether every word has one id.
        notes: what was found and assumed, a sentence each.
    """

    kind: Message
    split: Callable[[str], Sequence[ReadWord]]
    size: int
    padding: int = 0
    side: Side | None = None
    cut: Ending = "end"
    length: int | None = None
    pads: bool = True
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    keeps_before: bool = True
    whole: bool = True
    notes: tuple[Message, ...] = ()


def check_index(index: Mapping[Any, Any], what: Message) -> dict[str, int]:
    """A word index, word -> id, as plain values.

    Raises:
        SettingError: it is empty, or holds something else.
    """
    if not index:
        raise SettingError(keep("{subject} is empty: fit it on texts first.", subject=what))
    for word, id in index.items():
        if not isinstance(word, str) or isinstance(id, bool) or not hasattr(id, "__index__"):
            raise SettingError(
                keep(
                    "{subject} must map words to whole numbers, got {word}: {id}.",
                    subject=what,
                    word=repr(word),
                    id=repr(id),
                )
            )
        if not 0 <= id < MAX_IDS:
            raise SettingError(
                keep(
                    "{subject} must hold ids from 0 to {most}, got {word}: {id}.",
                    subject=what,
                    most=MAX_IDS - 1,
                    word=repr(word),
                    id=id,
                )
            )
    return {word: int(id) for word, id in index.items()}


def join_blanks(words: Sequence[ReadWord], text: str) -> list[ReadWord]:
    """The words of a text without those that are nothing but white space, whose ids go to the next word.

    Tokenizers of byte pairs take the space before a word along with it; further spaces are pieces of their own.
    """
    joined: list[ReadWord] = []
    blanks: tuple[int, ...] = ()
    for word in words:
        if text[word.start : word.end].strip():
            joined.append(word._replace(ids=blanks + word.ids))
            blanks = ()
        else:
            blanks += word.ids
    if blanks and joined:
        joined[-1] = joined[-1]._replace(ids=joined[-1].ids + blanks)
    elif blanks:
        joined.append(ReadWord(text, 0, len(text), blanks))
    return joined
