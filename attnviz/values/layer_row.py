"""A layer of a network, as a table of layers shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer.

    Attributes:
        name, kind: what the network calls it, and its class.
        output: the shape of what it gives; None for a size that the input decides.
        parameters: how many numbers it learned.
    """

    name: str
    kind: str
    output: tuple[int | None, ...]
    parameters: int
