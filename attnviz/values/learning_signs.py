"""What the figures of a training run say: whether it learned more than guessing, and when it began to over-fit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from attnviz.values.history import History

Z_95 = 1.959964
"""The normal quantile of a two-sided interval of 95 %."""


def get_share_interval(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of `count` samples: Wilson's score interval (Wilson 1927), which keeps to [0, 1]."""
    if count < 1:
        return 0.0, 1.0
    z2 = Z_95**2 / count
    middle = (share + z2 / 2) / (1 + z2)
    half = Z_95 / (1 + z2) * math.sqrt(share * (1 - share) / count + z2 / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def is_no_better_than_guessing(accuracy: float, count: int, majority: float) -> bool:
    """Whether an accuracy on so many samples is not shown to be above that of always giving the most frequent answer.

    Args:
        accuracy: a fraction.
        count: of the samples it was measured on.
        majority: the share of the most frequent answer.
    """
    return get_share_interval(accuracy, count)[0] <= majority


@dataclass(frozen=True, slots=True)
class Overfitting:
    """The held-out loss has risen since an epoch, while the training loss has fallen.

    Attributes:
        lowest_epoch: the epoch with the lowest held-out loss, from 1 on; over-fitting begins with the next one.
        lowest, held_out: the held-out loss of that epoch and of the last.
        training_then, training: the training loss of that epoch and of the last.
    """

    lowest_epoch: int
    lowest: float
    held_out: float
    training_then: float
    training: float


def find_overfitting(history: History) -> Overfitting | None:
    """Where over-fitting begins; None where the held-out loss is lowest at the end, or the training loss rose, too."""
    if not len(history) or "loss" not in history or "val_loss" not in history:
        return None
    losses, held_out = history["loss"], history["val_loss"]
    lowest = int(np.argmin(held_out))
    if held_out[-1] <= held_out[lowest] or losses[-1] >= losses[lowest]:
        return None
    numbers = held_out[lowest], held_out[-1], losses[lowest], losses[-1]
    return Overfitting(lowest + 1, *map(float, numbers))
