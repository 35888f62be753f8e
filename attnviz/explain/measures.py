"""How far scores can be trusted on one text: what happens to the answer when the words that they name are taken away.

Every function stands on one other, `predict`, from texts as word ids to probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from attnviz.explain.attribution import Predict
from attnviz.training.batches import Ids
from attnviz.values.arrays import FloatArray
from attnviz.values.faithfulness import Compared

THRESHOLDS = (1, 5, 10, 20, 50)
"""Per cent of the words, as in DeYoung et al. 2020; always at least one word."""

REFERENCES = ("gradient", "occlusion")
"""The methods whose order of the words is compared with that of another one, as in Jain & Wallace 2019."""

DRAWS = 20
"""How many times random scores are drawn on a text."""

RANDOM_ORDERS = 5
"""How many random orders of the words the erasure curve is compared with."""

EVERY_COUNT, EVEN_COUNTS = 20, 60
"""An erasure curve takes up to EVERY_COUNT words one by one at both ends, and about EVEN_COUNTS steps between."""

Order = npt.NDArray[np.int64]


def draw_scores(words: int, seed: int) -> FloatArray:
    """(DRAWS, words) random scores to compare others with; the same for the same seed."""
    return np.random.default_rng(seed).random((DRAWS, words), dtype=np.float32)


def order_words(scores: FloatArray, signed: bool, positive: bool) -> Order:
    """(..., words) the places of the words, those that speak most for the answer first; ties in order of the text.

    Args:
        scores: (..., words).
        signed: whether they point toward a positive (above 0) or a negative review; else more is more.
        positive: whether the answer is a positive review.
    """
    return np.argsort(scores if signed and not positive else -scores, axis=-1, kind="stable")


def measure_erasure(ids: Ids, orders: Order, predict: Predict) -> tuple[FloatArray, FloatArray]:
    """Comprehensiveness and sufficiency of some orders of a text's words, each (orders,), from one batch.

    Comprehensiveness is how much of the answer's probability is lost without the first words of the order, sufficiency
    how much is lost with them alone; both are means over THRESHOLDS. Of a good order the first is large and the second
    small. What is taken out is left out: the text gets shorter. Source: DeYoung et al. 2020, 'ERASER',
    arXiv:1911.03429.

    Args:
        ids: (words,) at least two.
        orders: (orders, words) places of `ids`, the most important first.
        predict: the network; the answer is the class that it gives the whole text.
    """
    counts = [count_words(len(ids), percent) for percent in THRESHOLDS]
    without = [ids[np.sort(order[count:])] for order in orders for count in counts]
    alone = [ids[np.sort(order[:count])] for order in orders for count in counts]
    found = predict([ids, *without, *alone])
    answer = found if found[0] >= 0.5 else 1 - found
    lost = (answer[0] - answer[1:]).reshape(2, len(orders), len(counts)).mean(axis=-1)
    return lost[0], lost[1]


def compute_erasure_curve(
    ids: Ids, order: Order, drawn: Order, predict: Predict
) -> tuple[list[int], FloatArray, FloatArray, FloatArray, FloatArray]:
    """The probability while the words of a text are taken away one after the other.

    What is taken out is left out, as in `measure_erasure`; a text without any word is what `predict` makes of it.

    Args:
        ids: (words,). order: (words,) places of `ids`, the most important first. drawn: (orders, words) random orders.
        predict: the network.

    Returns:
        How many words are taken (counts), and at each of them the probability without them and with them alone, each
        (counts,), and both again for every random order, each (orders, counts).
    """
    counts = choose_counts(len(ids))
    without = [ids[np.sort(row[count:])] for row in (order, *drawn) for count in counts]
    alone = [ids[np.sort(order[:count])] for count in counts]
    found = predict([*without, *alone]).reshape(-1, len(counts))
    # The first k of a random order read backwards, which is as random, are its last k: what was left after the others.
    return counts, found[0], found[-1], found[1:-1], found[1:-1, ::-1]


def find_turn(counts: Sequence[int], without: Sequence[float] | FloatArray) -> int | None:
    """The smallest count without which the answer is the other one, while there is still a word to read.

    Args:
        counts: from 0 to all words. without: (counts,) the probability without so many words.
    """
    pairs = zip(counts[:-1], without, strict=False)
    return next((count for count, value in pairs if (value >= 0.5) != (without[0] >= 0.5)), None)


def find_support(counts: Sequence[int], alone: Sequence[float] | FloatArray) -> int:
    """The smallest count from which on the answer is that of all words.

    Args:
        counts: from 0 to all words. alone: (counts,) the probability with so many words alone.
    """
    others = [place for place, value in enumerate(alone) if (value >= 0.5) != (alone[-1] >= 0.5)]
    return counts[others[-1] + 1] if others else counts[0]


def choose_counts(words: int) -> list[int]:
    """From 0 to all words in about 100 steps, the small ones one by one; with k also words - k."""
    half = {*range(min(EVERY_COUNT, words) + 1), *(words * step // EVEN_COUNTS for step in range(EVEN_COUNTS // 2 + 1))}
    return sorted(half | {words - count for count in half})


def count_words(words: int, percent: int) -> int:
    """How many words a threshold takes: rounded up, so always one at least."""
    return -(-words * percent // 100)


def compute_taus(maps: FloatArray) -> list[list[float | None]]:
    """Kendall's tau-b of every two of some scores: 1 for the same order of the words, -1 for the reverse.

    Tied pairs count as in tau-b; None where all scores of one side are tied, since they have no order. The test
    against other methods' scores follows Jain & Wallace 2019, arXiv:1902.10186; their gradients hold the attention
    fixed and their texts lack the first and the last word, ours don't. Source: Kendall 1945, 'The treatment of ties'.

    Args:
        maps: (maps, words); in float32 up to 5,792 words, whose 2^24 pairs it counts exactly.

    Returns:
        A symmetric table (maps, maps).
    """
    first, second = np.triu_indices(maps.shape[1], k=1)
    signs = np.sign(maps[:, first] - maps[:, second])  # (maps, pairs): 1, 0 or -1
    products = (signs @ signs.T).astype(np.float64)
    untied = np.sqrt(np.outer(products.diagonal(), products.diagonal()))
    return [
        [product / size if size else None for product, size in zip(*rows, strict=True)]
        for rows in zip(products.tolist(), untied.tolist(), strict=True)
    ]


def compare_orders(scores: FloatArray, reference: FloatArray, drawn: FloatArray) -> Compared | None:
    """Kendall's tau-b of |scores| with |reference|, both (words,), beside that of the random ones (DRAWS, words)."""
    value, *random = compute_taus(np.vstack([np.abs(reference), np.abs(scores), drawn]))[0][1:]
    return compare(value, random)


def compare(value: float | None, random: Iterable[float | None]) -> Compared | None:
    """A number beside the mean and the standard deviation of what random scores get; None if there is no number."""
    if value is None:
        return None
    drawn = np.array([number for number in random if number is not None], dtype=np.float64)
    return Compared(float(value), float(drawn.mean()), float(drawn.std()))
