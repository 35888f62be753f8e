"""Which of several tensors with the same attention weights, or with refined ones, stands for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from attnviz.graph.candidates import Candidate
from attnviz.graph.dataflow import is_among, is_used, refinements_of

Tensor = Any


class WeightCopies(NamedTuple):
    """One attention.

    Attributes:
        first: where the weights are computed.
        shown: of this and its copies the one with the fewest axes, through which alone the answer uses them.
    """

    first: Candidate
    shown: Candidate


class AttentionGroups:
    """The attentions among candidates.

    Args:
        candidates: in the order of the graph.
        outputs: what the model answers.
    """

    def __init__(self, candidates: Sequence[Candidate], outputs: Sequence[Tensor]) -> None:
        self._candidates, self._outputs = candidates, outputs

    def choose(self) -> list[WeightCopies]:
        """The attentions, in the order of the graph.

        Weights that are only a step on the way to others, which are masked or rescaled afterwards, are none, nor is
        what the model answers itself.
        """
        left, chosen = list(self._candidates), list[WeightCopies]()
        while left:
            first = left.pop(0)
            later = self._find_later(first, left)
            copies = [other for other in later if first.equals(other)]
            left = [other for other in left if not any(other is copy for copy in copies)]
            if not (self._is_refined(first, later, copies) or self._is_answer(first) or self._is_pattern(first)):
                chosen.append(WeightCopies(first, self._simplest(first, copies)))
        return chosen

    def is_used(self, candidate: Candidate) -> bool:
        """Whether the model's answer depends on it, other than as a copy of it."""
        return is_used(candidate.tensor, self._outputs)

    def _find_later(self, first: Candidate, others: Sequence[Candidate]) -> list[Candidate]:
        names = {tensor.name for tensor in refinements_of(first.tensor)}
        return [other for other in others if other.tensor.name in names]

    def _is_refined(self, first: Candidate, later: Sequence[Candidate], copies: Sequence[Candidate]) -> bool:
        better = [other for other in later if not any(other is copy for copy in copies)]
        return any(self._stands_for(other, first) for other in better)

    def _is_answer(self, candidate: Candidate) -> bool:
        return is_among(candidate.tensor, self._outputs) and not self.is_used(candidate)

    def _is_pattern(self, candidate: Candidate) -> bool:
        """Whether it is what TensorFlow traced of a loop before it made one operation of all its rounds."""
        return "loop_body" in candidate.tensor.name and not self.is_used(candidate)

    def _simplest(self, first: Candidate, copies: Sequence[Candidate]) -> Candidate:
        able = [copy for copy in copies if self._stands_for(copy, first)]
        return min([first, *able], key=lambda candidate: (not candidate.is_batch_first, len(candidate.sizes)))

    def _stands_for(self, later: Candidate, first: Candidate) -> bool:
        """Whether the answer uses the first through the later one alone."""
        return self.is_used(first) and not is_used(first.tensor, self._outputs, without=[later.tensor.name])
