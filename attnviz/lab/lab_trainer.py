"""The compiled programs that train the networks of the Column lab, one for each network and shape."""

from __future__ import annotations

import threading
from functools import lru_cache

from attnviz.backend import keras, tf
from attnviz.lab.tasks import TOLERANCE, TaskSettings, get_task
from attnviz.models.architectures import build_task_network
from attnviz.training.compiled import CompiledTrainer, Tensor

WATCHED = 6
"""Of how many validation samples the weights are kept for every epoch."""

PROGRAMS = 24
"""How many compiled programs stay in memory."""

_building = threading.Lock()


def get_trainer(settings: TaskSettings) -> CompiledTrainer:
    """The trainer for the network and the sizes of these settings."""
    task = get_task(settings.task)
    with _building:  # two runs of a new size share one program
        return _cached_trainer(
            task.network, task.answer, settings.input_dim, settings.n, settings.epochs, settings.batch_size
        )


def forget_trainers() -> None:
    """Let go of all compiled programs; they are compiled again when they are asked for."""
    _cached_trainer.cache_clear()


def get_constants(settings: TaskSettings) -> dict[str, float]:
    """What these settings change in the network without compiling it again, by the weight's name."""
    return {"temperature": settings.temperature}


@lru_cache(maxsize=PROGRAMS)
def _cached_trainer(network: str, answer: str, input_dim: int, *shape: int) -> CompiledTrainer:
    """A trainer for each shape, so that the programs of sizes that nobody uses any more are forgotten."""
    model = build_task_network(network, input_dim)
    if answer == "yes or no":
        return CompiledTrainer(model, "attention_weights", watch=WATCHED)
    return CompiledTrainer(model, "attention_weights", keras.losses.mean_absolute_error, _is_near, WATCHED)


def _is_near(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return tf.abs(y_true - y_pred) < TOLERANCE
