"""Runs side by side: their table for a page, a file and a terminal, and their curves over each other."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attnviz.languages import mark, tr
from attnviz.render.figures import HEIGHT, draw_line, lay_out_epochs
from attnviz.render.numerals import format_number, format_percent
from attnviz.render.palette import SERIES
from attnviz.render.tables import guard_cell
from attnviz.render.training_report import format_seconds, format_size
from attnviz.values.run_comparison import ComparedRun, RunComparison

if TYPE_CHECKING:
    import plotly.graph_objects as go

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up")
INTERVAL, UNKNOWN = mark("95\N{NO-BREAK SPACE}% interval"), "–"
LEGEND_ROW = 14
"""Pixels; names of runs may be long enough to take a row each."""


def plot_compared(runs: Sequence[ComparedRun], measure: str) -> go.Figure:
    """A measure over the epochs of several runs, each in a colour and a dash: held-out thick with marks, training thin.

    The legend names each run once; a click on it hides both of its lines.

    Args:
        runs: at most as many as SERIES has colours.
        measure: 'loss' or 'accuracy'; it is also the figure's title.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for run, colour, dash, symbol in zip(runs, SERIES, DASHES, SYMBOLS, strict=False):
        sides = ((f"val_{measure}", tr("held-out"), 2.5), (measure, tr("training"), 1.0))
        for column, side, width in sides:
            if column in run.history:
                line = draw_line(run.history[column], f"{html.escape(run.name)}, {side}", colour, measure, dash, width)
                line |= {"name": html.escape(run.name), "legendgroup": run.name, "showlegend": column != measure}
                figure.add_scatter(**line).data[-1].marker.symbol = symbol
    lay_out_epochs(figure, measure, max((run.epochs for run in runs), default=1))
    figure.update_layout(height=HEIGHT + LEGEND_ROW * len(runs))
    return figure


def format_interval(run: ComparedRun) -> str:
    """'88.9 to 89.7 %'; '' where it is not known."""
    if run.low is None or run.high is None:
        return ""
    return tr("{low} to {high}", low=format_number(100 * run.low, 1), high=format_percent(run.high))


def render_csv_of_runs(compared: RunComparison) -> str:
    """The table of a comparison as CSV; no text of it is one that a spreadsheet would compute."""
    return compared.to_frame().map(guard_cell).to_csv(index=False, lineterminator="\n")


def format_compared(compared: RunComparison) -> str:
    """The table for a terminal, a column a run, and how far the accuracies can be compared."""
    import pandas as pd

    table = pd.DataFrame([_list_cells(run) for run in compared.runs]).set_index("run").T
    return f"{table.to_string()}\n\n{compared.note}"


def _list_cells(run: ComparedRun) -> dict[str, str]:
    row = run.to_row()
    return {
        "run": run.name,
        "network": row["network"],
        "data": run.tested.data,
        "seed": str(run.seed),
        "protocol": run.protocol,
        "epochs": str(run.epochs),
        "best epoch": _say(run.best_epoch),
        "test accuracy": UNKNOWN if run.accuracy is None else format_percent(run.accuracy, 2),
        INTERVAL: format_interval(run) or UNKNOWN,
        "test texts": _say(run.tested.count),
        "parameters": _say(run.parameters),
        "training time": format_seconds(run.seconds),
        "size on disk": format_size(run.bytes),
        "state": run.state,
    }


def _say(number: Any) -> str:
    return UNKNOWN if number is None else f"{number:,}"
