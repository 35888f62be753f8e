"""What became of the tutorials' claims when they were repeated, as sentences and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attnviz.languages import mark, tr
from attnviz.render.figures import draw_line, lay_out_epochs, name_measure, scale
from attnviz.render.numerals import format_number, format_percent, format_signed, get_percent
from attnviz.render.palette import ATTENTION, PUBLISHED, TRAINING
from attnviz.render.short_numbers import get_separators
from attnviz.values.tutorial_repeats import Curves, Repeats

if TYPE_CHECKING:
    import plotly.graph_objects as go


def describe_claim(plain: Curves, attending: Curves) -> str:
    """What the two published logs say on the test reviews, and what the numbers are that the claim rests on."""
    shares = {
        **_find_claimed(plain, ("plain_last", "plain_best", "plain_trained")),
        **_find_claimed(attending, ("last", "best", "trained")),
        "earlier": format_percent(plain["accuracy"][-2], 2),
    }
    return tr(
        "On the **test** reviews its run without attention had {plain_last} after the last epoch and the one with "
        "attention {last}; at best {plain_best} and {best}. The claim is **training** accuracy of the last epoch: "
        "{plain_trained} and {trained}. One epoch earlier the run without attention stood at {earlier}.",
        **shares,
    )


def _find_claimed(curves: Curves, names: tuple[str, str, str]) -> dict[str, str]:
    """The last and the best test accuracy, and the last training accuracy, by these names."""
    tested = curves["val_accuracy"]
    found = (tested[-1], max(tested), curves["accuracy"][-1])
    return {name: format_percent(share, 2) for name, share in zip(names, found, strict=True)}


def describe_change(plain: Repeats, other: Repeats) -> str:
    """Whether the test accuracies of a second network differ from the first one's by more than the seeds do."""
    change = other.mean - plain.mean
    values = {"one": other.name, "two": plain.name, "points": format_signed(100 * change, 2)}
    if min(len(plain.last), len(other.last)) < 2:
        return tr(
            "**{one}** against **{two}**: {points} points after the last epoch, from a single seed of at least one of "
            "them. How far seeds alone differ is not known from that, so it shows no change.",
            **values,
        )
    if _overlap(plain.last, other.last):
        return tr(
            "**{one}** against **{two}**: {points} points on average after the last epoch. The seeds spread as far "
            "({spread} and {other_spread}), so these runs do not show a change.",
            **{**values, "spread": _range(plain.last), "other_spread": _range(other.last)},
        )
    orders = math.comb(len(plain.last) + len(other.last), len(plain.last))
    return tr(_BETTER if change > 0 else _WORSE, **values, share=format_percent(2 / orders, 0))


_BETTER = mark(
    "**{one}** against **{two}**: {points} points on average after the last epoch, and every run of the first is "
    "better than every run of the second. Without any difference so clear an order, in one direction or the other, "
    "would come by chance in {share} of such comparisons."
)
_WORSE = mark(
    "**{one}** against **{two}**: {points} points on average after the last epoch, and every run of the first is "
    "worse than every run of the second. Without any difference so clear an order, in one direction or the other, "
    "would come by chance in {share} of such comparisons."
)


def describe_bag(accuracy: float, words: int, networks: Sequence[Repeats]) -> str:
    """A regression without order or network beside networks that read the same words."""
    runs = [value for network in networks for value in network.last]
    values = {"words": words, "share": format_percent(accuracy, 2)}
    if not runs:
        return tr(
            "A logistic regression on which of the {words} last words occur, in any order, reaches {share}.", **values
        )
    said = _MORE if accuracy > max(runs) else _NOT_MORE
    return tr(said, **values, best=format_percent(max(runs), 2))


_MORE = mark(
    "A logistic regression on which of the {words} last words occur, in any order, reaches {share}, more than the best "
    "of these runs ({best})."
)
_NOT_MORE = mark(
    "A logistic regression on which of the {words} last words occur, in any order, reaches {share}, not more than the "
    "best of these runs ({best})."
)


def _overlap(one: Sequence[float], two: Sequence[float]) -> bool:
    return max(min(one), min(two)) <= min(max(one), max(two))


def _range(values: Sequence[float]) -> str:
    return tr("{low} to {high}", low=format_number(100 * min(values), 2), high=format_percent(max(values), 2))


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
        (tr("here, each seed, last epoch"), "circle", ATTENTION): dots,
        (tr("published, last epoch"), "diamond", PUBLISHED): [(log[-1], name) for log, name in logs],
        (tr("published, best epoch"), "diamond-open", PUBLISHED): [(max(log), name) for log, name in logs],
        (tr("no network"), "x", TRAINING): [(accuracy, name) for name, accuracy in bags.items()],
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
    figure.update_layout(separators=get_separators())
    title = tr("accuracy on the test reviews")
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
    sides = ((measure, tr("training, each seed"), TRAINING), (f"val_{measure}", tr("validation, each seed"), ATTENTION))
    for seed, curves in enumerate(network.curves):
        for column, name, colour in sides:
            line = draw_line(curves[column], name, colour, measure, width=1)
            figure.add_scatter(**line, legendgroup=name, showlegend=seed == 0)
    published = ((measure, tr("training, published"), "dash"), (f"val_{measure}", tr("validation, published"), "dot"))
    log = network.published or {}
    for column, name, dash in published if log else ():
        figure.add_scatter(**draw_line(log[column], name, PUBLISHED, measure, dash))
    lay_out_epochs(figure, measure, max((len(curves[measure]) for curves in network.drawn), default=1))
    figure.update_layout(title={"text": f"{name_measure(measure)}: {network.name}", "x": 0.0})
    figure.update_yaxes(range=span)
    return figure
