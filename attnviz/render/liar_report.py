"""What an adversarially trained twin says beside the network that it imitates, in words and as a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from attnviz.render.numerals import format_percent, get_percent
from attnviz.render.palette import ATTENTION, PUBLISHED, TRAINING
from attnviz.render.sentences import describe_probability
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
        return "There is no word to read here."
    answers = f"{honest.model}: {describe_probability(honest)}; {liar.model}: {describe_probability(liar)}."
    same = "the same answer" if honest.prediction.label == liar.prediction.label else "another answer"
    moved = measure_moved(honest, liar)
    return f"{answers} That is {same}, and {format_percent(moved, 0)} of the attention lies on other words."


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
    said = f"With {other.name}, {base} gives {format_percent(other.same)} of the test reviews the same answer, "
    said += f"and its weights are {other.divergence:.3f} apart. "
    if not further:
        return f"{said}No liar gets further away."
    best = max(further, key=lambda point: point.same)
    most = max(further, key=lambda point: point.divergence)
    said += f"{best.name} gives {format_percent(best.same)} the same answer with weights {best.divergence:.3f} apart"
    if most is not best:
        same = f"only {format_percent(most.same)} of its answers are the same"
        said += f"; {most.name} gets {most.divergence:.3f} apart, but {same}"
    return f"{said}."


def plot_controls(points: Sequence[ControlPoint]) -> go.Figure:
    """How many answers stay the same against how far the attention is away: a point a kind of control."""
    import plotly.graph_objects as go

    figure = go.Figure()
    liars, others = [point for point in points if point.is_liar], [point for point in points if not point.is_liar]
    figure.add_scatter(**_scatter(liars, "liars, by λ", ATTENTION, "circle", "lines+markers+text", "top right"))
    figure.add_scatter(
        **_scatter(others, "not trained to deceive", PUBLISHED, "diamond", "markers+text", "bottom right")
    )
    figure.update_layout(
        height=380,
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
        legend={"orientation": "h", "y": -0.25, "yanchor": "top", "x": 0.0, "xanchor": "left"},
    )
    far = max((point.divergence for point in points), default=0.0)
    figure.update_xaxes(title="how far the attention is away (Jensen-Shannon)", range=[-0.05 * far, 1.25 * far])
    figure.update_yaxes(title="same answers", ticksuffix=get_percent(), automargin=True)
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
        "hovertemplate": f"%{{text}}: %{{y:.1f}}{get_percent()} same answers, %{{x:.3f}} apart, accuracy "
        f"%{{customdata[0]:.2f}}{get_percent()}, seeds: %{{customdata[1]}}<extra></extra>",
    }
