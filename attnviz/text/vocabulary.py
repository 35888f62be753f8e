"""The vocabulary that numbers words, and a text's tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.text.reading_units import Unit, get_splitter
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
        unit: what counts as a word, see reading_units.
    """

    def __init__(self, text: str, ids: npt.NDArray[np.int32], unit: Unit = "words") -> None:
        self.ids = ids
        self._text, self._unit = text, unit

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
        found = get_splitter(self._unit).split(self._text)
        last = found[len(found) - len(self.ids) :]
        return tuple(
            Token(word, start, end, id, id != UNKNOWN)
            for (word, start, end), id in zip(last, self.ids.tolist(), strict=True)
        )


class Vocabulary(Sequence[str]):
    """Words by id: `vocabulary[id]` is the word, `vocabulary.id(word)` its id or UNKNOWN.

    The first three entries are SPECIAL_WORDS.

    Args:
        words: by id.
        unit: what counts as a word in a text, see reading_units.

    Raises:
        SettingError: other first entries, or a word that stands twice. While texts are read: a unit whose segmenter is
            not installed here.
    """

    def __init__(self, words: Iterable[str], unit: Unit = "words") -> None:
        self._words, self.unit = tuple(words), unit
        if self._words[:3] != SPECIAL_WORDS:
            first = {"special": SPECIAL_WORDS, "found": self._words[:3]}
            raise SettingError(tr("A vocabulary starts with {special}, this one with {found}.", **first))
        self._ids = {word: id for id, word in enumerate(self._words) if id > UNKNOWN}
        if len(self._ids) != len(self._words) - len(SPECIAL_WORDS):
            raise SettingError(tr("A vocabulary holds each word once, this one repeats some."))

    @classmethod
    def from_texts(cls, texts: Iterable[str], size: int | None = None, unit: Unit = "words") -> Vocabulary:
        """The most frequent words of `texts`, ties in order of first appearance; at most `size` ids in all."""
        read = get_splitter(unit).read
        counts = Counter(word for text in texts for word in read(text))
        most = None if size is None else max(size - len(SPECIAL_WORDS), 0)
        return cls((*SPECIAL_WORDS, *(word for word, _ in counts.most_common(most))), unit)

    @cached_property
    def _read(self) -> Callable[[str], list[str]]:
        return get_splitter(self.unit).read

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
        return Vocabulary(self._words[:size], self.unit)

    def encode(self, text: str) -> npt.NDArray[np.int32]:
        """(number of words,) the ids of the words of `text`."""
        find = self._ids.get
        return np.array([find(word, UNKNOWN) for word in self._read(text)], dtype=np.int32)

    def tokenize(self, text: str) -> Tokens:
        """Every word of `text` with its offsets and id."""
        return Tokens(text, self.encode(text), self.unit)

    def save(self, path: Path) -> None:
        """One word a line, line number = id, counted from 0."""
        path.write_bytes("".join(f"{word}\n" for word in self._words).encode())

    @classmethod
    def load(cls, path: Path, unit: Unit = "words") -> Vocabulary:
        """The inverse of `save`."""
        return cls.parse(path.read_bytes(), unit)

    @classmethod
    def parse(cls, data: bytes, unit: Unit = "words") -> Vocabulary:
        """`load` for what the file holds. Only '\\n' ends a line: a word may hold Unicode's other line separators."""
        return cls(data.decode().removesuffix("\n").split("\n"), unit)
