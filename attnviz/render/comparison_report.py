"""What a comparison of explanations says, in words that are computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt

from attnviz.render.glossary import GLOSSARY
from attnviz.render.html import render_matrix
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_number, format_probability
from attnviz.render.sentences import name_probability
from attnviz.values.cost import Cost
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS

Agreement = Sequence[Sequence[float | None]]
"""Kendall's tau of each two explanations; None where one of them puts no word before another."""

DISAGREEMENT_HELP = (
    "Each map ranks the words by the size of their score, 1 for the strongest. These are the words whose ranks differ "
    "most between two maps; a dashed frame marks them in the texts. A map that hardly prefers any word has ranks, too, "
    "but they mean little."
)
MOVED_HELP = "Words of both texts, and by how much their score changed from the first text to the second."


def get_title(explanation: Explanation) -> str:
    """Which network and which method: what a map is called."""
    return f"{explanation.model}, {METHODS[explanation.method].phrase}"


def name_slow_scores(methods: Sequence[str]) -> str:
    """Some methods inside a sentence."""
    return " and ".join(METHODS[name].phrase for name in methods)


def describe_cost(methods: Sequence[str], cost: Cost) -> str:
    """What it takes to compute scores that do not keep up with typing."""
    each = "; ".join(f"{METHODS[name].phrase} {METHODS[name].cost}" for name in methods)
    loading = f", and some seconds more to load {' and '.join(cost.unloaded)} first" if cost.unloaded else ""
    read = f"Here that is at most {cost.readings:,} texts, {_describe_seconds(cost.seconds)}{loading}."
    return f"{each[0].upper()}{each[1:]}. {read}"


def _describe_seconds(seconds: float) -> str:
    return f"about {max(1, round(seconds)):,} s" if seconds < 120 else f"about {round(seconds / 60):,} min"


def describe_agreement(explanations: Sequence[Explanation], shared: int, agreement: Agreement) -> str:
    """How far explanations of one text agree on the order of the words, and which of them most and least.

    Args:
        shared: how many words all of them read.
        agreement: their taus.
    """
    if len(explanations) < 2:
        return "This is a single map: choose another network or another kind of scores to compare it with."
    if shared < 2:
        return "All maps read fewer than two words in common, so there is no order of words to compare."
    pairs = [
        (tau, f"‘{get_title(explanations[one])}’ and ‘{get_title(explanations[two])}’ ({format_number(tau, 2)})")
        for one, two in combinations(range(len(explanations)), 2)
        if (tau := agreement[one][two]) is not None
    ]
    if not pairs:
        return "The scores of a map are all equal, so there is no order of words to compare."
    start = f"On the order of the {shared:,} words that all maps read, they agree with **τ = "
    if len(pairs) == 1:
        return f"{start}{format_number(pairs[0][0], 2)}**."
    mean = sum(tau for tau, _ in pairs) / len(pairs)
    return f"{start}{format_number(mean, 2)}** on average. Most alike: {max(pairs)[1]}. Least alike: {min(pairs)[1]}."


def render_agreement(explanations: Sequence[Explanation], shared: int, agreement: Agreement) -> str:
    """The taus of each two explanations as a table with a sentence of help; empty if there are no two to compare."""
    kept = [at for at in range(len(explanations)) if agreement[at][at] is not None]
    if len(kept) < 2:
        return ""
    values = [[agreement[row][column] or 0.0 for column in kept] for row in kept]
    rows = [f"{number}  {get_title(explanations[at])}" for number, at in enumerate(kept, start=1)]
    table = render_matrix(values, rows, [str(number) for number in range(1, len(kept) + 1)])
    meaning = (
        f"Kendall’s τ of each two maps. {GLOSSARY['Kendall’s τ']} Two random orders of {shared:,} words get "
        f"0 ± {compute_chance(shared):.2f} (mean ± standard deviation)."
    )
    return f'{table}<p style="max-width:75ch;margin-top:.6em"><small>{meaning}</small></p>'


def compute_chance(words: int) -> float:
    """The standard deviation of Kendall's tau of two random orders of at least two words. Source: Kendall 1938."""
    return sqrt(2 * (2 * words + 5) / (9 * words * (words - 1)))


def describe_change(first: Explanation, second: Explanation, changed: Sequence[Sequence[int]]) -> str:
    """How the answer changed from one text to another, in Markdown.

    Args:
        changed: for each text the places of its words that the other one lacks.
    """
    if first.probability is None or second.probability is None:
        which = "first" if first.probability is None else "second"
        return f"The {which} text has no word to read, so there are no two answers to compare."
    if not any(changed):
        return "Both texts have the same words. Change a few in the second one and see what it does to the answer."
    before, after = first.probability, second.prediction.get_probability(first.target) or 0.0
    subject = (
        f"The {escape_markdown(name_probability(first.prediction, first.target))} **{_describe_move(before, after)}**"
    )
    classes = [escape_markdown(str(explanation.prediction.label)) for explanation in (first, second)]
    turned = f": the answer turns from {classes[0]} to {classes[1]}"
    verdict = turned if classes[0] != classes[1] else f"; the answer stays {classes[1]}"
    return f"{subject}{verdict}. {_count_changes(changed)}"


def _describe_move(before: float, after: float) -> str:
    if abs(after - before) < 0.0005:
        return f"stays at {format_probability(after)}"
    numbers = f"from {format_probability(before)} to {format_probability(after)}"
    return f"{'rises' if after > before else 'falls'} {numbers}, by {abs(after - before):.3f}"


def _count_changes(changed: Sequence[Sequence[int]]) -> str:
    one, two = (f"{len(places):,} word{'' if len(places) == 1 else 's'}" for places in changed)
    return f"A dashed frame marks what differs: {one} of the first text and {two} of the second."
