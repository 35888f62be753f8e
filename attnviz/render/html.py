"""Explanations as self-contained HTML: no script, nothing from elsewhere, every character of the text escaped.

A fragment has inline styles only, for notebooks. A document has a style sheet too, and with it a hover: a word under
the pointer shows its score, rank and share. For the keyboard the words of a review are one group of radio buttons: one
tab stop, and the arrow keys walk from word to word without a script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from attnviz.languages import get_language, mark, tr
from attnviz.render.highlighted import HighlightedText, HighlightedToken, Scale, highlight
from attnviz.render.numerals import format_count, format_number, format_percent, format_signed
from attnviz.render.palette import (
    ATTENTION,
    KEPT,
    MAX_OPACITY,
    MAX_UNDERLINE,
    NEGATIVE,
    POSITIVE,
    get_even_share,
    get_full_score,
    hue,
    strength,
)
from attnviz.render.sentences import describe, describe_full_score, describe_probability
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_TEXT_STYLE = "font-size:18px;line-height:1.8;max-width:75ch;white-space:pre-wrap;overflow-wrap:anywhere"
_CELL_STYLE = "padding:.2em .4em;font-size:12.5px;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"
_DOCUMENT_STYLE = """
:root{color-scheme:light dark}
body{font-family:system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
section{margin-bottom:2.5rem}
.words{position:relative}
label{cursor:default}
label input{position:absolute;width:1px;height:1px;margin:0;opacity:0;pointer-events:none}
label:hover,label:focus-within{outline:2px solid #7c5cff;outline-offset:1px}
label:hover::before,label:focus-within::before{content:attr(data-tip);position:absolute;z-index:1;left:0;right:0;
width:max-content;max-width:100%;box-sizing:border-box;margin:2.5em auto 0;padding:.5em .8em;white-space:pre-wrap;
font-size:13px;line-height:1.5;background:CanvasText;color:Canvas;border-radius:6px;pointer-events:none}
.words:hover label:focus-within:not(:hover)::before{content:none}
@media(min-width:75rem){label:hover::before,label:focus-within::before{left:auto;right:auto;margin:2.5em 0 0}}
"""
"""The tip stands under its line: at the word where there is room to its right, else in the middle of the text."""

_HINT = mark("Point at a word to see its score, or press Tab and then the arrow keys.")


def render_explanation(explanation: Explanation) -> str:
    """A fragment: the answer, the highlighted text, the scale and what else must be said."""
    text = highlight(explanation)
    return _section(explanation, _spans(text, _token, text.scale.full), f'style="{_TEXT_STYLE}"')


def render_document(explanations: Iterable[Explanation]) -> Iterator[str]:
    """A whole page, part by part, so that a long file needs no memory."""
    yield (
        f'<!doctype html><html lang="{get_language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>attnviz</title><style>{_DOCUMENT_STYLE}</style></head><body><p><small>{tr(_HINT)}</small></p>"
    )
    for number, explanation in enumerate(explanations, start=1):
        text = highlight(explanation)
        words = _spans(text, _hover_words(text, f"review-{number}"), text.scale.full)
        yield _section(explanation, words, f'class="words" style="{_TEXT_STYLE}"')
    yield "</body></html>"


def _section(explanation: Explanation, words: Iterable[str], attributes: str) -> str:
    title = f"{escape_text(explanation.model)}, {METHODS[explanation.method].phrase}"
    notes = "".join(f"<p>{escape_text(note)}</p>" for note in describe(explanation))
    scale = render_scale(explanation, get_full_score(explanation))
    return (
        f'<section class="attnviz"><p><b>{title}</b>: {escape_text(describe_probability(explanation))}</p>'
        f'<div dir="auto" {attributes}>{"".join(words)}</div>{scale}{notes}</section>'
    )


def render_matrix(
    values: Sequence[Sequence[float]], rows: Sequence[str], columns: Sequence[str] = (), *, signed: bool = True
) -> str:
    """A heat map of numbers as a table: the background's strength is linear in the number.

    Args:
        values: one row of numbers for each of `rows`.
        columns: their headings, if any.
        signed: blue and orange for numbers above and below 0, else one hue.
    """
    largest = max((abs(value) for row in values for value in row), default=0.0)
    head = "".join(_header(name) for name in columns)
    digits = 3 if max(map(len, values), default=0) <= 8 else 2
    body = "".join(
        f"<tr>{_header(name, 'text-align:left')}{''.join(_cell(value, largest, digits, signed) for value in row)}</tr>"
        for name, row in zip(rows, values, strict=True)
    )
    head = f"<tr><td></td>{head}</tr>" if columns else ""
    table = f'<table style="border-collapse:collapse">{head}{body}</table>'
    return f'<div style="overflow-x:auto" tabindex="0">{table}</div>'


def _header(name: str, more: str = "") -> str:
    """The head of a row or column; without a name it is a cell, since a screen reader would read out nothing."""
    tag = "th" if name else "td"
    return f'<{tag} style="{_CELL_STYLE};font-weight:400;{more}">{escape_text(name)}</{tag}>'


def _cell(value: float, largest: float, digits: int, signed: bool) -> str:
    alpha = round(strength(value, largest) * MAX_OPACITY * 255)
    background = f"{hue(value, signed)}{alpha:02x}"
    return f'<td style="{_CELL_STYLE};background:{background};{KEPT}">{format_number(value, digits)}</td>'


def escape_text(text: str) -> str:
    """Text for HTML content or a quoted attribute; control characters, which HTML forbids, become U+FFFD."""
    return escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))


def render_text(explanation: Explanation, full: float) -> str:
    """The highlighted text from the first word that was read; a score of `full` or more has the full colour."""
    text = highlight(explanation).shorten()
    words = "".join(_spans(text, _token, full))
    return f'<span dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere">{words}</span>'


_PLACE = mark("rank {rank} of {count}, {share} of the total")
_PLACE_SIGNED = mark("rank {rank} of {count}, {share} of the total, signs left aside")

_Draw = Callable[[HighlightedToken, Scale, str], str]
"""Draws a word, given its scale and the style of its background."""


def _spans(text: HighlightedText, draw: _Draw, full: float) -> Iterator[str]:
    """The text in order: gaps as they are, tokens as highlighted words, the unread start and end greyed."""
    yield from _grey(text.head)
    for gap, token in zip(text.gaps, text.tokens, strict=False):
        yield escape_text(gap)
        yield draw(token, text.scale, _style(token, full, text.scale.signed))
    yield escape_text(text.gaps[-1])
    yield from _grey(text.tail)


def _grey(unread: str) -> Iterator[str]:
    if unread:
        yield f'<span style="opacity:.7">{escape_text(unread)}</span>'


def _style(token: HighlightedToken, full: float, signed: bool) -> str:
    share = strength(token.score, full)
    colour = hue(token.score, signed)
    alpha = round(share * MAX_OPACITY * 255)
    style = (
        f"background:linear-gradient({colour},{colour}) bottom/100% {share * MAX_UNDERLINE:.1f}px no-repeat "
        f"{colour}{alpha:02x};border-radius:3px;{KEPT}"
    )
    return style if token.known else f"{style};text-decoration:underline dotted"


def _token(token: HighlightedToken, scale: Scale, style: str) -> str:
    """A word of a fragment: its score is the title."""
    return f'<span style="{style}" title="{escape_text(_label(token, scale))}">{escape_text(token.shown)}</span>'


def _label(token: HighlightedToken, scale: Scale) -> str:
    number = format_signed(token.score) if scale.signed else format_number(token.score, 4)
    if token.known:
        return tr("{word}: {score}", word=token.word, score=number)
    return tr("{word}: {score} (unknown word)", word=token.word, score=number)


def _hover_words(text: HighlightedText, group: str) -> _Draw:
    """Draws the words of a document: score, rank and share come up, and `group` is the name of the radio buttons."""
    total, count = sum(abs(token.score) for token in text.tokens) or 1.0, len(text.tokens)
    place = _PLACE_SIGNED if text.scale.signed else _PLACE

    def draw(token: HighlightedToken, scale: Scale, style: str) -> str:
        share = format_percent(abs(token.score) / total)
        said = tr(place, rank=format_count(token.rank), count=format_count(count), share=share)
        tip = escape_text(f"{_label(token, scale)}\n{said}")
        button = f'<input type="radio" name="{group}" aria-label="{tip}">'
        return f'<label style="{style}" data-tip="{tip}">{button}{escape_text(token.shown)}</label>'

    return draw


def render_scale(explanation: Explanation, full: float, *, beyond: bool = False) -> str:
    """The colour scale from 0, or from -full, to full; `beyond` says that larger scores have its last colour."""
    if full == 0:
        return ""
    alpha = f"{round(MAX_OPACITY * 255):02x}"
    low, colours = "0", f"transparent,{ATTENTION}{alpha}"
    if explanation.signed:
        low, colours = format_number(-full, 4), f"{NEGATIVE}{alpha},transparent,{POSITIVE}{alpha}"
    bar = (
        f'<span style="display:inline-block;width:12em;height:.8em;background:linear-gradient(90deg,{colours});{KEPT}">'
        "</span>"
    )
    high = format_number(full, 4)
    said = tr(
        _SCALE_SIGNED if explanation.signed else _SCALE,
        scores=METHODS[explanation.method].title,
        low=low,
        bar=bar,
        high=tr("{score} and more", score=high) if beyond else high,
        meaning=describe_full_score(full, get_even_share(explanation)),
    )
    return f"<p><small>{said}</small></p>"


_SCALE = mark("{scores}: {low} {bar} {high}, linear; {meaning}")
_SCALE_SIGNED = mark("{scores}: {low} {bar} {high} (0 in the middle), linear; {meaning}")
