"""A network's answer as the browser draws it, whatever number of labels it has."""

from __future__ import annotations

from dataclasses import dataclass

from attnviz.render.sentences import describe_probability, format_probability
from attnviz.values.explanation import Explanation
from attnviz.values.prediction import SENTIMENT, Prediction


@dataclass(frozen=True, slots=True)
class Answer:
    """What answer.js draws.

    Attributes:
        labels: k names of classes.
        probabilities: (k); None if there is no word to read.
        texts: (k) the same in digits.
        target: the label that is explained.
        predicted: the most probable label; None if there is no answer.
        said: the answer in words.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...] | None
    texts: tuple[str, ...]
    target: int
    predicted: int | None
    said: str


def build_answer(explanation: Explanation) -> Answer:
    """The answer of an explanation."""
    probability, target = explanation.probability, len(SENTIMENT) - 1
    prediction = Prediction(SENTIMENT, None if probability is None else (1 - probability, probability))
    shown = prediction.probabilities or ()
    return Answer(
        labels=prediction.labels,
        probabilities=prediction.probabilities,
        texts=tuple(map(format_probability, shown)),
        target=target,
        predicted=prediction.predicted,
        said=describe_probability(explanation),
    )


def get_other_label(labels: tuple[str, ...], target: int) -> str | None:
    """The other one of two labels; None if there are more."""
    return labels[1 - target] if len(labels) == 2 else None
