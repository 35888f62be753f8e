"""An explained text cut into words and gaps, ready to be drawn: made here, for the browser and for HTML alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from attnviz.languages import tr
from attnviz.render.labels import name_label
from attnviz.render.palette import get_even_share, get_full_score
from attnviz.values.edited_text import EditedText, Origin
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS

State = Literal["read", "replaced", "left out"]
"""What the network reads in the place of a word as typed: it, another one, or nothing."""

CUT, CUT_END = "… ", " …"


class HighlightedToken(NamedTuple):
    """One word. A named tuple: a text has hundreds of them.

    Attributes:
        shown: its letters, as the network's text has them, or of a word that is left out as it was typed.
        word: as the network knows it.
        start, end: its offsets in the text as typed.
        score: 0 of a word that is left out.
        rank: 1 for the largest |score|, equal ones in order of the text; 0 of a word that is left out.
        known: whether the vocabulary holds it.
        state: whether the network reads it as it was typed.
    """

    shown: str
    word: str
    start: int
    end: int
    score: float
    rank: int
    known: bool
    state: State


@dataclass(frozen=True, slots=True)
class Scale:
    """What the colours mean.

    Attributes:
        full: the score that has the full colour, at least 0.
        signed: whether scores speak for or against a label, in two colours.
        name: what one score is called, in the reader's language, as the next two.
        toward: the label that positive scores speak for.
        against: what negative ones speak for: the other label of two, else 'other classes'.
        even: of attention, an even share; None of signed scores.
    """

    full: float
    signed: bool
    name: str
    toward: str
    against: str
    even: float | None = None


@dataclass(frozen=True, slots=True)
class HighlightedText:
    """A text to draw: joining head, gaps, words and tail gives it back as it was typed, if no word was changed.

    Attributes:
        head: what the network did not read at the start; '' if it read all.
        truncated: how many words that is.
        tokens: the words that it read, and those that were left out, in order.
        gaps: (len(tokens) + 1) what stands between the words; gaps[i] stands before tokens[i].
        scale: of the tokens' scores.
        tail: what the network did not read at the end; '' if it read all.
        truncated_end: how many words that is.
    """

    head: str
    truncated: int
    tokens: tuple[HighlightedToken, ...]
    gaps: tuple[str, ...]
    scale: Scale
    tail: str = ""
    truncated_end: int = 0

    def __post_init__(self) -> None:
        if len(self.gaps) != len(self.tokens) + 1:
            raise ValueError(f"{len(self.tokens)} tokens need a gap more, got {len(self.gaps)}")

    def join(self) -> str:
        """Everything that is shown, in order."""
        words = "".join(f"{gap}{token.shown}" for gap, token in zip(self.gaps, self.tokens, strict=False))
        return f"{self.head}{words}{self.gaps[-1]}{self.tail}"

    def shorten(self, most: int = 0) -> HighlightedText:
        """The same with at most so many characters of what was not read at each end; a CUT stands for the others."""
        head, tail = self.head, self.tail
        if len(head) > most:
            head = f"{CUT}{head[-most:].partition(' ')[2] if most else ''}"
        if len(tail) > most:
            tail = f"{tail[:most].rpartition(' ')[0]}{CUT_END}"
        return replace(self, head=head, tail=tail)


class _Placed(NamedTuple):
    """A word and where it stands in the text that is read; one that is left out takes no room there."""

    start: int
    end: int
    token: HighlightedToken


def highlight(explanation: Explanation, edited: EditedText | None = None) -> HighlightedText:
    """The text of an explanation.

    Args:
        edited: where that text comes from; None if it is as typed.
    """
    text, (position, last) = explanation.text, _find_read(explanation)
    words = list(_place_read(explanation, edited))
    if edited and edited.changes:
        words += _place_left_out(edited, (position, last), {word.token.start for word in words})
        words.sort(key=lambda word: (word.start, word.end))
    head, tokens, gaps = text[:position], [], []
    for word in words:
        gaps.append(text[position : word.start])
        tokens.append(word.token)
        position = max(position, word.end)  # a word may have closed over the place of one that is left out
    gaps.append(text[position:last])
    unread = explanation.truncated, explanation.truncated_end
    return HighlightedText(head, unread[0], tuple(tokens), tuple(gaps), get_scale(explanation), text[last:], unread[1])


def get_scale(explanation: Explanation) -> Scale:
    """The colour scale of an explanation."""
    full, name = get_full_score(explanation), METHODS[explanation.method].score_name
    other = explanation.prediction.get_other_label(explanation.target)
    toward, against = name_label(explanation.label), name_label(other) if other else tr("other classes")
    return Scale(full, explanation.signed, name, toward, against, get_even_share(explanation))


def _find_read(explanation: Explanation) -> tuple[int, int]:
    """Where the part of the text begins that the network read, and where it ends."""
    tokens, length = explanation.tokens, len(explanation.text)
    first = 0
    if explanation.truncated:
        first = tokens[0].start if tokens else length
    last = tokens[-1].end if tokens and explanation.truncated_end else length
    return first, last


def _place_read(explanation: Explanation, edited: EditedText | None) -> Iterator[_Placed]:
    scores = explanation.scores.tolist()
    order = sorted(range(len(scores)), key=lambda index: -abs(scores[index]))
    ranks = {index: rank for rank, index in enumerate(order, start=1)}
    for index, (word, start, end, _, known) in enumerate(explanation.tokens):
        origin = edited.locate(start, end) if edited else Origin(start, end, replaced=False)
        state: State = "replaced" if origin.replaced else "read"
        shown, score, rank = explanation.text[start:end], scores[index], ranks[index]
        token = HighlightedToken(shown, word, origin.start, origin.end, score, rank, known, state)
        yield _Placed(start, end, token)


def _place_left_out(edited: EditedText, read: tuple[int, int], there: set[int]) -> Iterator[_Placed]:
    """The words in whose place the network reads nothing, as far as they stand in the part that it reads.

    Args:
        read: where that part begins, and where it ends.
        there: where the words begin that it reads, in the text as typed.
    """
    first, last = read
    for typed_start, typed_end, start, _ in edited.changes:
        if first <= start <= last and typed_start not in there:
            shown = edited.original[typed_start:typed_end]
            token = HighlightedToken(shown, shown, typed_start, typed_end, 0.0, 0, True, "left out")
            yield _Placed(start, start, token)
