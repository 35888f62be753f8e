"""What a comparison of explanations says, in words that are computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt

from attnviz.languages import mark, tr, tr_n
from attnviz.render.glossary import GLOSSARY
from attnviz.render.html import escape_text, render_matrix
from attnviz.render.labels import name_label
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import count_words, format_count, format_number, format_probability
from attnviz.render.phrases import capitalise, join_and, join_clauses, join_sentences
from attnviz.render.sentences import name_probability
from attnviz.values.cost import Cost
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS

Agreement = Sequence[Sequence[float | None]]
"""Kendall's tau of each two explanations; None where one of them puts no word before another."""

DISAGREEMENT_HELP = mark(
    "Each map ranks the words by the size of their score, 1 for the strongest. These are the words whose ranks differ "
    "most between two maps; a dashed frame marks them in the texts. A map that hardly prefers any word has ranks, too, "
    "but they mean little."
)
MOVED_HELP = mark("Words of both texts, and by how much their score changed from the first text to the second.")


def get_title(explanation: Explanation) -> str:
    """Which network and which method: what a map is called."""
    return tr("{model}, {method}", model=explanation.model, method=METHODS[explanation.method].phrase)


def name_slow_scores(methods: Sequence[str]) -> str:
    """Some methods inside a sentence."""
    return join_and(METHODS[name].phrase for name in methods)


def describe_cost(methods: Sequence[str], cost: Cost) -> str:
    """What it takes to compute scores that do not keep up with typing."""
    each = join_clauses(tr("{method} {cost}", method=METHODS[name].phrase, cost=METHODS[name].cost) for name in methods)
    return join_sentences([tr("{sentence}.", sentence=capitalise(each)), _describe_most(cost)])


def _describe_most(cost: Cost) -> str:
    readings, time = format_count(cost.readings), _describe_seconds(cost.seconds)
    if not cost.unloaded:
        return tr_n(
            "Here that is at most {n} text, {time}.",
            "Here that is at most {n} texts, {time}.",
            cost.readings,
            n=readings,
            time=time,
        )
    return tr_n(
        "Here that is at most {n} text, {time}, and some seconds more to load {names} first.",
        "Here that is at most {n} texts, {time}, and some seconds more to load {names} first.",
        cost.readings,
        n=readings,
        time=time,
        names=join_and(cost.unloaded),
    )


def _describe_seconds(seconds: float) -> str:
    if seconds < 120:
        return tr("about {n} s", n=format_count(max(1, round(seconds))))
    return tr("about {n} min", n=format_count(round(seconds / 60)))


def describe_agreement(explanations: Sequence[Explanation], shared: int, agreement: Agreement) -> str:
    """How far explanations of one text agree on the order of the words, and which of them most and least.

    Args:
        shared: how many words all of them read.
        agreement: their taus.
    """
    if len(explanations) < 2:
        return tr("This is a single map: choose another network or another kind of scores to compare it with.")
    if shared < 2:
        return tr("All maps read fewer than two words in common, so there is no order of words to compare.")
    pairs = _find_pairs(explanations, agreement)
    if not pairs:
        return tr("The scores of a map are all equal, so there is no order of words to compare.")
    tau = format_number(sum(tau for tau, _ in pairs) / len(pairs), 2)
    return _describe_pair(shared, tau) if len(pairs) == 1 else _describe_pairs(shared, tau, pairs)


def _find_pairs(explanations: Sequence[Explanation], agreement: Agreement) -> list[tuple[float, str]]:
    """The tau of each two maps that have one, and what these two are called."""
    pairs = (
        (agreement[one][two], get_title(explanations[one]), get_title(explanations[two]))
        for one, two in combinations(range(len(explanations)), 2)
    )
    return [
        (tau, tr("‘{one}’ and ‘{other}’ ({tau})", one=one, other=other, tau=format_number(tau, 2)))
        for tau, one, other in pairs
        if tau is not None
    ]


