"""The toy run: a column is the answer, and the attention should find it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property, lru_cache

import numpy as np

from attnviz.backend import keras
from attnviz.datasets.synthetic import get_data
from attnviz.errors import SettingError
from attnviz.models.architectures import build_column_network
from attnviz.results import FloatArray, History, Run
from attnviz.training.compiled import CompiledTrainer, get_batches
from attnviz.training.seeds import check_seed
from attnviz.training.versions import get_versions

VALIDATION_SHARE = 0.2
LIMITS = {"input_dim": (2, 32), "n": (100, 50_000), "epochs": (1, 200), "batch_size": (1, 1024)}
"""Smallest and largest value of each setting."""


@dataclass(frozen=True)
class ColumnRun:
    """A trained toy network.

    Attributes:
        history: loss, accuracy, val_loss and val_accuracy after every epoch.
        attention: (epochs, input_dim) mean attention weights over the validation samples after every epoch.
        weights: of the trained network, as `model.get_weights()` orders them.
        attention_column, input_dim, n, epochs, batch_size, seed: the settings; `seed` is never None.
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

    @cached_property
    def model(self) -> keras.Model:
        """The trained Keras model."""
        model = build_column_network(self.input_dim)
        model.set_weights(self.weights)
        return model


def train_column(
    attention_column: int = 1,
    input_dim: int = 4,
    n: int = 10_000,
    epochs: int = 20,
    batch_size: int = 32,
    seed: int | None = None,
) -> ColumnRun:
    """Plant the target in a column and train the toy network; the last 20 % of the samples validate.

    The first run of a new size compiles for a second or two; later ones of that size take about a tenth of a second.

    Args:
        attention_column: the column, counted from 0, that holds the target.
        input_dim: number of columns.
        n: number of samples.
        epochs, batch_size: as in Keras.
        seed: decides data, initial weights and order; drawn at random if None.

    Raises:
        SettingError: a setting outside LIMITS, a seed that is none, or a column that does not exist.
    """
    for name, value in {"input_dim": input_dim, "n": n, "epochs": epochs, "batch_size": batch_size}.items():
        least, most = LIMITS[name]
        if not least <= value <= most:
            raise SettingError(f"{name} must lie between {least} and {most}, got {value}.")
    if seed is None:
        seed = int(np.random.SeedSequence().generate_state(1)[0]) % 2**31
    check_seed(seed)
    began = time.perf_counter()
    x, y = get_data(n, input_dim, attention_column, seed)
    split = n - round(n * VALIDATION_SHARE)
    order = get_batches(split, epochs, min(batch_size, split), np.random.default_rng([seed, 1]))
    trainer = _trainer(input_dim)
    run = trainer.train(trainer.draw_weights(seed), x[:split], y[:split], x[split:], y[split:], order)
    seconds = time.perf_counter() - began
    return ColumnRun(
        run.history, run.probe, run.weights, attention_column, input_dim, n, epochs, batch_size, seed, seconds
    )


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
        recipe={"epochs": run.epochs, "batch_size": run.batch_size, "learning_rate": 1e-3, "optimizer": "Adam"},
        protocol="last epoch",
        selected_epoch=last + 1,
        accuracy=float(run.history["val_accuracy"][last]),
        loss=float(run.history["val_loss"][last]),
        versions=get_versions(),
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        seconds=round(run.seconds, 2),
    )
    return record, History(columns)


@lru_cache(maxsize=LIMITS["input_dim"][1])
def _trainer(input_dim: int) -> CompiledTrainer:
    return CompiledTrainer(build_column_network(input_dim), keras.optimizers.Adam(1e-3), probe="attention_weights")
