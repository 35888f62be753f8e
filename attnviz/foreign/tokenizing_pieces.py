"""Texts as a `tokenizers.Tokenizer` reads them, in pieces that are put together to words again for the eye."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import groupby
from typing import Any

from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import ReadWord, Tokenization, join_blanks
from attnviz.languages import mark, tr
from attnviz.values import finding_forms

_INSTALL = mark("Sub-words need the library tokenizers (pip install tokenizers).")
_SPECIAL = re.compile(r"\[\w+\]|<[^>]*>")


def read_tokenizers(tokenizer: Any) -> Tokenization:
    """How a `tokenizers.Tokenizer` reads texts; the tokenizer itself is left as it is."""
    own = type(tokenizer).from_str(tokenizer.to_str())
    own.no_padding()
    own.no_truncation()
    padding, truncation = tokenizer.padding or {}, tokenizer.truncation or {}
    before, after = _find_around(own)
    return Tokenization(
        kind=finding_forms.SUB_WORDS,
        split=partial(_split, tokenizer=own, unknown=_find_unknown(own)),
        size=max(own.get_vocab(with_added_tokens=True).values(), default=-1) + 1,
        padding=padding.get("pad_id", _find_padding(own)),
        side=padding.get("direction", "right"),
        cut="start" if truncation.get("direction") == "left" else "end",
        length=padding.get("length") or truncation.get("max_length"),
        pads=bool(padding.get("length")),
        before=before,
        after=after,
        whole=False,
    )


def read_tokenizers_json(text: str) -> Tokenization:
    """How the tokenizer of a tokenizer.json reads texts.

    Raises:
        SettingError: the library is missing, or it cannot read the file.
    """
    library = import_tokenizers()
    try:
        return read_tokenizers(library.Tokenizer.from_str(text))
    except Exception as error:  # it raises Exception itself
        raise SettingError(tr("The library tokenizers can't read this tokenizer.json: {error}", error=error)) from error


def read_word_pieces(words: Sequence[str]) -> Tokenization:
    """How BERT reads texts with a bare vocab.txt, in which 'un', '##believ', '##able' are pieces of a word.

    Raises:
        SettingError: the library is missing, or the vocabulary has no '[UNK]'.
    """
    library = import_tokenizers()
    ids = {word: id for id, word in enumerate(words)}
    if "[UNK]" not in ids:
        raise SettingError(tr("A WordPiece vocabulary ('##' before pieces) needs an entry '[UNK]'; this one has none."))
    lower = not any(word != word.lower() for word in words if not _SPECIAL.fullmatch(word))
    found = read_tokenizers(_build_bert(library, ids, lower))
    note = finding_forms.AS_BERT_LOWERED if lower else finding_forms.AS_BERT
    return Tokenization(**{**vars(found), "kind": finding_forms.WORD_PIECES, "notes": (note,)})


def is_word_pieces(words: Sequence[str]) -> bool:
    """Whether a list of words is a WordPiece vocabulary."""
    return any(word.startswith("##") and len(word) > 2 for word in words) and "[UNK]" in words


def import_tokenizers() -> Any:
    """The library.

    Raises:
        SettingError: it is not installed.
    """
    if find_spec("tokenizers") is None:
        raise SettingError(tr(_INSTALL))
    import tokenizers

    return tokenizers


def _build_bert(library: Any, ids: Mapping[str, int], lower: bool) -> Any:
    tokenizer = library.Tokenizer(library.models.WordPiece(dict(ids), unk_token="[UNK]"))
    tokenizer.normalizer = library.normalizers.BertNormalizer(lowercase=lower)
    tokenizer.pre_tokenizer = library.pre_tokenizers.BertPreTokenizer()
    if {"[CLS]", "[SEP]"} <= ids.keys():
        specials = [(name, ids[name]) for name in ("[CLS]", "[SEP]")]
        tokenizer.post_processor = library.processors.TemplateProcessing("[CLS] $A [SEP]", None, specials)
    return tokenizer


def _split(text: str, tokenizer: Any, unknown: int | None) -> list[ReadWord]:
    """The pieces of one word together; what the tokenizer puts around a text is no word."""
    found = tokenizer.encode(text.encode("utf-8", "replace").decode(), add_special_tokens=False)
    words = found.word_ids if any(word is not None for word in found.word_ids) else range(len(found.ids))
    pieces = zip(words, found.ids, found.offsets, strict=True)
    groups = groupby(_number(pieces), key=lambda piece: piece[0])
    return join_blanks([_join(list(group), text, unknown) for _, group in groups], text)


def _number(pieces: Iterator[Any]) -> Iterator[Any]:
    """Pieces of no word of their own, such as special ones that somebody typed, are words for themselves."""
    return ((place if word is None else (word,), id, span) for place, (word, id, span) in enumerate(pieces))


def _join(pieces: Sequence[Any], text: str, unknown: int | None) -> ReadWord:
    start, end = min(span[0] for _, _, span in pieces), max(span[1] for _, _, span in pieces)
    start += len(text[start:end]) - len(text[start:end].lstrip())  # byte pairs take the space before a word along
    ids = tuple(id for _, id, _ in pieces)
    return ReadWord(text[start:end].lower(), start, max(start, end), ids, unknown not in ids)


def _find_around(tokenizer: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The special ids before and after a text."""
    found = tokenizer.encode("a")
    inner = tokenizer.encode("a", add_special_tokens=False).ids
    first = next(
        (at for at, special in enumerate(found.special_tokens_mask) if not special), len(found.ids) - len(inner)
    )
    return tuple(found.ids[:first]), tuple(found.ids[first + len(inner) :])


def _find_unknown(tokenizer: Any) -> int | None:
    name = getattr(tokenizer.model, "unk_token", None)
    return None if name is None else tokenizer.token_to_id(name)


def _find_padding(tokenizer: Any) -> int:
    found = (tokenizer.token_to_id(name) for name in ("[PAD]", "<pad>", "<PAD>", "<|endoftext|>"))
    return next((id for id in found if id is not None), 0)
