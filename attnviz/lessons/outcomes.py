"""What a check found, and which prediction it bears out. Every number is computed from what ran."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attnviz.lab.lab_results import LabResult
from attnviz.render.adversarial_report import describe_adversarial
from attnviz.render.glossary import FURTHEST
from attnviz.render.numerals import format_percent
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
    largest, even = int(np.argmax(weights)), 1 / len(weights)
    accuracy = result.history["val_accuracy"][-1]
    said = (
        f"Trained just now ({result.seconds:.2f} s, {format_percent(accuracy)} of the held-out samples right): column "
        f"{answer} got {format_percent(weights[answer], 0)} of the attention"
    )
    if largest == answer:
        return Outcome(0, f"{said}, the most of all; an even share is {format_percent(even, 0)}.")
    more = f"and column {largest} got more, {format_percent(weights[largest], 0)}"
    return Outcome(1, f"{said}, {more}; an even share is {format_percent(even, 0)}.")


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
    said = f"Without “{attention.tokens[place].text}” the probability moves by {moved:.3f}."
    if most == place:
        said = f"{said} No other word moves it by more."
    else:
        said = f"{said} The word that moves it most is “{occlusion.tokens[most].text}”, by {changes[most]:.3f}."
    return Outcome(0 if moved > MOVED else 1, said)


def judge_other_map(found: AdversarialAttention) -> Outcome:
    """Whether attention that differs much gives the same answer."""
    return Outcome(0 if found.other and found.divergence >= FURTHEST / 2 else 1, describe_adversarial(found))
