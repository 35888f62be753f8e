"""A Keras callback that keeps what a network makes of some texts while it is trained."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from attnviz.backend import keras
from attnviz.data.snapshots import SnapshotWriter
from attnviz.errors import SettingError
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.explainer import Explainer
from attnviz.values.time_lapse import Moment, PinnedText, Snapshot, TimeLapse, take_snapshot


class AttentionRecorder(keras.callbacks.Callback):
    """Keeps attention and probabilities of pinned texts: before training, during the first epoch, after each epoch.

    To watch a `fit`::

        explainer = attnviz.wrap(model, tokenizer)
        recorder = attnviz.AttentionRecorder(["a film to remember"], explainer, path="snapshots.jsonl")
        model.fit(x, y, epochs=5, callbacks=[recorder])
        recorder.time_lapse  # in a notebook it plays

    The weights that count are those that the model has when Keras calls; behind a `SwapEMAWeights(swap_on_epoch=True)`
    these are the averaged ones at the end of an epoch. The training itself is not changed.

    Args:
        texts: at least one.
        explainer: of the model that is trained, as `attnviz.wrap` gives it, or its classifier. Of a network without
            attention the probabilities alone are kept.
        path: a file that each moment is appended to; a run that is trained further goes on in it.
        steps: after how many batches of the first epoch there are moments, too; by default 1, 2, 4, 8, and so on.

    Raises:
        SettingError: no text, something that is no text, or a number of batches below 1.
    """

    def __init__(
        self,
        texts: Sequence[str],
        explainer: Explainer | TextClassifier,
        *,
        path: str | Path | None = None,
        steps: Collection[int] | None = None,
    ) -> None:
        super().__init__()
        self._texts = _check_texts(texts)
        self._explainer = explainer if isinstance(explainer, Explainer) else Explainer(explainer)
        self._steps = None if steps is None else _check_steps(steps)
        self._writer = None if path is None else SnapshotWriter(Path(path))
        self._lapse: TimeLapse | None = None
        self._epoch = self._done = 0

    @property
    def time_lapse(self) -> TimeLapse:
        """What was kept so far.

        Raises:
            SettingError: training has not begun.
        """
        if self._lapse is None:
            raise SettingError("There is no time-lapse before `fit`: give the recorder to it as a callback.")
        return self._lapse

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Read the texts; a time-lapse that the file has already is gone on with.

        Raises:
            SettingError: another model is trained than the explainer's.
            DataError: the file is about other texts, or cannot be written.
        """
        self._check_model()
        lapse = _start(self._explainer, self._texts, (self.params or {}).get("steps"))
        self._lapse = lapse if self._writer is None else self._writer.start(lapse)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Before the first epoch the first moment."""
        self._epoch, self._done = epoch, 0
        if epoch == 0:
            self._keep(0, 0)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """A moment after chosen batches of the first epoch; Keras may do several batches between two calls."""
        last = self.time_lapse.steps or batch + 1  # Keras counts the batches that fit, also where the data end before
        before, self._done = self._done, min(batch + 1, last)
        if self._epoch == 0 and any(self._is_chosen(step) for step in range(before + 1, self._done + 1)):
            self._keep(0, self._done)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """A moment after each epoch."""
        self._keep(epoch + 1, 0)

    def _is_chosen(self, step: int) -> bool:
        return step & (step - 1) == 0 if self._steps is None else step in self._steps

    def _keep(self, epoch: int, step: int) -> None:
        moment = Moment(epoch, step, tuple(_look(self._explainer, self._texts)))
        self._lapse = self.time_lapse.add(moment)
        if self._writer is not None:
            self._writer.append(moment)

    def _check_model(self) -> None:
        explained = getattr(self._explainer.classifier, "model", None)
        if explained is None or self.model is None:
            return
        known = {id(variable) for variable in explained.variables}
        if known and known.isdisjoint(map(id, self.model.variables)):
            raise SettingError(
                f"The recorder's explainer is of another model ({explained.name}) than the one that is trained "
                f"({self.model.name}): wrap the model that you call `fit` of."
            )


def _start(explainer: Explainer, texts: Sequence[str], steps: int | None) -> TimeLapse:
    """A time-lapse without moments."""
    encoded = [explainer.classifier.encode(text) for text in texts]
    pinned = [
        PinnedText(text, tuple(one.tokens), one.truncated, one.truncated_end)
        for text, one in zip(texts, encoded, strict=True)
    ]
    return TimeLapse(explainer.name, tuple(explainer.labels), explainer.classifier.target, tuple(pinned), (), steps)


def _look(explainer: Explainer, texts: Sequence[str]) -> Iterator[Snapshot]:
    """What the network makes of each text now."""
    if explainer.classifier.supports("attention"):
        for one in explainer.explain_batch(texts, "attention"):
            yield take_snapshot(one.prediction.probabilities, one.scores)
    else:
        for row in explainer.predict_texts(texts):
            yield take_snapshot(tuple(row.tolist()) if np.isfinite(row).all() else None)


def _check_texts(texts: Sequence[str]) -> tuple[str, ...]:
    if isinstance(texts, str) or not texts or not all(isinstance(text, str) for text in texts):
        raise SettingError(f"An AttentionRecorder takes a list of at least one text, got {texts!r:.80}.")
    return tuple(texts)


def _check_steps(steps: Collection[int]) -> frozenset[int]:
    if not all(isinstance(step, int) and step >= 1 for step in steps):
        raise SettingError(f"The steps of an AttentionRecorder are numbers of batches from 1 on, got {steps!r:.80}.")
    return frozenset(steps)
