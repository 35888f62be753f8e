"""Scores that a classifier's own computation gives to what it reads, one function a method.

Each takes a graph; what comes of it takes what the graph is given, word ids (batch, steps) and maybe the words' places,
and targets (batch,). A score is that of a step; `arranging.sum_steps` makes those of the words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from attnviz.backend import tf
from attnviz.explain.arranging import Row, leave_out
from attnviz.explain.classifier_graph import PREDICTED, TARGETS, ClassifierGraph, in_32_bits
from attnviz.values.arrays import FloatArray

IG_STEPS = 32
"""Points on the path of integrated gradients."""

FINER_IG = ((128, 1), (128, 4), (128, 16))
"""Points, and parts of the path that have so many each, for the few texts of which fewer miss LARGEST_GAP."""

LARGEST_GAP = 0.01
"""Integrated gradients whose sum misses more than this are computed again with more points."""

MARKS = tf.TensorSpec((None,), tf.float32)

Tensor = Any
Predict = Callable[[Sequence[Row]], FloatArray]
"""Some texts as rows of words to their probabilities (number of texts, k)."""


class Scores(NamedTuple):
    """What a method finds in a batch of texts.

    Attributes:
        probabilities: (batch, k).
        values: (batch, steps) a score for each step; or a list of arrays, one a text, as long as its words.
        gap: (batch,) the convergence delta, for methods whose scores have a sum to reach.
        outside: (batch,) the share of the attention that went to no word, where steps may belong to none.
    """

    probabilities: Any
    values: Any
    gap: Any | None = None
    outside: Any | None = None


class Found(NamedTuple):
    """What a method finds in one text.

    Attributes:
        probabilities: (k,); None without words, and where the model answers with something that is no number.
        scores: (words,).
        gap: the convergence delta, for methods whose scores have a sum to reach.
        outside: the share of the attention that went to no word, if any step belongs to none.
        r_squared: how well the model that imitates the classifier does, for methods that have one.
        readings: how many texts the classifier read for it, for methods that leave words out at random or in groups.
    """

    probabilities: tuple[float, ...] | None
    scores: FloatArray
    gap: float | None = None
    outside: float | None = None
    r_squared: float | None = None
    readings: int | None = None


ScoreFunction = Callable[..., Scores]
"""What a graph is given, and targets (batch,), to what a method finds."""


def attention_scores(graph: ClassifierGraph) -> ScoreFunction:
    """The attention that each step receives: the mean over maps and queries where there are several.

    Every query's weights sum to 1 over the words, so their mean does as well. They speak for no label.
    """
    assert graph.shown is not None  # `supports` offers attention only where there is one
    wanted = [graph.probabilities, graph.shown.received]
    if graph.shown.outside is None:
        read = graph.traced.function(graph.given, wanted)
        return lambda ids, targets: Scores(*read(ids))
    read = graph.traced.function(graph.given, [*wanted, graph.shown.outside])
    return lambda ids, places, targets: Scores(**dict(zip(_ATTENTION, read(ids, places), strict=True)))


_ATTENTION = ("probabilities", "values", "outside")


def gradient_scores(graph: ClassifierGraph) -> ScoreFunction:
    """Gradient x input: the target's probability's gradient at each step's vector, times that vector.

    To first order, the score is what the step adds to the probability. Source: Shrikumar et al. 2016, 'Not just a black
    box', arXiv:1605.01713.
    """
    # The rows of a batch do not depend on each other, so the gradient of the sum holds each row's own.
    read = graph.traced.function([graph.ids, graph.targets], [graph.probabilities, graph.products])
    return lambda *given: Scores(*read(given[0], given[-1]))


def integrated_gradient_scores(graph: ClassifierGraph, steps: int = IG_STEPS, parts: int = 1) -> ScoreFunction:
    """Integrated gradients along the straight line from a text whose words' vectors are all 0.

    A score is a signed part of the target's probability f(x): together the scores are f(x) - f(baseline), but for an
    error of the points on the line, which is the gap. The baseline has as many words as the text; steps that are no
    words keep their vectors. Source: Sundararajan, Taly & Yan 2017, 'Axiomatic attribution for deep networks',
    arXiv:1703.01365.

    Args:
        graph: of a text classifier.
        steps: how many points, an even number.
        parts: into how many pieces the line is cut; each has so many points, and they are computed one after another.
    """
    start = graph.traced.function([graph.ids, graph.targets], [graph.vectors, graph.resolved, graph.probabilities])
    slope = graph.traced.function([graph.ids, graph.vectors, graph.targets], [graph.chosen, graph.slope])
    # Gauss-Legendre points: the line's ends, where a network saturates, get more of them than evenly spaced ones would.
    points, weights = np.polynomial.legendre.leggauss(steps)
    spread = np.array([0.0, *(points + 1) / 2, 1.0])
    shares = tf.constant(np.array([0.0, *weights / 2, 0.0]) / parts, tf.float32)  # the two ends are for the gap only
    chunks = len(spread) if graph.is_large else 2

    def scores(marks: Tensor, ids: Tensor, *others: Tensor) -> Scores:
        vectors, resolved, probabilities = start(ids, others[-1])
        moved, path = _draw_lines(in_32_bits(vectors), marks, others[:-1])
        repeated = [_repeat(one, len(spread) // chunks) for one in (ids, resolved)]
        answers, slopes = _run_parts(slope, tf.split(tf.cast(path, vectors.dtype), chunks), *repeated)
        slopes = tf.reshape(slopes, [len(spread), *_sizes(vectors)])
        values = tf.reduce_sum(tf.reduce_sum(shares[:, None, None, None] * slopes, axis=0) * moved, axis=-1)
        found = tf.gather(tf.reshape(answers, [len(spread), -1]), [0, len(spread) - 1])
        return Scores(probabilities, values, tf.reduce_sum(values, axis=1) - (found[1] - found[0]))

    specs = [MARKS, *(tf.TensorSpec(one.shape, one.dtype) for one in graph.given), TARGETS]
    along = scores if graph.is_large else tf.function(scores, input_signature=specs)
    pieces = [tf.constant((spread + place) / parts, tf.float32) for place in range(parts)]
    return lambda *given: _add_pieces([along(piece, *given) for piece in pieces])


def _add_pieces(found: Sequence[Scores]) -> Scores:
    """The scores along the whole line; the differences that the pieces share out add up, and so do their gaps."""
    values, gaps = (tf.add_n([getattr(one, name) for one in found]) for name in ("values", "gap"))
    return Scores(found[0].probabilities, values, gaps)


def _draw_lines(vectors: Tensor, marks: Tensor, places: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """What the words' vectors move by, and (marks * batch, steps, units) the points; steps of no word stay."""
    moved = vectors
    for words in places:
        moved = tf.where(words[:, :, None] >= 0, vectors, 0.0)
    path = marks[:, None, None, None] * moved
    path = path + (vectors - moved) if places else path
    return moved, tf.reshape(path, [-1, *_sizes(vectors)[1:]])


