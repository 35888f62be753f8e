"""The outputs of a model's layers by name, from a graph that is traced once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attnviz.backend import keras, tf
from attnviz.graph.recorder import Call
from attnviz.graph.traced import TracedModel

Tensor = Any
Spec = Any


class Probe:
    """A traced model with the outputs of its layers by name. It does not keep the model alive.

    Args:
        model: a Keras model.
        structure: what the model takes, with anything in the places of the tensors.
        specs: the `tf.TensorSpec` of each, flat.

    Attributes:
        traced: the graph.
        outputs: {path of a layer: tensor, or a list of tensors}, in the order of the model's layers.
        hidden: the paths of the layers that are called inside a loop or a branch of TensorFlow.
    """

    def __init__(self, model: keras.Model, structure: Any, specs: Sequence[Spec]) -> None:
        self.specs = tuple(specs)
        self._structure = get_structure(structure)
        self.traced = TracedModel(model, keras.tree.pack_sequence_as(structure, list(specs)))
        found = {path: self._read_calls(calls) for path, calls in _group(self.traced.calls).items()}
        self.hidden = [path for path, tensors in found.items() if _is_hidden(tensors)]
        given = [path for path, tensors in found.items() if keras.tree.flatten(tensors)]  # the others return None
        self.outputs = {path: found[path] for path in given if path not in self.hidden}

    def takes(self, structure: Any, tensors: Sequence[Tensor]) -> bool:
        """Whether it can be asked about these inputs."""
        same = self._structure == get_structure(structure)
        return same and all(spec.is_compatible_with(tensor) for spec, tensor in zip(self.specs, tensors, strict=True))

    def read(self, tensors: Sequence[Tensor], paths: Sequence[str]) -> dict[str, Any]:
        """{path: tensor, or a list of tensors} for these inputs."""
        wanted = {path: self.outputs[path] for path in paths}
        function = self.traced.function(self.traced.inputs, keras.tree.flatten(wanted))
        return keras.tree.pack_sequence_as(wanted, function(*tensors))

    def _read_calls(self, calls: Sequence[Call]) -> Any:
        return _without_list([_without_list(self._read_outputs(call)) for call in calls])

    def _read_outputs(self, call: Call) -> list[Tensor | None]:
        return [self._reach(leaf) for leaf in keras.tree.flatten(call.outputs) if leaf is not None]

    def _reach(self, leaf: Any) -> Tensor | None:
        """The output as a tensor of the graph; None for that of another graph."""
        if self.traced.has(leaf):
            return leaf
        if tf.is_symbolic_tensor(leaf) or isinstance(leaf, (tf.RaggedTensor, tf.SparseTensor)):
            return None
        return self.traced.extend(lambda: tf.identity(leaf))


def _is_hidden(tensors: Any) -> bool:
    return any(tensor is None for tensor in keras.tree.flatten(tensors))


def get_structure(x: Any) -> Any:
    """`x` with 0 in place of whatever it holds."""
    return keras.tree.map_structure(lambda _: 0, x)


def _group(calls: Sequence[Call]) -> dict[str, list[Call]]:
    """{path: its calls}: a layer before those inside it, else in the order of a model's layers, else of the calls."""
    groups: dict[str, list[Call]] = {}
    for call in calls:
        groups.setdefault(call.path, []).append(call)
    positions = {path: position for position, path in enumerate(groups)}

    def rank(path: str) -> tuple[int, ...]:
        around = path.rpartition("/")[0]
        inside = _get_layers(groups.get(around, []))
        layer = groups[path][0].layer
        place = next((i for i, other in enumerate(inside) if other is layer), len(inside) + positions[path])
        return (*rank(around), place) if around in groups and around else (place,)

    return {path: groups[path] for path in sorted(groups, key=rank) if path}


def _get_layers(calls: Sequence[Call]) -> Sequence[keras.layers.Layer]:
    return calls[0].layer.layers if calls and isinstance(calls[0].layer, keras.Model) else ()


def _without_list(tensors: list[Any]) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors
