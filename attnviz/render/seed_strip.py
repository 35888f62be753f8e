"""What the seeds of a network reached, as dots on a strip with their mean and its interval, and in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attnviz.languages import tr
from attnviz.render.html import escape_text
from attnviz.render.numerals import format_percent
from attnviz.render.palette import ATTENTION
from attnviz.values.spread import Spread

_LEVELS = 3
"""Dots next to each other stand at so many heights, so that near ones can be told apart."""


def describe_spread(spread: Spread) -> str:
    """Mean, standard deviation, ends and interval of an accuracy over the seeds, with their number."""
    mean = format_percent(spread.mean, 2)
    if spread.spread is None or spread.low is None or spread.high is None:
        return tr("Test accuracy of one seed: {mean}. There is no spread yet.", mean=mean)
    return tr(
        "Test accuracy over n = {n} seeds: mean {mean}, standard deviation {deviation}, from {smallest} to {largest}. "
        "{level} bootstrap interval of the mean: from {low} to {high}; of few seeds it is shorter than it should be, "
        "and it says nothing of other test texts.",
        n=spread.n,
        mean=mean,
        deviation=format_percent(spread.spread, 2),
        smallest=format_percent(spread.smallest, 2),
        largest=format_percent(spread.largest, 2),
        level=format_percent(spread.level, 0),
        low=format_percent(spread.low, 2),
        high=format_percent(spread.high, 2),
    )


def render_seed_strip(accuracies: Mapping[int, float], spread: Spread) -> str:
    """A dot a seed, a line at the mean, a band over its interval, and the ends of the strip in numbers.

    Args:
        accuracies: by seed, at least one. spread: of them.
    """
    ends = [*accuracies.values(), *(end for end in (spread.low, spread.high) if end is not None)]
    low, high = min(ends), max(ends)
    marks = "".join((_band(spread, low, high), _line(_place(spread.mean, low, high)), *_dots(accuracies, low, high)))
    return (
        f'<div role="img" aria-label="{escape_text(describe_spread(spread))}" style="margin:.3em 0">'
        f'<div style="position:relative;height:46px;margin:0 8px">{marks}</div>'
        '<div style="display:flex;justify-content:space-between;font-size:13px;font-variant-numeric:tabular-nums">'
        f"<span>{format_percent(low, 2)}</span><span>{format_percent(high, 2)}</span></div></div>"
    )


def _place(value: float, low: float, high: float) -> float:
    """Where a value stands, in percent of the strip; in the middle where all are the same."""
    return 50.0 if high == low else 100 * (value - low) / (high - low)


def _band(spread: Spread, low: float, high: float) -> str:
    if spread.low is None or spread.high is None:
        return ""
    left, right = _place(spread.low, low, high), _place(spread.high, low, high)
    style = f"left:{left:.2f}%;width:{max(right - left, 0.5):.2f}%;top:4px;bottom:4px;border-radius:4px"
    return f'<div style="position:absolute;{style};background:{ATTENTION}40;border:1px solid {ATTENTION}"></div>'


def _line(place: float) -> str:
    return f'<div style="position:absolute;left:{place:.2f}%;top:0;bottom:0;border-left:2px solid currentColor"></div>'


def _dots(accuracies: Mapping[int, float], low: float, high: float) -> Iterator[str]:
    for rank, (seed, value) in enumerate(sorted(accuracies.items(), key=lambda item: item[1])):
        place = f"left:calc({_place(value, low, high):.2f}% - 5px);top:{8 + 10 * (rank % _LEVELS)}px"
        style = f"{place};width:10px;height:10px;border-radius:50%;background:{ATTENTION};border:1px solid currentColor"
        title = tr("seed {seed}: {accuracy}", seed=seed, accuracy=format_percent(value, 2))
        yield f'<span title="{escape_text(title)}" style="position:absolute;box-sizing:border-box;{style}"></span>'
