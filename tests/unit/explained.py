"""Explanations that the tests of what is rendered make for themselves."""

from __future__ import annotations

import numpy as np

from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Compared
from tests.made import explain_as

VOCABULARY = Vocabulary((*SPECIAL_WORDS, "good", "film"))


def explain(text: str, scores: list[float] | None = None, method: str = "attention", truncated: int = 0) -> Explanation:
    """An explanation with the given scores, by default different ones."""
    tokens = VOCABULARY.tokenize(text)[truncated:]
    values = np.linspace(0.1, 1.0, len(tokens)) if scores is None else np.array(scores)
    return explain_as(text, tokens, values, 0.75 if tokens else None, method, "luong", truncated)


def list_numbers(compared: Compared) -> list[float]:
    """All numbers of a comparison, those of the drawn maps included."""
    return [compared.value, compared.random, compared.beaten, compared.draws, *compared.drawn]
