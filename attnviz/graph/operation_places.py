"""Where an operation stands in a model: in which layer, in which call of it, the how-manieth of its kind.

That place is the same in every trace of a model, while names and numbers of operations are not: other kernels of a
layer, or sizes that are known beforehand, make other operations around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from attnviz.errors import SettingError
from attnviz.graph.recorder import Span
from attnviz.graph.traced import TracedModel

Operation = Any


class Place(NamedTuple):
    """Where an operation stands.

    Attributes:
        path: of the innermost layer whose call made it; '' for the model itself.
        call: which of the calls of that path, from 0.
        kind: the type of the operation, as TensorFlow names it.
        number: which of that type among the call's own, from 0; those of layers that it calls do not count.
    """

    path: str
    call: int
    kind: str
    number: int


class OperationPlaces:
    """The places of the operations of a traced model.

    Attributes:
        operations: all of them, in the order in which they were made.
        of_model: those that the model's call made; what was built later is not among them.
    """

    def __init__(self, traced: TracedModel) -> None:
        graph = traced.inputs[0].graph
        self.operations: Sequence[Operation] = graph.get_operations()
        self._spans = [span for span in traced.spans if span.graph is graph]
        self.of_model = self.operations[: max((span.stop for span in self._spans), default=None)]
        self._owners = _find_owners(self._spans, len(self.operations))
        self._indices = {operation.name: index for index, operation in enumerate(self.operations)}

    def index(self, operation: Operation) -> int:
        """The place of the operation in `operations`."""
        return self._indices[operation.name]

    def around(self, operation: Operation) -> list[tuple[str, Any]]:
        """Path and layer of each call that the operation is in, the innermost first."""
        index = self.index(operation)
        spans = [span for span in self._spans if span.start <= index < span.stop]
        return [(span.path, span.reference()) for span in spans]

    def place(self, operation: Operation) -> Place:
        """Where the operation stands."""
        owner = self._owners[self.index(operation)]
        own = self._own(owner, operation.type)
        path = "" if owner < 0 else self._spans[owner].path
        return Place(path, self._calls(path).index(owner), operation.type, own.index(self.index(operation)))

    def find(self, place: Place) -> Operation:
        """The operation at a place.

        Raises:
            SettingError: there is none, since the model is another one.
        """
        calls = self._calls(place.path)
        own = self._own(calls[place.call], place.kind) if place.call < len(calls) else []
        if place.number >= len(own):
            raise SettingError(f"The model computes no {place.kind} where {place.path or 'it'} had one.")
        return self.operations[own[place.number]]

    def _calls(self, path: str) -> list[int]:
        """The spans of that path in the order of the calls; -1 stands for what no layer made."""
        calls = [index for index, span in enumerate(self._spans) if span.path == path]
        return ([] if path else [-1]) + sorted(calls, key=lambda index: self._spans[index].start)

    def _own(self, owner: int, kind: str) -> list[int]:
        return [i for i, by in enumerate(self._owners) if by == owner and self.operations[i].type == kind]


def _find_owners(spans: Sequence[Span], count: int) -> list[int]:
    """For each operation the innermost span that it is in: the inner ones come first in the order of spans."""
    owners = [-1] * count
    for number, span in enumerate(spans):
        for index in range(span.start, min(span.stop, count)):
            owners[index] = number if owners[index] < 0 else owners[index]
    return owners
