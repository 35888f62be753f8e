"""A small study: the words that a person marked in a few texts, beside those that a network's methods name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from attnviz.errors import SettingError
from attnviz.evidence.plausibility import average_overlaps, measure_chance, measure_overlap, score_places
from attnviz.values.explanation import Explanation, write_json
from attnviz.values.overlap import Overlap

if TYPE_CHECKING:
    import pandas as pd

LAST_WORDS, RANDOM = "last words", "random"
"""Baselines: scores that know only where a word stands, and scores that know nothing."""

MOST_TEXTS = 200
"""A study of one visitor's session holds no more."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """What a person marked in one text, before the scores were seen.

    Attributes:
        text: exactly what was given. model: what read it.
        label: the explained one. probability: of that label.
        words: those that the network read, in order.
        marked: the places of the marked ones among them.
        overlaps: by method and baseline.
    """

    text: str
    model: str
    label: str
    probability: float | None
    words: tuple[str, ...]
    marked: tuple[int, ...]
    overlaps: Mapping[str, Overlap]


def mark_text(explanations: Sequence[Explanation], places: Sequence[int]) -> MarkedText:
    """How far each method's scores agree with the marks.

    Args:
        explanations: of one text by one network, at least one.
        places: the marked words' places among its words.

    Raises:
        SettingError: a place that no word has, no mark at all, or nothing but marks.
    """
    first = explanations[0]
    words = tuple(token.text for token in first.tokens)
    if wrong := [place for place in places if not 0 <= place < len(words)]:
        raise SettingError(f"Word {wrong[0] + 1:,} is marked, but the network read {len(words):,} words.")
    marked = tuple(sorted(set(places)))
    marks = np.isin(np.arange(len(words)), marked)
    overlaps = {one.method: measure_overlap(one.scores, marks) for one in explanations}
    overlaps |= {LAST_WORDS: measure_overlap(score_places(len(words)), marks), RANDOM: measure_chance(marks)}
    return MarkedText(first.text, first.model, first.label, first.probability, words, marked, overlaps)


def summarise(study: Sequence[MarkedText]) -> dict[str, tuple[Overlap, int]]:
    """By method and baseline the mean overlap, and over how many texts."""
    names = dict.fromkeys(name for one in study for name in one.overlaps)
    found = {name: [one.overlaps[name] for one in study if name in one.overlaps] for name in names}
    return {name: (average_overlaps(overlaps), len(overlaps)) for name, overlaps in found.items()}


def build_frame(study: Sequence[MarkedText]) -> pd.DataFrame:
    """A row for each text and method or baseline, without the texts themselves."""
    import pandas as pd

    return pd.DataFrame(
        {
            "text": number,
            "model": one.model,
            "label": one.label,
            "probability": one.probability,
            "words": len(one.words),
            "marked": len(one.marked),
            "scores": name,
            **asdict(overlap),
        }
        for number, one in enumerate(study, start=1)
        for name, overlap in one.overlaps.items()
    )


def write_study(study: Sequence[MarkedText]) -> str:
    """JSON text with everything, the texts and the marked words included."""
    return write_json([_describe(one) for one in study], indent=2)


def _describe(one: MarkedText) -> dict[str, Any]:
    return {**asdict(one), "marked_words": [one.words[place] for place in one.marked]}
