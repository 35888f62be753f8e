"""Some texts of a corpus as a classifier reads them, with its answers: what the measures look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from attnviz.evidence.corpus_part import NO_ANSWER, Part
from attnviz.explain.arranging import Row
from attnviz.explain.attribution import find_answers
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.text_reader import Encoded
from attnviz.values.arrays import FloatArray

Columns = Iterator[tuple[str, FloatArray]]
"""Names and values, one value a text, NaN where there is none."""


@dataclass(frozen=True)
class PartReading:
    """A part that a classifier has read.

    Attributes:
        classifier: who.
        part: what.
        encoded: the texts as it reads them.
        probabilities: (n, k), NaN where there is no answer.
        predicted: (n,) the labels, NO_ANSWER where there is none.
        places: the texts of at least two words that have an answer: those that are measured, indices.
        scores: of each method, for each of `places` (words,).
        seed: of what is drawn at random.
    """

    classifier: TextClassifier
    part: Part
    encoded: Sequence[Encoded]
    probabilities: FloatArray
    predicted: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    scores: Mapping[str, Sequence[FloatArray]] = field(default_factory=dict)
    seed: int = 0

    @property
    def rows(self) -> list[Row]:
        """The words of `places`."""
        return [self.encoded[place].inputs for place in self.places]

    def spread(self, values: Sequence[float] | FloatArray, chosen: npt.NDArray[np.bool_] | None = None) -> FloatArray:
        """(n,) values of `places`, or of those that are chosen among all texts; NaN for the other texts."""
        column = np.full(len(self.encoded), np.nan)
        column[self.places if chosen is None else self.places[chosen[self.places]]] = values
        return column

    def draw(self, place: int) -> np.random.Generator:
        """What is random about a text depends on its id and the seed alone, whatever it is measured with."""
        return np.random.default_rng([self.seed, int(self.part.ids[place])])


def read_part(classifier: TextClassifier, part: Part, seed: int = 0) -> PartReading:
    """Encode the texts and have them answered; a text without words has no answer."""
    encoded = [classifier.encode(text) for text in part.texts]
    lengths = np.array([len(one.inputs) for one in encoded])
    probabilities = classifier.predict([one.inputs for one in encoded]).astype(np.float64)
    probabilities[lengths == 0] = np.nan
    predicted = find_answers(probabilities)
    places = np.flatnonzero((predicted != NO_ANSWER) & (lengths >= 2))
    return PartReading(classifier, part, encoded, probabilities, predicted, places, seed=seed)


def measure_answers(reading: PartReading) -> Columns:
    """How long each text is, what the network says of it, and whether that is right."""
    known = (reading.part.answers != NO_ANSWER) & (reading.predicted != NO_ANSWER)
    yield "words", np.array([float(len(one.inputs)) for one in reading.encoded])
    yield "unread", np.array([float(one.truncated + one.truncated_end) for one in reading.encoded])
    yield "labels", np.full(len(reading.encoded), float(reading.probabilities.shape[1]))
    yield "predicted", np.where(reading.predicted == NO_ANSWER, np.nan, reading.predicted)
    yield "confidence", reading.probabilities.max(axis=1)
    yield "correct", np.where(known, reading.predicted == reading.part.answers, np.nan)
