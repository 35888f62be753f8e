"""Values that tests make by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.values.explanation import Explanation
from attnviz.values.prediction import SENTIMENT, Prediction
from attnviz.values.tokens import Token

WORDLESS = ["", " \n\t", "?! ...", "<br /><br />", '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~']
UNUSUAL = {
    "emoji": "👩‍🎤 😀 🏳️‍🌈",
    "unknown words": "xylophone quux",
    "right to left": "הסרט היה נפלא, great!",
    "script": "<script>alert('great')</script><img src=x onerror=y>",
    "control": "great\x00film \x1b[31m was\x85 dull\r\n\x07",
    "lone surrogate": "great \ud800 film",
    "one long word": "a" * 50_000,
    "combining": "e\u0301" * 40 + " İSTANBUL ΟΔΟΣ",
}


def say(probability: float | None) -> Prediction:
    """What a network of two labels says, by the probability of 'positive'."""
    return Prediction(SENTIMENT, None if probability is None else (1 - probability, probability))


def explain_as(
    text: str,
    tokens: Sequence[Token],
    scores: npt.ArrayLike,
    probability: float | None,
    method: str = "attention",
    model: str = "luong",
    truncated: int = 0,
    **others: Any,
) -> Explanation:
    """An explanation for 'positive' with this probability."""
    return Explanation(text, tokens, scores, 1, say(probability), method, model, truncated, **others)


class Rule:
    """A classifier of two labels that is a function of a text's word ids; it has no inside.

    Args:
        positive: the probability of 'positive'.
    """

    name, labels, target, steps, graph = "rule", SENTIMENT, 1, None, None

    def __init__(self, positive: Callable[[npt.NDArray[np.int32]], float]) -> None:
        self._positive = positive

    def predict(self, inputs: Sequence[npt.NDArray[np.int32]]) -> npt.NDArray[np.float64]:
        found = np.array([self._positive(row) for row in inputs])
        return np.stack([1 - found, found], axis=1)

    def supports(self, method: str) -> bool:
        return method == "occlusion"
