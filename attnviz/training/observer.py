"""How a training run tells what it is doing and is told to stop."""

from __future__ import annotations

from collections.abc import Mapping


class Observer:
    """Watches a training run; the methods do nothing until a subclass says otherwise."""

    def message(self, text: str) -> None:
        """Something that takes time begins."""

    def on_start(self, epochs: int, steps: int, *, reviews: int, done: int = 0) -> None:
        """Training begins, after so many epochs that are `done` already.

        Args:
            epochs: how many there are to be. steps: how many batches each has. reviews: how many texts each reads.
            done: how many were done in earlier sittings.
        """

    def on_step(self, epoch: int, step: int, measured: Mapping[str, float]) -> None:
        """Batch `step` of epoch `epoch` is done, both counted from 1.

        `measured` has loss and accuracy, means over the epoch so far.
        """

    def on_epoch(self, epoch: int, row: Mapping[str, float], best: int) -> None:
        """An epoch is done; `row` is its row of the history, `best` the epoch that would be kept now."""

    def finish(self, checkpoint: str, *, accuracy: float, stopped: bool) -> None:
        """The run is saved under that name; `accuracy` is its test accuracy, `stopped` says that it ended early."""

    def should_stop(self) -> bool:
        """Whether to stop after the current batch and keep the best epoch so far."""
        return False
