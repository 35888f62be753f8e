"""The probability while the words of a text are taken away one after the other, or kept alone."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from attnviz.explain.arranging import Row
from attnviz.explain.attribution import NO_ANSWER, find_answers
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.measures import Order, draw_scores, order_by, order_words
from attnviz.values.arrays import FloatArray, to_numbers
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve

RANDOM_ORDERS = 5
"""How many random orders of the words the erasure curve is compared with."""

EVERY_COUNT, EVEN_COUNTS = 20, 60
"""An erasure curve takes up to EVERY_COUNT words one by one at both ends, and about EVEN_COUNTS steps between."""


class Erased(NamedTuple):
    """Probabilities (..., counts, k), or answers (..., counts), without words (without) and with them alone."""

    without: FloatArray
    alone: FloatArray
    random_without: FloatArray
    random_alone: FloatArray


def measure_erasure_curve(classifier: TextClassifier, explained: Explanation) -> ErasureCurve:
    """What becomes of an explained text without the words that speak most for its answer, and with them alone.

    Beside it stand random orders, which depend on the text alone.
    """
    curve = ErasureCurve(explained.text, explained.prediction, explained.target, explained.method, explained.model)
    if explained.prediction.probabilities is None:
        return curve
    ids, order = classifier.encode(explained.text).inputs, order_by(explained)
    drawn = order_words(draw_scores(len(ids), seed=zlib.crc32(ids.tobytes()))[:RANDOM_ORDERS])
    counts = choose_counts(len(ids))
    erased = erase(classifier, ids, order, drawn, counts)
    followed = _follow(erased, counts, curve.target) | _answer(erased, counts)
    return replace(curve, order=tuple(order.tolist()), **followed)


def _follow(erased: Erased, counts: Sequence[int], target: int) -> dict[str, Any]:
    """The target's probability along the curves."""
    own = Erased(*(curve[..., target] for curve in erased))
    return {
        "counts": tuple(counts),
        "without": to_numbers(own.without),
        "alone": to_numbers(own.alone),
        "random_without": to_numbers(own.random_without.mean(axis=0)),
        "random_alone": to_numbers(own.random_alone.mean(axis=0)),
    }


def _answer(erased: Erased, counts: Sequence[int]) -> dict[str, Any]:
    """Where the answers along the curves turn."""
    answers = Erased(*map(find_answers, erased))
    flip = find_flip(counts, answers.without)
    return {
        "flip_count": flip,
        "flipped_to": None if flip is None else int(answers.without[counts.index(flip)]),
        "sufficient_count": find_sufficient(counts, answers.alone),
        "random_flip_counts": tuple(find_flip(counts, row) for row in answers.random_without),
        "random_sufficient_counts": tuple(find_sufficient(counts, row) for row in answers.random_alone),
        "blank": None if answers.alone[0] == NO_ANSWER else int(answers.alone[0]),
    }


def erase(classifier: TextClassifier, ids: Row, order: Order, drawn: Order, counts: Sequence[int]) -> Erased:
    """The probabilities at each of the counts.

    What is taken out is left out, as in `measure_erasure`; a text without any word is what `predict` makes of it.

    Args:
        ids: (words,). order: (words,) places of `ids`, the most important first. drawn: (orders, words) random orders.
    """
    without = [ids[np.sort(row[count:])] for row in (order, *drawn) for count in counts]
    alone = [ids[np.sort(order[:count])] for count in counts]
    found = classifier.predict([*without, *alone])
    found = found.reshape(-1, len(counts), found.shape[-1])
    # The first k of a random order read backwards, which is as random, are its last k: what was left after the others.
    return Erased(found[0], found[-1], found[1:-1], found[1:-1, ::-1])


def find_flip(counts: Sequence[int], without: npt.ArrayLike) -> int | None:
    """The flip count: the smallest one without which the answer is another one, while there is still a word to read.

    Args:
        counts: from 0 to all words. without: (counts,) the answer without so many words; NO_ANSWER is no other one.
    """
    answers = np.asarray(without)
    turned = np.flatnonzero((answers[:-1] != answers[0]) & (answers[:-1] != NO_ANSWER))
    return counts[turned[0]] if len(turned) else None


def find_sufficient(counts: Sequence[int], alone: npt.ArrayLike) -> int:
    """The sufficient count: the smallest one from which on the answer is that of all words.

    Args:
        counts: from 0 to all words. alone: (counts,) the answer with so many words alone.
    """
    answers = np.asarray(alone)
    others = np.flatnonzero(answers != answers[-1])
    return counts[others[-1] + 1] if len(others) else counts[0]


def choose_counts(words: int) -> list[int]:
    """From 0 to all words in about 100 steps, the small ones one by one; with k also words - k."""
    half = {*range(min(EVERY_COUNT, words) + 1), *(words * step // EVEN_COUNTS for step in range(EVEN_COUNTS // 2 + 1))}
    return sorted(half | {words - count for count in half})
