"""What an adversarially trained twin says beside the network that it imitates, in words and as a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from attnviz.languages import tr
from attnviz.render.numerals import format_number, format_percent, get_percent
from attnviz.render.palette import ATTENTION, PUBLISHED, TRAINING
from attnviz.render.sentences import describe_probability
from attnviz.render.short_numbers import get_separators
from attnviz.values.explanation import Explanation

if TYPE_CHECKING:
    import plotly.graph_objects as go


class ControlPoint(NamedTuple):
    """A kind of trained control in the figure: means over its seeds.

    Attributes:
        name: what stands beside it.
        is_liar: whether it was trained to deceive; those are joined by a line.
        divergence: of its attention from the base network's, Jensen-Shannon, 0 to 0.693.
        same: the share of test reviews with the base network's answer.
        accuracy: on the test reviews.
        n: how many seeds.
    """

    name: str
    is_liar: bool
    divergence: float
    same: float
    accuracy: float
    n: int


def describe_pair(honest: Explanation, liar: Explanation) -> str:
    """How far two networks of the same words are apart on one text: their answers, and where their attention lies."""
    if honest.prediction.label is None or liar.prediction.label is None:
        return tr("There is no word to read here.")
    answers = f"{honest.model}: {describe_probability(honest)}; {liar.model}: {describe_probability(liar)}."
    moved = format_percent(measure_moved(honest, liar), 0)
    if honest.prediction.label == liar.prediction.label:
        said = tr("That is the same answer, and {share} of the attention lies on other words.", share=moved)
    else:
        said = tr("That is another answer, and {share} of the attention lies on other words.", share=moved)
    return f"{answers} {said}"


def measure_moved(one: Explanation, two: Explanation) -> float:
    """The share of the attention on one text that another network of the same words has put on other words, 0 to 1."""
    return float(np.abs(one.scores - two.scores).sum() / 2)


def describe_liars(base: str, points: Sequence[ControlPoint]) -> str:
    """What the liars reach against a network that only has another seed; '' without either."""
    liars, honest = [point for point in points if point.is_liar], [point for point in points if not point.is_liar]
    if not liars or not honest:
        return ""
    other = honest[0]
    further = [point for point in liars if point.divergence > other.divergence]
    said = tr(
        "With {control}, {network} gives {share} of the test reviews the same answer, and its weights are {distance} "
        "apart.",
        **{"control": other.name, "network": base, **_write(other)},
    )
    return f"{said} {_describe_further(further)}"


def _describe_further(liars: Sequence[ControlPoint]) -> str:
    """The one that keeps the most answers, and the one that gets furthest, if that is another one."""
    if not liars:
        return tr("No liar gets further away.")
    best = max(liars, key=lambda point: point.same)
    most = max(liars, key=lambda point: point.divergence)
    values = {"liar": best.name, **_write(best)}
    if most is best:
        return tr("{liar} gives {share} the same answer with weights {distance} apart.", **values)
    return tr(
        "{liar} gives {share} the same answer with weights {distance} apart; {other} gets {furthest} apart, but only "
        "{kept} of its answers are the same.",
        **{**values, "other": most.name, "furthest": _write(most)["distance"], "kept": _write(most)["share"]},
    )


def _write(point: ControlPoint) -> dict[str, str]:
    return {"share": format_percent(point.same), "distance": format_number(point.divergence)}


def plot_controls(points: Sequence[ControlPoint]) -> go.Figure:
    """How many answers stay the same against how far the attention is away: a point a kind of control."""
    import plotly.graph_objects as go

    figure = go.Figure()
    liars, others = [point for point in points if point.is_liar], [point for point in points if not point.is_liar]
    figure.add_scatter(**_scatter(liars, tr("liars, by λ"), ATTENTION, "circle", "lines+markers+text", "top right"))
    figure.add_scatter(
        **_scatter(others, tr("not trained to deceive"), PUBLISHED, "diamond", "markers+text", "bottom right")
    )
    figure.update_layout(
        height=380,
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
        legend={"orientation": "h", "y": -0.25, "yanchor": "top", "x": 0.0, "xanchor": "left"},
        separators=get_separators(),
    )
    far = max((point.divergence for point in points), default=0.0)
    away = tr("how far the attention is away (Jensen-Shannon)")
    figure.update_xaxes(title=away, range=[-0.05 * far, 1.25 * far])
    figure.update_yaxes(title=tr("same answers"), ticksuffix=get_percent(), automargin=True)
    return figure


def _scatter(
    points: Sequence[ControlPoint], name: str, colour: str, symbol: str, mode: str, side: str
) -> dict[str, object]:
    return {
        "x": [point.divergence for point in points],
        "y": [100 * point.same for point in points],
        "text": [point.name for point in points],
        "customdata": [[100 * point.accuracy, point.n] for point in points],
        "name": name,
        "mode": mode,
        "textposition": side,
        "marker": {"size": 11, "color": colour, "symbol": symbol},
        "line": {"color": TRAINING, "width": 1.5, "dash": "dot"},
        "hovertemplate": f"{_describe_point()}<extra></extra>",
    }


def _describe_point() -> str:
    """Plotly's template of a point."""
    share, accuracy = f"%{{y:.1f}}{get_percent()}", f"%{{customdata[0]:.2f}}{get_percent()}"
    values = {"control": "%{text}", "share": share, "distance": "%{x:.3f}", "accuracy": accuracy}
    return tr(
        "{control}: {share} same answers, {distance} apart, accuracy {accuracy}, seeds: {seeds}",
        **{**values, "seeds": "%{customdata[1]}"},
    )
