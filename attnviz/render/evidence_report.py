"""What was measured over many texts, in words and in the form that figures take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attnviz.render.evidence_figures import WEIGHTS, Interval, WordPoint
from attnviz.values.corpus_measures import NetworkSummary, Row, WordUse
from attnviz.values.methods import METHODS

CLEAR = 0.01
"""An accuracy that changes by less says little: a network trained from another seed differs by as much."""


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
    change = f"{own.value:.1%} of {own.n:,} answers are right; with even weights {own.value - lost.value:.1%}".replace(
        "%", " %"
    )
    shuffled = "" if moved is None else f" Shuffling its weights moves the probability by {moved.value:.3f} on average."
    return f"{_judge(measured.network, lost)} {change}.{shuffled}"


def _judge(network: str, lost: Row) -> str:
    """The interval decides, not the number alone."""
    if lost.low > CLEAR:
        return f"**{network} needs its attention where it is.**"
    if lost.low > 0:
        return f"**{network} hardly needs its attention where it is.**"
    return f"**It is not shown that {network} needs its attention where it is.**"


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


def make_agreement(rows: Iterable[Row]) -> tuple[list[str], list[list[float | None]]]:
    """The names of the methods, and tau between every two of them, from rows that are called 'one, other'."""
    pairs = {tuple(row.of.split(", ")): row.value for row in rows}
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    taus = [[1.0 if a == b else pairs.get((a, b), pairs.get((b, a))) for b in names] for a in names]
    return [name_method(name) for name in names], taus


def name_method(name: str) -> str:
    """What a method of the table of measures is called on a page."""
    if name == "fixed_gradient":
        return "Gradient, attention fixed"
    return METHODS[name].title if name in METHODS else name


def name_sources(commands: Mapping[str, int]) -> str:
    """Which commands measured how many texts."""
    return "; ".join(f"`{command}` ({n:,} texts)" for command, n in commands.items())
