"""What was measured over many texts, in words and in the form that figures take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attnviz.languages import tr
from attnviz.render.evidence_figures import WEIGHTS, Interval, WordPoint
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.short_numbers import count_texts
from attnviz.values.corpus_measures import NetworkSummary, Row, WordUse
from attnviz.values.methods import METHODS

CLEAR, LARGE = 0.01, 0.05
"""Networks from two seeds differ by less than CLEAR; one that loses LARGE cannot do without its weights."""


def get_need(measured: NetworkSummary) -> dict[str, Interval]:
    """The accuracy by the name of the weights, those that were measured."""
    rows = {name: measured.find("accuracy", "" if name == "own" else f"{name} weights") for name in WEIGHTS}
    return {name: Interval(row.value, row.low, row.high) for name, row in rows.items() if row is not None}


def describe_need(measured: NetworkSummary) -> str:
    """Whether a network needs its attention where it is, in a sentence; '' where that was not measured."""
    own, lost = measured.find("accuracy"), measured.find("accuracy lost", "even weights")
    moved = measured.find("probability moved", "shuffled weights")
    if own is None or lost is None:
        return ""
    change = tr(
        "{share} of {n} answers are right; with even weights {even}.",
        share=format_percent(own.value),
        n=format_count(own.n),
        even=format_percent(own.value - lost.value),
    )
    shuffled = "" if moved is None else _describe_shuffling(moved)
    return f"{_judge(measured.network, lost)} {change} {shuffled}".strip()


def _describe_shuffling(moved: Row) -> str:
    return tr("Shuffling its weights moves the probability by {change} on average.", change=format_number(moved.value))


def _judge(network: str, lost: Row) -> str:
    """The interval decides, not the number alone."""
    if CLEAR < lost.low <= LARGE:
        return tr("**{network} loses a little without its own attention weights.**", network=network)
    if lost.low > LARGE:
        return tr("**{network} needs its attention where it is.**", network=network)
    if lost.low > 0:
        return tr("**{network} hardly needs its attention where it is.**", network=network)
    return tr("**It is not shown that {network} needs its attention where it is.**", network=network)


def make_points(words: Iterable[WordUse], labels: int, label: int | None = None) -> list[WordPoint]:
    """A point a word that has an attention and an effect, the most frequent first, so that small dots lie on top.

    Args:
        words: under the labels that were answered.
        labels: how many there are. Of two, effects are toward the second one; of more, toward the answered one.
        label: only where the network answered this one.
    """
    found: dict[str, list[WordUse]] = defaultdict(list)
    for word in words:
        if word.attention is not None and word.effect is not None and label in (None, word.label):
            found[word.word].append(word)
    points = [_make_point(name, uses, labels) for name, uses in found.items()]
    return sorted(points, key=lambda point: -point.count)


def _make_point(word: str, uses: Sequence[WordUse], labels: int) -> WordPoint:
    count = sum(use.count for use in uses)
    attention = sum((use.attention or 0.0) * use.count for use in uses) / count
    effect = sum((use.effect or 0.0) * use.count * _sign(use.label, labels) for use in uses) / count
    return WordPoint(word, attention, effect, count)


def _sign(label: int, labels: int) -> int:
    """An effect toward the first of two labels is one against the second."""
    return -1 if labels == 2 and label == 0 else 1


def make_agreement(rows: Iterable[Row]) -> tuple[list[str], list[list[float | None]], list[list[int]]]:
    """The names of the methods, of every two of them tau and the number of texts, from rows called 'one, other'."""
    pairs = {frozenset(row.of.split(", ")): row for row in rows}
    names = list(dict.fromkeys(name for row in pairs.values() for name in row.of.split(", ")))
    found = [[pairs.get(frozenset((one, other))) for other in names] for one in names]
    taus = [[_get_tau(row, i == j) for j, row in enumerate(line)] for i, line in enumerate(found)]
    most = max((row.n for row in pairs.values()), default=0)
    counts = [[most if i == j else row.n if row else 0 for j, row in enumerate(line)] for i, line in enumerate(found)]
    return [name_method(name) for name in names], taus, counts


def _get_tau(row: Row | None, itself: bool) -> float | None:
    return 1.0 if itself else None if row is None else row.value


def name_method(name: str) -> str:
    """What a method of the table of measures is called on a page."""
    if name == "fixed_gradient":
        return tr("Gradient, attention fixed")
    return METHODS[name].title if name in METHODS else name


def name_sources(commands: Mapping[str, int]) -> str:
    """Which commands measured how many texts."""
    return "; ".join(f"`{command}` ({count_texts(n)})" for command, n in commands.items())
