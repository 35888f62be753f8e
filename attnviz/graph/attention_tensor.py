"""A tensor of a model that behaves as attention weights, to be found again in any trace of that model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attnviz.errors import SettingError
from attnviz.graph.operation_places import OperationPlaces, Place
from attnviz.graph.traced import TracedModel
from attnviz.values.found_attention import FoundAttention

Tensor = Any


@dataclass(frozen=True, slots=True)
class AttentionTensor:
    """Attention weights (batch, ...) in the graph of a model. What the model answers uses them through this tensor
    alone, so that it can be replaced.

    Attributes:
        found: what is known of them.
        axes: what each axis after the batch is: 'tokens', 'queries', 'heads' or 'features'. An axis of length 1 that
            means nothing has a name here, so that the axes are complete, and none in `found.axes`.
        place: where the operation stands that makes them.
        output: which output of it they are.
    """

    found: FoundAttention
    axes: tuple[str, ...]
    place: Place
    output: int = 0

    @property
    def name(self) -> str:
        """The name that `found` has."""
        return self.found.name

    def locate(self, traced: TracedModel) -> Tensor:
        """The tensor in any trace of the same model.

        Raises:
            SettingError: the trace is one of another model.
        """
        tensor = OperationPlaces(traced).find(self.place).outputs[self.output]
        if tensor.shape.rank is not None and tensor.shape.rank != len(self.axes) + 1:
            raise SettingError(f"{self.name} has axes {self.axes} after the batch, here its shape is {tensor.shape}.")
        return tensor
