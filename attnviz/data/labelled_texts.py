"""Texts with their right answers, as trainers and measures take them, whatever data set they are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from attnviz.text.vocabulary import Vocabulary


class Texts(Sequence[str]):
    """Texts that stay UTF-8 bytes on disk until one is asked for."""

    def __init__(self, data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> None:
        self._data, self._offsets = data, offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # slices are not needed
        index = range(len(self))[index]
        return self._data[self._offsets[index] : self._offsets[index + 1]].tobytes().decode("utf-8")


class PickedTexts(Sequence[str]):
    """Some of many texts, in the order of their places."""

    def __init__(self, texts: Texts, places: npt.NDArray[np.int64]) -> None:
        self._texts, self._places = texts, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # slices are not needed
        return self._texts[int(self._places[index])]


class LabelledTexts(Protocol):
    """One part of a data set."""

    @property
    def texts(self) -> Sequence[str]:
        """n texts."""

    @property
    def labels(self) -> npt.NDArray[np.int8]:
        """(n,) the right label of each, an index."""

    @property
    def groups(self) -> npt.NDArray[np.int32] | None:
        """(n,) equal numbers for copies of a text; None where copies were not looked for."""

    def __len__(self) -> int: ...

    def encode(self, index: int, vocabulary_size: int, steps: int) -> npt.NDArray[np.int32]:
        """The ids of the last `steps` words of a text; those that a vocabulary of that size lacks are UNKNOWN."""


class TextData(Protocol):
    """A data set with its two parts."""

    @property
    def train(self) -> LabelledTexts:
        """What networks learn from."""

    @property
    def test(self) -> LabelledTexts:
        """What they are judged by."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the training texts, the most frequent first."""

    @property
    def digest(self) -> str:
        """A sha256 of everything in it."""
