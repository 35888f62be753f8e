"""The table of layers that the browser's code knows, and a Keras model's layers in its terms.

It reads configurations only, as `config.json` in a .keras file and `model.to_json()` have them, without TensorFlow.
Padding is never sent to the browser's network, so the operations that only make masks have no counterpart there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from attnviz.errors import AttnvizError
from attnviz.languages import tr

Config = Mapping[str, Any]


class NotExportable(AttnvizError):
    """This network answers from the server; the message says why, in one sentence."""


@dataclass(frozen=True)
class Kind:
    """A row of the table.

    Attributes:
        name: what the browser's code calls it.
        tensors: its weights in Keras' order.
        places: the groups of an .h5 file that hold them, under the layer's own.
        settings: from the layer's configuration to what the browser's code needs of it.
        required: settings that must have one of these values; another one is computed in another way.
        optional: for each tensor that may be missing, the setting that says so.
    """

    name: str
    tensors: tuple[str, ...] = ()
    places: tuple[str, ...] = ("vars",)
    settings: tuple[str, ...] = ()
    required: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    optional: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ExportedLayer:
    """A layer as the network file describes it.

    Attributes:
        name, kind: its own name, and its row of the table.
        inputs: the names of the layers that it reads.
        settings: what the browser's code needs of its configuration.
        tensors: the names of its weights, in Keras' order.
        groups: where an .h5 file of weights holds them, one group after the other.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    settings: Mapping[str, Any]
    tensors: tuple[str, ...]
    groups: tuple[str, ...]


_LSTM = {
    "activation": ("tanh",),
    "recurrent_activation": ("sigmoid",),
    "use_bias": (True,),
    "go_backwards": (False,),
    "return_state": (False,),
    "stateful": (False,),
}
_SUM = ("kernel", "bias")

KINDS: Mapping[str, Kind] = {
    "InputLayer": Kind("words"),
    "Embedding": Kind("embedding", ("table",)),
    "Dropout": Kind("same"),
    "PositionEmbedding": Kind("positions", ("table",)),
    "LSTM": Kind("lstm", ("kernel", "recurrent", "bias"), ("cell/vars",), ("return_sequences",), _LSTM),
    "Bidirectional": Kind(
        "bilstm",
        tuple(f"{way}_{name}" for way in ("forward", "backward") for name in ("kernel", "recurrent", "bias")),
        ("forward_layer/cell/vars", "backward_layer/cell/vars"),
        (),
        {"merge_mode": ("concat",)},
    ),
    "LastState": Kind("last_state"),
    "LuongAttention": Kind("luong", ("kernel",)),
    "DotProductAttention": Kind("dot_product", ("query_kernel", "key_kernel")),
    "AdditiveAttention": Kind("additive", _SUM),
    "FeaturewiseAttention": Kind("featurewise", _SUM),
    "MultiHeadWeights": Kind("multi_head_weights", settings=("heads",)),
    "MultiHeadSum": Kind("multi_head_sum"),
    "WeightedSum": Kind("weighted_sum"),
    "MaskedMean": Kind("masked_mean"),
    "Concatenate": Kind("concatenate", required={"axis": (-1,)}),
    "Add": Kind("add"),
    "LayerNormalization": Kind(
        "layer_norm",
        ("gamma", "beta"),
        settings=("epsilon",),
        required={"axis": ([-1], -1), "center": (True,), "scale": (True,)},
    ),
    "Dense": Kind(
        "dense",
        _SUM,
        settings=("activation",),
        required={"activation": ("linear", "relu", "tanh", "sigmoid", "softmax")},
        optional={"bias": "use_bias"},
    ),
}
"""The layers that the browser's code computes, by their class."""

MASKS = ("NotEqual", "LogicalOr")
"""Operations that only tell words from padding."""


def export_layers(model: Config) -> tuple[ExportedLayer, ...]:
    """The layers of a functional model, in an order in which each stands behind those that it reads.

    Args:
        model: its configuration, with 'class_name' and 'config'.

    Raises:
        NotExportable: the table lacks one of its layers, or one is set as the browser's code does not compute it.
    """
    if model.get("class_name") != "Functional":
        raise refuse(tr("it is a {kind} model, not a functional one", kind=model.get("class_name")))
    count = _counter()
    places = [(layer, count(str(layer["class_name"]))) for layer in model["config"]["layers"]]
    left = [_export_layer(layer, place) for layer, place in places if layer["class_name"] not in MASKS]
    layers = tuple(_sort(left))
    _check_answer(layers)
    return layers


