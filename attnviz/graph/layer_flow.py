"""The layers that a traced model calls, and what flows between them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from attnviz.backend import keras, tf
from attnviz.graph.recorder import Call, Span
from attnviz.graph.traced import TracedModel
from attnviz.values.layer_row import LayerRow

Tensor = Any
Operation = Any

SIZES = frozenset({"Shape", "ShapeN", "Size", "Rank"})
"""Operations that pass on how large a tensor is, and none of its numbers."""

INPUT = 0
"""The place of what the model reads."""


def list_layers(traced: TracedModel, attention: Collection[str] = ()) -> tuple[LayerRow, ...]:
    """What the model reads, and a row for each call of a layer, in the order of the calls.

    Models inside of the model are opened; other layers that call layers are one row. Masks and sizes are no flow. What
    a layer passes on unchanged, as dropout does outside of training, counts from there on as its output.

    Args:
        traced: the model.
        attention: the paths of the layers whose attention weights are shown.
    """
    return tuple(_LayerFlow(traced).list_rows(attention))


class _LayerFlow:
    """Which call made each operation, and which calls each tensor comes from."""

    def __init__(self, traced: TracedModel) -> None:
        self._inputs = traced.inputs
        graph = traced.inputs[0].graph
        self._operations: Sequence[Operation] = graph.get_operations()
        self._source = _find_input(traced)
        self._shown = list(_pair(traced, graph))
        self._makers = {
            self._operations[index].name: place
            for place, (_, span) in enumerate(self._shown, start=1)
            for index in range(span.start, span.stop)
        }
        self._passed: dict[str, int] = {tensor.name: INPUT for tensor in traced.inputs}

    def list_rows(self, attention: Collection[str]) -> Iterator[LayerRow]:
        yield self._source
        counted: set[int] = set()
        for place, (call, span) in enumerate(self._shown, start=1):
            reads = self._find_reads(call, span, place)
            layer = call.layer
            own = 0 if id(layer) in counted else _count_parameters(layer)
            counted.add(id(layer))
            is_shown = any(path == call.path or path.startswith(f"{call.path}/") for path in attention)
            yield LayerRow(call.path, type(layer).__name__, _get_shape(call.outputs), own, reads, is_shown)

    def _find_reads(self, call: Call, span: Span, place: int) -> tuple[int, ...]:
        """The places that the call reads; from now on it is the maker of what it passes on."""
        passed = [leaf for leaf in _leaves(call.outputs) if self._makers.get(leaf.op.name) != place]
        inside = self._operations[span.start : span.stop]
        given = [tensor for operation in inside if operation.type not in SIZES for tensor in operation.inputs]
        reads = set[int]().union(*(self._find_sources(tensor) for tensor in [*given, *passed])) - {place}
        self._passed.update((leaf.name, place) for leaf in passed)
        return tuple(sorted(reads))

    def _find_sources(self, tensor: Tensor) -> set[int]:
        """The places that a tensor comes from, through what no layer made."""
        found, open_ones, seen = set[int](), [tensor], set[str]()
        while open_ones:
            one = open_ones.pop()
            if one.name in seen or one.dtype == tf.bool:
                continue
            seen.add(one.name)
            maker = self._passed.get(one.name, self._makers.get(one.op.name))
            if maker is not None:
                found.add(maker)
            elif one.op.type not in SIZES:
                open_ones.extend(one.op.inputs)
        return found


def _pair(traced: TracedModel, graph: Any) -> Iterator[tuple[Call, Span]]:
    """The calls that have rows, each with its operations: those inside the model, and inside models in it."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for span in traced.spans:
        if span.graph is graph:
            spans[span.path].append(span)
    calls: dict[str, list[Call]] = defaultdict(list)
    for call in traced.calls:
        if not isinstance(call.layer, keras.layers.InputLayer):
            calls[call.path].append(call)
    opened = {path for path, found in calls.items() if path == "" or isinstance(found[0].layer, keras.Model)}
    opened = {path for path in opened if any(other.startswith(f"{path}/") or not path for other in calls if other)}
    shown = [path for path in calls if path and path not in opened and _parents(path) <= opened]
    pairs = [pair for path in shown for pair in zip(calls[path], spans[path], strict=False)]
    return iter(sorted(pairs, key=lambda pair: (pair[1].start, pair[1].stop)))


def _parents(path: str) -> set[str]:
    """The paths of all models around a layer, and '' for the model itself."""
    parts = path.split("/")[:-1]
    return {"/".join(parts[:length]) for length in range(len(parts) + 1)}


def _find_input(traced: TracedModel) -> LayerRow:
    """What the model reads: its own name for it, where it has one."""
    named = [call for call in traced.calls if isinstance(call.layer, keras.layers.InputLayer)]
    call = next((call for call in named if "/" not in call.path), None)
    name = call.path if call else "words"
    return LayerRow(name, "InputLayer", _get_shape(traced.inputs[0]), 0)


def _count_parameters(layer: keras.layers.Layer) -> int:
    """What it learned; of a frozen layer all its numbers, which it learned before."""
    learned = [weight for weight in layer.weights if weight.trainable or not layer.trainable]
    return sum(math.prod(weight.shape) for weight in learned)


def _leaves(outputs: Any) -> list[Tensor]:
    return [leaf for leaf in keras.tree.flatten(outputs) if tf.is_symbolic_tensor(leaf)]


def _get_shape(outputs: Any) -> tuple[int | None, ...]:
    leaves = _leaves(outputs)
    shape = leaves[0].shape if leaves else None
    return () if shape is None or shape.rank is None else tuple(shape.as_list())
