"""Other attention weights with the same answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from attnviz.values.explanation import Explanation


@dataclass(frozen=True, slots=True)
class OtherMap:
    """Attention weights that differ as much as possible from a network's own and leave its answer as it is.

    Attributes:
        own: what the network says, with its own weights.
        other: what the same network says when it is run with the other weights; None for less than two words.
        largest_change: by how much the probability was allowed to move.
        divergence: the Jensen-Shannon divergence of the two maps, 0 (the same) to ln 2 = 0.693 (no word in common).
        shuffled, spread: by how much the probability moves when the own weights are dealt out to the words at random,
            the mean and the standard deviation of 20 times.
    """

    own: Explanation
    other: Explanation | None
    largest_change: float
    divergence: float = 0.0
    shuffled: float = 0.0
    spread: float = 0.0

    @property
    def change(self) -> float:
        """By how much the other weights move the probability, 0 or more."""
        if self.own.probability is None or self.other is None or self.other.probability is None:
            return 0.0
        return abs(self.other.probability - self.own.probability)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        numbers = {name: getattr(self, name) for name in ("largest_change", "divergence", "shuffled", "spread")}
        return {"own": self.own.to_dict(), "other": self.other and self.other.to_dict(), **numbers}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> OtherMap:
        """The inverse of `to_dict`."""
        other = data["other"] and Explanation.from_dict(data["other"])
        return cls(**{**data, "own": Explanation.from_dict(data["own"]), "other": other})
