"""What a check found, and which prediction it bears out. Every number is computed from what ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from attnviz.lab.lab_results import LabResult
from attnviz.languages import tr
from attnviz.render.adversarial_report import describe_adversarial
from attnviz.render.glossary import FURTHEST
from attnviz.render.numerals import format_number, format_percent
from attnviz.render.phrases import join_sentences
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.explanation import Explanation

MOVED = 0.1
"""A probability that moves by more has been moved."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found.

    Attributes:
        right: the prediction that it bears out, a place in the lesson's choices.
        said: what was found, a sentence with its numbers.
    """

    right: int
    said: str


def judge_column(result: LabResult, answer: int) -> Outcome:
    """Whether the largest of the last epoch's mean weights stands on the answer.

    Args:
        answer: the column that decides, counted from 0.
    """
    weights = result.attention[-1]
    largest = int(np.argmax(weights))
    figures = {
        "seconds": format_number(result.seconds, 2),
        "accuracy": format_percent(result.history["val_accuracy"][-1]),
        "column": answer,
        "share": format_percent(weights[answer], 0),
        "even": format_percent(1 / len(weights), 0),
    }
    if largest == answer:
        return Outcome(0, _describe_found(figures))
    return Outcome(1, _describe_missed(figures, largest, format_percent(weights[largest], 0)))


def _describe_found(figures: Mapping[str, object]) -> str:
    return tr(
        "Trained just now ({seconds} s, {accuracy} of the held-out samples right): column {column} got {share} of the "
        "attention, the most of all; an even share is {even}.",
        **figures,
    )


def _describe_missed(figures: Mapping[str, object], other: int, more: str) -> str:
    return tr(
        "Trained just now ({seconds} s, {accuracy} of the held-out samples right): column {column} got {share} of the "
        "attention, and column {other} got more, {more}; an even share is {even}.",
        other=other,
        more=more,
        **figures,
    )


def find_strongest(explanation: Explanation) -> int:
    """The place of the word with the highest score; the text has one at least."""
    return int(np.argmax(explanation.scores))


def judge_word(attention: Explanation, occlusion: Explanation) -> Outcome:
    """Whether the answer moves when the word with the most attention is left out.

    Args:
        attention, occlusion: of the same text by the same network.
    """
    place = find_strongest(attention)
    moved = abs(float(occlusion.scores[place]))
    changes = np.abs(occlusion.scores)
    most = int(np.argmax(changes))
    without = tr(
        "Without “{word}” the probability moves by {change}.",
        word=attention.tokens[place].text,
        change=format_number(moved),
    )
    if most == place:
        other = tr("No other word moves it by more.")
    else:
        word, change = occlusion.tokens[most].text, format_number(changes[most])
        other = tr("The word that moves it most is “{word}”, by {change}.", word=word, change=change)
    return Outcome(0 if moved > MOVED else 1, join_sentences([without, other]))


def judge_other_map(found: AdversarialAttention) -> Outcome:
    """Whether attention that differs much gives the same answer."""
    return Outcome(0 if found.other and found.divergence >= FURTHEST / 2 else 1, describe_adversarial(found))
