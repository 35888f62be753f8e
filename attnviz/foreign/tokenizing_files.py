"""Tokenizers and vocabularies from files: JSON of Keras or of tokenizers, a word index, a list of words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import Tokenization
from attnviz.foreign.tokenizing_index import read_word_index, read_word_list
from attnviz.foreign.tokenizing_legacy import read_legacy_config
from attnviz.foreign.tokenizing_pieces import is_word_pieces, read_tokenizers_json, read_word_pieces
from attnviz.languages import mark, tr

MAX_BYTES = 100_000_000

_KNOWN = mark(
    "the to_json() of a Keras Tokenizer, a tokenizer.json, a word index {word: id}, or a text file with one word a line"
)


def read_tokenizer_file(path: Path, size: int | None = None) -> Tokenization:
    """How texts are read by what a file holds.

    Args:
        path: a .json or a text file.
        size: how many ids the model knows; None if nobody knows.

    Raises:
        SettingError: there is no such file, or it holds something else.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingError(
                tr("{name} is larger than {n} MB: no vocabulary is.", name=path.name, n=MAX_BYTES // 10**6)
            )
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            tr(
                "The vocabulary {name} can't be read ({error}); it must be {known}.",
                name=path.name,
                error=error,
                known=tr(_KNOWN),
            )
        ) from error
    return read_tokenizer_text(text, size)


def read_tokenizer_text(text: str, size: int | None = None) -> Tokenization:
    """How texts are read by the text of such a file.

    Raises:
        SettingError: it holds something else.
    """
    if text.lstrip()[:1] in ("{", "["):
        found = _parse(text)
        if isinstance(found, Mapping) or (isinstance(found, list) and found):
            return _read_json(found, text, size)
    return read_words(text.removesuffix("\n").replace("\r\n", "\n").split("\n"), size)


def read_words(words: list[str], size: int | None) -> Tokenization:
    """How texts are read by a list of words, whole ones or WordPiece's.

    Raises:
        SettingError: it is none.
    """
    if len(words) < 2 or not all(isinstance(word, str) for word in words):
        raise SettingError(tr("The vocabulary is empty or no list of words; it must be {known}.", known=tr(_KNOWN)))
    return read_word_pieces(words) if is_word_pieces(words) else read_word_list(words, size)


def _parse(text: str) -> Any:
    """What JSON says; None for a list of words that starts with '[UNK]'."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("["):
            return None
        raise SettingError(
            tr("The vocabulary is no valid JSON ({error}); it must be {known}.", error=error, known=tr(_KNOWN))
        ) from error


def _read_json(found: Any, text: str, size: int | None) -> Tokenization:
    if isinstance(found, list):
        return read_words(found, size)
    if "model" in found and isinstance(found["model"], Mapping):
        return read_tokenizers_json(text)
    if "config" in found and isinstance(found["config"], Mapping):
        return read_legacy_config(found["config"])
    if found and all(isinstance(id, int) for id in found.values()):
        return read_words(_order(found), size) if is_word_pieces(list(found)) else read_word_index(found, size)
    raise SettingError(tr("The JSON of the vocabulary is of no known kind; it must be {known}.", known=tr(_KNOWN)))


def _order(index: Mapping[str, int]) -> list[str]:
    """The words of an index by their ids, which must have no gaps."""
    words = sorted(index, key=index.__getitem__)
    if [index[word] for word in words] != list(range(len(words))):
        raise SettingError(tr("The WordPiece index must number its pieces from 0 without a gap."))
    return words
