"""How far scores can be trusted on one text, as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from attnviz.values.prediction import Prediction


class Compared(NamedTuple):
    """A number, and the mean and standard deviation of what random scores get on the same text."""

    value: float
    random: float
    spread: float


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """How far the scores of a method can be trusted on one text.

    Attributes:
        text: exactly what was given.
        words: how many of its words the classifier read; with fewer than two nothing can be compared.
        prediction: what it said.
        answer: the label whose probability the words are measured by, an index: the predicted one, or where signed
            scores speak for another of more than two labels, that one.
        method, model: whose scores were measured.
        comprehensiveness: how much of the answer's probability is lost without the highest words; large is good.
        sufficiency: how much is lost with them alone; small is good.
        agreement: by another method's name, Kendall's tau-b of the absolute scores with its own, -1 to 1; a method is
            missing where all of its scores are equal.
    """

    text: str
    words: int
    prediction: Prediction
    answer: int
    method: str
    model: str
    comprehensiveness: Compared | None = None
    sufficiency: Compared | None = None
    agreement: Mapping[str, Compared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErasureCurve:
    """What becomes of an answer while the words of its text are taken away one after the other.

    Attributes:
        text: exactly what was given.
        prediction: what the classifier says of the whole text; without an answer everything below is empty.
        target: the label whose probability the curves show.
        method, model: whose scores order the words.
        order: (words,) the places of the words that were read, those that speak most for the answer first.
        counts: how many words are taken, from 0 to all.
        without, alone: (counts,) the target's probability without that many first words of the order, and with them
            alone; None where the classifier gives no number, as some do for a text without words.
        random_without, random_alone: (counts,) the same as means over random orders.
        flip_count: the smallest of the counts without which another label is the answer, while there is still a word to
            read; None if it never is.
        flipped_to: that label, an index.
        sufficient_count: the smallest of the counts from which on the first words alone give the answer.
        random_flip_counts, random_sufficient_counts: the same of each random order by itself; their mean curve turns
            elsewhere.
        blank: the answer to a text without any word, an index; None if it has none.
    """

    text: str
    prediction: Prediction
    target: int
    method: str
    model: str
    order: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    without: tuple[float | None, ...] = ()
    alone: tuple[float | None, ...] = ()
    random_without: tuple[float | None, ...] = ()
    random_alone: tuple[float | None, ...] = ()
    flip_count: int | None = None
    flipped_to: int | None = None
    sufficient_count: int = 0
    random_flip_counts: tuple[int | None, ...] = ()
    random_sufficient_counts: tuple[int, ...] = ()
    blank: int | None = None

    @property
    def label(self) -> str:
        """The name of the target."""
        return self.prediction.labels[self.target]
