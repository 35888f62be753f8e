"""The card of a checkpoint: what is known of a network of the table without loading it."""

from __future__ import annotations

from attnviz.models.registry import MODELS
from attnviz.runs.checkpoint import Checkpoint
from attnviz.values.model_card import ModelCard


def build_card(checkpoint: Checkpoint) -> ModelCard:
    """The card of a network as it ships, or of a run of it.

    Its attentions are not listed: what the table says of them (`ModelSpec.attention_axes`) is no measurement.
    """
    spec = checkpoint.spec
    shipped = checkpoint.name in MODELS
    return ModelCard(
        name=checkpoint.name,
        title=spec.title,
        summary=spec.summary,
        origin="shipped" if shipped else "run",
        labels=spec.labels,
        target=spec.target,
        methods=spec.methods,
        missing={} if "attention" in spec.methods else {"attention": "It has no attention."},
        steps=spec.steps or None,
        parameters=checkpoint.run.parameters,
    )
