"""What the pages know of a network of the table without loading it; needs no TensorFlow."""

from __future__ import annotations

from attnviz.models.registry import ModelSpec
from attnviz.values.found_attention import FoundAttention
from attnviz.values.methods import METHODS
from attnviz.values.model_card import ModelCard, Origin

NO_ATTENTION = "The network has no attention."


def card_of(spec: ModelSpec, parameters: int, name: str, origin: Origin) -> ModelCard:
    """The card of a network that reads text.

    Args:
        spec: its row of the table.
        parameters: how many this one has, which depends on its vocabulary.
        name: in the library.
    """
    return ModelCard(
        name=name,
        title=spec.title,
        summary=spec.summary,
        origin=origin,
        labels=spec.labels,
        target=spec.target,
        methods=spec.methods,
        missing={name: row.missing or NO_ATTENTION for name, row in METHODS.items() if name not in spec.methods},
        steps=spec.steps,
        parameters=parameters,
        attention=_list_attention(spec),
    )


def _list_attention(spec: ModelSpec) -> tuple[FoundAttention, ...]:
    if spec.attention_layer is None:
        return ()
    layer, kind = spec.attention_layer, spec.attention_kind
    return (FoundAttention(layer, layer, kind, spec.attention_axes, spec.attention_maps, None, True),)
