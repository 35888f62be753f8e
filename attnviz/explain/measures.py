"""How far scores can be trusted on one text: what becomes of the answer without the words that they name."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from attnviz.explain.agreement import compare_orders, compare_to_random
from attnviz.explain.arranging import Row
from attnviz.explain.classifier import TextClassifier
from attnviz.values.arrays import FloatArray
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Faithfulness

THRESHOLDS = (1, 5, 10, 20, 50)
"""Per cent of the words, as in DeYoung et al. 2020; always at least one word."""

REFERENCES = ("gradient", "occlusion")
"""The methods whose order of the words is compared with that of another one, as in Jain & Wallace 2019."""

DRAWS, SHIFTS = 99, 49
"""With how many maps that know nothing of the words scores are compared, and how many of them are shifted ones."""

MANY = 1_000_000
"""From so many different orders on nobody needs their number."""

Order = npt.NDArray[np.int64]


def measure_faithfulness(
    classifier: TextClassifier, explained: Explanation, references: Sequence[Explanation]
) -> Faithfulness:
    """How far the scores of an explanation can be trusted, beside maps that know nothing of the words; see `draw_maps`.

    Args:
        references: of the same text and label by other methods, whose order of the words is compared.
    """
    ids, answer = classifier.encode(explained.text).inputs, find_answer(explained)
    measured = Faithfulness(explained.text, len(ids), explained.prediction, answer, explained.method, explained.model)
    if len(ids) < 2:
        return measured
    maps = np.vstack([explained.scores[None], draw_maps(explained.scores, seed=zlib.crc32(ids.tobytes()))])
    erased = measure_erasure(classifier, ids, order_words(maps, against=is_against(explained)), answer)
    if not np.isfinite(erased).all():  # the model has no answer to some of the shortened texts
        return measured
    comprehensiveness, sufficiency = erased
    shifted = count_shifted(len(ids))
    agreement = {one.method: compare_orders(explained.scores, one.scores, maps[1:], shifted) for one in references}
    return replace(
        measured,
        comprehensiveness=compare_to_random(comprehensiveness[0], comprehensiveness[1:], shifted=shifted),
        sufficiency=compare_to_random(sufficiency[0], sufficiency[1:], low=True, shifted=shifted),
        agreement={name: numbers for name, numbers in agreement.items() if numbers},
        orders=count_orders(len(ids)),
    )


def measure_erasure(classifier: TextClassifier, ids: Row, orders: Order, answer: int) -> tuple[FloatArray, FloatArray]:
    """Comprehensiveness and sufficiency of some orders of a text's words, each (orders,), from one batch.

    Comprehensiveness is how much of the answer's probability is lost without the first words of the order, sufficiency
    how much is lost with them alone; both are means over THRESHOLDS. Of a good order the first is large and the second
    small. What is taken out is left out: the text gets shorter. Source: DeYoung et al. 2020, 'ERASER',
    arXiv:1911.03429.

    Args:
        ids: (words,) at least two.
        orders: (orders, words) places of `ids`, the most important first.
        answer: the label.
    """
    counts = [count_words(len(ids), percent) for percent in THRESHOLDS]
    without = [ids[np.sort(order[count:])] for order in orders for count in counts]
    alone = [ids[np.sort(order[:count])] for order in orders for count in counts]
    found = classifier.predict([ids, *without, *alone])[:, answer]
    lost = (found[0] - found[1:]).reshape(2, len(orders), len(counts)).mean(axis=-1)
    return lost[0], lost[1]


def find_answer(explanation: Explanation) -> int:
    """The label whose probability words are measured by: the predicted one.

    Signed scores that speak for another label say, of two labels, as much about the predicted one; of more than two
    only their own can be measured.
    """
    predicted = explanation.prediction.predicted
    if predicted is None or (explanation.signed and len(explanation.prediction.labels) > 2):
        return explanation.target
    return predicted


def order_by(explanation: Explanation) -> Order:
    """(words,) the places of the words, those that speak most for `find_answer` first."""
    return order_words(explanation.scores, against=is_against(explanation))


def is_against(explanation: Explanation) -> bool:
    """Whether it is the lowest scores that speak for `find_answer`."""
    return explanation.signed and explanation.target != find_answer(explanation)


def order_words(scores: FloatArray, *, against: bool = False) -> Order:
    """(..., words) the places of the words, those with the highest scores first; ties in order of the text.

    Args:
        scores: (..., words).
        against: whether the lowest come first.
    """
    return np.argsort(scores if against else -scores, axis=-1, kind="stable")


def draw_scores(words: int, seed: int) -> FloatArray:
    """(DRAWS, words) random scores to compare others with; the same for the same seed."""
    return np.random.default_rng(seed).random((DRAWS, words), dtype=np.float32)


def count_shifted(words: int) -> int:
    """How many of the maps of `draw_maps` are shifted ones."""
    return min(SHIFTS, words - 1)


def draw_maps(scores: FloatArray, seed: int) -> FloatArray:
    """(DRAWS, words) maps that know nothing of the words, to compare scores (words,) with; the same for the same seed.

    The first ones (`count_shifted`) are the scores themselves, moved around the text by different numbers of words:
    they are as uneven and as smooth, but on other words. The others are random. A map that is one of either kind itself
    passes a rank test among those of its kind as seldom as the test says.
    """
    words = len(scores)
    moves = np.random.default_rng((seed, 1)).permutation(np.arange(1, words))[: count_shifted(words)]
    shifted = [np.roll(scores, move) for move in moves.tolist()]
    return np.vstack([*shifted, draw_scores(words, seed)[len(shifted) :]])


def count_orders(words: int) -> int:
    """How many orders of so many words take different words at some of THRESHOLDS; MANY stands for more."""
    if words >= 20:  # more than MANY in any case, and their factorial is no number to carry around
        return MANY
    steps = sorted({0, words, *(count_words(words, percent) for percent in THRESHOLDS)})
    found = math.factorial(words) // math.prod(math.factorial(size) for size in np.diff(steps).tolist())
    return min(found, MANY)


def count_words(words: int, percent: int) -> int:
    """How many words a threshold takes: rounded up, so always one at least."""
    return -(-words * percent // 100)
