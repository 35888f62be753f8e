"""What became of the tutorials' claims when they were repeated, as sentences and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attnviz.render.figures import draw_line, lay_out_epochs, scale
from attnviz.render.numerals import format_number, format_percent, format_signed, get_percent
from attnviz.render.palette import ATTENTION, PUBLISHED, TRAINING
from attnviz.values.tutorial_repeats import Curves, Repeats

if TYPE_CHECKING:
    import plotly.graph_objects as go


def describe_claim(plain: Curves, attending: Curves) -> str:
    """What the two published logs say on the test reviews, and what the numbers are that the claim rests on."""
    tested, trained = plain["val_accuracy"], plain["accuracy"]
    other = [format_percent(share, 2) for share in _find_claimed(attending)]
    return (
        f"On the **test** reviews its run without attention had {format_percent(tested[-1], 2)} after the last epoch "
        f"and the one with attention {other[0]}; at best {format_percent(max(tested), 2)} and {other[1]}. The claim is "
        f"**training** accuracy of the last epoch: {format_percent(trained[-1], 2)} and {other[2]}. One epoch earlier "
        f"the run without attention stood at {format_percent(trained[-2], 2)}."
    )


def _find_claimed(curves: Curves) -> tuple[float, float, float]:
    """The last and the best test accuracy, and the last training accuracy."""
    tested = curves["val_accuracy"]
    return tested[-1], max(tested), curves["accuracy"][-1]


def describe_change(plain: Repeats, other: Repeats) -> str:
    """Whether the test accuracies of a second network differ from the first one's by more than the seeds do."""
    change = other.mean - plain.mean
    points = f"{format_signed(100 * change, 2)} points"
    if min(len(plain.last), len(other.last)) < 2:
        return (
            f"**{other.name}** against **{plain.name}**: {points} after the last epoch, from a single seed of at least "
            "one of them. How far seeds alone differ is not known from that, so it shows no change."
        )
    if _overlap(plain.last, other.last):
        return (
            f"**{other.name}** against **{plain.name}**: {points} on average after the last epoch. The seeds spread as "
            f"far ({_range(plain.last)} and {_range(other.last)}), so these runs do not show a change."
        )
    better = "better" if change > 0 else "worse"
    orders = math.comb(len(plain.last) + len(other.last), len(plain.last))
    return (
        f"**{other.name}** against **{plain.name}**: {points} on average after the last epoch, and every run of the "
        f"first is {better} than every run of the second. Without any difference so clear an order, in one direction "
        f"or the other, would come by chance in {format_percent(2 / orders, 0)} of such comparisons."
    )


def describe_bag(accuracy: float, words: int, networks: Sequence[Repeats]) -> str:
    """A regression without order or network beside networks that read the same words."""
    runs = [value for network in networks for value in network.last]
    best = max(runs, default=None)
    reached = format_percent(accuracy, 2)
    plain = f"A logistic regression on which of the {words} last words occur, in any order, reaches {reached}"
    if best is None:
        return f"{plain}."
    return (
        f"{plain}, {'more' if accuracy > best else 'not more'} than the best of these runs ({format_percent(best, 2)})."
    )


def _overlap(one: Sequence[float], two: Sequence[float]) -> bool:
    return max(min(one), min(two)) <= min(max(one), max(two))


def _range(values: Sequence[float]) -> str:
    return f"{format_number(100 * min(values), 2)} to {format_percent(max(values), 2)}"


def plot_last(networks: Sequence[Repeats], bags: Mapping[str, float]) -> go.Figure:
    """Test accuracy, a row a network: each seed after its last epoch, and the published run's last and best epoch.

    Args:
        bags: the accuracy of each bag of words, by what it is called.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    dots = [(value, network.name) for network in networks for value in network.last]
    logs = [(network.published["val_accuracy"], network.name) for network in networks if network.published]
    marks = {
        ("here, each seed, last epoch", "circle", ATTENTION): dots,
        ("published, last epoch", "diamond", PUBLISHED): [(log[-1], name) for log, name in logs],
        ("published, best epoch", "diamond-open", PUBLISHED): [(max(log), name) for log, name in logs],
        ("no network", "x", TRAINING): [(accuracy, name) for name, accuracy in bags.items()],
    }
    for (name, symbol, colour), points in marks.items():
        figure.add_scatter(
            x=[100 * accuracy for accuracy, _ in points],
            y=[row for _, row in points],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "color": colour, "size": 11, "line": {"width": 2}},
            hovertemplate=f"%{{y}}, {name}: %{{x:.2f}}{get_percent()}<extra></extra>",
        )
    rows = [*(network.name for network in networks), *bags]
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0.0, "xanchor": "left"}
    figure.update_layout(height=140 + 40 * len(rows), margin={"l": 8, "r": 8, "t": 24, "b": 8}, legend=legend)
    title = "accuracy on the test reviews"
    figure.update_xaxes(title=title, tickformat=".1f", ticksuffix=get_percent(), zeroline=False)
    figure.update_yaxes(categoryorder="array", categoryarray=rows[::-1], automargin=True, showgrid=True)
    return figure


def find_span(networks: Sequence[Repeats], measure: str) -> tuple[float, float]:
    """The least and the largest value of a measure in any curve, with a little room, as ends of an axis of figures."""
    columns = (measure, f"val_{measure}")
    curves = [curves[name] for network in networks for curves in network.drawn for name in columns]
    values = scale([value for curve in curves for value in curve], measure)
    room = 0.04 * (max(values) - min(values))
    return min(values) - room, max(values) + room


def plot_repeats(network: Repeats, measure: str, span: tuple[float, float] | None = None) -> go.Figure:
    """A measure over the epochs, in training and in validation: each seed thin, the published run dotted over them.

    Args:
        measure: 'loss' or 'accuracy'.
        span: the ends of its axis; by default where the curves end.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    sides = ((measure, "training", TRAINING), (f"val_{measure}", "validation", ATTENTION))
    for seed, curves in enumerate(network.curves):
        for column, side, colour in sides:
            name = f"{side}, each seed"
            line = draw_line(curves[column], name, colour, measure, width=1)
            figure.add_scatter(**line, legendgroup=name, showlegend=seed == 0)
    for column, side, _ in sides:
        if network.published:
            dash = "dot" if column.startswith("val_") else "dash"
            figure.add_scatter(**draw_line(network.published[column], f"{side}, published", PUBLISHED, measure, dash))
    lay_out_epochs(figure, measure, max((len(curves[measure]) for curves in network.drawn), default=1))
    figure.update_layout(title={"text": f"{measure.capitalize()}: {network.name}", "x": 0.0})
    figure.update_yaxes(range=span)
    return figure
