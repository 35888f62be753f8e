"""From a checkpoint to its explainer."""

from __future__ import annotations

from pathlib import Path

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.explain.classifier_graph import AttentionSource
from attnviz.explain.explainer import Explainer
from attnviz.explain.keras_classifier import KerasClassifier
from attnviz.models.registry import ModelSpec
from attnviz.runs.checkpoint import Checkpoint, find_checkpoint, load_model
from attnviz.text.vocabulary import Vocabulary


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
    return Explainer(build_classifier(load_model(checkpoint), checkpoint.vocabulary, checkpoint.spec, checkpoint.name))


def build_classifier(model: keras.Model, vocabulary: Vocabulary, spec: ModelSpec, name: str) -> KerasClassifier:
    """A network of the table as a classifier.

    Args:
        model: trained. vocabulary: the words that it knows.
        spec: its row of the table. name: what its explanations call it.
    """
    attention = AttentionSource(spec.attention_layer, spec.attention_axes) if spec.attention_layer else None
    return KerasClassifier(
        model,
        vocabulary,
        name=name,
        steps=spec.steps,
        labels=spec.labels,
        attention=attention,
        target=spec.target,
    )
