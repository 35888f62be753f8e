"""An attention that was found in somebody's model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundAttention:
    """A tensor of a model that behaves as attention weights: not negative, a sum of 1 over the steps.

    Attributes:
        name: of this attention alone: the path of its layer, with a number where the layer has several.
        layer: the path of the layer that computes it, 'outer/inner'.
        kind: the class of that layer.
        axes: what the tensor's axes after the batch are: 'tokens', and 'features', 'heads', 'queries' where there are
            such.
        maps: how many heads or features it has; 1 if it has no such axis.
        entropy: mean entropy of its weights over the logarithm of the steps: 1 is an even share, 0 a single step; None
            where it was not measured.
        reaches_output: whether what the model answers depends on it.
    """

    name: str
    layer: str
    kind: str
    axes: tuple[str, ...]
    maps: int
    entropy: float | None
    reaches_output: bool

    @property
    def is_matrix(self) -> bool:
        """Whether there are several queries: one a step, or a few of the model's own."""
        return "queries" in self.axes
