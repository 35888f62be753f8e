"""What happens after each step and each epoch of a text network's training."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from attnviz.backend import keras
from attnviz.errors import CheckpointError
from attnviz.languages import tr
from attnviz.training.epoch_state import BestEpoch, EpochState, list_variables, read_state, write_state
from attnviz.training.observer import Observer
from attnviz.values.history import History

Rank = Callable[[int, Mapping[str, float]], tuple[float, float]]
"""How good an epoch is, from its number and its measures; the best one's weights are kept."""

MEASURES = ("loss", "accuracy", "val_loss", "val_accuracy")


class EpochWatch(keras.callbacks.Callback):
    """Records every epoch, keeps the best one's weights, links Keras with the observer, and can go on where it was.

    It must come after SwapEMAWeights, so that at the end of an epoch it meets the averaged weights.

    Args:
        observer: told of progress; may ask to stop.
        rank: says which epoch is best.
        folder: where the state after each epoch is kept, and found again; None to keep none.
        digest: of the data and the settings.

    Raises:
        CheckpointError: the folder holds the state of other data or settings, or a damaged one.
    """

    def __init__(self, observer: Observer, rank: Rank, folder: Path | None = None, digest: str = "") -> None:
        super().__init__()
        self.observer, self.rank = observer, rank
        self._folder, self._digest = folder, digest
        self.kept = _read(folder, digest)
        self.best = self.kept.best if self.kept else BestEpoch()
        self.rows = list(self.kept.rows) if self.kept else []
        self._began = self._epoch_began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long training took, that of earlier sittings included."""
        return time.monotonic() - self._began + (self.kept.seconds if self.kept else 0.0)

    @property
    def history(self) -> History:
        """What was measured, a row an epoch."""
        return History({name: np.array([row[name] for row in self.rows]) for name in self.rows[0]})

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Training begins."""
        self._began = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """An epoch begins."""
        self._epoch_began = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """A step is done."""
        measured = {name: float((logs or {})[name]) for name in ("loss", "accuracy")}
        self.observer.on_step(len(self.rows) + 1, batch + 1, measured)
        if self.observer.should_stop():
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """An epoch is done."""
        row = {name: float((logs or {})[name]) for name in MEASURES}
        row["seconds"] = round(time.monotonic() - self._epoch_began, 2)
        self.rows.append(row)
        rank = self.rank(len(self.rows), row)
        if rank > self.best.rank:
            self.best = BestEpoch(len(self.rows), rank, self.model.get_weights())
        if self._folder is not None:
            write_state(self._folder, self._describe())
        self.observer.on_epoch(len(self.rows), row, self.best.epoch)

    def _describe(self) -> EpochState:
        variables = [np.asarray(variable) for variable in list_variables(self.model)]
        return EpochState(self._digest, self.rows, round(self.seconds, 2), self.best, variables)


def choose_rank(protocol: str, by_loss: bool) -> Rank:
    """The last epoch of a tutorial, or that of the best validation accuracy, or by the loss alone."""
    if protocol == "tutorial":
        return lambda epoch, row: (epoch, 0.0)
    if by_loss:
        return lambda epoch, row: (0.0, -row["val_loss"])
    return lambda epoch, row: (row["val_accuracy"], -row["val_loss"])


def _read(folder: Path | None, digest: str) -> EpochState | None:
    kept = None if folder is None else read_state(folder)
    if kept is not None and kept.digest != digest:
        raise CheckpointError(tr("The run cannot go on: the data or the settings are not those that it began with."))
    return kept
