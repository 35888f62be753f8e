"""Which kind of tokenizer somebody gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import Tokenization
from attnviz.foreign.tokenizing_files import read_tokenizer_file, read_tokenizer_text, read_words
from attnviz.foreign.tokenizing_function import read_function
from attnviz.foreign.tokenizing_hub import is_hub_tokenizer, read_hub_tokenizer
from attnviz.foreign.tokenizing_index import read_word_index
from attnviz.foreign.tokenizing_layer import read_text_vectorization
from attnviz.foreign.tokenizing_legacy import read_legacy_tokenizer
from attnviz.foreign.tokenizing_pieces import is_word_pieces, read_tokenizers
from attnviz.languages import mark, tr

ACCEPTED = mark(
    "a TextVectorization layer, a Keras Tokenizer or its to_json(), a word index {word: id}, a vocabulary file, a "
    "tokenizers.Tokenizer or its tokenizer.json, a keras-hub tokenizer, or a function text -> [(id, start, end), ...]"
)


def read_tokenizer(given: Any, size: int | None = None) -> Tokenization:
    """How texts are read by whatever `attnviz.wrap` accepts as a tokenizer.

    Args:
        given: see ACCEPTED.
        size: how many ids the model knows; None if nobody knows.

    Raises:
        SettingError: it is something else, or does not give ids with places.
    """
    if isinstance(given, keras.layers.TextVectorization):
        return read_text_vectorization(given)
    if is_hub_tokenizer(given):
        return read_hub_tokenizer(given)
    if hasattr(given, "word_index") and hasattr(given, "texts_to_sequences"):
        return read_legacy_tokenizer(given)
    if hasattr(given, "token_to_id") and hasattr(given, "to_str"):
        return read_tokenizers(given)
    return _read_plain(given, size)


def _read_plain(given: Any, size: int | None) -> Tokenization:
    """Files, texts, tables, lists and functions."""
    if isinstance(given, Path) or (isinstance(given, str) and not given.lstrip().startswith(("{", "["))):
        return read_tokenizer_file(Path(given), size)
    if isinstance(given, str):
        return read_tokenizer_text(given, size)
    if isinstance(given, Mapping):
        return read_tokenizer_of_mapping(given, size)
    if isinstance(given, Sequence) and given and all(isinstance(word, str) for word in given):
        return read_words(list(given), size)
    if callable(given):
        return read_function(given)
    raise SettingError(
        tr("tokenizer must be {accepted}; got {kind}.", accepted=tr(ACCEPTED), kind=type(given).__name__)
    )


def read_tokenizer_of_mapping(index: Mapping[str, int], size: int | None) -> Tokenization:
    """A word index, unless it numbers pieces of words."""
    if is_word_pieces([word for word in index if isinstance(word, str)]):
        raise SettingError(tr("The index numbers pieces of words ('##'): give the vocab.txt or the tokenizer.json."))
    return read_word_index(index, size)
