"""Figures of what was measured over many texts. Plotly is imported when the first one is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attnviz.render.numerals import format_number, get_percent
from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE, PUBLISHED, TRAINING

if TYPE_CHECKING:
    import plotly.graph_objects as go

_MARGIN = {"l": 8, "r": 8, "t": 24, "b": 8}
_LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0.0, "xanchor": "left"}
ROW_HEIGHT = 44
NAMED = 6
"""So many words on each side have their names beside their dots."""

WEIGHTS = {
    "own": ("circle", ATTENTION),
    "even": ("diamond-open", PUBLISHED),
    "shuffled": ("triangle-up-open", POSITIVE),
    "another text's": ("square-open", TRAINING),
}
"""The weights that a network answers with: their mark and colour, so that neither is needed alone."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A share and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WordPoint:
    """A word of a network: mean attention in even shares, mean effect, how often it was read."""

    word: str
    attention: float
    effect: float
    count: int


def plot_need(networks: Mapping[str, Mapping[str, Interval]]) -> go.Figure:
    """The accuracy of each network with its own weights and with others, a row a network.

    Args:
        networks: by name the accuracy by a name of WEIGHTS.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for name, (symbol, colour) in WEIGHTS.items():
        rows = [(network, found[name]) for network, found in networks.items() if name in found]
        figure.add_scatter(
            x=[100 * interval.value for _, interval in rows],
            y=[network for network, _ in rows],
            error_x=_spread([interval for _, interval in rows], colour),
            mode="markers",
            name=f"{name} weights",
            marker={"symbol": symbol, "color": colour, "size": 12, "line": {"width": 2}},
            hovertemplate=f"%{{y}}, {name} weights: %{{x:.1f}}{get_percent()}<extra></extra>",
        )
    figure.update_layout(height=110 + ROW_HEIGHT * len(networks), margin=_MARGIN, legend=_LEGEND)
    figure.update_xaxes(title="accuracy", ticksuffix=get_percent(), zeroline=False)
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=True)
    return figure


def plot_words(points: Sequence[WordPoint], labels: tuple[str, str], chosen: str | None = None) -> go.Figure:
    """Attention against effect, a dot a word; its size grows with how often it was read.

    Args:
        labels: what an effect below and above 0 speaks for.
        chosen: a word that is marked.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for sign, label, colour, symbol in ((1, labels[1], POSITIVE, "circle"), (-1, labels[0], NEGATIVE, "square")):
        here = [point for point in points if (point.effect >= 0) == (sign > 0)]
        figure.add_scatter(**_dots(here, f"speaks for ‘{label}’", colour, symbol, chosen))
    figure.add_vline(x=1, line={"dash": "dot", "color": PUBLISHED}, annotation={"text": "even share"})
    figure.update_layout(height=460, margin=_MARGIN, legend=_LEGEND, clickmode="event+select", dragmode=False)
    figure.update_xaxes(title="mean attention, in even shares", zeroline=False)
    figure.update_yaxes(title=f"mean effect: below for ‘{labels[0]}’, above for ‘{labels[1]}’", zeroline=True)
    return figure


def plot_agreement(
    names: Sequence[str], taus: Sequence[Sequence[float | None]], counts: Sequence[Sequence[int]]
) -> go.Figure:
    """How far every two methods agree, as numbers on cells.

    Args:
        names: of the methods. taus: (methods, methods), None where it was not measured. counts: of how many texts.
    """
    import plotly.graph_objects as go

    texts = [["" if tau is None else format_number(tau, 2) for tau in row] for row in taus]
    figure = go.Figure()
    figure.add_heatmap(
        z=[list(row) for row in taus],
        x=list(names),
        y=list(names),
        text=texts,
        texttemplate="%{text}",
        customdata=[list(row) for row in counts],
        zmin=-1,
        zmax=1,
        colorscale=[[0, "rgba(242,133,29,0.55)"], [0.5, "rgba(91,63,214,0)"], [1, "rgba(91,63,214,0.55)"]],
        showscale=False,
        hovertemplate="%{y} and %{x}: τ = %{z:.3f}, %{customdata:,} texts<extra></extra>",
        xgap=2,
        ygap=2,
    )
    figure.update_layout(height=90 + 48 * len(names), margin=_MARGIN)
    figure.update_xaxes(side="top", showgrid=False, automargin=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    return figure


def plot_reliability(bins: Sequence[tuple[float, float, int]]) -> go.Figure:
    """How often the answers of about one confidence are right, beside what the confidence promises.

    Args:
        bins: the mean confidence, the share that is right, and how many texts.
    """
    import plotly.graph_objects as go

    ends = [100 * min((low for low, _, _ in bins), default=0.5), 100.0]
    figure = go.Figure()
    figure.add_scatter(
        x=ends, y=ends, mode="lines", name="calibrated", line={"dash": "dot", "color": PUBLISHED}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[100 * confidence for confidence, _, _ in bins],
        y=[100 * accuracy for _, accuracy, _ in bins],
        customdata=[count for _, _, count in bins],
        mode="lines+markers",
        name="this network",
        line={"color": ATTENTION, "width": 2.5},
        marker={"size": 9},
        hovertemplate=f"says %{{x:.1f}}{get_percent()}, "
        f"is right in %{{y:.1f}}{get_percent()} of %{{customdata:,}} texts<extra></extra>",
    )
    figure.update_layout(height=340, margin=_MARGIN, legend=_LEGEND)
    figure.update_xaxes(title="confidence", ticksuffix=get_percent())
    figure.update_yaxes(title="share that is right", ticksuffix=get_percent(), automargin=True)
    return figure


def _spread(intervals: Sequence[Interval], colour: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [100 * (interval.high - interval.value) for interval in intervals],
        "arrayminus": [100 * (interval.value - interval.low) for interval in intervals],
        "color": colour,
        "thickness": 1.5,
        "width": 4,
    }


def _dots(points: Sequence[WordPoint], name: str, colour: str, symbol: str, chosen: str | None) -> dict[str, Any]:
    most = max((point.count for point in points), default=1)
    named = {point.word for point in sorted(points, key=lambda point: -abs(point.effect))[:NAMED]} | {chosen}
    return {
        "x": [point.attention for point in points],
        "y": [point.effect for point in points],
        "customdata": [[point.word, point.count] for point in points],
        "text": [point.word if point.word in named else "" for point in points],
        "mode": "markers+text",
        "textposition": "top center",
        "name": name,
        "marker": {
            "color": colour,
            "symbol": symbol,
            "opacity": 0.65,
            "size": [6 + 18 * (point.count / most) ** 0.5 for point in points],
            "line": {"width": [3 if point.word == chosen else 0 for point in points], "color": TRAINING},
        },
        "hovertemplate": (
            "<b>%{customdata[0]}</b>, read %{customdata[1]:,} times<br>"
            "%{x:.2f} even shares, effect %{y:+.4f}<extra></extra>"
        ),
    }
