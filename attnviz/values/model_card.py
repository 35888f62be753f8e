"""What the pages and the command line know of a text classifier without loading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from attnviz.languages import Message
from attnviz.values.found_attention import FoundAttention

Origin = Literal["shipped", "run", "yours"]
"""A network of the table as it ships, a run of such a network, or a model that somebody brought."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A text classifier as the pages offer it.

    Attributes:
        name, title, summary: what to call it, in one word, a few and a sentence; the summary, `missing` and `notes`
            are English texts that `tr` tells in the reader's language.
        origin: where it comes from.
        labels: (k,) the names of the classes.
        target: the label that is explained if nobody says which, an index; None for the predicted one.
        methods: the explanation methods that it offers, the best known first.
        missing: why each method that it does not offer is not offered, in words.
        steps: how many words (of a model with sub-words, pieces) it reads; None for any number.
        parameters: how many it has.
        attention: the attentions that are shown, in order; none if it has no attention.
        notes: what was found and what was assumed, a sentence each.
        data: the data set of somebody's own that it learned; '' for the film reviews, or where that is not known.
        accuracy: on its test texts, a fraction; None where nobody measured it.
    """

    name: str
    title: str
    summary: Message
    origin: Origin
    labels: tuple[str, ...]
    target: int | None
    methods: tuple[str, ...]
    missing: Mapping[str, Message] = field(default_factory=dict)
    steps: int | None = None
    parameters: int = 0
    attention: tuple[FoundAttention, ...] = ()
    notes: tuple[Message, ...] = ()
    data: str = ""
    accuracy: float | None = None

    @property
    def has_several_maps(self) -> bool:
        """Whether a word has more than one attention weight: one a head and query, or one a feature."""
        return len(self.attention) > 1 or any(len(found.axes) > 1 for found in self.attention)
