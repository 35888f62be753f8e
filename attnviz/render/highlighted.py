"""An explained text cut into words and gaps, ready to be drawn: made here, for the browser and for HTML alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from attnviz.render.palette import get_full_score
from attnviz.values.edited_text import EditedText, Origin
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS

State = Literal["read", "replaced", "left out"]
"""What the network reads in the place of a word as typed: it, another one, or nothing."""

CUT = "… "


class HighlightedToken(NamedTuple):
    """One word. A named tuple: a text has hundreds of them.

    Attributes:
        shown: its letters, as the network's text has them, or of a word that is left out as it was typed.
        word: as the network knows it.
        start, end: its offsets in the text as typed.
        score: 0 of a word that is left out.
        rank: 1 for the largest |score|, equal ones in order of the text; 0 of a word that is left out.
        known: whether the vocabulary holds it.
        place: which word of the text as typed it is, counted from 0.
        state: whether the network reads it as it was typed.
    """

    shown: str
    word: str
    start: int
    end: int
    score: float
    rank: int
    known: bool
    place: int
    state: State


@dataclass(frozen=True, slots=True)
class Scale:
    """What the colours mean.

    Attributes:
        full: the score that has the full colour, at least 0.
        signed: whether scores speak for or against a label, in two colours.
        name: what one score is called.
        toward: the label that positive scores speak for.
        against: what negative ones speak for: the other label of two, else 'other classes'.
    """

    full: float
    signed: bool
    name: str
    toward: str
    against: str


@dataclass(frozen=True, slots=True)
class HighlightedText:
    """A text to draw: joining head, gaps and words gives it back as it was typed, if no word was changed.

    Attributes:
        head: what the network did not read at the start; '' if it read all.
        truncated: how many words that is.
        tokens: the words that it read, and those that were left out, in order.
        gaps: (len(tokens) + 1) what stands between the words; gaps[i] stands before tokens[i].
        scale: of the tokens' scores.
    """

    head: str
    truncated: int
    tokens: tuple[HighlightedToken, ...]
    gaps: tuple[str, ...]
    scale: Scale

    def __post_init__(self) -> None:
        if len(self.gaps) != len(self.tokens) + 1:
            raise ValueError(f"{len(self.tokens)} tokens need a gap more, got {len(self.gaps)}")

    def join(self) -> str:
        """Everything that is shown, in order."""
        words = "".join(f"{gap}{token.shown}" for gap, token in zip(self.gaps, self.tokens, strict=False))
        return f"{self.head}{words}{self.gaps[-1]}"

    def shorten_head(self, most: int = 0) -> HighlightedText:
        """The same with at most so many characters of what was not read, and CUT in the place of the others."""
        if len(self.head) <= most:
            return self
        kept = self.head[-most:].partition(" ")[2] if most else ""
        return replace(self, head=f"{CUT}{kept}")


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
    text, position = explanation.text, _find_first_read(explanation)
    words = _place_read(explanation, edited)
    if edited and edited.text != edited.original:
        words = iter(sorted([*words, *_place_left_out(edited, position)], key=lambda word: (word.start, word.end)))
    head, tokens, gaps = text[:position], [], []
    for word in words:
        gaps.append(text[position : word.start])
        tokens.append(word.token)
        position = word.end
    return HighlightedText(head, explanation.truncated, tuple(tokens), (*gaps, text[position:]), get_scale(explanation))


def get_scale(explanation: Explanation) -> Scale:
    """The colour scale of an explanation."""
    full, name = get_full_score(explanation), METHODS[explanation.method].score_name
    against = explanation.prediction.get_other_label(explanation.target) or "other classes"
    return Scale(full, explanation.signed, name, explanation.label, against)


def _find_first_read(explanation: Explanation) -> int:
    """Where the part of the text begins that the network read."""
    if not explanation.truncated:
        return 0
    return explanation.tokens[0].start if explanation.tokens else len(explanation.text)


def _place_read(explanation: Explanation, edited: EditedText | None) -> Iterator[_Placed]:
    scores = explanation.scores.tolist()
    order = sorted(range(len(scores)), key=lambda index: -abs(scores[index]))
    ranks = {index: rank for rank, index in enumerate(order, start=1)}
    changed = edited if edited and edited.text != edited.original else None
    for index, (word, start, end, _, known) in enumerate(explanation.tokens):
        origin = Origin(explanation.truncated + index, start, end, replaced=False)
        place, typed_start, typed_end, replaced = changed.locate(start, end) if changed else origin
        state: State = "replaced" if replaced else "read"
        shown, score, rank = explanation.text[start:end], scores[index], ranks[index]
        token = HighlightedToken(shown, word, typed_start, typed_end, score, rank, known, place, state)
        yield _Placed(start, end, token)


def _place_left_out(edited: EditedText, first: int) -> Iterator[_Placed]:
    """The words that are not read, from the position on where the network begins to read."""
    for place, start, end, position, word in edited.left_out:
        if position >= first:
            shown = edited.original[start:end]
            token = HighlightedToken(shown, word, start, end, 0.0, 0, True, place, "left out")
            yield _Placed(position, position, token)
