"""Figures of what was measured over many texts. Plotly is imported when the first one is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attnviz.languages import mark, tr, tr_n
from attnviz.render.numerals import format_count, format_number, get_percent
from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE, PUBLISHED, TRAINING
from attnviz.render.short_numbers import count_texts, get_separators

if TYPE_CHECKING:
    import plotly.graph_objects as go

_MARGIN = {"l": 8, "r": 8, "t": 24, "b": 8}
_LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0.0, "xanchor": "left"}
ROW_HEIGHT = 44
NAMED = 6
"""So many words on each side have their names beside their dots."""

WEIGHTS = {
    "own": (mark("own weights"), "circle", ATTENTION),
    "even": (mark("even weights"), "diamond-open", PUBLISHED),
    "shuffled": (mark("shuffled weights"), "triangle-up-open", POSITIVE),
    "another text's": (mark("another text's weights"), "square-open", TRAINING),
}
"""The weights that a network answers with: their title, mark and colour, so that none is needed alone."""


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
    for name, (title, symbol, colour) in WEIGHTS.items():
        rows = [(network, found[name]) for network, found in networks.items() if name in found]
        figure.add_scatter(
            x=[100 * interval.value for _, interval in rows],
            y=[network for network, _ in rows],
            error_x=_spread([interval for _, interval in rows], colour),
            mode="markers",
            name=tr(title),
            marker={"symbol": symbol, "color": colour, "size": 12, "line": {"width": 2}},
            hovertemplate=f"%{{y}}, {tr(title)}: %{{x:.1f}}{get_percent()}<extra></extra>",
        )
    _lay_out(figure, height=110 + ROW_HEIGHT * len(networks), legend=_LEGEND)
    figure.update_xaxes(title=tr("accuracy"), ticksuffix=get_percent(), zeroline=False)
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
        figure.add_scatter(**_dots(here, tr("speaks for ‘{label}’", label=label), colour, symbol, chosen))
    figure.add_vline(x=1, line={"dash": "dot", "color": PUBLISHED}, annotation={"text": tr("even share")})
    _lay_out(figure, height=460, legend=_LEGEND, clickmode="event+select", dragmode=False)
    sides = tr("mean effect: below for ‘{below}’, above for ‘{above}’", below=labels[0], above=labels[1])
    figure.update_xaxes(title=tr("mean attention, in even shares"), zeroline=False)
    figure.update_yaxes(title=sides, zeroline=True)
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
        customdata=[[count_texts(count) for count in row] for row in counts],
        zmin=-1,
        zmax=1,
        colorscale=[[0, "#f2851d"], [0.5, "#ffffff"], [1, "#5b3fd6"]],  # opaque: Plotly picks the numbers' colour by it
        showscale=False,
        hovertemplate=f"{_describe_pair()}<extra></extra>",
        xgap=2,
        ygap=2,
    )
    _lay_out(figure, height=90 + 48 * len(names))
    figure.update_xaxes(side="top", showgrid=False, automargin=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    return figure


def _describe_pair() -> str:
    return tr("{one} and {other}: τ = {tau}, {texts}", one="%{y}", other="%{x}", tau="%{z:.3f}", texts="%{customdata}")


def plot_reliability(bins: Sequence[tuple[float, float, int]]) -> go.Figure:
    """How often the answers of about one confidence are right, beside what the confidence promises.

    Args:
        bins: the mean confidence, the share that is right, and how many texts.
    """
    import plotly.graph_objects as go

    ends = [100 * min((low for low, _, _ in bins), default=0.5), 100.0]
    figure = go.Figure()
    figure.add_scatter(
        x=ends, y=ends, mode="lines", name=tr("calibrated"), line={"dash": "dot", "color": PUBLISHED}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[100 * confidence for confidence, _, _ in bins],
        y=[100 * accuracy for _, accuracy, _ in bins],
        customdata=[count_texts(count) for _, _, count in bins],
        mode="lines+markers",
        name=tr("this network"),
        line={"color": ATTENTION, "width": 2.5},
        marker={"size": 9},
        hovertemplate=f"{_describe_bin()}<extra></extra>",
    )
    _lay_out(figure, height=340, legend=_LEGEND)
    figure.update_xaxes(title=tr("confidence"), ticksuffix=get_percent())
    figure.update_yaxes(title=tr("share that is right"), ticksuffix=get_percent(), automargin=True)
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


def _describe_bin() -> str:
    confidence, share = f"%{{x:.1f}}{get_percent()}", f"%{{y:.1f}}{get_percent()}"
    texts = "%{customdata}"
    return tr("says {confidence}, is right in {share} of {texts}", confidence=confidence, share=share, texts=texts)


def _dots(points: Sequence[WordPoint], name: str, colour: str, symbol: str, chosen: str | None) -> dict[str, Any]:
    most = max((point.count for point in points), default=1)
    named = {point.word for point in sorted(points, key=lambda point: -abs(point.effect))[:NAMED]} | {chosen}
    measured = tr("{shares} even shares, effect {effect}", shares="%{x:.2f}", effect="%{y:+.4f}")
    return {
        "x": [point.attention for point in points],
        "y": [point.effect for point in points],
        "customdata": [[point.word, _count_readings(point.count)] for point in points],
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
        "hovertemplate": f"<b>%{{customdata[0]}}</b>, %{{customdata[1]}}<br>{measured}<extra></extra>",
    }


def _count_readings(count: int) -> str:
    return tr_n("read {n} time", "read {n} times", count, n=format_count(count))


def _lay_out(figure: go.Figure, **layout: object) -> None:
    figure.update_layout(margin=_MARGIN, separators=get_separators(), **layout)
