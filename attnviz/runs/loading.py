"""From a checkpoint to its network and its explainer."""

from __future__ import annotations

from pathlib import Path

from attnviz.backend import keras
from attnviz.errors import CheckpointError, SettingError
from attnviz.explain.attention_source import LayerAttention
from attnviz.explain.explainer import Explainer
from attnviz.explain.keras_classifier import KerasClassifier
from attnviz.explain.text_reader import PaddedReader, VocabularyReader
from attnviz.languages import tr
from attnviz.models.architectures import build_column_network, build_model
from attnviz.models.model_cards import card_of
from attnviz.models.registry import ModelSpec
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.checkpoint_files import MODEL_FILE
from attnviz.runs.library import find_checkpoint
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
            tr(
                "{name} reads columns of numbers, not text. Use attnviz.train_column, or "
                "attnviz.runs.loading.load_model for the Keras model.",
                name=checkpoint.name,
            )
        )
    protocol = checkpoint.run.protocol
    model = load_model(checkpoint)
    return Explainer(build_classifier(model, checkpoint.vocabulary, checkpoint.spec, checkpoint.name, protocol))


def build_classifier(
    model: keras.Model, vocabulary: Vocabulary, spec: ModelSpec, name: str, protocol: str = "held-out"
) -> KerasClassifier:
    """A network of the table as a classifier.

    Args:
        model: trained. vocabulary: the words that it knows.
        spec: its row of the table. name: what its explanations call it.
        protocol: by which it was trained; after 'tutorial' it reads padding.
    """
    reader = PaddedReader if protocol == "tutorial" else VocabularyReader
    return KerasClassifier(
        model,
        reader(vocabulary, spec.steps),
        name=name,
        labels=spec.labels,
        attention=[LayerAttention(spec.attention_layer, spec.attention_axes)] if spec.attention_layer else (),
        target=spec.target,
        card=card_of(spec, model.count_params(), name, "shipped" if name == spec.name else "run"),
    )


def load_model(checkpoint: Checkpoint) -> keras.Model:
    """The trained network of a checkpoint: built from the model table, with the weights of the file.

    Nothing in the file is deserialised into layers, so a checkpoint from elsewhere cannot run code of its own, and one
    that a newer Keras wrote still loads.

    Raises:
        CheckpointError: the file does not hold the weights of that network.
    """
    try:
        if checkpoint.spec.task == "column":
            model = build_column_network(checkpoint.columns)
        else:
            spec, size, protocol = checkpoint.spec, len(checkpoint.vocabulary), checkpoint.run.protocol
            model = build_model(spec.name, vocabulary_size=size, protocol=protocol, labels=len(spec.labels))
        model.load_weights(checkpoint.folder / MODEL_FILE)
        return model
    except CheckpointError:
        raise
    except Exception as error:  # Keras raises whatever the parts of the file raise
        raise CheckpointError(
            tr("Keras cannot read {path} ({error}).", path=checkpoint.folder / MODEL_FILE, error=error)
        ) from error
