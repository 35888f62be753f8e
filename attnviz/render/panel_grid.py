"""Several maps of numbers side by side on one scale, as a Plotly figure: channels, heads, kernels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from attnviz.render.linear_scale import LinearScale, Numbers

if TYPE_CHECKING:
    import plotly.graph_objects as go

PANEL_HEIGHT, LEAST_HEIGHT = 150, 340


class Panel(NamedTuple):
    """A map of numbers (rows, columns) with what it is called."""

    label: str
    values: Numbers


class Axes(NamedTuple):
    """What the columns and the rows of all panels are."""

    columns: str
    rows: str
    square: bool = False
    """Whether a cell is as wide as it is high, as the pixels of an image are."""


def draw_panels(
    title: str, panels: Sequence[Panel], axes: Axes, scale: LinearScale, trace: dict[str, Any] | None = None
) -> go.Figure:
    """A grid of heat maps, close to a square, with the first row of each on top.

    Args:
        title: plain text; what looks like HTML in it is shown as it is.
        trace: more settings of each of Plotly's heat maps.
    """
    from plotly.subplots import make_subplots

    columns = math.ceil(math.sqrt(len(panels)))
    rows = math.ceil(len(panels) / columns)
    labels = [to_text(panel.label) for panel in panels]
    gaps = {"horizontal_spacing": 0.15 / columns, "vertical_spacing": 0.3 / rows}
    figure = make_subplots(rows, columns, subplot_titles=labels if len(panels) > 1 else None, **gaps)
    for panel, place in zip(panels, _places(columns), strict=False):
        figure.add_heatmap(**_heat_map(panel, axes, trace or {}), row=place[0], col=place[1])
    height = rows * max(PANEL_HEIGHT, LEAST_HEIGHT // rows) + 100
    figure.update_layout(title={"text": to_text(title), "x": 0.0}, height=height, coloraxis=scale.axis())
    _lay_out(figure, axes, alone=len(panels) == 1)
    return figure


def to_text(text: str) -> str:
    """A text for Plotly, which reads some HTML in titles and labels."""
    return escape(text, quote=False)


def only_finite(values: Numbers) -> Numbers:
    """As numbers that Plotly draws, with NaN, which is a gap, for the infinite ones."""
    numbers = np.asarray(values, np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _places(columns: int) -> Iterator[tuple[int, int]]:
    """Rows and columns, counted from 1."""
    place = 0
    while True:
        yield place // columns + 1, place % columns + 1
        place += 1


def _heat_map(panel: Panel, axes: Axes, trace: dict[str, Any]) -> dict[str, Any]:
    place = f"{axes.rows} %{{y}}, {axes.columns} %{{x}}: %{{z:.4g}}"
    head = f"{to_text(panel.label)}<br>" if panel.label else ""
    return {
        "z": only_finite(panel.values),
        "coloraxis": "coloraxis",
        "hovertemplate": f"{head}{place}<extra></extra>",
        **trace,
    }


def _lay_out(figure: go.Figure, axes: Axes, alone: bool) -> None:
    figure.update_xaxes(showticklabels=alone, title_text=axes.columns if alone else None, showgrid=False)
    figure.update_yaxes(showticklabels=alone, title_text=axes.rows if alone else None, showgrid=False)
    figure.update_yaxes(autorange="reversed", zeroline=False)
    if axes.square:
        figure.update_xaxes(constrain="domain")
        figure.for_each_yaxis(lambda axis: axis.update(scaleanchor=axis.anchor, constrain="domain"))
