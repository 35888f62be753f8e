"""Runs of the Column lab: train on a planted truth, and measure whether the attention points at it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.activations import get_activations
from attnviz.lab.tasks import TOLERANCE, TaskData, TaskSettings, default_settings, draw_task, get_task, split_at
from attnviz.lab.truth import chance_of_truth, score_truth
from attnviz.models.architectures import build_task_network
from attnviz.training.compiled import CompiledTrainer, Tensor, get_batches
from attnviz.values.arrays import FloatArray, frozen_array
from attnviz.values.history import History

if TYPE_CHECKING:
    import pandas as pd

WATCHED = 6
"""Of how many validation samples the weights are kept for every epoch."""

PROGRAMS = 24
"""How many compiled programs stay in memory, one for each network and shape."""

_building = threading.Lock()


@dataclass(frozen=True)
class TaskRun:
    """A trained network of the Column lab and what its attention did.

    Attributes:
        settings: what was trained.
        history: loss, accuracy, val_loss and val_accuracy after every epoch; a number counts as right within TOLERANCE.
        attention: (epochs, input_dim) mean attention weights over the validation samples after every epoch.
        watched: (epochs, WATCHED, input_dim) those of the first validation samples.
        score, chance: the truth score of the last epoch (`score_truth`), and what a random order would get.
        guess: the accuracy of the best constant answer.
        cost: (input_dim,) by how much the accuracy falls when a column is shuffled among the validation samples;
            None for sequences, where the place of the answer changes from sample to sample.
        weights: the trained weights, as `model` has them.
        seconds: how long data, training and measuring took.
    """

    settings: TaskSettings
    history: History
    attention: FloatArray
    watched: FloatArray
    score: float
    chance: float
    guess: float
    cost: FloatArray | None
    weights: list[FloatArray]
    seconds: float

    @property
    def model(self) -> keras.Model:
        """The trained Keras model, its scores and its softmax in two layers."""
        model = _build(self.settings)
        for variable, value in zip(model.trainable_variables, self.weights, strict=True):
            variable.assign(value)
        return model

    def to_frame(self) -> pd.DataFrame:
        """One row an epoch: epoch, the measures, and `attention_0` onward."""
        columns = {f"attention_{i}": self.attention[:, i] for i in range(self.attention.shape[1])}
        return History(dict(self.history.columns) | columns).to_frame()


def train_task(task: str = "column", **settings: Any) -> TaskRun:
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


def run_task(settings: TaskSettings) -> TaskRun:
    """`train_task` from complete settings."""
    began = time.perf_counter()
    data = draw_task(settings)
    split = split_at(settings.n)
    trainer = _trainer(settings)
    order = get_batches(
        split, settings.epochs, min(settings.batch_size, split), np.random.default_rng([settings.seed, 1])
    )
    run = trainer.train(
        trainer.draw_weights(settings.seed), data.x[:split], data.y[:split], data.x[split:], data.y[split:], order,
        constants=_constants(settings), learning_rate=settings.learning_rate,
    )  # fmt: skip
    rest = _rest(data, split)
    weights, cost = _measure(trainer, run.weights, settings, rest)
    return TaskRun(
        settings=settings,
        history=run.history,
        attention=run.probe,
        watched=run.watched,
        score=score_truth(weights, rest.truth, rest.counted, get_task(settings.task).needed),
        chance=chance_of_truth(rest.truth, rest.counted),
        guess=_guess(settings, rest.y),
        cost=cost,
        weights=run.weights,
        seconds=time.perf_counter() - began,
    )


@dataclass(frozen=True)
class Repeats:
    """The same task with several seeds: settings of the first, and for each seed the last epoch's mean attention
    (runs, input_dim), truth score (runs,) and validation accuracy (runs,)."""

    settings: TaskSettings
    attention: FloatArray
    scores: FloatArray
    accuracies: FloatArray
    seconds: float


def repeat_task(settings: TaskSettings, runs: int = 20) -> Repeats:
    """Train with `runs` seeds in a row, beginning with that of the settings; two at once."""
    began = time.perf_counter()
    first = min(settings.seed, 2**32 - runs)
    with ThreadPoolExecutor(2) as pool:  # a compiled run holds no lock of Python's
        results = list(pool.map(run_task, (replace(settings, seed=first + i) for i in range(runs))))
    return Repeats(
        settings=settings,
        attention=frozen_array([run.attention[-1] for run in results]),
        scores=frozen_array([run.score for run in results]),
        accuracies=frozen_array([run.history["val_accuracy"][-1] for run in results]),
        seconds=time.perf_counter() - began,
    )


def inspect_task(run: TaskRun, sample: int = 0) -> dict[str, Any]:
    """Every step from input to output for one validation sample.

    Args:
        run: a trained run.
        sample: counted from 0 among the validation samples.

    Returns:
        x and truth (input_dim,), y and output, activations {layer: values of the sample}, and `matrix`, the learned
        weights of the attention scores: (input_dim, input_dim) for columns, (units, 1) for sequences.

    Raises:
        SettingError: no such sample.
    """
    data, model = get_validation_data(run.settings), run.model
    if not 0 <= sample < len(data):
        raise SettingError(f"sample must lie between 0 and {len(data) - 1}, got {sample}.")
    activations = {name: value[0] for name, value in get_activations(model, data.x[sample : sample + 1]).items()}
    scores = "attention_scores" if get_task(run.settings.task).network == "columns" else "state_scores"
    return {
        "x": data.x[sample],
        "truth": data.truth[sample],
        "y": float(data.y[sample, 0]),
        "output": float(list(activations.values())[-1][0]),
        "activations": activations,
        "matrix": model.get_layer(scores).kernel.numpy(),
    }


def get_validation_data(settings: TaskSettings) -> TaskData:
    """The samples of a run that validate."""
    return _rest(draw_task(settings), split_at(settings.n))


def _rest(data: TaskData, split: int) -> TaskData:
    return TaskData(data.x[split:], data.y[split:], data.truth[split:], data.counted[split:])


def _build(settings: TaskSettings) -> keras.Model:
    return build_task_network(get_task(settings.task).network, settings.input_dim, settings.temperature)


def _constants(settings: TaskSettings) -> dict[str, float]:
    return {"temperature": settings.temperature}


def _measure(
    trainer: CompiledTrainer, weights: Sequence[FloatArray], settings: TaskSettings, rest: TaskData
) -> tuple[FloatArray, FloatArray | None]:
    """The attention weights (n, input_dim) of the validation samples, and the cost of shuffling each column."""
    if get_task(settings.task).network == "steps":
        return trainer.predict(weights, rest.x, _constants(settings))[1], None
    order = np.random.default_rng([settings.seed, 2]).permutation(len(rest))
    stacked = np.repeat(rest.x[None], settings.input_dim + 1, axis=0)
    for column in range(settings.input_dim):
        stacked[column + 1, :, column] = rest.x[order, column]
    answers, attention = trainer.predict(weights, stacked.reshape(-1, settings.input_dim), _constants(settings))
    right = ((answers > 0.5) == (np.tile(rest.y, (len(stacked), 1)) > 0.5)).reshape(len(stacked), -1).mean(axis=1)
    return attention[: len(rest)], frozen_array(right[0] - right[1:])


def _guess(settings: TaskSettings, y: FloatArray) -> float:
    if get_task(settings.task).answer == "yes or no":
        return float(max(y.mean(), 1 - y.mean()))
    return float((np.abs(y - np.median(y)) < TOLERANCE).mean())


def _is_near(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return tf.abs(y_true - y_pred) < TOLERANCE


def _trainer(settings: TaskSettings) -> CompiledTrainer:
    task = get_task(settings.task)
    with _building:  # two runs of a new size share one program
        return _cached_trainer(
            task.network, task.answer, settings.input_dim, settings.n, settings.epochs, settings.batch_size
        )


@lru_cache(maxsize=PROGRAMS)
def _cached_trainer(network: str, answer: str, input_dim: int, *shape: int) -> CompiledTrainer:
    """A trainer for each shape, so that the programs of sizes that nobody uses any more are forgotten."""
    model = build_task_network(network, input_dim)
    if answer == "yes or no":
        return CompiledTrainer(model, "attention_weights", watch=WATCHED)
    return CompiledTrainer(model, "attention_weights", keras.losses.mean_absolute_error, _is_near, WATCHED)
