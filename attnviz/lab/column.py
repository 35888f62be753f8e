"""The toy run: a column is the answer, and the attention should find it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property

import numpy as np

from attnviz.backend import keras
from attnviz.lab.planted_runs import run_task
from attnviz.lab.tasks import VALIDATION_SHARE, TaskSettings
from attnviz.models.architectures import build_column_network, build_task_network
from attnviz.training.versions import get_versions
from attnviz.values.arrays import FloatArray
from attnviz.values.history import History
from attnviz.values.run import Run


@dataclass(frozen=True)
class ColumnRun:
    """A trained toy network.

    Attributes:
        history: loss, accuracy, val_loss and val_accuracy after every epoch.
        attention: (epochs, input_dim) mean attention weights over the validation samples after every epoch.
        weights: of the trained network, as `model.get_weights()` orders them.
        attention_column, input_dim, n, epochs, batch_size, seed, learning_rate, noise, temperature: the settings;
            `seed` is never None.
        seconds: how long data, training and measuring took.
    """

    history: History
    attention: FloatArray
    weights: list[FloatArray]
    attention_column: int
    input_dim: int
    n: int
    epochs: int
    batch_size: int
    seed: int
    seconds: float
    learning_rate: float = 1e-3
    noise: float = 0.0
    temperature: float = 1.0

    @cached_property
    def model(self) -> keras.Model:
        """The trained Keras model: the published network; with a temperature, its softmax is a layer of its own."""
        published = self.temperature == 1
        model = (
            build_column_network(self.input_dim)
            if published
            else build_task_network("columns", self.input_dim, self.temperature)
        )
        for variable, value in zip(model.trainable_variables, self.weights, strict=True):
            variable.assign(value)
        return model


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
) -> ColumnRun:
    """Plant the target in a column and train the toy network; the last 20 % of the samples validate.

    The first run of a new size compiles for a second or two; later ones of that size take about a tenth of a second.

    Args:
        attention_column: the column, counted from 0, that holds the target.
        input_dim: number of columns.
        n: number of samples.
        epochs, batch_size: as in Keras.
        seed: decides data, initial weights and order; drawn at random if None.
        learning_rate: of Adam.
        noise: chance that the planted column shows the other answer.
        temperature: the attention scores are divided by it before the softmax.

    Raises:
        SettingError: a setting outside `attnviz.lab.tasks.LIMITS`, or a column that does not exist.
    """
    if seed is None:
        seed = int(np.random.SeedSequence().generate_state(1)[0]) % 2**31
    settings = TaskSettings(
        "column", attention_column, input_dim, n, epochs, batch_size, learning_rate, noise, temperature, seed
    )
    run = run_task(settings)
    return ColumnRun(
        run.history, run.attention, run.weights, attention_column, input_dim, n, epochs, batch_size, seed,
        run.seconds, learning_rate, noise, temperature,
    )  # fmt: skip


def describe_column_run(run: ColumnRun, name: str = "column") -> tuple[Run, History]:
    """The run and its history, as a checkpoint keeps them; the attention becomes columns of the history."""
    last = len(run.history) - 1
    columns = dict(run.history.columns) | {f"attention_{i}": run.attention[:, i] for i in range(run.input_dim)}
    record = Run(
        model=name,
        network="column",
        parameters=run.model.count_params(),
        data={
            "name": "planted column",
            "samples": run.n,
            "columns": run.input_dim,
            "attention_column": run.attention_column,
            "held_out": round(run.n * VALIDATION_SHARE),
        },
        seed=run.seed,
        recipe={
            "epochs": run.epochs,
            "batch_size": run.batch_size,
            "learning_rate": run.learning_rate,
            "optimizer": "Adam",
        },
        protocol="last epoch",
        selected_epoch=last + 1,
        accuracy=float(run.history["val_accuracy"][last]),
        loss=float(run.history["val_loss"][last]),
        versions=get_versions(),
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        seconds=round(run.seconds, 2),
    )
    return record, History(columns)
