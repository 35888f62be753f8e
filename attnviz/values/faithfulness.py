"""How far scores can be trusted on one text, as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple


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
        words: how many of its words the network read; with fewer than two nothing can be compared.
        probability: of a positive review; None if there is no word.
        method, model: whose scores were measured.
        comprehensiveness: how much of the answer's probability is lost without the highest words; large is good.
        sufficiency: how much is lost with them alone; small is good.
        agreement: by another method's name, Kendall's tau-b of the absolute scores with its own, -1 to 1; a method is
            missing where all of its scores are equal.
    """

    text: str
    words: int
    probability: float | None
    method: str
    model: str
    comprehensiveness: Compared | None = None
    sufficiency: Compared | None = None
    agreement: Mapping[str, Compared] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Faithfulness:
        """The inverse of `to_dict`, also after a journey as JSON."""
        known = dict(data)
        for name in ("comprehensiveness", "sufficiency"):
            known[name] = known[name] and Compared(*known[name])
        known["agreement"] = {name: Compared(*numbers) for name, numbers in known["agreement"].items()}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class ErasureCurve:
    """What becomes of an answer while the words of its text are taken away one after the other.

    Attributes:
        text: exactly what was given.
        probability: of a positive review; None if there is no word, and then everything below is empty.
        method, model: whose scores order the words.
        order: (words,) the places of the words that were read, those that speak most for the answer first.
        counts: how many words are taken, from 0 to all.
        without, alone: (counts,) the probability without that many first words of the order, and with them alone.
        random_without, random_alone: (counts,) the same as means over random orders.
        turn: the smallest of the counts without which the answer is the other one, while there is still a word to
            read; None if it never is.
        support: the smallest of the counts from which on the first words alone give the answer.
        random_turns, random_supports: the same of each random order by itself; their mean curve turns elsewhere.
    """

    text: str
    probability: float | None
    method: str
    model: str
    order: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    without: tuple[float, ...] = ()
    alone: tuple[float, ...] = ()
    random_without: tuple[float, ...] = ()
    random_alone: tuple[float, ...] = ()
    turn: int | None = None
    support: int = 0
    random_turns: tuple[int | None, ...] = ()
    random_supports: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ErasureCurve:
        """The inverse of `to_dict`, also after a journey as JSON."""
        known: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in data.items()}
        return cls(**known)
