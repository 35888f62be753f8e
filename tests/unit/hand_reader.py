"""A reader made by hand, with all that a reader may do: sub-words, padding on either side, '[CLS]', cut ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnviz import Explainer
from attnviz.backend import keras
from attnviz.explain.arranging import NO_WORD, Arranged, Row, WordSteps, get_ids, get_places
from attnviz.explain.keras_classifier import KerasClassifier
from attnviz.explain.text_reader import Encoded, check_text
from attnviz.values.tokens import Token

IDS = 60
CLS = 1


@dataclass
class HandReader:
    """Words by a sum over their letters; those of more than four letters are two steps where `pieces` is set.

    Attributes:
        fixed: the length to which all texts are padded. left: on the left. cls: put '[CLS]' first.
        steps: the most steps.
    """

    steps: int | None = None
    fixed: int | None = None
    left: bool = False
    cls: bool = False
    pieces: bool = False

    def encode(self, text: str) -> Encoded:
        found = [(match[0], match.start(), match.end()) for match in re.finditer(r"\w+", check_text(text))]
        steps = [self.split(word) for word, _, _ in found]
        while self.steps is not None and sum(map(len, steps)) + self.cls > self.steps:
            steps.pop()
        starts = np.concatenate([[0], np.cumsum([len(one) for one in steps])])
        tokens = tuple(Token(*word, ids[0], True) for word, ids in zip(found, steps, strict=False))
        row = WordSteps([id for one in steps for id in one], starts)
        return Encoded(tokens, row, 0, len(found) - len(steps))

    def split(self, word: str) -> list[int]:
        parts = [word[:4], word[4:]] if self.pieces and len(word) > 4 else [word]
        return [2 + sum(map(ord, part)) % (IDS - 2) for part in parts]

    def arrange(self, rows: Sequence[Row], steps: int | None = None) -> Arranged:
        ids = [[CLS] * self.cls + get_ids(row).tolist() for row in rows]
        places = [[NO_WORD] * self.cls + get_places(row).tolist() for row in rows]
        width = steps or self.fixed or max(1, *map(len, ids))
        return Arranged(self._pad(ids, width, 0), self._pad(places, width, NO_WORD))

    def _pad(self, rows: list[list[int]], width: int, value: int) -> np.ndarray:
        fill = [[value] * (width - len(row)) for row in rows]
        return np.array(
            [more + row if self.left else row + more for row, more in zip(rows, fill, strict=True)], np.int32
        )


def scramble(model: keras.Model, scale: float = 0.6) -> keras.Model:
    """Weights with which answers differ a lot from text to text."""
    rng = np.random.default_rng(4)
    for weight in model.weights:
        weight.assign(rng.normal(scale=scale, size=weight.shape))
    return model


def explain_with(model: keras.Model, reader: HandReader, **settings: Any) -> Explainer:
    return Explainer(KerasClassifier(model, reader, **{"name": "own"} | settings))


def answer(model: Callable[[Any], Any], reader: HandReader, texts: Sequence[str]) -> np.ndarray:
    """What the model itself says of texts, one by one."""
    rows = [reader.arrange([reader.encode(text).inputs]).ids for text in texts]
    return np.concatenate([np.asarray(model(row), np.float32) for row in rows])
