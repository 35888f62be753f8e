"""Texts as a tokenizer or preprocessor of keras-hub reads them: it gives no places, so words are tried one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import ReadWord, Tokenization, join_blanks
from attnviz.languages import Message, keep, tr
from attnviz.values import finding_forms

_SPLITS = (
    re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|[^\w\s]|_"),  # WordPiece: words, and punctuation by itself
    re.compile(r"'(?:s|t|re|ve|m|ll|d)| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+"),  # byte pairs, as GPT-2
    re.compile(r"\S+"),
    re.compile(r".+", re.DOTALL),
)
"""How a tokenizer may part words before it looks for pieces; which one it does is seen by what it gives."""


class _Around(NamedTuple):
    """What a preprocessor puts around the pieces of a text."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    length: int | None
    notes: tuple[Message, ...]


def is_hub_tokenizer(given: Any) -> bool:
    """Whether it is a tokenizer or a preprocessor of keras-hub; the library is not imported for that."""
    bases = [base for base in type(given).__mro__ if base.__module__.split(".")[0] == "keras_hub"]
    return any(base.__name__ in ("Tokenizer", "Preprocessor") for base in bases)


def read_hub_tokenizer(given: Any) -> Tokenization:
    """How a tokenizer of keras-hub reads texts, or a preprocessor with its tokenizer.

    Raises:
        SettingError: it has no tokenizer for texts.
    """
    tokenizer = getattr(given, "tokenizer", None) or given
    if not callable(getattr(tokenizer, "id_to_token", None)):
        raise SettingError(tr("{name} of keras-hub has no tokenizer for texts.", name=type(given).__name__))
    around = _find_around_by_attributes(tokenizer) if tokenizer is given else _find_around(given, tokenizer)
    return Tokenization(
        kind=keep(finding_forms.HUB, name=type(given).__name__),
        split=partial(split_by_pieces, tokenizer=tokenizer, unknown=_find_id(tokenizer, "unk")),
        size=tokenizer.vocabulary_size(),
        padding=_find_id(tokenizer, "pad") or 0,
        side="right",
        length=around.length,
        before=around.before,
        after=around.after,
        whole=False,
        notes=around.notes,
    )


def split_by_pieces(text: str, tokenizer: Any, unknown: int | None = None) -> list[ReadWord]:
    """The words of a text with the pieces that the tokenizer makes of each.

    Words are right where their pieces, one after the other, are those of the whole text; of the ways to part words the
    first for which this holds is taken, at last the text as a single word.
    """
    whole = _tokenize(tokenizer, [text])[0]
    for pattern in _SPLITS:
        matches = list(pattern.finditer(text))
        pieces = _tokenize(tokenizer, [match[0] for match in matches]) if matches else []
        if list(chain.from_iterable(pieces)) == whole:
            break
    return join_blanks([_as_word(*pair, unknown) for pair in zip(matches, pieces, strict=True) if pair[1]], text)


def _as_word(match: re.Match[str], ids: Sequence[int], unknown: int | None) -> ReadWord:
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    word = match[0].strip()
    return ReadWord(word.lower(), start, start + len(word), tuple(ids), unknown not in ids)


def _tokenize(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    found = tokenizer.tokenize(list(texts))
    rows = found.to_list() if hasattr(found, "to_list") else [np.asarray(row).tolist() for row in found]
    padding = _find_id(tokenizer, "pad")
    if getattr(tokenizer, "sequence_length", None):  # it pads by itself
        rows = [[id for id in row if id != padding] for row in rows]
    return [[int(id) for id in row] for row in rows]


def _find_around(preprocessor: Any, tokenizer: Any) -> _Around:
    """What stands around the pieces of a text, seen in what the preprocessor makes of one."""
    inner = _tokenize(tokenizer, ["a"])[0]
    found = preprocessor(["a"])
    while isinstance(found, tuple):  # with labels and weights behind the inputs
        found = found[0]
    leaves = found if isinstance(found, dict) else {"token_ids": keras.tree.flatten(found)[0]}
    ids = np.asarray(leaves["token_ids"])[0].tolist()
    first = next((at for at in range(len(ids)) if ids[at : at + len(inner)] == inner), 0)
    used = int(np.asarray(leaves["padding_mask"])[0].sum()) if "padding_mask" in leaves else len(ids)
    return _Around(tuple(ids[:first]), tuple(ids[first + len(inner) : used]), len(ids), ())


def _find_around_by_attributes(tokenizer: Any) -> _Around:
    before, after = _find_id(tokenizer, "cls"), _find_id(tokenizer, "sep")
    if before is None or after is None:
        return _Around((), (), getattr(tokenizer, "sequence_length", None), ())
    return _Around((before,), (after,), getattr(tokenizer, "sequence_length", None), (finding_forms.AS_HUB,))


def _find_id(tokenizer: Any, name: str) -> int | None:
    id = getattr(tokenizer, f"{name}_token_id", None)
    return id if isinstance(id, int) else None
