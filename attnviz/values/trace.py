"""One word followed through a network with attention: what a page shows of a forward trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class TracedWord(NamedTuple):
    """A word that was read, and where it stands in the text."""

    text: str
    start: int
    end: int
    known: bool


@dataclass(frozen=True, slots=True)
class WordScore:
    """The product behind one score of the followed word.

    Attributes:
        feature: which feature's or head's softmax is shown, from 0; None for the mean of all.
        example: the feature or head that is worked out; None where there are none.
        key, query: what is multiplied; product: their sum of products; scale: what it is divided by; bias: what is
            added before a tanh, or None.
        score: before the softmax.
        place: of the word whose key is multiplied, where the followed word asks; None where it is asked itself.
    """

    feature: int | None
    example: int | None
    key: tuple[float, ...]
    query: tuple[float, ...]
    product: float
    scale: float
    bias: float | None
    score: float
    place: int | None = None


@dataclass(frozen=True, slots=True)
class LastLayer:
    """From the context vector to the probability of the target.

    Attributes:
        inputs: what the last layer reads: the context vector, or for `luong` the attention vector.
        kernel: the layer's weights for the target; bias: its bias.
        shares: each word's part of the target's sum, without the bias; None where it can't be split.
        logits: the sum of each label before the softmax; a single one before a sigmoid.
        logit: the target's.
    """

    inputs: tuple[float, ...]
    kernel: tuple[float, ...]
    bias: float
    shares: tuple[float, ...] | None
    logits: tuple[float, ...]
    logit: float


@dataclass(frozen=True, slots=True)
class FollowedWord:
    """A forward trace with one word followed in detail; n words were read.

    Attributes:
        text, model: exactly what was given, and the name of the checkpoint.
        tokens: (n) the words; truncated: how many before them were not read.
        labels: of the classifier; target: the one whose probability is shown.
        table: how many rows the embedding has.
        temperature: what the scores are divided by before the softmax.
        word: the place of the followed one; id: its row of the embedding.
        rows: the places of the words that are shown in detail, with their `vectors`, `states` and `contributions`.
        scores: n rows of a score for each feature or head, a single one where there are none.
        weights: (n) after the softmax at this temperature, of the feature or the mean of all.
        score: the product behind the followed word's score.
        context: the weighted sum; part: what the scored word puts into it, the parts of all words sum to 1.
        last: the way from there to the answer.
        probability, usual_probability: the target's, at this temperature and at 1.
        maps: where each word asks, by head the weights of the words that are shown, a row each: what they look at.
    """

    text: str
    model: str
    tokens: tuple[TracedWord, ...]
    truncated: int
    labels: tuple[str, ...]
    target: int
    table: int
    temperature: float
    word: int
    id: int
    rows: tuple[int, ...]
    vectors: tuple[tuple[float, ...], ...]
    states: tuple[tuple[float, ...], ...]
    scores: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    score: WordScore
    contributions: tuple[tuple[float, ...], ...]
    context: tuple[float, ...]
    part: float
    last: LastLayer
    probability: float
    usual_probability: float
    maps: tuple[tuple[tuple[float, ...], ...], ...] = ()

    @property
    def scored(self) -> int:
        """The place of the word whose score is worked out: the followed one, or the one that it looks at most."""
        return self.word if self.score.place is None else self.score.place

    @property
    def label(self) -> str:
        """The name of the target."""
        return self.labels[self.target]
