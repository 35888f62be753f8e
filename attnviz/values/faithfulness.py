"""How far scores can be trusted on one text, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from attnviz.values.prediction import Prediction

LEVEL = 0.05
"""How often a map that knows nothing of the words may pass any test of those that are made at a time."""

ENOUGH = 39
"""Maps of one kind, so that whoever beats them all is at LEVEL / 2."""


class Compared(NamedTuple):
    """A number beside what maps get on the same text that know nothing of its words.

    Attributes:
        value: the number itself.
        random: the mean of those maps.
        beaten: how many of them it beats.
        draws: of how many.
        drawn: what those maps get, to draw them.
        kinds: `beaten` and `draws` of each kind of those maps by itself.
    """

    value: float
    random: float
    beaten: int
    draws: int
    drawn: tuple[float, ...] = ()
    kinds: tuple[tuple[int, int], ...] = ()

    @property
    def chance(self) -> float:
        """The p-value: how often one more such map would beat as many (Davison & Hinkley 1997, section 4.2.1).

        That of the kind which is hardest to beat, so that one more map of any kind passes as seldom as is said; kinds
        with fewer maps than ENOUGH could pass no test and are looked at together only.
        """
        told = [(self.beaten, self.draws), *(kind for kind in self.kinds if kind[1] >= ENOUGH)]
        return max((1 + draws - beaten) / (1 + draws) for beaten, draws in told)


def find_better(tests: Sequence[Compared]) -> list[bool]:
    """Which of some numbers are shown to be better than chance, all of them together at LEVEL (Holm 1979).

    The best one has to pass LEVEL / tests, the next LEVEL / (tests - 1), up to the first that fails.
    """
    order = sorted(range(len(tests)), key=lambda place: tests[place].chance)
    passes = [tests[place].chance <= LEVEL / (len(tests) - step) for step, place in enumerate(order)]
    passed = order[: (*passes, False).index(False)]
    return [place in passed for place in range(len(tests))]


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
        orders: how many orders of so many words the first two can tell apart, counted up to a million; with few, as in
            a short text, random maps are often as good as the best one.
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
    orders: int = 0

    @property
    def probability(self) -> float | None:
        """The probability of `answer`; None where the classifier has no answer."""
        found = self.prediction.probabilities
        return None if found is None else found[self.answer]

    @property
    def too_short(self) -> bool:
        """Whether the text has so few orders that even the best one can't be told from chance."""
        return self.orders < 2 / LEVEL

    def find_better(self) -> dict[str, bool]:
        """Which numbers are shown to be better than chance, by their name here or by that of the other method.

        Comprehensiveness and sufficiency are tested together, and so are the agreements.
        """
        erased = {"comprehensiveness": self.comprehensiveness, "sufficiency": self.sufficiency}
        tests = {} if self.too_short else {name: numbers for name, numbers in erased.items() if numbers}
        return dict.fromkeys(erased, False) | _find_better(tests) | _find_better(self.agreement)


def _find_better(tests: Mapping[str, Compared]) -> dict[str, bool]:
    return dict(zip(tests, find_better(list(tests.values())), strict=True))


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
