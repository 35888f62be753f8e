"""Explanations side by side: where several of one text disagree, and which words two texts share. No TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.values.arrays import FloatArray
from attnviz.values.explanation import Explanation

DISPUTED = 5
"""How many words are named: of those with the largest disagreement, or whose score changed most."""


class Disagreement(NamedTuple):
    """A word that explanations of one text rank differently.

    Attributes:
        token, start: the word and where it starts in the text.
        place: which of the words that all explanations read, counted from 1.
        ranks: one an explanation, 1 for the largest |score| among those words; equal scores share their mean rank.
        spread: the largest rank minus the smallest, as a share of the largest possible difference, 0 to 1.
    """

    token: str
    start: int
    place: int
    ranks: tuple[float, ...]
    spread: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Explanations of one text by several networks and methods.

    Attributes:
        explanations: all of the same text.
        shared: how many words all of them read; networks read different numbers of last words.
        agreement: for each two of them Kendall's tau-b of the absolute scores on the shared words, -1 to 1; None where
            all scores of one side are equal, or fewer than two words are shared.
        disagreements: the shared words whose ranks differ most, at most DISPUTED, the largest spread first.
    """

    explanations: tuple[Explanation, ...]
    shared: int
    agreement: tuple[tuple[float | None, ...], ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class TextComparison:
    """Two texts explained by one network and one method.

    Attributes:
        first, second: their explanations.
        matches: the words that stand in both, as places (in first.tokens, in second.tokens).
        changed: for each text the places of its words that the other one lacks.
    """

    first: Explanation
    second: Explanation
    matches: tuple[tuple[int, int], ...]
    changed: tuple[tuple[int, ...], tuple[int, ...]]


def compare_texts(first: Explanation, second: Explanation) -> TextComparison:
    """Match the words of two explained texts.

    Words are the network's: lower-case, without punctuation. The match is the one of `difflib` on the two sequences of
    words that were read. What one text has at its start where the other one goes on unread is no change.

    Raises:
        SettingError: they come from different networks or methods.
    """
    if (first.model, first.method) != (second.model, second.method):
        raise SettingError(
            tr(
                "Two texts are compared with one network and one method, got {first} and {second}.",
                first=f"{first.model}, {first.method}",
                second=f"{second.model}, {second.method}",
            )
        )
    one, two = ([token.text for token in explanation.tokens] for explanation in (first, second))
    codes = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    kept = [(range(a, b), range(c, d)) for code, a, b, c, d in codes if code == "equal"]
    edits = [(a, b, c, d) for code, a, b, c, d in codes if code != "equal"]
    return TextComparison(
        first,
        second,
        tuple(pair for places in kept for pair in zip(*places, strict=True)),
        (
            tuple(at for a, b, c, d in edits if not (a == 0 and c == d and second.truncated) for at in range(a, b)),
            tuple(at for a, b, c, d in edits if not (c == 0 and a == b and first.truncated) for at in range(c, d)),
        ),
    )


def find_moved(compared: TextComparison, count: int = DISPUTED) -> list[tuple[int, int, float]]:
    """The matched words whose score changed most: (place in the first, place in the second, second minus first)."""
    one, two = compared.first.scores, compared.second.scores
    moves = [(first, second, float(two[second] - one[first])) for first, second in compared.matches]
    return sorted((move for move in moves if move[2]), key=lambda move: -abs(move[2]))[:count]


def find_shared(explanations: Sequence[Explanation]) -> list[list[int]]:
    """For each explanation the places of the words that all of them read, in order of the text.

    Words are matched by where they start, since each network reads another number of last words.

    Raises:
        SettingError: there is none, or they are of different texts.
    """
    if len({explanation.text for explanation in explanations}) != 1:
        raise SettingError(tr("Explanations to compare must be of one and the same text, and at least one is needed."))
    places = [{token.start: at for at, token in enumerate(explanation.tokens)} for explanation in explanations]
    shared = sorted(set.intersection(*(set(starts) for starts in places)))
    return [[starts[start] for start in shared] for starts in places]


def rank_scores(scores: FloatArray) -> FloatArray:
    """(words,) the rank of each |score|, 1 for the largest; equal scores share the mean of their ranks."""
    sizes = np.abs(scores)
    ordered = np.sort(sizes)
    smaller, up_to = (np.searchsorted(ordered, sizes, side) for side in ("left", "right"))
    return len(sizes) + 0.5 - (smaller + up_to) / 2


def find_disagreements(explanations: Sequence[Explanation], count: int = DISPUTED) -> tuple[Disagreement, ...]:
    """The shared words whose ranks differ most between explanations of one text, the largest spread first.

    Ranks are compared instead of scores, because scores of different methods have different units; the sign is left
    aside. Words with equal spread come in order of the text; a word with the same rank everywhere is left out.

    Raises:
        as `find_shared`.
    """
    places = find_shared(explanations)
    words = len(places[0])
    if words < 2 or len(explanations) < 2:
        return ()
    ranks = np.array([rank_scores(one.scores[at]) for one, at in zip(explanations, places, strict=True)])
    spreads = np.ptp(ranks, axis=0) / (words - 1)
    tokens = [explanations[0].tokens[at] for at in places[0]]
    return tuple(
        Disagreement(tokens[at].text, tokens[at].start, at + 1, tuple(ranks[:, at].tolist()), float(spreads[at]))
        for at in np.argsort(-spreads, kind="stable")[:count].tolist()
        if spreads[at] > 0
    )
