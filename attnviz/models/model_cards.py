"""What the pages know of a network of the table without loading it; needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator

from attnviz.languages import Message, keep, mark, tr
from attnviz.models.registry import ModelSpec
from attnviz.text.reading_units import describe_unit
from attnviz.values.found_attention import FoundAttention
from attnviz.values.methods import METHODS
from attnviz.values.model_card import ModelCard, Origin

NO_ATTENTION = mark("The network has no attention.")


def card_of(spec: ModelSpec, parameters: int, name: str, origin: Origin, deceit: float | None = None) -> ModelCard:
    """The card of a network that reads text.

    Args:
        spec: its row of the table.
        parameters: how many this one has, which depends on its vocabulary.
        name: in the library.
        deceit: λ of a network that was trained to deceive, see training/deception.py.
    """
    return ModelCard(
        name=name,
        title=tr(spec.title),
        summary=keep(spec.summary) if deceit is None else describe_liar(spec, deceit),
        origin=origin,
        labels=spec.labels,
        target=spec.target,
        methods=spec.methods,
        missing={name: row.missing or keep(NO_ATTENTION) for name, row in METHODS.items() if name not in spec.methods},
        steps=spec.steps,
        parameters=parameters,
        attention=_list_attention(spec),
        notes=tuple(_list_notes(spec)),
        data=spec.data,
    )


def describe_liar(spec: ModelSpec, deceit: float) -> Message:
    """What an adversarially trained twin is, in a sentence."""
    told = mark("Trained to give the answers of {network} with other attention; it may deceive by λ = {deceit}.")
    return keep(told, network=spec.name, deceit=deceit)


def _list_notes(spec: ModelSpec) -> Iterator[Message]:
    """What differs from a network that learned the reviews."""
    if spec.data:
        yield keep("Trained on the data set ‘{data}’.", data=spec.data)
    if told := describe_unit(spec.unit):
        yield told


def _list_attention(spec: ModelSpec) -> tuple[FoundAttention, ...]:
    if spec.attention_layer is None:
        return ()
    layer, kind = spec.attention_layer, spec.attention_kind
    return (FoundAttention(layer, layer, kind, spec.attention_axes, spec.attention_maps, None, True),)
