"""The layers that the browser's code computes, by the class of the Keras layer: what it is told of each.

A layer or a setting outside of this table is not exportable; whoever uses such a network asks the server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from attnviz.errors import AttnvizError

Settings = Mapping[str, Any]

ACTIVATIONS = ("linear", "tanh", "relu", "sigmoid", "softmax")
MASKS = ("NotEqual", "LogicalOr")
"""Operations that make masks. The browser reads words only, no padding, so that there is nothing to mask."""


class NotExportable(AttnvizError):
    """A network that does not run in the browser; the message says why."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This network answers from the server only: {why}.")


@dataclass(frozen=True, slots=True)
class LayerKind:
    """A layer of the table.

    Attributes:
        kind: what the browser's code calls it.
        fixed: settings of the Keras layer that must have these values, where it has them.
        settings: those that the browser's code is told, by name.
        weights: where its weights are in the file, below the layer's own place, in the browser's order.
    """

    kind: str
    fixed: Settings
    settings: Callable[[Settings], dict[str, Any]]
    weights: Callable[[Settings], tuple[str, ...]]


def _numbered(count: int) -> Callable[[Settings], tuple[str, ...]]:
    return lambda _: tuple(f"vars/{number}" for number in range(count))


def _keep(*names: str) -> Callable[[Settings], dict[str, Any]]:
    return lambda config: {name: config[name] for name in names}


def _dense_weights(config: Settings) -> tuple[str, ...]:
    return ("vars/0", "vars/1") if config["use_bias"] else ("vars/0",)


_CELL = tuple(f"cell/vars/{number}" for number in range(3))
_LSTM = {
    "activation": "tanh",
    "use_bias": True,
    "go_backwards": False,
    "return_state": False,
    "stateful": False,
}
_PLAIN = LayerKind("same", {}, _keep(), _numbered(0))

TABLE: Mapping[str, LayerKind] = {
    "InputLayer": LayerKind("words", {}, _keep(), _numbered(0)),
    "Embedding": LayerKind("embedding", {}, _keep(), _numbered(1)),
    "Dropout": _PLAIN,
    "LSTM": LayerKind("lstm", _LSTM, _keep("return_sequences"), lambda _: _CELL),
    "Bidirectional": LayerKind(
        "two_lstms",
        {"merge_mode": "concat"},
        lambda config: {"return_sequences": config["layer"]["config"]["return_sequences"]},
        lambda _: tuple(f"{way}_layer/{place}" for way in ("forward", "backward") for place in _CELL),
    ),
    "Dense": LayerKind("dense", {}, _keep("activation"), _dense_weights),
    "Concatenate": LayerKind("concatenate", {"axis": -1}, _keep(), _numbered(0)),
    "Add": LayerKind("add", {}, _keep(), _numbered(0)),
    "LayerNormalization": LayerKind(
        "normalize", {"axis": [-1], "center": True, "scale": True, "rms_scaling": False}, _keep("epsilon"), _numbered(2)
    ),
    "AdditiveAttention": LayerKind("additive", {}, _keep(), _numbered(2)),
    "LuongAttention": LayerKind("luong", {}, _keep(), _numbered(1)),
    "DotProductAttention": LayerKind("dot_product", {}, _keep(), _numbered(2)),
    "FeaturewiseAttention": LayerKind("featurewise", {}, _keep(), _numbered(2)),
    "WeightedSum": LayerKind("weighted_sum", {}, _keep(), _numbered(0)),
    "LastState": LayerKind("last", {}, _keep(), _numbered(0)),
    "PositionEmbedding": LayerKind("place", {}, _keep(), _numbered(1)),
    "MultiHeadWeights": LayerKind("heads", {}, _keep("heads"), _numbered(0)),
    "MultiHeadSum": LayerKind("heads_sum", {}, _keep(), _numbered(0)),
    "MaskedMean": LayerKind("mean", {}, _keep(), _numbered(0)),
}


def find_kind(class_name: str, config: Settings, registered: str | None) -> LayerKind:
    """The row of the table for a layer of a Keras model.

    Args:
        class_name, config: as the model's config.json has them.
        registered: the name under which its class is registered, '' or None for Keras' own.

    Raises:
        NotExportable: the table has no such layer, or not with these settings.
    """
    own = registered == f"attnviz>{class_name}"
    row = TABLE.get(class_name)
    if row is None or (registered and not own):
        raise NotExportable(f"the browser's code has no layer {class_name}")
    _check(class_name, config, row.fixed)
    if class_name == "Bidirectional":
        _check_inner(config["layer"])
    if config.get("activation", "linear") not in ACTIVATIONS:
        raise NotExportable(f"the browser's code has no activation {config['activation']!r} ({config.get('name')})")
    return row


def _check(class_name: str, config: Settings, fixed: Settings) -> None:
    for name, value in fixed.items():
        if config.get(name, value) != value:
            raise NotExportable(f"the browser's code has no {class_name} with {name}={config[name]!r}")
    if class_name == "LSTM" and config.get("recurrent_activation") != "sigmoid":
        raise NotExportable("the browser's code has no LSTM with another recurrent activation than sigmoid")


def _check_inner(layer: Settings) -> None:
    if layer["class_name"] != "LSTM":
        raise NotExportable(f"the browser's code has no Bidirectional of {layer['class_name']}")
    _check("LSTM", layer["config"], _LSTM)
