"""Which controls of a network are trained, and which can't be; needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from attnviz.models.registry import ModelSpec

Kind = Literal["own", "even", "without", "liar"]
"""Its own attention; even weights; no attention; the answers of the base network with other attention."""

KINDS: tuple[Kind, ...] = ("own", "even", "without", "liar")
DECEITS = (0.1,)
"""How much the adversarial twins may deceive, if nobody says otherwise: λ in the loss of Wiegreffe & Pinter 2019."""

PLAIN_NETWORK = {"bilstm-additive": "bilstm"}
"""Networks of the table that are another one of it with attention added."""


@dataclass(frozen=True, slots=True)
class Control:
    """A network to train.

    Attributes:
        kind: of KINDS.
        seed: of everything that is drawn at random.
        deceit: λ of an adversarial twin.
    """

    kind: Kind
    seed: int
    deceit: float | None = None

    @property
    def name(self) -> str:
        """What its file is called: 'even-seed1', 'liar-0.1-seed0'."""
        return f"{self.kind}{'' if self.deceit is None else f'-{self.deceit:g}'}-seed{self.seed}"


def list_controls(spec: ModelSpec, seeds: int, deceits: Sequence[float]) -> list[Control]:
    """What is trained for a network: of each kind that it can have, one for each seed from 0 on."""
    kinds = [kind for kind in KINDS if not find_gap(spec, kind)]
    return [control for kind in kinds for control in _repeat(kind, seeds, deceits)]


def _repeat(kind: Kind, seeds: int, deceits: Sequence[float]) -> Iterator[Control]:
    for deceit in deceits if kind == "liar" else (None,):
        yield from (Control(kind, seed, deceit) for seed in range(seeds))


def find_gap(spec: ModelSpec, kind: Kind) -> str:
    """Why a network has no control of that kind, in a sentence; '' if it has."""
    if spec.attention_layer is None:
        return f"{spec.name} has no attention."
    if kind == "without" and spec.attention_kind == "AdditiveAttention" and spec.name not in PLAIN_NETWORK:
        return f"Without attention {spec.name} is the mean of its word vectors, which even weights are too."
    if kind == "liar" and spec.attention_axes != ("tokens",):
        return f"{spec.name} has no single attention weight for each word, which an adversarial twin needs."
    return ""


def describe_kind(spec: ModelSpec, kind: Kind) -> str:
    """What a kind of control of that network is, in a few words."""
    if kind == "without":
        return _describe_without(spec)
    return {
        "own": "the attention that it learns",
        "even": "the same weight for every word",
        "liar": "the answers of the base network, with other attention",
    }[kind]


def _describe_without(spec: ModelSpec) -> str:
    if plain := PLAIN_NETWORK.get(spec.name):
        return f"no attention: {plain}, which answers from its last states"
    if "queries" in spec.attention_axes:
        return "no attention: every word reads itself alone"
    return "no attention: it answers from its last state"
