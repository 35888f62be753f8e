"""Runs of the Column lab: train on a planted truth, and measure whether the attention points at it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.lab.lab_picture import describe_run
from attnviz.lab.lab_results import LabResult, WatchedSamples, round_for_picture
from attnviz.lab.lab_trainer import get_constants, get_trainer
from attnviz.lab.majority import compute_majority_baseline
from attnviz.lab.own_table import OwnTable, draw_table, get_margin
from attnviz.lab.permutation import compute_importance, permute_columns
from attnviz.lab.tasks import TaskSettings, default_settings, draw_task, get_task
from attnviz.lab.truth import compute_random_baseline, compute_rank_accuracy, compute_use_agreement
from attnviz.languages import mark
from attnviz.models.architectures import build_column_network, build_task_network
from attnviz.training.compiled import CompiledRun, get_batches
from attnviz.training.versions import get_versions
from attnviz.values.arrays import FloatArray
from attnviz.values.history import History
from attnviz.values.run import Run

if TYPE_CHECKING:
    import pandas as pd

    from attnviz.data.planted_samples import TaskData

TABLE_SHUFFLES = 10
"""How often each column of a table is shuffled: few rows make one shuffle a matter of luck."""


@dataclass(frozen=True)
class LabRun:
    """A trained network of the Column lab and what its attention did.

    Attributes:
        settings: what was trained; the same settings give the same run.
        history: loss, accuracy, val_loss and val_accuracy after every epoch; a number counts as right within TOLERANCE.
        attention: (epochs, input_dim) mean attention weights over the validation samples after every epoch.
        watched: (epochs, WATCHED, input_dim) those of the first validation samples.
        score, chance: the truth score of the last epoch (`compute_rank_accuracy`), and that of a random order; of a
            table `compute_use_agreement`, whose truth is what the network uses. None where there is no truth to score.
        majority_baseline: the accuracy of the best constant answer.
        permutation_importance: (input_dim,) by how much the accuracy falls when a column is shuffled among the
            validation samples; None for sequences, where the place of the answer changes from sample to sample.
        validation: the samples that validated; of a table its held-out rows, standardised.
        weights: the trained weights, as both models have them.
        seconds: how long data, training and measuring took.
        table: what the task 'table' read; None of the others.
    """

    settings: TaskSettings
    history: History
    attention: FloatArray
    watched: FloatArray
    score: float | None
    chance: float | None
    majority_baseline: float
    permutation_importance: FloatArray | None
    validation: TaskData
    weights: list[FloatArray]
    seconds: float
    table: OwnTable | None = None

    @cached_property
    def model(self) -> keras.Model:
        """The trained Keras model; for the task 'column' at temperature 1, it is the published network."""
        if self.settings.task != "column" or self.settings.temperature != 1:
            return self.model_with_scores
        return _with_weights(build_column_network(self.settings.input_dim), self.weights)

    @cached_property
    def model_with_scores(self) -> keras.Model:
        """The same network with its attention in two layers, `attention_scores` and `attention_weights`."""
        settings = self.settings
        network = build_task_network(get_task(settings.task).network, settings.input_dim, settings.temperature)
        return _with_weights(network, self.weights)

    def describe(self) -> str:
        """Whether the attention told the truth, in a few sentences."""
        return ". ".join(describe_run(self.settings, self.to_result(), self.table))

    def to_result(self) -> LabResult:
        """The run without its weights, rounded as a picture needs it."""
        importance, first = self.permutation_importance, self.validation[: self.watched.shape[1]]
        return LabResult(
            history=self.history,
            attention=round_for_picture(self.attention),
            watched=round_for_picture(self.watched),
            samples=WatchedSamples(round_for_picture(first.x), round_for_picture(first.y[:, 0]), first.truth),
            score=self.score,
            chance=self.chance,
            majority_baseline=self.majority_baseline,
            permutation_importance=None if importance is None else round_for_picture(importance),
            seconds=self.seconds,
        )

    def to_frame(self) -> pd.DataFrame:
        """One row an epoch: epoch, the measures, and `attention_0` onward."""
        return self.history_with_attention().to_frame()

    def history_with_attention(self) -> History:
        """The history with a column more for each of the mean attention weights, `attention_0` onward."""
        attention = {f"attention_{i}": weights for i, weights in enumerate(self.attention.T)}
        return History(dict(self.history.columns) | attention)


def train_column(
    attention_column: int = 1,
    input_dim: int = 4,
    n: int = 10_000,
    epochs: int = 20,
    batch_size: int = 32,
    seed: int | None = None,
    *,
    learning_rate: float = 1e-3,
    noise: float = 0.0,
    temperature: float = 1.0,
) -> LabRun:
    """Plant the target in a column and train the toy network; the last 20 % of the samples validate.

    The first run of a new size compiles for a second or two; later ones of that size take about a tenth of a second.

    Args:
        attention_column: the column, counted from 0, that holds the target.
        input_dim: number of columns.
        n: number of samples.
        epochs, batch_size: as in Keras.
        seed: decides data, initial weights and order; drawn at random if None, and then found in the run's settings.
        learning_rate: of Adam.
        noise: chance that the planted column shows the other answer.
        temperature: the attention scores are divided by it before the softmax.

    Raises:
        SettingError: a setting outside `attnviz.lab.tasks.LIMITS`, or a column that does not exist.
    """
    if seed is None:
        seed = int(np.random.SeedSequence().generate_state(1)[0])
    return run_task(
        TaskSettings(
            "column", attention_column, input_dim, n, epochs, batch_size, learning_rate, noise, temperature, seed
        )
    )


def train_task(task: str = "column", **settings: Any) -> LabRun:
    """Train the network of a task with a planted truth.

    The first run of a new size compiles for a second or two; later ones take about a tenth of a second (columns) or
    about a second (sequences).

    Args:
        task: a name of `attnviz.lab.tasks.TASKS`.
        settings: any other fields of TaskSettings; the task's own defaults hold for the rest.

    Raises:
        UnknownNameError, SettingError: a name that is no task, or a value outside its limits.
    """
    known = default_settings(task)
    if unknown := settings.keys() - known.keys():
        raise SettingError(f"Unknown setting {min(unknown)!r}. Valid settings: {', '.join(known)}.")
    return run_task(TaskSettings(**known | settings))


def run_task(settings: TaskSettings, table: OwnTable | None = None) -> LabRun:
    """`train_task` from complete settings, or `train_table` from a table that they fit."""
    began = time.perf_counter()
    data = draw_task(settings) if table is None else draw_table(table, settings)
    training, validation = data[: settings.training_size], data[settings.training_size :]
    run = _train(settings, training, validation)
    weights, importance = _evaluate(settings, run.weights, validation)
    score, chance = _score(settings, weights, validation, importance)
    return LabRun(
        settings=settings,
        history=run.history,
        attention=run.probe,
        watched=run.watched,
        score=score,
        chance=chance,
        majority_baseline=compute_majority_baseline(get_task(settings.task), validation.y),
        permutation_importance=importance,
        validation=validation,
        weights=run.weights,
        seconds=time.perf_counter() - began,
        table=table,
    )


def describe_column_run(run: LabRun, name: str = "column") -> tuple[Run, History]:
    """The run of the task 'column' and its history, as a checkpoint keeps them; the history holds the attention too."""
    record = Run(
        model=name,
        network="column",
        parameters=run.model.count_params(),
        data=_describe_data(run.settings),
        seed=run.settings.seed,
        recipe=_describe_recipe(run.settings),
        protocol=mark("last epoch"),
        selected_epoch=len(run.history),
        accuracy=float(run.history["val_accuracy"][-1]),
        loss=float(run.history["val_loss"][-1]),
        versions=get_versions(),
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        seconds=round(run.seconds, 2),
    )
    return record, run.history_with_attention()


def _describe_data(settings: TaskSettings) -> dict[str, Any]:
    return {
        "name": "planted column",
        "samples": settings.n,
        "columns": settings.input_dim,
        "attention_column": settings.attention_column,
        "held_out": settings.validation_size,
    }


def _describe_recipe(settings: TaskSettings) -> dict[str, Any]:
    chosen = {name: getattr(settings, name) for name in ("epochs", "batch_size", "learning_rate")}
    return chosen | {"optimizer": "Adam"}


def _train(settings: TaskSettings, training: TaskData, validation: TaskData) -> CompiledRun:
    trainer, rng = get_trainer(settings), np.random.default_rng([settings.seed, 1])
    order = get_batches(len(training), settings.epochs, min(settings.batch_size, len(training)), rng)
    return trainer.train(
        trainer.draw_weights(settings.seed), training.x, training.y, validation.x, validation.y, order,
        constants=get_constants(settings), learning_rate=settings.learning_rate,
    )  # fmt: skip


def _evaluate(
    settings: TaskSettings, weights: list[FloatArray], data: TaskData
) -> tuple[FloatArray, FloatArray | None]:
    """The attention weights (n, input_dim) of the validation samples, and the permutation importance."""
    trainer, constants = get_trainer(settings), get_constants(settings)
    if get_task(settings.task).network == "steps":
        return trainer.predict(weights, data.x, constants)[1], None
    rng = np.random.default_rng([settings.seed, 2])
    orders = [rng.permutation(len(data)) for _ in range(TABLE_SHUFFLES if settings.task == "table" else 1)]
    shuffled = (permute_columns(data.x, order).reshape(-1, settings.input_dim) for order in orders)
    found = [trainer.predict(weights, x, constants) for x in shuffled]
    importance = np.mean([compute_importance(answers, data.y) for answers, _ in found], axis=0)
    return found[0][1][: len(data)], importance


def _score(
    settings: TaskSettings, weights: FloatArray, data: TaskData, importance: FloatArray | None
) -> tuple[float | None, float | None]:
    """The truth score and that of a random order."""
    if settings.task == "table" and importance is not None:
        score = compute_use_agreement(weights.mean(axis=0), importance, get_margin(settings))
        return score, None if score is None else 0.5
    score = compute_rank_accuracy(weights, data.truth, data.counted, get_task(settings.task).needed)
    return score, compute_random_baseline(data.truth, data.counted)


def _with_weights(model: keras.Model, weights: list[FloatArray]) -> keras.Model:
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value)
    return model
