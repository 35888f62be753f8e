"""Reviews with what a network said of them: which of them match a filter, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attnviz.data.imdb import Split
from attnviz.errors import UnknownNameError
from attnviz.languages import mark
from attnviz.text.vocabulary import UNKNOWN, Vocabulary
from attnviz.text.words import words

Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TINY = 1e-7
"""Probabilities are kept so far from 0 and 1 before their logarithm is taken, as Keras does."""

ALL = "all"
ANSWERS = (ALL, "right", "wrong")


@dataclass(frozen=True)
class ReviewTable:
    """Facts of n reviews, one value a review.

    Attributes:
        labels: the k names of the labels.
        true_labels: (n,) the right label of each review, an index into the labels.
        ratings: (n,) stars, 1 to 10.
        lengths: (n,) how many words a review has.
        probabilities: (n, k) what the network gave to each label; NaN where there was no word to read.
    """

    labels: tuple[str, ...]
    true_labels: npt.NDArray[np.integer]
    ratings: npt.NDArray[np.integer]
    lengths: npt.NDArray[np.integer]
    probabilities: npt.NDArray[np.floating]

    def __len__(self) -> int:
        return len(self.true_labels)

    @property
    def answered(self) -> Mask:
        """Where the network gave an answer."""
        return ~np.isnan(self.probabilities).any(axis=1)

    @property
    def predicted(self) -> Indices:
        """(n,) the most probable label, the last of equal ones; it says nothing where there is no answer."""
        last = self.probabilities.shape[1] - 1
        return last - np.argmax(self.probabilities[:, ::-1], axis=1)

    @property
    def right(self) -> Mask:
        """Where the answer is the label."""
        return self.answered & (self.predicted == self.true_labels)

    @property
    def confidence(self) -> Floats:
        """How far the largest probability is from undecided: 0 where all labels are equal, 1 at certainty."""
        undecided = 1 / self.probabilities.shape[1]
        return (self.probabilities.max(axis=1).astype(np.float64) - undecided) / (1 - undecided)

    @property
    def loss(self) -> Floats:
        """Cross-entropy: minus the natural logarithm of the probability that the right label got.

        0 for a certain right answer, ln k for an undecided one (0.69 of two labels), and 16.1 at most, since no
        probability counts as less than TINY.
        """
        right = np.take_along_axis(self.probabilities, np.asarray(self.true_labels)[:, None].astype(np.int64), axis=1)
        return -np.log(np.clip(right[:, 0].astype(np.float64), TINY, 1))


@dataclass(frozen=True)
class Filter:
    """Which reviews to list; what is left at its default lets everything through.

    Attributes:
        answer: one of ANSWERS.
        label: the right label, by its name, or ALL.
        confidence: from and to, 0 to 1, both included.
        lengths: from and to in words, both included.
        ratings: the stars to list; none lists all.
    """

    answer: str = ALL
    label: str = ALL
    confidence: tuple[float, float] = (0.0, 1.0)
    lengths: tuple[int, int] | None = None
    ratings: tuple[int, ...] = ()


_SORTED_BY: Mapping[str, Callable[[ReviewTable], npt.NDArray]] = {
    mark("Loss, highest first"): lambda table: -table.loss,
    mark("Loss, lowest first"): lambda table: table.loss,
    mark("Most confident first"): lambda table: -table.confidence,
    mark("Least confident first"): lambda table: table.confidence,
    mark("Longest first"): lambda table: -table.lengths.astype(np.int64),
    mark("Shortest first"): lambda table: table.lengths,
    mark("Order of the data set"): lambda table: np.zeros(len(table)),
}

ORDERS = tuple(_SORTED_BY)
"""The orders that `find_reviews` knows; reviews that are equal in it stay in the order of the data set."""


def find_reviews(table: ReviewTable, chosen: Filter, order: str = ORDERS[0], also: Mask | None = None) -> Indices:
    """The indices of the reviews that match, in order; reviews without an answer never match.

    Args:
        also: (n,) a further condition, e.g. of `find_words`.

    Raises:
        UnknownNameError: an answer, a label or an order that there is none of.
    """
    _check_names(table, chosen, order)
    match = _match(table, chosen) if also is None else _match(table, chosen) & also
    found = np.flatnonzero(match)
    return found[np.argsort(_SORTED_BY[order](table)[found], kind="stable")]


def _check_names(table: ReviewTable, chosen: Filter, order: str) -> None:
    for kind, name, valid in (
        ("answer", chosen.answer, ANSWERS),
        ("label", chosen.label, (ALL, *table.labels)),
        ("order", order, ORDERS),
    ):
        if name not in valid:
            raise UnknownNameError(kind, name, valid)


def _match(table: ReviewTable, chosen: Filter) -> Mask:
    """(n,) which reviews with an answer a filter lets through."""
    match = table.answered & _lies_between(table.confidence, chosen.confidence)
    if chosen.answer != ALL:
        match &= table.right == (chosen.answer == "right")
    if chosen.label != ALL:
        match &= table.true_labels == table.labels.index(chosen.label)
    if chosen.lengths is not None:
        match &= _lies_between(table.lengths, chosen.lengths)
    if chosen.ratings:
        match &= np.isin(table.ratings, chosen.ratings)
    return match


def _lies_between(values: npt.NDArray, bounds: tuple[float, float]) -> Mask:
    return (values >= bounds[0]) & (values <= bounds[1])


def compute_accuracy(table: ReviewTable, indices: Indices) -> float | None:
    """The share of right answers among some reviews, 0 to 1; None among none."""
    return float(table.right[indices].mean()) if len(indices) else None


def find_words(split: Split, vocabulary: Vocabulary, query: str) -> Mask:
    """(n,) which reviews hold every word of a query: whole words, whatever their case, in any order.

    Args:
        vocabulary: that of the split's word ids. The reviews are searched by these ids; only for a word that it lacks
            are texts read, and those only that hold such a word.
    """
    found = np.ones(len(split), dtype=np.bool_)
    for word in set(words(query)):
        id = vocabulary.id(word)
        holds = _find_id(split, id)
        if id == UNKNOWN:
            holds[list(_lacking(split, np.flatnonzero(holds), word))] = False
        found &= holds
    return found


def find_read_word(split: Split, vocabulary: Vocabulary, word: str, steps: int) -> Mask:
    """(n,) which reviews hold a word of the vocabulary among their last `steps` words, those that a network reads."""
    places = np.flatnonzero(np.asarray(split.word_ids) == vocabulary.id(word))
    reviews = np.searchsorted(split.word_offsets, places, side="right") - 1
    ends = np.asarray(split.word_offsets)[reviews + 1]
    found = np.zeros(len(split), dtype=np.bool_)
    found[reviews[places >= ends - steps]] = True
    return found


def _find_id(split: Split, id: int) -> Mask:
    """(n,) which reviews hold a word id."""
    places = np.flatnonzero(np.asarray(split.word_ids) == id)
    found = np.zeros(len(split), dtype=np.bool_)
    found[np.searchsorted(split.word_offsets, places, side="right") - 1] = True
    return found


def _lacking(split: Split, candidates: Indices, word: str) -> Iterator[int]:
    """Those candidates whose text does not hold the word.

    To look for the letters first is ten times as fast; beyond ASCII a word may be spelled in several ways.
    """
    for index in candidates.tolist():
        text = split.texts[index]
        if (text.isascii() and word not in text.lower()) or word not in words(text):
            yield index
