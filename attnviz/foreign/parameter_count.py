"""How many parameters a configuration states, counted without Keras.

It is a lower bound: the width of a layer's input is taken from where Keras notes it (`build_config`), and as 1 where it
does not; what is not listed here counts nothing. Honest models never count more than they have, so whatever counts more
than the file carries weights for is refused before Keras takes memory for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

from attnviz.errors import ModelFileError
from attnviz.foreign.model_config import walk
from attnviz.languages import tr
from attnviz.render.numerals import format_count

MAX_PARAMETERS = 150_000_000
"""BERT's base size has 110 million."""

_SLACK = 10_000
_SPARSEST = 2
"""Parameters a byte at most: Keras' smallest number format has 4 bits."""

Settings = Mapping[str, Any]


def count_parameters(config: Settings) -> int:
    """The parameters that the layers of a configuration state, at least; a layer that is shared counts once."""
    counted: dict[object, int] = {}
    for position, (_, value) in enumerate(walk(config)):
        if isinstance(value, Mapping) and isinstance(value.get("config"), Mapping):
            shared = value.get("shared_object_id")
            key = position if shared is None else (str(value.get("class_name")), str(shared))
            counted[key] = _count_layer(value)
    return sum(counted.values())


def check_parameters(parameters: int, weight_bytes: int) -> None:
    """Compare what the layers state with what the file carries.

    Raises:
        ModelFileError: there are too many, or more than the file has weights for.
    """
    if parameters > MAX_PARAMETERS:
        raise ModelFileError(
            tr(
                "The model has {n} parameters; at most {most} are opened.",
                n=format_count(parameters),
                most=format_count(MAX_PARAMETERS),
            )
        )
    if parameters > weight_bytes * _SPARSEST + _SLACK:
        raise ModelFileError(
            tr(
                "The layers state {n} parameters, but the file holds only {bytes} bytes of weights.",
                n=format_count(parameters),
                bytes=format_count(weight_bytes),
            )
        )


def _count_layer(layer: Settings) -> int:
    count = _COUNTS.get(str(layer.get("class_name")))
    return count(layer["config"], _get_width(layer)) if count else 0


def _get_width(layer: Settings) -> int:
    """The last axis of what the layer reads; 1 if nobody says."""
    built = layer.get("build_config")
    shape = built.get("input_shape") if isinstance(built, Mapping) else None
    return _as_size(shape[-1]) if isinstance(shape, list) and shape else 1


def _as_size(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 1


def _size(settings: Settings, *names: str) -> int:
    """The product of settings that are sizes; lists of sizes count as their products."""
    found = (settings.get(name) for name in names)
    return prod(prod(map(_as_size, one)) if isinstance(one, list) else _as_size(one) for one in found)


def _count_recurrent(gates: int) -> Callable[[Settings, int], int]:
    return lambda settings, width: gates * _size(settings, "units") * (_size(settings, "units") + width)


def _count_heads(settings: Settings, width: int) -> int:
    return 4 * _size(settings, "num_heads", "key_dim") * width


def _count_backbone(settings: Settings, width: int) -> int:
    hidden, inner = _size(settings, "hidden_dim"), _size(settings, "intermediate_dim")
    return hidden * (_size(settings, "vocabulary_size") + 2 * inner)


_COUNTS: Mapping[str, Callable[[Settings, int], int]] = {
    "Dense": lambda settings, width: _size(settings, "units") * width,
    "EinsumDense": lambda settings, width: _size(settings, "output_shape"),
    "Embedding": lambda settings, width: _size(settings, "input_dim", "output_dim"),
    "ReversibleEmbedding": lambda settings, width: _size(settings, "input_dim", "output_dim"),
    "TokenAndPositionEmbedding": lambda settings, width: _size(settings, "vocabulary_size", "embedding_dim"),
    "Conv1D": lambda settings, width: _size(settings, "filters", "kernel_size") * width // _size(settings, "groups"),
    "Conv2D": lambda settings, width: _size(settings, "filters", "kernel_size") * width // _size(settings, "groups"),
    "Conv1DTranspose": lambda settings, width: _size(settings, "filters", "kernel_size") * width,
    "SeparableConv1D": lambda settings, width: _size(settings, "filters") * width,
    **dict.fromkeys(("LSTM", "LSTMCell"), _count_recurrent(4)),
    **dict.fromkeys(("GRU", "GRUCell"), _count_recurrent(3)),
    **dict.fromkeys(("SimpleRNN", "SimpleRNNCell"), _count_recurrent(1)),
    **dict.fromkeys(("MultiHeadAttention", "GroupQueryAttention"), _count_heads),
    **dict.fromkeys(
        ("AlbertBackbone", "BertBackbone", "DistilBertBackbone", "GPT2Backbone", "RobertaBackbone"), _count_backbone
    ),
}
"""Parameters of a layer by its class, from its settings and the width of its input."""
