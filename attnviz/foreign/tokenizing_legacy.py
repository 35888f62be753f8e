"""Texts as the `Tokenizer` of `keras.preprocessing.text` reads them, from the object or from its `to_json()`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import ReadWord, Tokenization, check_index
from attnviz.languages import Message, keep, tr
from attnviz.text.words import FILTERS
from attnviz.values import finding_forms

WHAT = keep("the word index of the Keras Tokenizer")


@dataclass(frozen=True)
class LegacyTokenizer:
    """A `Tokenizer`'s settings; the names are its own.

    Attributes:
        word_index: word -> id, from 1.
        num_words: ids from here on are not used; None for all.
        filters: characters that part words beside `split`.
        lower, char_level: whether letters are lowered, and whether every character is a word.
        oov_token: the word for all that is not in the index; None drops them.
    """

    word_index: Mapping[str, int]
    num_words: int | None = None
    filters: str = FILTERS
    lower: bool = True
    split: str = " "
    char_level: bool = False
    oov_token: str | None = None

    def read(self, text: str) -> list[ReadWord]:
        """The words of a text that the tokenizer does not drop."""
        lowered, origins = _lower(text) if self.lower else (text, None)
        found = []
        for match in self._word.finditer(lowered):
            id = self._find(match[0])
            if id is not None:
                start, end = match.span() if origins is None else (origins[match.start()], origins[match.end() - 1] + 1)
                found.append(ReadWord(match[0], start, end, (id,), match[0] in self._held))
        return found

    @cached_property
    def _word(self) -> re.Pattern[str]:
        separators = "" if self.char_level else re.escape(self.filters + self.split)
        return re.compile(f"[^{separators}]+" if separators else ".", re.DOTALL)

    @cached_property
    def _held(self) -> Mapping[str, int]:
        return {word: id for word, id in self.word_index.items() if not self.num_words or id < self.num_words}

    def _find(self, word: str) -> int | None:
        return self._held.get(word, None if self.oov_token is None else self.word_index.get(self.oov_token))

    @property
    def size(self) -> int:
        """One more than the largest id that a text can get."""
        unknown = self.word_index.get(self.oov_token, 0) if self.oov_token is not None else 0
        return max([unknown, *self._held.values()], default=0) + 1


def read_legacy_tokenizer(tokenizer: Any) -> Tokenization:
    """How a `Tokenizer` object reads texts; it needs the attributes only.

    Raises:
        SettingError: it splits with a function of its own, or was not fitted.
    """
    if getattr(tokenizer, "analyzer", None) is not None:
        raise SettingError(
            tr("The Keras Tokenizer has an analyzer of its own; give a function text -> [(id, start, end)].")
        )
    names = ("num_words", "filters", "lower", "split", "char_level", "oov_token")
    found = {name: getattr(tokenizer, name) for name in names if hasattr(tokenizer, name)}
    return _build({**found, "word_index": tokenizer.word_index})


def read_legacy_config(config: Mapping[str, Any]) -> Tokenization:
    """How a `Tokenizer` reads texts whose `to_json()` holds this 'config'.

    Raises:
        SettingError: something in it is not what `to_json` writes.
    """
    index = config.get("word_index")
    try:
        return _build({**config, "word_index": json.loads(index) if isinstance(index, str) else index})
    except (ValueError, RecursionError) as error:
        raise SettingError(tr("The word_index of the Keras Tokenizer's JSON can't be read.")) from error


_TYPES: Mapping[str, tuple[type, ...]] = {
    "num_words": (int, type(None)),
    "filters": (str,),
    "lower": (bool,),
    "split": (str,),
    "char_level": (bool,),
    "oov_token": (str, type(None)),
}


def _build(settings: Mapping[str, Any]) -> Tokenization:
    for name, types in _TYPES.items():
        if name in settings and not isinstance(settings[name], types):
            raise SettingError(
                tr(
                    "{name} of the Keras Tokenizer must be {kind}, got {value}.",
                    name=name,
                    kind=types[0].__name__,
                    value=repr(settings[name]),
                )
            )
    if not isinstance(settings["word_index"], Mapping):
        raise SettingError(keep("{subject} must map words to ids.", subject=WHAT))
    index = check_index(settings["word_index"], WHAT)
    if len(settings.get("split", " ")) != 1:
        raise SettingError(
            tr("The Keras Tokenizer splits at {split}; it must be one character.", split=repr(settings["split"]))
        )
    chosen = {name: settings[name] for name in _TYPES if name in settings}
    return describe_legacy(LegacyTokenizer(index, **chosen))


def describe_legacy(tokenizer: LegacyTokenizer, kind: Message = finding_forms.KERAS_TOKENIZER) -> Tokenization:
    """The Tokenization of settings; `pad_sequences`, which goes with it, keeps a text's last words."""
    notes: Sequence[Message] = () if tokenizer.oov_token is not None else (finding_forms.DROPPED,)
    return Tokenization(kind=kind, split=tokenizer.read, size=tokenizer.size, cut="start", notes=tuple(notes))


def _lower(text: str) -> tuple[str, list[int] | None]:
    """The text in lower case, and where its characters come from if there are more of them than before."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered, None
    return lowered, [place for place, character in enumerate(text) for _ in character.lower()]
