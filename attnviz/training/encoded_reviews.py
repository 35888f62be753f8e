"""Reviews as a network reads them: word ids and answers, split in parts, in batches of similar length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from attnviz.backend import tf
from attnviz.data.labelled_texts import LabelledTexts, TextData
from attnviz.data.review_answers import get_answers
from attnviz.data.stratified_split import draw_part
from attnviz.models.registry import ModelSpec
from attnviz.models.tutorials import get_tutorial
from attnviz.training.batches import Ids, left_padded, pad, shuffled_batches, sorted_batches

HELD_OUT = 0.1
EVALUATION_BATCH = 256


@dataclass(frozen=True)
class EncodedReviews:
    """Word ids of each review, and the index of its label: (n,), as floats for Keras.

    Attributes:
        width: how many numbers `get_targets` has for each review, None where that depends on their length.
    """

    rows: list[Ids]
    labels: npt.NDArray[np.float32]
    width: ClassVar[int | None] = 1

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """(n,) numbers of words."""
        return np.array([len(row) for row in self.rows], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    def get_targets(self, batch: npt.NDArray[np.int64], steps: int) -> npt.NDArray[np.float32]:
        """What a network shall learn of some reviews that are padded to so many steps: their labels, (batch, 1)."""
        return self.labels[batch, None]


class Parts(NamedTuple):
    """Reviews to train on, to select the epoch on, and to test on."""

    train: EncodedReviews
    select: EncodedReviews
    test: EncodedReviews


def split_reviews(data: TextData, spec: ModelSpec, rng: np.random.Generator, limit: int | None, protocol: str) -> Parts:
    """The parts of the dataset as a network reads them.

    Args:
        data: the reviews.
        spec: the network; it decides the words that are read and the answer that is learned.
        rng: chooses the held-out reviews, and which reviews are used if there is a limit.
        limit: use at most so many training and so many test reviews.
        protocol: 'held-out' selects on HELD_OUT of the training reviews; 'tutorial' validates as the network's tutorial
            did, maybe on the test reviews, and all rows are filled up as there.

    Raises:
        SettingError: no tutorial of the network is known.
    """
    chosen = rng.permutation(len(data.train))[:limit]
    tested = np.sort(rng.permutation(len(data.test))[:limit])
    share, padded = (get_tutorial(spec).held_out, True) if protocol == "tutorial" else (HELD_OUT, False)
    test = _encode(data.test, tested, spec, padded)
    train, held_out = _hold_out(data.train, chosen, share, rng) if share else (chosen, chosen[:0])
    select = _encode(data.train, held_out, spec, padded) if share else test
    return Parts(_encode(data.train, train, spec, padded), select, test)


def _hold_out(
    split: LabelledTexts, chosen: npt.NDArray[np.int64], share: float, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """What is trained on and what selects the epoch; by class, with copies on one side, where copies are known."""
    if split.groups is None:
        count = max(round(len(chosen) * share), 1)
        return chosen[count:], chosen[:count]
    drawn = draw_part(split.labels[chosen], split.groups[chosen], share, rng)
    return chosen[~drawn], chosen[drawn]


def _encode(split: LabelledTexts, indices: npt.NDArray[np.int64], spec: ModelSpec, padded: bool) -> EncodedReviews:
    rows = [split.encode(int(index), spec.vocabulary_size, spec.steps) for index in indices]
    rows = [left_padded(row, spec.steps) for row in rows] if padded else rows
    return EncodedReviews(rows, get_answers(split, spec.answer)[indices].astype(np.float32))


def training_dataset(
    reviews: EncodedReviews, batch_size: int, rng: np.random.Generator, done: int = 0
) -> tf.data.Dataset:
    """Batches without end, in a new random order each time that all reviews were seen.

    Args:
        reviews: to train on. batch_size: of all but the last batch of an epoch.
        rng: decides the orders. done: the orders of so many epochs are drawn and passed over.
    """
    for _ in range(done):
        shuffled_batches(reviews.lengths, batch_size, rng)

    def batches() -> Iterator[tuple[Ids, npt.NDArray[np.float32]]]:
        while True:
            yield from _batches(reviews, shuffled_batches(reviews.lengths, batch_size, rng))

    return _dataset(batches, reviews.width)


def evaluation_dataset(reviews: EncodedReviews) -> tf.data.Dataset:
    """Every review once, from the shortest to the longest."""
    order = list(sorted_batches(reviews.lengths, EVALUATION_BATCH))
    batches = _dataset(lambda: _batches(reviews, order), reviews.width)
    return batches.apply(tf.data.experimental.assert_cardinality(len(order)))


def _batches(
    reviews: EncodedReviews, order: Iterable[npt.NDArray[np.int64]]
) -> Iterator[tuple[Ids, npt.NDArray[np.float32]]]:
    for batch in order:
        ids = pad([reviews.rows[index] for index in batch])
        yield ids, reviews.get_targets(batch, ids.shape[1])


def _dataset(batches: Any, width: int | None) -> tf.data.Dataset:
    signature = (tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, width), tf.float32))
    return tf.data.Dataset.from_generator(batches, output_signature=signature).prefetch(2)
