"""A text of which a classifier reads any words: what methods of other libraries ask for."""

from __future__ import annotations

import warnings
import zlib
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.explain.arranging import Row
from attnviz.explain.attribution import Predict, find_answers
from attnviz.languages import tr

Masks = npt.NDArray[np.bool_]


class WordSubsets:
    """The words of a text as features that are there or not, and one label's probability as their function.

    Attributes:
        probabilities: (k,) of the whole text.
        target: the label.
        readings: how many texts the classifier has read so far, the whole one included.

    Args:
        row: the text, at least one word.
        predict: the classifier; of a text without words it reads a blank.
        target: a label; None for the predicted one.
    """

    def __init__(self, row: Row, predict: Predict, target: int | None) -> None:
        self._row, self._predict = row, predict
        self.probabilities = predict([row])[0]
        self.target = int(find_answers(self.probabilities)) if target is None else target
        self.readings = 1

    def __len__(self) -> int:
        return len(self._row)

    @property
    def seed(self) -> int:
        """For what is drawn at random: the same for the same text."""
        return zlib.crc32(self._row.tobytes())

    def read(self, kept: Masks | npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.float64]:
        """(texts,) the label's probability in texts of some of the words.

        Args:
            kept: (texts, words) which words each of them has.

        Raises:
            SettingError: the classifier answers one of them with something that is no number.
        """
        self.readings += len(kept)
        found = self._predict([self._row[np.flatnonzero(mask)] for mask in kept])[:, self.target]
        if not np.isfinite(found).all():
            raise SettingError(tr("The model answers this text without some of its words with what is no number."))
        return found.astype(np.float64)


def load_library(module: str) -> Any:
    """A module of a library of other authors, without the warnings of what that library itself loads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(module)
