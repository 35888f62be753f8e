"""The vocabulary that numbers words, and a text's tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.text.words import split_words, words
from attnviz.values.tokens import Token

PADDING, START, UNKNOWN = 0, 1, 2
SPECIAL_WORDS = ("<pad>", "<start>", "<unknown>")
"""Ids 0 to 2, as in `keras.datasets.imdb`. `<start>` is reserved and never fed: a token that the reader does not
see would take part of the attention. None of the three can be a word, since `<` and `>` are filtered."""


class Tokens(Sequence[Token]):
    """The last tokens of a text.

    Their ids are there at once; their offsets, which take ten times as long to find, are found when somebody looks at a
    token. So explaining many texts costs little more than running the network.

    Args:
        text: the text.
        ids: (n,) the ids of its last n words.
    """

    def __init__(self, text: str, ids: npt.NDArray[np.int32]) -> None:
        self.ids = ids
        self._text = text

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # the two overloads of Sequence add nothing here
        return self._all[index]

    def __iter__(self) -> Iterator[Token]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Tokens, tuple)) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all)

    def __repr__(self) -> str:
        return f"Tokens{self._all}"

    @cached_property
    def _all(self) -> tuple[Token, ...]:
        found = split_words(self._text)
        last = found[len(found) - len(self.ids) :]
        return tuple(
            Token(word, start, end, id, id != UNKNOWN)
            for (word, start, end), id in zip(last, self.ids.tolist(), strict=True)
        )


class Vocabulary(Sequence[str]):
    """Words by id: `vocabulary[id]` is the word, `vocabulary.id(word)` its id or UNKNOWN.

    The first three entries are SPECIAL_WORDS.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        if self._words[:3] != SPECIAL_WORDS:
            raise SettingError(f"A vocabulary starts with {SPECIAL_WORDS}, this one with {self._words[:3]}.")
        self._ids = {word: id for id, word in enumerate(self._words) if id > UNKNOWN}
        if len(self._ids) != len(self._words) - len(SPECIAL_WORDS):
            raise SettingError("A vocabulary holds each word once, this one repeats some.")

    @classmethod
    def from_texts(cls, texts: Iterable[str], size: int | None = None) -> Vocabulary:
        """The most frequent words of `texts`, ties in order of first appearance; at most `size` ids in all."""
        counts = Counter(word for text in texts for word in words(text))
        most = None if size is None else max(size - len(SPECIAL_WORDS), 0)
        return cls((*SPECIAL_WORDS, *(word for word, _ in counts.most_common(most))))

    def __len__(self) -> int:
        return len(self._words)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # the two overloads of Sequence add nothing here
        return self._words[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def id(self, word: str) -> int:
        """The id of a lower-cased word, UNKNOWN if it is not held."""
        return self._ids.get(word, UNKNOWN)

    def truncated(self, size: int) -> Vocabulary:
        """The `size` first entries."""
        return Vocabulary(self._words[:size])

    def encode(self, text: str) -> npt.NDArray[np.int32]:
        """(number of words,) the ids of the words of `text`."""
        find = self._ids.get
        return np.array([find(word, UNKNOWN) for word in words(text)], dtype=np.int32)

    def tokenize(self, text: str) -> Tokens:
        """Every word of `text` with its offsets and id."""
        return Tokens(text, self.encode(text))

    def save(self, path: Path) -> None:
        """One word a line, line number = id, counted from 0."""
        path.write_bytes("".join(f"{word}\n" for word in self._words).encode())

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """The inverse of `save`."""
        return cls.parse(path.read_bytes())

    @classmethod
    def parse(cls, data: bytes) -> Vocabulary:
        """`load` for what the file holds. Only '\\n' ends a line: a word may hold Unicode's other line separators."""
        return cls(data.decode().removesuffix("\n").split("\n"))
