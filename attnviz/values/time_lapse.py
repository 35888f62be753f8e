"""How the attention to some texts, and what is said of them, changed while a network was trained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.languages.conventions import get_conventions
from attnviz.values.arrays import FloatArray, frozen_array
from attnviz.values.explanation import Explanation
from attnviz.values.packed_array import PackedArray
from attnviz.values.prediction import Prediction, find_predicted
from attnviz.values.tokens import Token

Place = tuple[int, int]
"""How many epochs were complete, and how many batches of the next one."""


@dataclass(frozen=True, slots=True)
class PinnedText:
    """A text that is watched.

    Attributes:
        text: as it was given.
        tokens: the words that the network reads, in order.
        truncated, truncated_end: how many words it does not read at the start and at the end.
    """

    text: str
    tokens: tuple[Token, ...]
    truncated: int = 0
    truncated_end: int = 0

    def __post_init__(self) -> None:
        if not all(0 <= token.start <= token.end <= len(self.text) for token in self.tokens):
            raise ValueError(f"a word lies outside of its text of {len(self.text)} characters")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the network made of a text at a moment.

    Attributes:
        probabilities: (k,) of the labels; None of a text without words.
        weights: (1, words) its attention, in 8 bits of the largest; None of a network without attention, or without
            words.
    """

    probabilities: tuple[float, ...] | None
    weights: PackedArray | None

    def __post_init__(self) -> None:
        if not all(0 <= probability <= 1 for probability in self.probabilities or ()):
            raise ValueError(f"a probability lies between 0 and 1, got {self.probabilities}")
        if self.weights is not None and not 0 <= self.weights.largest[0] < math.inf:
            raise ValueError(f"a weight is a number from 0 up, got {self.weights.largest[0]}")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the training.

    Attributes:
        epoch: how many epochs were complete.
        step: how many batches of the next one were done.
        snapshots: one a text.
    """

    epoch: int
    step: int
    snapshots: tuple[Snapshot, ...]

    def __post_init__(self) -> None:
        if self.epoch < 0 or self.step < 0:
            raise ValueError(f"a moment is at or after the start, got epoch {self.epoch}, step {self.step}")

    @property
    def place(self) -> Place:
        """Where in the training it is; places of later moments are larger."""
        return self.epoch, self.step


@dataclass(frozen=True, slots=True)
class TimeLapse:
    """Some texts as a network saw them from its first weights on.

    Attributes:
        model: what the network is called.
        labels: (k,) the names of its classes.
        target: the label whose probability is told, an index; None for the one that was predicted last.
        texts: those that are watched, at least one.
        moments: in the order of the training.
        steps: how many batches an epoch has; None where nobody said so.
    """

    model: str
    labels: tuple[str, ...]
    target: int | None
    texts: tuple[PinnedText, ...]
    moments: tuple[Moment, ...] = ()
    steps: int | None = None

    def __post_init__(self) -> None:
        if not self.texts:
            raise ValueError("a time-lapse needs a text")
        if len(self.labels) < 2:
            raise ValueError(f"a time-lapse needs at least two labels, got {self.labels}")
        if self.target is not None and not 0 <= self.target < len(self.labels):
            raise ValueError(f"target {self.target} is none of {self.labels}")
        for moment in self.moments:
            self._check(moment)
        if any(one.place >= next.place for one, next in zip(self.moments, self.moments[1:], strict=False)):
            raise ValueError("the moments are not in the order of the training")

    @property
    def probabilities(self) -> FloatArray:
        """(moments, texts, k) of each label; NaN of a text without words."""
        blank = (np.nan,) * len(self.labels)
        rows = [[one.probabilities or blank for one in moment.snapshots] for moment in self.moments]
        return frozen_array(rows, np.float64).reshape(len(self.moments), len(self.texts), len(self.labels))

    def add(self, moment: Moment) -> TimeLapse:
        """The same with another moment; those at or after it, from before the training went back there, are gone.

        Raises:
            ValueError: the moment is about other texts or labels.
        """
        return replace(self, moments=(*keep_before(self.moments, moment), moment))

    def get_weights(self, text: int) -> FloatArray:
        """(moments, words) the attention to the words of a text at each moment; no columns without attention.

        Raises:
            SettingError: there is no such text.
        """
        pinned = self._find(text)
        count = len(pinned.tokens) if self.has_attention(text) else 0
        rows = [_unpack(moment.snapshots[text], count) for moment in self.moments]
        return frozen_array(rows).reshape(len(self.moments), count)

    def has_attention(self, text: int) -> bool:
        """Whether each moment has weights of a text."""
        return all(moment.snapshots[text].weights is not None for moment in self.moments)

    def find_target(self, text: int) -> int:
        """The label whose probability is told of a text."""
        if self.target is not None:
            return self.target
        last = self.moments[-1].snapshots[text].probabilities if self.moments else None
        return find_predicted(last) if last else 0

    def explain(self, text: int, moment: int = -1) -> Explanation:
        """A text as it was seen at a moment; by default at the last one. Without attention all scores are 0.

        Raises:
            SettingError: there is no such text or moment.
        """
        pinned = self._find(text)
        if not -len(self.moments) <= moment < len(self.moments):
            raise SettingError(f"The time-lapse has {len(self.moments)} moments, so there is no moment {moment}.")
        snapshot = self.moments[moment].snapshots[text]
        return Explanation(
            pinned.text,
            pinned.tokens,
            _unpack(snapshot, len(pinned.tokens)),
            self.find_target(text),
            Prediction(self.labels, snapshot.probabilities),
            "attention",
            self.model,
            pinned.truncated,
            truncated_end=pinned.truncated_end,
        )

    def name_moment(self, moment: Moment) -> str:
        """In words: 'before training', 'epoch 1, batch 8 of 40', 'after epoch 3'."""
        if moment.step:
            return self._name_batch(moment)
        return tr("after epoch {epoch}", epoch=moment.epoch) if moment.epoch else tr("before training")

    def _name_batch(self, moment: Moment) -> str:
        step = _write_count(moment.step)
        if not self.steps:
            return tr("epoch {epoch}, batch {step}", epoch=moment.epoch + 1, step=step)
        of = _write_count(self.steps)
        return tr("epoch {epoch}, batch {step} of {steps}", epoch=moment.epoch + 1, step=step, steps=of)

    def get_time(self, moment: Moment) -> float:
        """When it was, in epochs; a batch of an epoch of unknown length counts as nothing."""
        return moment.epoch + (min(moment.step / self.steps, 1.0) if self.steps else 0.0)

    def _repr_html_(self) -> str:
        """In a notebook the page that plays it; it needs neither a server nor the network."""
        import attnviz  # the page stands above the values; the package's lazy table knows it

        return attnviz.render_time_lapse(self)

    def _find(self, text: int) -> PinnedText:
        if not 0 <= text < len(self.texts):
            raise SettingError(f"The time-lapse has {len(self.texts)} texts, so there is no text {text}.")
        return self.texts[text]

    def _check(self, moment: Moment) -> None:
        if len(moment.snapshots) != len(self.texts):
            raise ValueError(f"{len(self.texts)} texts need as many snapshots, got {len(moment.snapshots)}")
        for pinned, snapshot in zip(self.texts, moment.snapshots, strict=True):
            if snapshot.probabilities is not None and len(snapshot.probabilities) != len(self.labels):
                raise ValueError(f"{len(self.labels)} labels need as many probabilities")
            if snapshot.weights and snapshot.weights.shape != (1, len(pinned.tokens)):
                raise ValueError(f"{len(pinned.tokens)} words need weights (1, words), got {snapshot.weights.shape}")


def take_snapshot(probabilities: Sequence[float] | None, weights: FloatArray | None = None) -> Snapshot:
    """What is kept of a text: probabilities to four digits, weights in 8 bits of the largest.

    Args:
        probabilities: (k,), None of a text without words.
        weights: (words,) at least 0; None of a network without attention.
    """
    known = None if probabilities is None else tuple(round(probability, 4) for probability in probabilities)
    if weights is None or not len(weights):
        return Snapshot(known, None)
    packed = PackedArray.pack(weights[None], 8)
    return Snapshot(known, replace(packed, largest=(float(f"{packed.largest[0]:.4g}"),)))


def keep_before(moments: Sequence[Moment], moment: Moment) -> Sequence[Moment]:
    """The moments before this one."""
    count = len(moments)
    while count and moments[count - 1].place >= moment.place:
        count -= 1
    return moments[:count]


def _write_count(count: int) -> str:
    return f"{count:,}".replace(",", get_conventions().group)


def _unpack(snapshot: Snapshot, words: int) -> FloatArray:
    return np.zeros(words, np.float32) if snapshot.weights is None else snapshot.weights.unpack()[0]
