"""Training histories as Plotly figures. Plotly is imported when the first figure is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from attnviz.languages import mark, tr
from attnviz.render.numerals import format_percent, get_percent
from attnviz.render.palette import PUBLISHED, TRAINING, VALIDATION
from attnviz.render.short_numbers import get_separators
from attnviz.values.arrays import FloatArray
from attnviz.values.history import History
from attnviz.values.learning_signs import find_overfitting

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 340

_TITLES = {"loss": mark("Loss"), "accuracy": mark("Accuracy")}


class Unit(NamedTuple):
    """How an axis writes a measure: what a number is multiplied by, Plotly's format of it, and what follows it."""

    factor: float
    number: str
    suffix: str


def get_unit(measure: str) -> Unit:
    """Of 'loss' or 'accuracy'."""
    return Unit(100, ".2f", get_percent()) if measure == "accuracy" else Unit(1, ".4f", "")


def name_measure(measure: str) -> str:
    """What a page calls 'loss' or 'accuracy', as the title of a figure."""
    return tr(_TITLES[measure])


Points = tuple[Sequence[float], Sequence[float]]
"""Places on the horizontal axis, and the values there."""


def plot_history(
    history: History,
    measure: str,
    *,
    published: Mapping[str, Sequence[float]] | None = None,
    published_best: float | None = None,
    selected_epoch: int | None = None,
    epochs: int | None = None,
    within: Points | None = None,
    chance: float | None = None,
) -> go.Figure:
    """One measure over the epochs, in training and in validation, beside the published run.

    Args:
        history: with the columns `measure` and `val_<measure>`; it may have no epoch yet.
        measure: 'loss' or 'accuracy'; it is also the figure's title.
        published: per-epoch columns of the published run, where a log of it is known.
        published_best: the published best value, drawn as a line where no log is known.
        selected_epoch: marked, if given.
        epochs: how many epochs the axis shows, if more than the history has.
        within: of training within the epochs, the mean since the epoch began: when, in epochs, and how much.
        chance: the accuracy of always giving the most frequent answer, drawn as a line.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    validation = f"val_{measure}"
    if within and within[0]:
        figure.add_scatter(**_thin_line(*within, measure))
    for column, name, colour in ((measure, tr("training"), TRAINING), (validation, tr("validation"), VALIDATION)):
        if column in history:
            figure.add_scatter(**draw_line(history[column], name, colour, measure))
    if published and validation in published:
        figure.add_scatter(**draw_line(published[validation], tr("published"), PUBLISHED, measure, dash="dot"))
    elif published_best is not None:
        best = tr("published best {share}", share=format_percent(published_best, 2))
        _draw_level(figure, published_best, best, PUBLISHED)
    if selected_epoch and validation in history and selected_epoch <= len(history):
        figure.add_scatter(**_marker(selected_epoch, history[validation][selected_epoch - 1], measure))
    if measure == "loss" and (found := find_overfitting(history)):
        _mark_overfitting(figure, found.lowest_epoch + 0.5)
    if chance is not None and measure == "accuracy":
        same = tr("always the same answer {share}", share=format_percent(chance))
        _draw_level(figure, chance, same, TRAINING)
    shown = max(len(history), epochs or 1, len((published or {}).get(validation, ())))
    lay_out_epochs(figure, measure, shown, 0.0 if within and within[0] else 0.5)
    return figure


def _draw_level(figure: go.Figure, accuracy: float, text: str, colour: str) -> None:
    annotation = {"text": text, "font": {"color": colour}}
    figure.add_hline(y=100 * accuracy, line={"color": colour, "dash": "dot"}, annotation=annotation)


def _mark_overfitting(figure: go.Figure, start: float) -> None:
    figure.add_vline(
        x=start,
        line={"color": VALIDATION, "dash": "dash", "width": 1.5},
        annotation={"text": tr("over-fitting"), "font": {"color": VALIDATION}},
        annotation_position="top right",
    )


def _thin_line(times: Sequence[float], values: Sequence[float], measure: str) -> dict[str, object]:
    name = tr("training, within the epoch")
    said = tr("after {n} epochs: {value}", n="%{x:.2f}", value=_write(measure))
    return {
        "x": list(times),
        "y": scale(values, measure),
        "name": name,
        "mode": "lines",
        "line": {"color": TRAINING, "width": 1},
        "hovertemplate": f"{said}<extra>{name}</extra>",
    }


def draw_line(
    values: Sequence[float] | FloatArray, name: str, colour: str, measure: str, dash: str = "solid", width: float = 2.5
) -> dict[str, object]:
    """A curve with a value an epoch, as the arguments of `add_scatter`; dots too where it is short and not thin."""
    said = tr("epoch {n}: {value}", n="%{x}", value=_write(measure))
    return {
        "x": list(range(1, len(values) + 1)),
        "y": scale(values, measure),
        "name": name,
        "mode": "lines+markers" if len(values) < 30 and width > 1 else "lines",
        "line": {"color": colour, "dash": dash, "width": width},
        "marker": {"size": 6},
        "hovertemplate": f"{said}<extra>{name}</extra>",
    }


def scale(values: Sequence[float] | FloatArray, measure: str) -> list[float]:
    """The values as the axis of the measure has them."""
    return [get_unit(measure).factor * float(value) for value in values]


def _write(measure: str) -> str:
    """Plotly's template of a value."""
    return f"%{{y:{get_unit(measure).number}}}{get_unit(measure).suffix}"


def _marker(epoch: int, value: float, measure: str) -> dict[str, object]:
    return {
        "x": [epoch],
        "y": scale([value], measure),
        "name": tr("kept epoch"),
        "mode": "markers",
        "marker": {"size": 14, "color": "rgba(0,0,0,0)", "line": {"color": VALIDATION, "width": 2.5}},
        "hovertemplate": tr("kept: epoch {n}", n="%{x}") + "<extra></extra>",
    }


def lay_out_epochs(figure: go.Figure, measure: str, epochs: int, start: float = 0.5) -> None:
    """The axes of a measure over so many epochs, from `start` on."""
    figure.update_layout(
        title={"text": name_measure(measure), "x": 0.0},
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 48, "b": 8},
        legend={"orientation": "h", "y": -0.3, "yanchor": "top", "x": 0.0, "xanchor": "left"},
        hovermode="x",
        separators=get_separators(),
    )
    figure.update_xaxes(title=tr("epoch"), range=[start, epochs + 0.5], dtick=max(1, round(epochs / 10)))
    if not figure.data:  # nothing to show yet: the axis that the first epochs will need
        figure.update_yaxes(range=[50, 100] if measure == "accuracy" else [0.0, 0.8])
    figure.update_yaxes(ticksuffix=get_unit(measure).suffix, automargin=True)