def _run_parts(slope: Any, path: Sequence[Tensor], ids: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """The chosen probabilities and slopes at all points.

    The calls of one graph run side by side, which takes the least time with two; outside of a graph one after the
    other, which takes the least memory.
    """
    found = [slope(ids, part, targets) for part in path]
    answers, slopes = (tf.concat(parts, axis=0) for parts in zip(*found, strict=True))
    # In a chaotic network a slope may overflow; it counts as 0, and the gap tells what is missing.
    slopes = in_32_bits(slopes)
    return answers, tf.where(tf.math.is_finite(slopes), slopes, 0.0)


def _repeat(rows: Tensor, times: int) -> Tensor:
    return tf.tile(rows, [times, *[1] * (len(rows.shape) - 1)])


def _sizes(tensor: Tensor) -> list[Tensor]:
    return tf.unstack(tf.shape(tensor))


def occlusion_scores(rows: Sequence[Row], predict: Predict, target: int | None) -> Scores:
    """For every word the target's probability with it minus that of the text without it.

    Args:
        rows: texts as rows of words.
        predict: the classifier; it is asked once, for all texts and all texts without one of their words.
        target: a label; None for the predicted one of each text.

    Source: Li, Monroe & Jurafsky 2016, 'Understanding neural networks through representation erasure',
    arXiv:1612.08220; the difference is one of probabilities here, not of log-likelihoods.
    """
    shortened = [leave_out(row, place) for row in rows for place in range(len(row))]
    found = predict([*rows, *shortened])
    probabilities, without = found[: len(rows)], found[len(rows) :]
    parts = np.split(without, np.cumsum([len(row) for row in rows])[:-1])
    targets = find_answers(probabilities) if target is None else np.full(len(rows), target)
    values = [whole[at] - part[:, at] for whole, part, at in zip(probabilities, parts, targets, strict=True)]
    return Scores(probabilities, values)


NO_ANSWER = -1
"""In place of a label where a model answers with something that is no number."""


def find_answers(probabilities: FloatArray) -> Any:
    """(...,) the predicted labels of probabilities (..., k): the most probable one, the last of equal ones."""
    answers = probabilities.shape[-1] - 1 - np.argmax(probabilities[..., ::-1], axis=-1)
    return np.where(np.isfinite(probabilities).all(axis=-1), answers, NO_ANSWER)


@lru_cache(256)
def as_targets(target: int | None, count: int) -> Any:
    """(count,) the same target for each row of a batch."""
    return tf.constant(np.full(count, PREDICTED if target is None else target, np.int32))
