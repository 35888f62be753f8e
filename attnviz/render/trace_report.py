"""The numbers of a forward trace: vectors as strips of colour, bars, and equations with the numbers put in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from attnviz.render.html import escape_text
from attnviz.render.palette import NEGATIVE, POSITIVE, hue, strength
from attnviz.values.trace import FollowedWord

_LABEL = (
    "padding:.15em .6em .15em 0;width:8.5em;max-width:8.5em;font-size:14px;text-align:left;font-weight:400;"
    "white-space:nowrap;overflow:hidden;text-overflow:ellipsis"
)
_NUMBER = (
    "padding:.15em 0 .15em .6em;width:5em;font-size:13px;text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums"
)
_TABLE = '<table style="border-collapse:collapse;width:100%;table-layout:fixed">'

FULL_OPACITY = 0.8
"""Of the strongest cell of a strip; no text stands on it, so it may be stronger than a word's background."""

LATEX_COMMA, LATEX_DOTS = r",\ ", r"\dots"

LONGEST = 24
"""Characters of a word that are shown."""


class Strip(NamedTuple):
    """A vector: its label, its numbers, whether it is that of the followed word, and the number of the full colour.

    A strip without numbers is a line of words. `largest` None is the vector's own largest number.
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


def shorten(word: str) -> str:
    """A word as the page shows it: not too long, and isolated, so that its direction does not turn the line around."""
    shown = word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…"
    if word.isascii():
        return shown
    return f"\N{FIRST STRONG ISOLATE}{shown}\N{POP DIRECTIONAL ISOLATE}"


def format_number(value: float, digits: int = 3) -> str:
    """A number with a true minus sign; what rounds to 0 has none."""
    return f"{round(value, digits) + 0:.{digits}f}".replace("-", "−")


def render_strips(strips: Iterable[Strip]) -> str:
    """Vectors under each other, one cell a number: blue above 0, orange below, the stronger the larger.

    At the right of each stands the number that has the full colour.
    """
    return f"{_TABLE}{''.join(map(_strip, strips))}</table>"


def _strip(strip: Strip) -> str:
    label = _label(strip.label, strip.followed)
    if not strip.values:
        return _line(strip.label)
    own = max(map(abs, strip.values))
    largest = own if strip.largest is None else strip.largest
    outline = "outline:2px solid currentColor;outline-offset:1px;" if strip.followed else ""
    about = f"{strip.label}: {len(strip.values)} numbers from {min(strip.values):.3f} to {max(strip.values):.3f}"
    return (
        f'<tr>{label}<td style="padding:.15em 0"><div role="img" aria-label="{escape_text(about)}" '
        f'title="{escape_text(about)}" style="height:1.15em;border-radius:2px;{outline}'
        f'background:linear-gradient(90deg,{_stops(strip.values, largest)})"></div></td>'
        f'<td style="{_NUMBER};opacity:.75">± {largest:.{2 if largest >= 0.1 else 4}f}</td></tr>'
    )


def _stops(values: Sequence[float], largest: float) -> str:
    """The cells of a strip as hard stops of a gradient; one that starts at 0 starts where the last one ended."""
    count = len(values)
    return ",".join(
        f"{hue(value, True)}{round(strength(value, largest) * FULL_OPACITY * 255):02x} 0 {(place + 1) / count:.3%}"
        for place, value in enumerate(values)
    )


def render_scale(words: str) -> str:
    """The legend of strips and signed bars."""
    alpha = f"{round(FULL_OPACITY * 255):02x}"
    ramp = (
        '<span style="display:inline-block;width:7em;height:.7em;border-radius:2px;margin:0 .4em;'
        f'background:linear-gradient(90deg,{NEGATIVE}{alpha},transparent,{POSITIVE}{alpha})"></span>'
    )
    return f'<p style="margin:.5em 0 0;font-size:13px;opacity:.85">−{ramp}+ &nbsp;{escape_text(words)}</p>'


def render_bars(bars: Sequence[Bar], digits: int = 3) -> str:
    """Signed bars under each other, from a common middle: left and orange below 0, right and blue above."""
    largest = max((abs(bar.value) for bar in bars if bar.value is not None), default=0.0)
    return f"{_TABLE}{''.join(_bar(bar, largest, digits) for bar in bars)}</table>"


def _bar(bar: Bar, largest: float, digits: int) -> str:
    if bar.value is None:
        return _line(bar.label)
    width = 50 * strength(bar.value, largest)
    left = 50 if bar.value >= 0 else 50 - width
    return (
        f'<tr>{_label(bar.label, bar.followed)}<td style="padding:.15em 0"><div style="position:relative;height:1.15em;'
        f'border-left:1px solid rgba(128,128,128,.25);border-right:1px solid rgba(128,128,128,.25)">'
        f'<div style="position:absolute;top:0;bottom:0;left:{left:.2f}%;width:{max(width, 0.2):.2f}%;border-radius:2px;'
        f'background:{hue(bar.value, True)};opacity:{1 if bar.followed else 0.65}"></div></div></td>'
        f'<td style="{_NUMBER}">{format_number(bar.value, digits)}</td></tr>'
    )


def _line(words: str) -> str:
    return f'<tr><td colspan="3" style="{_LABEL};opacity:.7">{escape_text(words)}</td></tr>'


def _label(label: str, followed: bool) -> str:
    weight = ";font-weight:700" if followed else ""
    return f'<th scope="row" style="{_LABEL}{weight}" title="{escape_text(label)}">{escape_text(label)}</th>'


def write_vector(values: Sequence[float], count: int = 3) -> str:
    """The first numbers of a vector, in LaTeX."""
    shown = [f"{value:.3f}" for value in values[:count]]
    return f"({LATEX_COMMA.join([*shown, *([LATEX_DOTS] if len(values) > count else [])])})"


def write_score(trace: FollowedWord, count: int = 2) -> str:
    """The products behind the followed word's score, their sum, and the score, in LaTeX.

    Args:
        trace: a forward trace that follows a word.
        count: how many of the products are written out.
    """
    pairs = list(zip(trace.score.query, trace.score.key, strict=True))
    dots = r" + \dots" if len(pairs) > count else ""
    shown = " + ".join(rf"{_in_brackets(a)} \cdot {_in_brackets(b)}" for a, b in pairs[:count])
    place, product = trace.word + 1, f"{trace.score.product:.3f}"
    index = f"{place}" if trace.score.example is None else f"{place},{trace.score.example + 1}"
    inner = product
    if trace.score.bias is not None:
        inner = rf"\tanh({product} {trace.score.bias:+.3f})"
    elif trace.score.scale != 1:
        inner = rf"\frac{{{product}}}{{\sqrt{{{round(trace.score.scale**2)}}}}}"
    score = rf"e_{{{index}}} = {inner} = {trace.score.score:.3f}"
    return rf"\begin{{gathered}}{shown}{dots}\\ = {product} \\[.5em] {score}\end{{gathered}}"


def write_weight(trace: FollowedWord, letter: str) -> str:
    """The followed word's weight with its numbers, in LaTeX.

    Args:
        trace: a forward trace that follows a word.
        letter: of a weight.
    """
    place, temperature, column = trace.word, trace.temperature, trace.score.example or 0
    exponents = [row[column] / temperature for row in trace.scores]
    largest = max(exponents)
    total = largest + math.log(sum(math.exp(exponent - largest) for exponent in exponents))
    index = f"{place + 1}" if trace.score.example is None else f"{place + 1},{column + 1}"
    weight = math.exp(exponents[place] - total)
    return (
        rf"{letter}_{{{index}}} = \frac{{e^{{{trace.score.score:.3f} / {temperature:g}}}}}{{\sum}} = "
        rf"\frac{{{write_power(exponents[place])}}}{{{write_power(total)}}} {_write_share(weight)}"
    )


def write_power(exponent: float) -> str:
    """e to the exponent, in LaTeX; it may be far beyond what a float can hold."""
    decimal = exponent / math.log(10)
    if -3 <= decimal < 6:
        return f"{math.exp(exponent):,.3f}".replace(",", r"{,}")
    whole = math.floor(decimal)
    digits, _, carried = f"{10 ** (decimal - whole):.2e}".partition("e")  # 9.999 is written as 1.00, one power higher
    return rf"{digits} \cdot 10^{{{whole + int(carried)}}}"


def write_answer(trace: FollowedWord) -> str:
    """The sigmoid, or the softmax over the labels, with its numbers, in LaTeX."""
    if len(trace.last.logits) == 1:
        return rf"p = \frac{{1}}{{1 + e^{{{-trace.last.logit:.3f}}}}} {_write_share(trace.probability)}"
    powers = " + ".join(rf"e^{{{logit:.2f}}}" for logit in trace.last.logits)
    return rf"p = \frac{{e^{{{trace.last.logit:.2f}}}}}{{{powers}}} {_write_share(trace.probability)}"


def _write_share(share: float) -> str:
    """What a share equals, in four digits; one that would round to nothing or all says that it is neither."""
    if share < 0.00005:
        return "< 0.0001"
    return f"= {share:.4f}" if share < 0.99995 or share == 1 else "> 0.9999"


def _in_brackets(value: float) -> str:
    return f"{value:.2f}" if value >= 0 else f"({value:.2f})"


def list_shares(trace: FollowedWord, count: int = 6) -> list[Bar]:
    """The sum before the sigmoid as bars: the strongest words and the followed one, all others, the bias, the sum."""
    shares, word = trace.last.shares or (), trace.word
    strongest = sorted(range(len(shares)), key=lambda place: -abs(shares[place]))[:count]
    shown = [*strongest, *([] if word in strongest else [word])]
    bars = [Bar(label_word(trace, place), shares[place], place == word) for place in shown]
    if rest := len(shares) - len(shown):
        name = "1 other word" if rest == 1 else f"{rest} other words"
        bars.append(Bar(name, sum(shares) - sum(shares[place] for place in shown)))
    return [*bars, *end_bars(trace)]


def end_bars(trace: FollowedWord) -> list[Bar]:
    """The last two lines of the sum before the sigmoid: the bias, and the sum itself."""
    return [Bar("bias b", trace.last.bias), Bar("sum z", trace.last.logit)]


def label_word(trace: FollowedWord, place: int) -> str:
    """A word with its place, counted from 1."""
    return f"{place + 1} {shorten(trace.tokens[place][0])}"


def list_strips(trace: FollowedWord, name: str) -> list[Strip]:
    """The vectors of the words that are shown, all on one scale.

    Args:
        trace: a forward trace that follows a word.
        name: 'vectors', 'states' or 'contributions'.
    """
    return _list_rows(trace, getattr(trace, name))


def list_score_strips(trace: FollowedWord) -> list[Strip]:
    """The scores of the words that are shown, where a word has one for each feature."""
    return _list_rows(trace, [trace.scores[place] for place in trace.rows])


def list_score_bars(trace: FollowedWord) -> list[Bar]:
    """The scores of the words that are shown, where a word has one."""
    strips = list_score_strips(trace)
    return [Bar(strip.label, strip.values[0] if strip.values else None, strip.followed) for strip in strips]


def _list_rows(trace: FollowedWord, rows: Sequence[Sequence[float]]) -> list[Strip]:
    """A strip for each word that is shown, all on one scale; in words, how many are left out between them."""
    largest = max(abs(value) for row in rows for value in row)
    strips, last = [], -1
    for place, values in zip(trace.rows, rows, strict=True):
        if missing := place - last - 1:
            strips.append(Strip(f"… {missing} more {'word' if missing == 1 else 'words'} …"))
        strips.append(Strip(label_word(trace, place), values, place == trace.word, largest))
        last = place
    return strips
