"""Texts read by a word index (word -> id) or a list of words (place = id), whose conventions have to be found out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import ReadWord, Tokenization, check_index
from attnviz.foreign.tokenizing_layer import split_as_vectorized, split_characters
from attnviz.foreign.tokenizing_legacy import LegacyTokenizer, describe_legacy
from attnviz.languages import Message, keep
from attnviz.text.vocabulary import SPECIAL_WORDS
from attnviz.text.words import split_words
from attnviz.values import finding_forms

IMDB_WORDS, IMDB_OFFSET = 88_584, 3
"""What `keras.datasets.imdb.get_word_index()` holds, and what `load_data` adds to its ids."""

_SPECIAL = {
    "padding": re.compile(r"[<\[](pad|padding)[>\]]|", re.IGNORECASE),
    "unknown": re.compile(r"[<\[](unk|unknown|oov)[>\]]", re.IGNORECASE),
    "start": re.compile(r"[<\[](start|sos|bos|s)[>\]]", re.IGNORECASE),
}


def read_word_index(
    index: Mapping[str, int], size: int | None = None, what: Message = finding_forms.WORD_INDEX
) -> Tokenization:
    """How texts are read that were made with a word index, by its special entries and by the size of the model.

    Args:
        index: word -> id.
        size: how many ids the model knows; None if nobody knows.
        what: what to call it.

    Raises:
        SettingError: it is no index of words.
    """
    ids = check_index(index, what)
    if _is_imdb(ids):
        return _read_imdb(ids, size)
    if ids.get("") == 0 and ids.get("[UNK]") == 1:
        return _read_vectorizer(ids, what)
    return _read_plain(ids, what)


def read_word_list(
    words: Sequence[str], size: int | None = None, what: Message = finding_forms.VOCABULARY
) -> Tokenization:
    """How texts are read whose ids are the places of the words in a list.

    A list without entries for padding and unknown words may leave out the ids of those; whether it does can be seen
    where its length differs from the `size` of the model by just as many.

    Raises:
        SettingError: it repeats words, or is none.
    """
    if len(set(words)) != len(words) or not all(isinstance(word, str) for word in words):
        raise SettingError(keep("{subject} must hold each word once.", subject=what))
    if tuple(words[:3]) == SPECIAL_WORDS:
        return _read_own(words)
    specials = [word for word in words[:4] if any(pattern.fullmatch(word) for pattern in _SPECIAL.values())]
    missing = 0 if specials or size is None else size - len(words)
    if missing == 2:
        return _add_note(
            read_word_index(_number(["", "[UNK]", *words]), size, what),
            keep(finding_forms.TWO_MORE, kind=what),
        )
    found = read_word_index({word: id + (missing == 1) for id, word in enumerate(words)}, size, what)
    if specials or missing == 1:
        return found
    return _add_note(found, keep(finding_forms.LINES_ASSUMED, kind=what))


def _read_own(words: Sequence[str]) -> Tokenization:
    """A vocabulary of attnviz, which splits texts by itself and keeps the last words."""
    ids = {word: id for id, word in enumerate(words) if id >= len(SPECIAL_WORDS)}
    split = _split_by(ids, SPECIAL_WORDS.index("<unknown>"))
    return Tokenization(finding_forms.OWN_VOCABULARY, split, len(words), side="right", cut="start")


def _read_vectorizer(ids: Mapping[str, int], what: Message) -> Tokenization:
    by_character = _are_characters(ids)
    form = finding_forms.VECTORIZED_CHARACTERS if by_character else finding_forms.VECTORIZED_WORDS
    note = keep(form, subject=what)
    split = partial(split_characters if by_character else split_as_vectorized, ids=ids)
    return Tokenization(what, split, max(ids.values()) + 1, side="right", notes=(note,))


def _read_imdb(ids: Mapping[str, int], size: int | None) -> Tokenization:
    """The convention of `keras.datasets.imdb.load_data`: 0 padding, 1 the start, 2 what is too rare."""
    limit = size or max(ids.values()) + IMDB_OFFSET + 1
    kept = {word: id + IMDB_OFFSET for word, id in ids.items() if id + IMDB_OFFSET < limit}
    return Tokenization(
        kind=finding_forms.IMDB_INDEX,
        split=_split_by(kept, unknown=2),
        size=max(kept.values(), default=2) + 1,
        cut="start",
        before=(1,),
        keeps_before=False,
        notes=(keep(finding_forms.IMDB, n=limit),),
    )


def _read_plain(ids: Mapping[str, int], what: Message) -> Tokenization:
    padding, unknown, start = (_find_special(ids, name) for name in ("padding", "unknown", "start"))
    by_character = _are_characters(ids)
    tokenizer = LegacyTokenizer(ids, oov_token=unknown, char_level=by_character)
    found = describe_legacy(tokenizer, what)
    if padding is not None:
        found = replace(found, padding=ids[padding])
    notes = [
        finding_forms.CHARACTERS if by_character else finding_forms.SPLIT_ASSUMED,
        finding_forms.DROPPED if unknown is None else keep(finding_forms.UNKNOWN, word=repr(unknown)),
    ]
    if start is not None and ids[start] > 0:
        found = replace(found, before=(ids[start],), keeps_before=False)
        notes.append(keep(finding_forms.STARTS, word=repr(start)))
    return replace(found, notes=tuple(notes))


def _split_by(ids: Mapping[str, int], unknown: int) -> Callable[[str], list[ReadWord]]:
    """attnviz' words, which are those of the classic Keras tokenizer."""

    def split(text: str) -> list[ReadWord]:
        return [ReadWord(*word, (ids.get(word.text, unknown),), word.text in ids) for word in split_words(text)]

    return split


def _are_characters(ids: Mapping[str, int]) -> bool:
    """Whether all entries but special ones are single characters, as of texts without spaces between words."""
    words = [word for word in ids if not any(pattern.fullmatch(word) for pattern in _SPECIAL.values())]
    return bool(words) and all(len(word) == 1 for word in words)


def _find_special(ids: Mapping[str, int], which: str) -> str | None:
    return next((word for word in ids if _SPECIAL[which].fullmatch(word)), None)


def _is_imdb(ids: Mapping[str, int]) -> bool:
    return len(ids) == IMDB_WORDS and (ids.get("the"), ids.get("and"), ids.get("br")) == (1, 2, 7)


def _number(words: Sequence[str]) -> dict[str, int]:
    return {word: id for id, word in enumerate(words)}


def _add_note(found: Tokenization, note: Message) -> Tokenization:
    return replace(found, notes=(*found.notes, note))
