"""Attention in any model: tensors that behave as attention weights, wherever they are computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attnviz.graph.attention_tensor import AttentionTensor
from attnviz.graph.traced import TracedModel


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        attentions: the attention weights, in the order in which the model computes them.
        hidden: a sentence for each attention that was seen where its weights cannot be read.
    """

    attentions: tuple[AttentionTensor, ...]
    hidden: tuple[str, ...] = ()


def search_attention(traced: TracedModel, x: Sequence[Any], words: Any = None) -> SearchResult:
    """Find the attention weights of a traced model.

    Args:
        traced: the model.
        x: its inputs, flat: arrays (batch, ...) of two different texts or more. A number of steps that equals no width
            of the model makes the search sure.
        words: (batch, steps) True where there is a word; None: wherever an id is not 0.

    Raises:
        SettingError: fewer than two texts, or all of them alike.
    """
    raise NotImplementedError
