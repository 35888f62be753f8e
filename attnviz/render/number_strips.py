"""Vectors as strips of colour and numbers as bars: the pictures of a forward trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from attnviz.languages import tr_n
from attnviz.render.html import escape_text
from attnviz.render.numerals import format_count, format_number
from attnviz.render.palette import ABOVE, ATTENTION, BELOW, KEPT, NEGATIVE, POSITIVE, strength


class Pair(NamedTuple):
    """The colours of numbers above 0 and below it."""

    above: str
    below: str


NUMBERS = Pair(ABOVE, BELOW)
"""Of raw numbers, which speak for no label."""

SENTIMENT = Pair(POSITIVE, NEGATIVE)
"""Of numbers that speak toward a label or against it."""

LINE = 26
"""Pixels of a strip, a bar or a line of words, so that a picture of as many lines is as high for every text."""

FULL_OPACITY = 0.8
"""Of the strongest cell of a strip; no text stands on it, so it may be stronger than a word's background."""

_CUT = "white-space:nowrap;overflow:hidden;text-overflow:ellipsis"
_LABEL = f"padding:0 .6em 0 0;width:8.5em;max-width:8.5em;font-size:14px;text-align:left;font-weight:400;{_CUT}"
_NUMBER = (
    "padding:0 0 0 .6em;width:4.6em;font-size:13px;text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums"
)
_TABLE = '<table style="border-collapse:collapse;width:100%;table-layout:fixed">'


class Strip(NamedTuple):
    """A vector: its label, its numbers, whether it is that of the followed word, and the number of the full colour.

    A strip without numbers is a line of words. `largest` None is the vector's own largest number, which is then told.
    """

    label: str
    values: Sequence[float] = ()
    followed: bool = False
    largest: float | None = None


class Bar(NamedTuple):
    """A number with its label, and whether it belongs to the followed word. Without a number it is a line of words."""

    label: str
    value: float | None
    followed: bool = False


def format_full(largest: float) -> str:
    """The number that has the full colour, with as many digits as it needs."""
    return f"±{format_number(largest, 2 if largest >= 0.1 else 4)}"


def render_strips(strips: Iterable[Strip], lines: int = 0) -> str:
    """Vectors under each other, one cell a number, the stronger the larger: above the middle what is above 0.

    Args:
        lines: how many have room; fewer leave it free.
    """
    return _table(map(_strip, strips), lines)


def _table(rows: Iterable[str], lines: int) -> str:
    return f'<div style="min-height:{lines * LINE}px">{_TABLE}{"".join(rows)}</table></div>'


def _strip(strip: Strip) -> str:
    if not strip.values:
        return _line(strip.label)
    own = max(map(abs, strip.values))
    largest = own if strip.largest is None else strip.largest
    about = _describe_numbers(strip)
    halves = (
        f"{_half(strip.values, largest, 1)} top/100% 50% no-repeat,{_half(strip.values, largest, -1)} bottom/100% 50%"
    )
    full = f'<td style="{_NUMBER};opacity:.8">{format_full(largest)}</td>' if strip.largest is None else ""
    return _row(strip.label, strip.followed, _cells(about, strip.followed, halves), full)


def _describe_numbers(strip: Strip) -> str:
    low, high, count = min(strip.values), max(strip.values), len(strip.values)
    return tr_n(
        "{label}: {n} number from {low} to {high}",
        "{label}: {n} numbers from {low} to {high}",
        count,
        label=strip.label,
        n=format_count(count),
        low=format_number(low),
        high=format_number(high),
    )


def _cells(about: str, followed: bool, background: str) -> str:
    outline = "outline:2px solid currentColor;outline-offset:1px;" if followed else ""
    said = escape_text(about)
    return (
        f'<div role="img" aria-label="{said}" title="{said}" style="height:18px;border-radius:2px;{outline}'
        f'background:{background};{KEPT}"></div>'
    )


def _row(label: str, followed: bool, picture: str, number: str) -> str:
    span = "" if number else ' colspan="2"'
    return (
        f'<tr style="height:{LINE}px">{_label(label, followed)}<td{span} style="padding:0">{picture}</td>{number}</tr>'
    )


