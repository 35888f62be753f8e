"""What a classifier says of one text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Answer = Literal["sentiment", "stars", "own"]
"""What a network says of a text: one of the labels of SENTIMENT, of STARS, or of a data set of somebody's own."""

SENTIMENT = ("negative", "positive")
"""The labels of a network that tells good reviews from bad ones; its one output is the probability of the second."""

STARS = ("1-2 stars", "3-4 stars", "7-8 stars", "9-10 stars")
"""The labels of a network that tells how many stars a review gave; the dataset has no review of 5 or 6 stars."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The labels that there are, and how probable each is.

    Attributes:
        labels: k names of classes, k >= 2.
        probabilities: (k) they sum to 1; None if the text holds nothing to read, so that there is no answer.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...] | None

    def __post_init__(self) -> None:
        if len(self.labels) < 2:
            raise ValueError(f"a prediction needs at least two labels, got {self.labels}")
        if self.probabilities is not None and len(self.probabilities) != len(self.labels):
            raise ValueError(f"{len(self.labels)} labels need as many probabilities, got {self.probabilities}")

    @property
    def predicted(self) -> int | None:
        """The most probable label, an index; the last of equal ones, so that 0.5 of two is the second."""
        if self.probabilities is None:
            return None
        return find_predicted(self.probabilities)

    @property
    def label(self) -> str | None:
        """The name of the most probable label."""
        return None if self.predicted is None else self.labels[self.predicted]

    def get_other_label(self, label: int) -> str | None:
        """The other one of two labels, by the index of this one; None if there are more."""
        return self.labels[1 - label] if len(self.labels) == 2 else None

    def get_probability(self, label: int) -> float | None:
        """The probability of a label, by its index."""
        return None if self.probabilities is None else self.probabilities[label]


def find_predicted(probabilities: tuple[float, ...]) -> int:
    """The index of the largest probability, the last of equal ones."""
    return max(range(len(probabilities)), key=lambda label: (probabilities[label], label))