def _describe_pair(shared: int, tau: str) -> str:
    return tr_n(
        "On the order of the {n} word that all maps read, they agree with **τ = {tau}**.",
        "On the order of the {n} words that all maps read, they agree with **τ = {tau}**.",
        shared,
        n=format_count(shared),
        tau=tau,
    )


def _describe_pairs(shared: int, tau: str, pairs: list[tuple[float, str]]) -> str:
    return tr_n(
        "On the order of the {n} word that all maps read, they agree with **τ = {tau}** on average. Most alike: "
        "{most}. Least alike: {least}.",
        "On the order of the {n} words that all maps read, they agree with **τ = {tau}** on average. Most alike: "
        "{most}. Least alike: {least}.",
        shared,
        n=format_count(shared),
        tau=tau,
        most=max(pairs)[1],
        least=min(pairs)[1],
    )


def render_agreement(explanations: Sequence[Explanation], shared: int, agreement: Agreement) -> str:
    """The taus of each two explanations as a table with a sentence of help; empty if there are no two to compare."""
    kept = [at for at in range(len(explanations)) if agreement[at][at] is not None]
    if len(kept) < 2:
        return ""
    values = [[agreement[row][column] or 0.0 for column in kept] for row in kept]
    rows = [f"{number}  {get_title(explanations[at])}" for number, at in enumerate(kept, start=1)]
    table = render_matrix(values, rows, [str(number) for number in range(1, len(kept) + 1)])
    meaning = join_sentences([tr("Kendall’s τ of each two maps."), tr(GLOSSARY["Kendall’s τ"]), _tell_chance(shared)])
    return f'{table}<p style="max-width:75ch;margin-top:.6em"><small>{escape_text(meaning)}</small></p>'


def _tell_chance(shared: int) -> str:
    return tr_n(
        "Two random orders of {n} word get 0 ± {sd} (mean ± standard deviation).",
        "Two random orders of {n} words get 0 ± {sd} (mean ± standard deviation).",
        shared,
        n=format_count(shared),
        sd=format_number(compute_chance(shared), 2),
    )


def compute_chance(words: int) -> float:
    """The standard deviation of Kendall's tau of two random orders of at least two words. Source: Kendall 1938."""
    return sqrt(2 * (2 * words + 5) / (9 * words * (words - 1)))


def describe_change(first: Explanation, second: Explanation, changed: Sequence[Sequence[int]]) -> str:
    """How the answer changed from one text to another, in Markdown.

    Args:
        changed: for each text the places of its words that the other one lacks.
    """
    if first.probability is None:
        return tr("The first text has no word to read, so there are no two answers to compare.")
    if second.probability is None:
        return tr("The second text has no word to read, so there are no two answers to compare.")
    if not any(changed):
        return tr("Both texts have the same words. Change a few in the second one and see what it does to the answer.")
    return join_sentences([_describe_answers(first, second, first.probability), _count_changes(changed)])


def _describe_answers(first: Explanation, second: Explanation, before: float) -> str:
    name = escape_markdown(name_probability(first.prediction, first.target))
    moves = _describe_move(name, before, second.prediction.get_probability(first.target) or 0.0)
    one, other = (escape_markdown(name_label(str(text.prediction.label))) for text in (first, second))
    if one == other:
        return tr("{sentence}; the answer stays {label}.", sentence=moves, label=other)
    return tr("{sentence}: the answer turns from {before} to {after}.", sentence=moves, before=one, after=other)


def _describe_move(name: str, before: float, after: float) -> str:
    values = {"before": format_probability(before), "after": format_probability(after)}
    by = format_number(abs(after - before))
    if abs(after - before) < 0.0005:
        return tr("The {probability} **stays at {after}**", probability=name, after=values["after"])
    if after > before:
        return tr("The {probability} **rises from {before} to {after}, by {by}**", probability=name, by=by, **values)
    return tr("The {probability} **falls from {before} to {after}, by {by}**", probability=name, by=by, **values)


def _count_changes(changed: Sequence[Sequence[int]]) -> str:
    one, other = (count_words(len(places)) for places in changed)
    return tr(
        "A dashed frame marks what differs: {one} of the first text and {other} of the second.", one=one, other=other
    )
