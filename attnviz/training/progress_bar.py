"""A training run on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from tqdm import tqdm

from attnviz.training.observer import Observer


class ProgressBar(Observer):
    """A bar for each epoch, on standard error."""

    _bar: tqdm | None = None

    def message(self, text: str) -> None:
        """Something that takes time begins."""
        tqdm.write(text, file=sys.stderr)

    def on_start(self, epochs: int, steps: int, *, reviews: int, done: int = 0) -> None:
        """Training begins."""
        self._epochs, self._steps = epochs, steps

    def on_step(self, epoch: int, step: int, measured: Mapping[str, float]) -> None:
        """A batch is done."""
        if self._bar is None:
            self._bar = tqdm(total=self._steps, desc=f"epoch {epoch}/{self._epochs}", unit="batch")
        self._bar.update()

    def on_epoch(self, epoch: int, row: Mapping[str, float], best: int) -> None:
        """An epoch is done."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        words = ", ".join(f"{name} {row[name]:.4f}" for name in ("loss", "accuracy", "val_loss", "val_accuracy"))
        self.message(f"epoch {epoch}/{self._epochs}: {words}")
