"""A layer of a network: what it is, what it gives, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer, or what a network reads.

    Attributes:
        name, kind: what the network calls it, and its class. Of a layer inside a model inside of it, 'model/layer'.
        output: the shape of what it gives; None for a size that the input decides; empty where that is not one tensor.
        parameters: how many numbers it learned; 0 for the second call of a layer, which has them already.
        reads: the places of the layers whose output goes into it, in the order of the list.
        attention: whether it computes attention weights that are shown.
    """

    name: str
    kind: str
    output: tuple[int | None, ...]
    parameters: int
    reads: tuple[int, ...] = ()
    attention: bool = False
