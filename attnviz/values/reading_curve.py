"""What a classifier says of the beginnings of a text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from attnviz.values.prediction import Prediction
from attnviz.values.tokens import Token


class Turn(NamedTuple):
    """A place of a reading curve from which on the answer is another one.

    Attributes:
        since: the last point of the curve with the answer before; `counts[since]` words give it.
        point: the first one with the new answer.
        before, after: the labels, indices.
    """

    since: int
    point: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ReadingCurve:
    """The answer to each beginning of a text, read alone, as if the text ended there.

    A network that reads in both directions, or whose attention is shared out over all words, may read the same words
    differently where more of them follow; what it makes of the beginning alone is what stands here.

    Attributes:
        text: exactly what was given.
        tokens: the words that are read, in order.
        prediction: what the classifier says of all of them.
        target: the label whose probability the curve shows.
        model: whom it is the answer of.
        truncated: how many words before the first one are not read; they are part of no beginning.
        counts: how many words each beginning has, from 1 to all; of a long text some are left out between.
        probabilities: (counts,) of the target; None where the classifier gives no number.
        answers: (counts,) the predicted labels; None where there is none.
    """

    text: str
    tokens: tuple[Token, ...]
    prediction: Prediction
    target: int
    model: str
    truncated: int = 0
    counts: tuple[int, ...] = ()
    probabilities: tuple[float | None, ...] = ()
    answers: tuple[int | None, ...] = ()

    @property
    def label(self) -> str:
        """The name of the target."""
        return self.prediction.labels[self.target]

    @property
    def whole(self) -> bool:
        """Whether every beginning was read, so that what happens at a word is known."""
        return len(self.counts) == len(self.tokens)

    def find_turns(self) -> list[Turn]:
        """Where the answer turns, in order; beginnings without an answer turn nothing."""
        known = [(point, answer) for point, answer in enumerate(self.answers) if answer is not None]
        steps = pairwise(known)
        return [Turn(since, point, before, after) for (since, before), (point, after) in steps if before != after]

    def name_word(self, point: int) -> str:
        """The last word of a beginning, as it is written in the text."""
        token = self.tokens[self.counts[point] - 1]
        return self.text[token.start : token.end]

    def _repr_html_(self) -> str:
        import attnviz  # the renderer stands above the values; the package's lazy table knows it

        return attnviz.render_reading_curve(self)