def _half(values: Sequence[float], largest: float, sign: int) -> str:
    """The cells of one sign as hard stops of a gradient; one that starts at 0 starts where the last one ended."""
    count, hue = len(values), NUMBERS.above if sign > 0 else NUMBERS.below
    return _gradient(hue, [strength(max(sign * value, 0), largest) for value in values], count)


def _gradient(hue: str, strengths: Sequence[float], count: int) -> str:
    stops = (
        f"{hue}{round(strong * FULL_OPACITY * 255):02x} 0 {100 * (place + 1) / count:.3f}%"
        for place, strong in enumerate(strengths)
    )
    return f"linear-gradient(90deg,{','.join(stops)})"


def render_weights(rows: Iterable[Strip], full: float, lines: int = 0) -> str:
    """Attention as rows of cells, one a word that is looked at; darker is more.

    Args:
        rows: weights from 0 on, one row a word that asks. full: the weight that has the full colour.
    """
    return _table((_weights(row, full) for row in rows), lines)


def _weights(row: Strip, full: float) -> str:
    if not row.values:
        return _line(row.label)
    about = _describe_weights(row)
    background = _gradient(ATTENTION, [strength(value, full) for value in row.values], len(row.values))
    return _row(row.label, row.followed, _cells(about, row.followed, background), "")


def _describe_weights(row: Strip) -> str:
    count = len(row.values)
    return tr_n(
        "{label}: {n} weight, the largest {largest}",
        "{label}: {n} weights, the largest {largest}",
        count,
        label=row.label,
        n=format_count(count),
        largest=format_number(max(row.values), 4),
    )


def render_scale(words: str, pair: Pair = NUMBERS) -> str:
    """The legend of strips and signed bars."""
    alpha = f"{round(FULL_OPACITY * 255):02x}"
    ramp = (
        '<span style="display:inline-block;width:7em;height:.7em;border-radius:2px;margin:0 .4em;'
        f"background:linear-gradient(90deg,{pair.below}{alpha},transparent,{pair.above}{alpha});"
        f'{KEPT}"></span>'
    )
    return f'<p style="margin:.5em 0 0;font-size:13px;opacity:.85">−{ramp}+ &nbsp;{escape_text(words)}</p>'


def render_caption(words: str) -> str:
    """A line under a picture."""
    return f'<p style="margin:.5em 0 0;font-size:13px;opacity:.85">{escape_text(words)}</p>'


def render_bars(bars: Sequence[Bar], pair: Pair = NUMBERS, lines: int = 0) -> str:
    """Signed bars under each other, from a common middle: left below 0, right above.

    Args:
        lines: how many have room; fewer leave it free.
    """
    largest = max((abs(bar.value) for bar in bars if bar.value is not None), default=0.0)
    return _table((_bar(bar, largest, pair) for bar in bars), lines)


def _bar(bar: Bar, largest: float, pair: Pair) -> str:
    if bar.value is None:
        return _line(bar.label)
    width = 50 * strength(bar.value, largest)
    left = 50 if bar.value >= 0 else 50 - width
    picture = (
        '<div style="position:relative;height:18px;'
        'border-left:1px solid rgba(128,128,128,.25);border-right:1px solid rgba(128,128,128,.25)">'
        f'<div style="position:absolute;top:0;bottom:0;left:{left:.2f}%;width:{max(width, 0.2):.2f}%;border-radius:2px;'
        f"background:{pair.above if bar.value >= 0 else pair.below};opacity:{1 if bar.followed else 0.65};"
        f'{KEPT}"></div></div>'
    )
    return _row(bar.label, bar.followed, picture, f'<td style="{_NUMBER}">{format_number(bar.value)}</td>')


def _line(words: str) -> str:
    style = f"padding:0;font-size:13px;opacity:.75;{_CUT}"
    return f'<tr style="height:{LINE}px"><td colspan="3" style="{style}">{escape_text(words)}</td></tr>'


def _label(label: str, followed: bool) -> str:
    weight = ";font-weight:700" if followed else ""
    return f'<th scope="row" style="{_LABEL}{weight}" title="{escape_text(label)}">{escape_text(label)}</th>'
