"""What follows a run beside its status: the recorder of pinned texts, and logs that other tools read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attnviz.backend import keras
from attnviz.errors import DataError
from attnviz.languages import tr
from attnviz.runs.loading import build_classifier
from attnviz.runs.run_files import SNAPSHOTS_FILE
from attnviz.training.attention_recorder import AttentionRecorder
from attnviz.training.event_log import EventLog
from attnviz.values.training_settings import TrainingSettings

if TYPE_CHECKING:
    from attnviz.models.registry import ModelSpec
    from attnviz.text.vocabulary import Vocabulary


def build_watchers(
    settings: TrainingSettings, folder: Path, spec: ModelSpec, model: keras.Model, vocabulary: Vocabulary
) -> Sequence[keras.callbacks.Callback]:
    """The Keras callbacks that the settings ask for.

    Args:
        folder: of the run.
        spec: the network's row of the table, with the classes that it learns.
        model: shares its weights with the one that is trained.
        vocabulary: the words that it knows.

    Raises:
        DataError: the file of measures cannot be written.
    """
    watchers: list[keras.callbacks.Callback] = []
    if settings.pinned:
        classifier = build_classifier(model, vocabulary, spec, folder.name, settings.protocol)
        watchers.append(AttentionRecorder(settings.pinned, classifier, path=folder / SNAPSHOTS_FILE))
    if settings.tensorboard is not None:
        watchers.append(EventLog(folder / settings.tensorboard))
    if settings.csv is not None:
        watchers.append(_log_to(folder / settings.csv))
    return watchers


def _log_to(path: Path) -> keras.callbacks.CSVLogger:
    """Keras' own; a run that is resumed goes on in its file. Refused before anything is computed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        raise DataError(tr("{path} cannot be written ({error}).", path=path, error=error.strerror or error)) from error
    return keras.callbacks.CSVLogger(path, append=True)