def _check_answer(layers: Sequence[ExportedLayer]) -> None:
    """The answer must be what the last layer gives, as probabilities."""
    read = {name for layer in layers for name in layer.inputs}
    if unread := [layer.name for layer in layers[:-1] if layer.name not in read]:
        raise refuse(tr("its layer {layer} is read by no other one", layer=repr(unread[0])))
    if layers[-1].settings.get("activation") not in ("sigmoid", "softmax"):
        raise refuse(tr("its last layer {layer} gives no probabilities", layer=repr(layers[-1].name)))


def refuse(reason: str) -> NotExportable:
    """What is raised for a reason that stands behind a colon."""
    return NotExportable(tr("This network answers from the server: {reason}.", reason=reason))


def _counter() -> Callable[[str], str]:
    """Names as Keras gives them to the groups of an .h5 file: the class, and from the second on its number."""
    seen: dict[str, int] = {}

    def name(class_name: str) -> str:
        snake = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", class_name)
        snake = re.sub("([a-z])([A-Z])", r"\1_\2", snake).lower()
        number = seen[snake] = seen.get(snake, -1) + 1
        return f"{snake}_{number}" if number else snake

    return name


def _export_layer(layer: Config, place: str) -> ExportedLayer:
    class_name, config = str(layer["class_name"]), layer["config"]
    kind = KINDS.get(class_name)
    if kind is None:
        layer_name = repr(config["name"])
        raise refuse(
            tr("the browser's code does not know its layer {layer} ({kind})", layer=layer_name, kind=class_name)
        )
    _check_settings(config, kind.required, config["name"])
    return ExportedLayer(
        config["name"],
        kind.name,
        tuple(dict.fromkeys(_find_inputs(layer))) if kind.name != "add" else tuple(_find_inputs(layer)),
        {**{name: config[name] for name in kind.settings}, **_read_inner(class_name, config)},
        tuple(name for name in kind.tensors if config.get(kind.optional.get(name, ""), True)),
        tuple(f"layers/{place}/{group}" for group in kind.places),
    )


def _check_settings(config: Config, required: Mapping[str, tuple[Any, ...]], name: str) -> None:
    for setting, values in required.items():
        if config.get(setting) not in values:
            raise refuse(
                tr(
                    "the browser's code knows no {setting} {value}, as its layer {layer} has it",
                    setting=setting,
                    value=repr(config.get(setting)),
                    layer=repr(name),
                )
            )


def _read_inner(class_name: str, config: Config) -> Config:
    """What the two layers of a Bidirectional say."""
    if class_name != "Bidirectional":
        return {}
    pair = config["layer"], config["backward_layer"]
    for layer, backwards in zip(pair, (False, True), strict=True):
        if layer["class_name"] != "LSTM":
            kind = layer["class_name"]
            raise refuse(tr("the browser's code reads both ways with LSTM layers only, not with {kind}", kind=kind))
        _check_settings(layer["config"], {**_LSTM, "go_backwards": (backwards,)}, config["name"])
    return {"return_sequences": config["layer"]["config"]["return_sequences"]}


def _find_inputs(layer: Config) -> Iterator[str]:
    """The names of the layers whose outputs a layer is called on; masks come as keywords."""
    if len(layer["inbound_nodes"]) > 1:
        raise refuse(tr("its layer {layer} is used more than once", layer=repr(layer["config"]["name"])))
    for node in layer["inbound_nodes"]:
        yield from _find_tensors(node["args"])


def _find_tensors(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
        yield value["config"]["keras_history"][0]
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _find_tensors(item)


def _sort(left: list[ExportedLayer]) -> Iterator[ExportedLayer]:
    done: set[str] = set()
    while left:
        ready = [layer for layer in left if done.issuperset(layer.inputs)]
        if not ready:
            raise refuse(tr("its layer {layer} reads something that is no layer", layer=repr(left[0].name)))
        yield from ready
        done.update(layer.name for layer in ready)
        left = [layer for layer in left if layer.name not in done]
