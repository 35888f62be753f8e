"""What a forward trace says: its vectors and sums as lists to draw, and its equations with the numbers put in."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from attnviz.languages import mark, tr, tr_n
from attnviz.languages.conventions import get_conventions
from attnviz.render.number_strips import Bar, Strip, format_full
from attnviz.render.numerals import format_count
from attnviz.values.trace import FollowedWord, TracedWord

LATEX_DOTS = r"\dots"

_POINT = re.compile(r"(?<=\d)\.(?=\d)")

LONGEST = 24
"""Characters of a word that are shown."""

UNKNOWN = mark("‹unknown›")
"""What a network reads in the place of every word that it does not know: one and the same row of its table."""

LINES = 11
"""At most so many lines has a list of words: three at each end, three around the followed one, and two gaps."""

SHARES = 10
"""At most so many lines has the sum before the last activation."""


def shorten(word: str) -> str:
    """A word as the page shows it: not too long, and isolated, so that its direction does not turn the line around."""
    shown = word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…"
    if word.isascii():
        return shown
    return f"\N{FIRST STRONG ISOLATE}{shown}\N{POP DIRECTIONAL ISOLATE}"


def format_digits(value: float, digits: int = 6) -> str:
    """With at most so many significant digits, for a sentence: '0.1', '2'."""
    return f"{value:.{digits}g}".replace(".", get_conventions().decimal)


def _localise(equation: str) -> str:
    """LaTeX with numbers as the reader's language writes them: 0{,}5 where it has a decimal comma."""
    decimal = get_conventions().decimal
    return equation if decimal == "." else _POINT.sub(f"{{{decimal}}}", equation)


def write_vector(values: Sequence[float], count: int = 3) -> str:
    """The first numbers of a vector, in LaTeX."""
    shown = [_write_number(value) for value in values[:count]]
    comma = r",\ " if get_conventions().decimal == "." else r";\ "
    return _localise(f"({comma.join([*shown, *([LATEX_DOTS] if len(values) > count else [])])})")


def write_score(trace: FollowedWord, count: int = 2) -> str:
    """The products behind the followed word's score, their sum, and the score, in LaTeX.

    Args:
        trace: a forward trace that follows a word.
        count: how many of the products are written out.
    """
    pairs = list(zip(trace.score.query, trace.score.key, strict=True))
    dots = r" + \dots" if len(pairs) > count else ""
    shown = " + ".join(rf"{_in_brackets(a)} \cdot {_in_brackets(b)}" for a, b in pairs[:count])
    product = _write_number(trace.score.product)
    inner = ""  # where the sum is the score itself
    if trace.score.bias is not None:
        inner = rf"\tanh({product} {trace.score.bias:+.3f}) = "
    elif trace.score.scale != 1:
        inner = rf"\frac{{{product}}}{{\sqrt{{{round(trace.score.scale**2)}}}}} = "
    score = rf"e{_write_index(trace)} = {inner}{_write_number(trace.score.score)}"
    return _localise(rf"\begin{{gathered}}{shown}{dots}\\ = {product} \\[.5em] {score}\end{{gathered}}")


def _write_index(trace: FollowedWord) -> str:
    """Which score or weight is written out: of a word, of its feature, or of a pair of words in a head."""
    place, example = trace.scored + 1, trace.score.example
    if trace.score.place is not None and example is not None:
        return f"_{{{trace.word + 1},{place}}}^{{({example + 1})}}"
    return f"_{{{place}}}" if example is None else f"_{{{place},{example + 1}}}"


def write_weight(trace: FollowedWord, letter: str) -> str:
    """The followed word's weight with its numbers, in LaTeX.

    Args:
        trace: a forward trace that follows a word.
        letter: of a weight.
    """
    place, temperature, column = trace.scored, trace.temperature, trace.score.example or 0
    exponents = [row[column] / temperature for row in trace.scores]
    largest = max(exponents)
    total = largest + math.log(sum(math.exp(exponent - largest) for exponent in exponents))
    weight = math.exp(exponents[place] - total)
    return _localise(
        rf"{letter}{_write_index(trace)} = \frac{{e^{{{trace.score.score:.3f} / {temperature:g}}}}}{{\sum}} = "
        rf"\frac{{{write_power(exponents[place])}}}{{{write_power(total)}}} {_write_share(weight)}"
    )


def write_power(exponent: float) -> str:
    """e to the exponent, in LaTeX; it may be far beyond what a float can hold."""
    decimal = exponent / math.log(10)
    if -3 <= decimal < 6:
        group = "{,}" if get_conventions().group == "," else r"\,"
        return _localise(f"{math.exp(exponent):,.3f}".replace(",", group))
    whole = math.floor(decimal)
    digits, _, carried = f"{10 ** (decimal - whole):.2e}".partition("e")  # 9.999 is written as 1.00, one power higher
    return _localise(rf"{digits} \cdot 10^{{{whole + int(carried)}}}")


