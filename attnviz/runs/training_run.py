"""A whole training run, from its settings to the checkpoint in the library. TensorFlow is loaded when it begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.errors import SettingError
from attnviz.models.own_data_spec import get_run_spec
from attnviz.models.registry import get_spec
from attnviz.processes import switch_off_onednn
from attnviz.runs.checkpoint import Checkpoint, check_target, save_checkpoint
from attnviz.runs.library import find_checkpoint
from attnviz.training.observer import Observer
from attnviz.values.explanation import Explanation
from attnviz.values.training_settings import TrainingSettings

if TYPE_CHECKING:
    from attnviz.data.labelled_texts import TextData
    from attnviz.training.text_training import TextRun


_TAUGHT = ("network", "epochs", "batch_size", "seed", "limit", "protocol")
"""The settings that `train_text` takes as they are."""


def run_training(
    settings: TrainingSettings, folder: Path, observer: Observer, *, overwrite: bool = False
) -> Checkpoint:
    """Train, explain the example texts with the trained network, and save the checkpoint.

    A text network sets threads and memory of the whole process, so it must come before any other use of TensorFlow.

    Args:
        folder: of the checkpoint; it is refused before anything is computed.
        observer: told of progress and of the end; may ask to stop.
        overwrite: whether a checkpoint that stands there is replaced.

    Raises:
        UnknownNameError: no such network, or no such data set.
        SettingError: a setting that makes no run.
        CheckpointError: the folder cannot be written or must stay.
        DataError: the reviews are missing and cannot be downloaded, or the data are damaged.
        NothingTrained: stopped before the first epoch was complete.
    """
    spec = get_spec(settings.network)
    check_target(folder, overwrite=overwrite)
    if "queries" in spec.attention_axes:
        switch_off_onednn()
    train = _train_column if spec.task == "column" else _train_text
    checkpoint = train(settings, folder, observer, overwrite)
    observer.finish(checkpoint.name, accuracy=checkpoint.run.accuracy, stopped=checkpoint.run.stopped)
    return checkpoint


def _train_column(settings: TrainingSettings, folder: Path, observer: Observer, overwrite: bool) -> Checkpoint:
    from attnviz.lab.lab_run import describe_column_run, train_column

    numbers = {"n": settings.limit, "epochs": settings.epochs, "batch_size": settings.batch_size}
    trained = train_column(seed=settings.seed, **{name: value for name, value in numbers.items() if value is not None})
    run, history = describe_column_run(trained, folder.name)
    return save_checkpoint(folder, trained.model, run, history, overwrite=overwrite)


def _train_text(settings: TrainingSettings, folder: Path, observer: Observer, overwrite: bool) -> Checkpoint:
    from attnviz.training.process import prepare_training_process
    from attnviz.training.text_training import train_text

    prepare_training_process()
    data = _load_data(settings, observer)
    given = {name: getattr(settings, name) for name in _TAUGHT} | {"data": data}
    if (deceit := settings.deceit) is not None:
        from attnviz.data.reworded_reviews import use_vocabulary
        from attnviz.runs.deceiving import prepare_deception

        base = find_checkpoint(settings.network)
        given |= {"data": use_vocabulary(data, base.vocabulary), "deception": prepare_deception(base, deceit)}
    trained = train_text(**given, name=folder.name, observer=observer)
    examples = _explain_examples(trained, data)
    return save_checkpoint(
        folder, trained.model, trained.run, trained.history, trained.vocabulary, examples, overwrite=overwrite
    )


def _load_data(settings: TrainingSettings, observer: Observer) -> Any:
    """The data set that is named, else the reviews."""
    if settings.data is None:
        from attnviz.data.imdb import load_imdb

        return load_imdb(report=observer.message)
    from attnviz.data.datasets import load_dataset

    if settings.deceit is not None:
        raise SettingError("A twin that deceives is trained on the reviews that its network was trained on.")
    return load_dataset(settings.data)


def _explain_examples(trained: TextRun, data: TextData) -> Sequence[Explanation]:
    """The explanations that a page shows until the network is loaded."""
    from attnviz.data.dataset_examples import list_examples
    from attnviz.data.datasets import OwnData
    from attnviz.data.examples import EXAMPLES, STORED_METHODS
    from attnviz.explain.explainer import Explainer
    from attnviz.runs.loading import build_classifier

    spec = get_run_spec(trained.run.network, trained.run.data)
    explainer = Explainer(build_classifier(trained.model, trained.vocabulary, spec, trained.run.model))
    methods = [method for method in explainer.methods if method in STORED_METHODS]
    texts = list_examples(data) if isinstance(data, OwnData) else list(EXAMPLES.values())
    return [explanation for method in methods for explanation in explainer.explain_batch(texts, method)]
