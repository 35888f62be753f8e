"""Other attention weights with the same answer."""

from __future__ import annotations

from dataclasses import dataclass

from attnviz.values.explanation import Explanation


@dataclass(frozen=True, slots=True)
class AdversarialAttention:
    """Attention weights that differ as much as possible from a network's own and leave its answer as it is.

    Attributes:
        own: what the network says, with its own weights.
        other: what the same network says when it is run with the other weights; None for less than two words.
        largest_change: by how much the target's probability was allowed to move.
        divergence: the Jensen-Shannon divergence of the two maps, 0 (the same) to ln 2 = 0.693 (no word in common).
        shuffled: by how much the probability moves when the own weights are dealt out to the words at random, 99 times.
    """

    own: Explanation
    other: Explanation | None
    largest_change: float
    divergence: float = 0.0
    shuffled: tuple[float, ...] = ()

    @property
    def change(self) -> float:
        """By how much the other weights move the target's probability, 0 or more."""
        if self.own.probability is None or self.other is None or self.other.probability is None:
            return 0.0
        return abs(self.other.probability - self.own.probability)
