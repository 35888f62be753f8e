"""From a checkpoint to its explainer."""

from __future__ import annotations

from pathlib import Path

from attnviz.errors import SettingError
from attnviz.explain.explainer import Explainer
from attnviz.runs.checkpoint import Checkpoint, find_checkpoint, load_model


def load(name_or_path: str | Path) -> Explainer:
    """The explainer of a trained text network.

    Args:
        name_or_path: a name in the library of checkpoints (`attnviz models` lists them) or a checkpoint's folder.

    Raises:
        UnknownNameError: no such checkpoint.
        CheckpointError: the checkpoint is damaged.
        SettingError: the network reads no text.
    """
    return load_explainer(find_checkpoint(name_or_path))


def load_explainer(checkpoint: Checkpoint) -> Explainer:
    """`load` for a checkpoint that has been found and checked."""
    if checkpoint.spec.task != "reviews":
        raise SettingError(
            f"{checkpoint.name} reads columns of numbers, not text. Use attnviz.train_column, or "
            "attnviz.runs.checkpoint.load_model for the Keras model."
        )
    return Explainer(load_model(checkpoint), checkpoint.vocabulary, checkpoint.spec, checkpoint.name)
