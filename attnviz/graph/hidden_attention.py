"""Attention that is there and cannot be read, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attnviz.graph.candidates import Candidate
from attnviz.graph.operation_owners import find_owner
from attnviz.graph.operation_places import OperationPlaces
from attnviz.languages import Message, keep
from attnviz.values import finding_forms

Operation = Any
Function = Any


MOST_AXES = 3


def describe_unreadable(candidate: Candidate, path: str = "") -> Message | None:
    """Why attention weights cannot be shown, those of the layer with this path; None if they can."""
    path = path or finding_forms.THE_MODEL
    axes = len(candidate.sizes) - 1
    if not candidate.is_batch_first:
        return keep(finding_forms.MIXED, path=path)
    if axes > MOST_AXES:
        return keep(finding_forms.MANY_AXES, path=path, n=axes, most=MOST_AXES)
    if candidate.axis not in candidate.step_axes:
        return keep(finding_forms.OTHER_STEPS, path=path, n=candidate.sizes[candidate.axis])
    return None


def describe_loops(places: OperationPlaces) -> list[Message]:
    """A sentence for each layer that computes a softmax in a function of TensorFlow: a loop, a branch or a call."""
    callers = [op for op in places.of_model if _list_functions(op)]
    if not callers:
        return []
    library = {f.signature.name: f for f in places.operations[0].graph.as_graph_def().library.function}
    inside = [op for op in callers if _has_softmax(_list_functions(op), library)]
    return list(dict.fromkeys(_describe(places, op) for op in inside))


def _describe(places: OperationPlaces, op: Operation) -> Message:
    return keep(_choose(op.type), path=find_owner(places, op).path or finding_forms.THE_MODEL)


def _choose(kind: str) -> str:
    if "While" in kind:
        return finding_forms.IN_LOOP
    return finding_forms.IN_BRANCH if kind in _BRANCHES else finding_forms.IN_FUNCTION


_BRANCHES = ("If", "StatelessIf", "Case", "StatelessCase")


def _list_functions(op: Operation) -> list[str]:
    """The names of the functions that an operation calls."""
    attributes = op.node_def.attr.values()
    return [name for attribute in attributes for name in _names_in(attribute)]


def _names_in(attribute: Any) -> list[str]:
    functions = [attribute.func, *attribute.list.func]
    return [function.name for function in functions if function.name]


def _has_softmax(names: Iterable[str], library: dict[str, Function]) -> bool:
    return any(node.op in ("Softmax", "LogSoftmax") for node in _walk(names, library, set()))


def _walk(names: Iterable[str], library: dict[str, Function], seen: set[str]) -> Iterator[Any]:
    """The operations of functions and of those that they call."""
    for name in names:
        if name in library and name not in seen:
            seen.add(name)
            for node in library[name].node_def:
                yield node
                inner = [inside for attribute in node.attr.values() for inside in _names_in(attribute)]
                yield from _walk(inner, library, seen)
