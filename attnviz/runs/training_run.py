"""A whole training run, from its settings to the checkpoint in the library. TensorFlow is loaded when it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from attnviz.models.registry import MODELS, get_spec
from attnviz.processes import switch_off_onednn
from attnviz.runs.checkpoint import Checkpoint, check_target, save_checkpoint
from attnviz.runs.library import find_checkpoint
from attnviz.training.observer import Observer
from attnviz.values.explanation import Explanation

if TYPE_CHECKING:
    from attnviz.training.text_training import TextRun


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What a training run is asked to do; None leaves a setting to the network's recipe.

    Attributes:
        network: a row of the model table.
        epochs, batch_size: as in Keras.
        seed: decides everything that is drawn at random.
        limit: use at most so many training and so many test reviews (of the network `column`: samples).
        protocol: 'held-out', or 'tutorial': as the network's tutorial trained it. `column` has one of its own.
        deceit: λ of an adversarially trained twin of the network that the library has under the name of the table; see
            deception.py. None for a network that learns the labels.
    """

    network: str
    epochs: int | None = None
    batch_size: int | None = None
    seed: int = 0
    limit: int | None = None
    protocol: str = "held-out"
    deceit: float | None = None


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
        UnknownNameError: no such network.
        SettingError: a setting that makes no run.
        CheckpointError: the folder cannot be written or must stay.
        DataError: the reviews are missing and cannot be downloaded, or are damaged.
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
    from attnviz.data.imdb import load_imdb
    from attnviz.data.reworded_reviews import use_vocabulary
    from attnviz.training.process import prepare_training_process
    from attnviz.training.text_training import train_text

    prepare_training_process()
    reviews = load_imdb(report=observer.message)
    given = asdict(settings)
    if (deceit := given.pop("deceit")) is not None:
        from attnviz.runs.deceiving import prepare_deception

        base = find_checkpoint(settings.network)
        reviews, given["deception"] = use_vocabulary(reviews, base.vocabulary), prepare_deception(base, deceit)
    trained = train_text(**given, data=reviews, name=folder.name, observer=observer)
    examples = _explain_examples(trained)
    return save_checkpoint(
        folder, trained.model, trained.run, trained.history, trained.vocabulary, examples, overwrite=overwrite
    )


def _explain_examples(trained: TextRun) -> Sequence[Explanation]:
    """The explanations that a page shows until the network is loaded."""
    from attnviz.data.examples import EXAMPLES, STORED_METHODS
    from attnviz.explain.explainer import Explainer
    from attnviz.runs.loading import build_classifier

    spec = MODELS[trained.run.network]
    run = trained.run
    explainer = Explainer(build_classifier(trained.model, trained.vocabulary, spec, run.model, run.protocol))
    methods = [method for method in explainer.methods if method in STORED_METHODS]
    texts = list(EXAMPLES.values())
    return [explanation for method in methods for explanation in explainer.explain_batch(texts, method)]
