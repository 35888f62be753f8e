"""A network's answer as the browser draws it, whatever number of labels it has."""

from __future__ import annotations

from dataclasses import dataclass

from attnviz.render.numerals import format_probability
from attnviz.render.sentences import describe_probability, name_probability
from attnviz.values.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Answer:
    """What answer.js draws.

    Attributes:
        labels: k names of classes.
        probabilities: (k); None if there is no word to read.
        texts: (k) the same in digits.
        target: the label that is explained, an index.
        predicted: the most probable one; None if there is no answer.
        shown: the one whose probability stands for the answer: the target of two, else the most probable one.
        name: what that probability is called.
        said: the answer in words.
        unknown: whether the network knows none of the words, so that its answer is no verdict on them.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...] | None
    texts: tuple[str, ...]
    target: int
    predicted: int | None
    shown: int
    name: str
    said: str
    unknown: bool = False


def build_answer(explanation: Explanation) -> Answer:
    """The answer of an explanation."""
    prediction, target = explanation.prediction, explanation.target
    predicted = prediction.predicted
    shown = target if predicted is None or len(prediction.labels) == 2 else predicted
    return Answer(
        labels=prediction.labels,
        probabilities=prediction.probabilities,
        texts=tuple(map(format_probability, prediction.probabilities or ())),
        target=target,
        predicted=predicted,
        shown=shown,
        name=name_probability(prediction, shown),
        said=describe_probability(explanation),
        unknown=explanation.knows_nothing,
    )