def write_answer(trace: FollowedWord) -> str:
    """The sigmoid, or the softmax over the labels, with its numbers, in LaTeX."""
    if len(trace.last.logits) == 1:
        return _localise(rf"p = \frac{{1}}{{1 + e^{{{-trace.last.logit:.3f}}}}} {_write_share(trace.probability)}")
    powers = " + ".join(rf"e^{{{logit:.2f}}}" for logit in trace.last.logits)
    return _localise(rf"p = \frac{{e^{{{trace.last.logit:.2f}}}}}{{{powers}}} {_write_share(trace.probability)}")


def _write_share(share: float) -> str:
    """What a share equals, in four digits; one that would round to nothing or all says that it is neither."""
    if share < 0.00005:
        return "< 0.0001"
    return f"= {share:.4f}" if share < 0.99995 or share == 1 else "> 0.9999"


def _in_brackets(value: float) -> str:
    written = _write_number(value, 2)
    return f"({written})" if written.startswith("-") else written


def _write_number(value: float, digits: int = 3) -> str:
    """What rounds to 0 has no sign."""
    return f"{round(value, digits) + 0:.{digits}f}"


def list_shares(trace: FollowedWord, count: int = 6) -> list[Bar]:
    """The sum before the sigmoid as bars: the strongest words and the followed one, all others, the bias, the sum."""
    shares, word = trace.last.shares or (), trace.word
    strongest = sorted(range(len(shares)), key=lambda place: -abs(shares[place]))[:count]
    shown = [*strongest, *([] if word in strongest else [word])]
    bars = [Bar(label_word(trace, place), shares[place], place == word) for place in shown]
    if rest := len(shares) - len(shown):
        name = tr_n("{n} other word", "{n} other words", rest, n=format_count(rest))
        bars.append(Bar(name, sum(shares) - sum(shares[place] for place in shown)))
    return [*bars, *end_bars(trace)]


def end_bars(trace: FollowedWord) -> list[Bar]:
    """The last two lines of the sum before the sigmoid: the bias, and the sum itself."""
    return [Bar(tr("bias b"), trace.last.bias), Bar(tr("sum z"), trace.last.logit)]


def name_read(token: TracedWord) -> str:
    """A word as the network reads it."""
    return shorten(token.text) if token.known else tr(UNKNOWN)


def name_followed(trace: FollowedWord, place: int | None = None) -> str:
    """The followed word, or the one at a place; of an unknown one what is read in its place, and how it is written."""
    token = trace.tokens[trace.word if place is None else place]
    if token.known:
        return shorten(token.text)
    return tr("{unknown} (“{word}”)", unknown=tr(UNKNOWN), word=shorten(token.text))


def label_word(trace: FollowedWord, place: int) -> str:
    """What is read at a place, which is counted from 1."""
    return f"{place + 1} {name_read(trace.tokens[place])}"


def describe_cells(strips: Sequence[Strip]) -> str:
    """What the cells of strips with one scale mean."""
    largest = next(strip.largest for strip in strips if strip.largest is not None)
    return tr("Each cell is one number; full colour = {full}.", full=format_full(largest))


def list_strips(trace: FollowedWord, name: str) -> list[Strip]:
    """The vectors of the words that are shown, all on one scale.

    Args:
        trace: a forward trace that follows a word.
        name: 'vectors', 'states' or 'contributions'.
    """
    return list_rows(trace, getattr(trace, name))


def list_map(trace: FollowedWord, head: int) -> list[Strip]:
    """What the words that are shown look at in a head: a row each, a cell for each word that is read."""
    return list_rows(trace, trace.maps[head])


def list_score_strips(trace: FollowedWord) -> list[Strip]:
    """The scores of the words that are shown, where a word has one for each feature or head."""
    return list_rows(trace, [trace.scores[place] for place in trace.rows])


def list_score_bars(trace: FollowedWord) -> list[Bar]:
    """The scores of the words that are shown, where a word has one."""
    strips = list_score_strips(trace)
    return [Bar(strip.label, strip.values[0] if strip.values else None, strip.followed) for strip in strips]


def list_rows(trace: FollowedWord, rows: Sequence[Sequence[float]]) -> list[Strip]:
    """A strip for each word that is shown, all on one scale; in words, how many are left out between them."""
    largest = max(abs(value) for row in rows for value in row)
    strips, last = [], -1
    for place, values in zip(trace.rows, rows, strict=True):
        if missing := place - last - 1:
            strips.append(Strip(tr_n("… {n} more word …", "… {n} more words …", missing, n=format_count(missing))))
        strips.append(Strip(label_word(trace, place), values, place == trace.word, largest))
        last = place
    return strips
