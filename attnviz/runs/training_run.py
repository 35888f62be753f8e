"""A whole training run, from its settings to the checkpoint in the library. TensorFlow is loaded when it begins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.data.datasets import OwnData, find_dataset, load_dataset
from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.models.own_data_spec import fit_spec, get_run_spec
from attnviz.models.registry import ModelSpec, get_spec
from attnviz.processes import switch_off_onednn
from attnviz.runs.checkpoint import Checkpoint, save_checkpoint
from attnviz.runs.library import find_checkpoint
from attnviz.runs.run_files import STATE_FOLDER
from attnviz.training.observer import Observer
from attnviz.training.seeds import check_seed
from attnviz.training.setting_checks import check_deceit, check_pinned, check_reviews, check_settings
from attnviz.values.explanation import Explanation
from attnviz.values.training_settings import TrainingSettings

if TYPE_CHECKING:
    from attnviz.data.labelled_texts import TextData
    from attnviz.training.text_training import TextRun


_TAUGHT = ("network", "epochs", "batch_size", "seed", "limit", "protocol")
"""The settings that `train_text` takes as they are."""


def check_training(settings: TrainingSettings) -> None:
    """Refuse what makes no run, before anything is computed or loaded.

    Raises:
        UnknownNameError: no such network, or no such data set.
        SettingError: a setting that makes no run. DataError: the data set is damaged.
    """
    spec = get_spec(settings.network)
    if settings.data is not None:
        _check_data(settings, spec)
    if spec.task == "column":
        from attnviz.lab.tasks import TaskSettings, default_settings

        check_seed(settings.seed)
        TaskSettings(**default_settings("column") | _get_numbers(settings))
        if settings.pinned or settings.tensorboard or settings.csv:
            raise SettingError(
                tr("{network} trains in one step: it watches no pinned texts and writes no logs.", network=spec.name)
            )
        return
    check_settings(spec, settings.epochs, settings.batch_size, settings.limit, settings.protocol)
    check_seed(settings.seed)
    check_pinned(settings.pinned)
    if settings.deceit is not None:
        check_deceit(spec, settings.deceit)


def _check_data(settings: TrainingSettings, spec: ModelSpec) -> None:
    if spec.task == "column":
        raise SettingError(
            tr("{network} reads columns of numbers, not text: it learns no data set of your own.", network=spec.name)
        )
    if settings.deceit is not None:
        raise SettingError(tr("A twin that deceives is trained on the reviews that its network was trained on."))
    if settings.protocol == "tutorial":
        check_reviews(settings.data)
    find_dataset(settings.data or "")


def run_training(settings: TrainingSettings, folder: Path, observer: Observer) -> Checkpoint:
    """Train, explain the example texts with the trained network, and save the checkpoint in the folder of the run.

    A text network goes on from its last finished epoch, if the folder holds its state. It sets threads and memory of
    the whole process, so it must come before any other use of TensorFlow.

    Args:
        settings: of the run. folder: of the run.
        observer: told of progress and of the end; may ask to stop.

    Raises:
        UnknownNameError: no such network.
        SettingError: a setting that makes no run.
        CheckpointError: the folder cannot be written, or the run cannot go on.
        DataError: the reviews are missing and cannot be downloaded, or the data are damaged.
        NothingTrained: stopped before the first epoch was complete.
    """
    spec = get_spec(settings.network)
    if "queries" in spec.attention_axes:
        switch_off_onednn()
    train = _train_column if spec.task == "column" else _train_text
    checkpoint = train(settings, folder, observer)
    observer.finish(checkpoint.name, accuracy=checkpoint.run.accuracy, stopped=checkpoint.run.stopped)
    return checkpoint


def _train_column(settings: TrainingSettings, folder: Path, observer: Observer) -> Checkpoint:
    """All epochs are one compiled loop, told of when it is done."""
    from attnviz.lab.lab_run import describe_column_run, train_column

    trained = train_column(seed=settings.seed, **_get_numbers(settings))
    run, history = describe_column_run(trained, folder.name)
    observer.on_start(len(history), 1, reviews=trained.settings.training_size)
    for epoch in range(len(history)):
        row = {name: float(trained.history[name][epoch]) for name in trained.history.columns}
        observer.on_epoch(epoch + 1, row, epoch + 1)
    return save_checkpoint(folder, trained.model, run, history)


def _get_numbers(settings: TrainingSettings) -> dict[str, int]:
    numbers = {"n": settings.limit, "epochs": settings.epochs, "batch_size": settings.batch_size}
    return {name: value for name, value in numbers.items() if value is not None}


def _train_text(settings: TrainingSettings, folder: Path, observer: Observer) -> Checkpoint:
    from attnviz.training.process import prepare_training_process

    prepare_training_process()
    from attnviz.runs.run_watchers import build_watchers
    from attnviz.training.text_training import train_text

    data = _load_data(settings, observer)
    given = {name: getattr(settings, name) for name in _TAUGHT} | {"data": data}
    if (deceit := settings.deceit) is not None:
        from attnviz.data.reworded_reviews import use_vocabulary
        from attnviz.runs.deceiving import prepare_deception

        base = find_checkpoint(settings.network)
        given["data"], given["deception"] = use_vocabulary(data, base.vocabulary), prepare_deception(base, deceit)
    watchers = partial(build_watchers, settings, folder, fit_spec(settings.network, data))
    trained = train_text(**given, name=folder.name, observer=observer, state=folder / STATE_FOLDER, watchers=watchers)
    examples = _explain_examples(trained, data)
    return save_checkpoint(folder, trained.model, trained.run, trained.history, trained.vocabulary, examples)


def _load_data(settings: TrainingSettings, observer: Observer) -> Any:
    """The data set that is named, else the reviews."""
    if settings.data is None:
        from attnviz.data.imdb import load_imdb

        return load_imdb(report=observer.message)
    return load_dataset(settings.data)


def _explain_examples(trained: TextRun, data: TextData) -> Sequence[Explanation]:
    """The explanations that a page shows until the network is loaded."""
    from attnviz.data.dataset_examples import list_examples
    from attnviz.data.examples import EXAMPLES, STORED_METHODS
    from attnviz.explain.explainer import Explainer
    from attnviz.runs.loading import build_classifier

    run, spec = trained.run, get_run_spec(trained.run.network, trained.run.data)
    explainer = Explainer(build_classifier(trained.model, trained.vocabulary, spec, run.model, run.protocol))
    methods = [method for method in explainer.methods if method in STORED_METHODS]
    texts = list_examples(data) if isinstance(data, OwnData) else list(EXAMPLES.values())
    return [explanation for method in methods for explanation in explainer.explain_batch(texts, method)]
