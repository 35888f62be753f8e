"""Explanations as self-contained HTML: inline styles, no script, every character of the text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from attnviz.render.palette import ATTENTION, MAX_OPACITY, MAX_UNDERLINE, NEGATIVE, POSITIVE, hue, strength
from attnviz.render.words import METHODS, describe, describe_probability
from attnviz.results import Explanation, Token

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_TEXT_STYLE = "font-size:18px;line-height:1.8;max-width:75ch;white-space:pre-wrap;overflow-wrap:anywhere"
_CELL_STYLE = "padding:.2em .4em;font-size:12.5px;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"
_DOCUMENT_STYLE = (
    ":root{color-scheme:light dark}body{font-family:system-ui,sans-serif;max-width:80ch;margin:2rem auto;padding:0 1em}"
    "section{margin-bottom:2.5rem}"
)


def render_explanation(explanation: Explanation) -> str:
    """A fragment: the answer, the highlighted text, the scale and what else must be said."""
    title = f"{escape_text(explanation.model)}, {METHODS[explanation.method].lower()}"
    notes = "".join(f"<p>{escape_text(note)}</p>" for note in describe(explanation))
    return (
        f'<section class="attnviz"><p><b>{title}</b>: {escape_text(describe_probability(explanation))}</p>'
        f'<div style="{_TEXT_STYLE}">{"".join(_spans(explanation))}</div>'
        f"{_scale(explanation)}{notes}</section>"
    )


def render_document(explanations: Iterable[Explanation]) -> Iterator[str]:
    """A whole page, part by part, so that a long file needs no memory."""
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>attnviz</title><style>{_DOCUMENT_STYLE}</style></head><body>"
    )
    for explanation in explanations:
        yield render_explanation(explanation)
    yield "</body></html>"


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
    head = "".join(f'<th style="{_CELL_STYLE};font-weight:400">{escape_text(name)}</th>' for name in columns)
    digits = 3 if max(map(len, values), default=0) <= 8 else 2
    body = "".join(
        f'<tr><th style="{_CELL_STYLE};font-weight:400;text-align:left">{escape_text(name)}</th>'
        f"{''.join(_cell(value, largest, digits, signed) for value in row)}</tr>"
        for name, row in zip(rows, values, strict=True)
    )
    head = f"<tr><th></th>{head}</tr>" if columns else ""
    return f'<div style="overflow-x:auto"><table style="border-collapse:collapse">{head}{body}</table></div>'


def _cell(value: float, largest: float, digits: int, signed: bool) -> str:
    alpha = round(strength(value, largest) * MAX_OPACITY * 255)
    number = f"{round(value, digits) + 0:.{digits}f}"  # adding 0 makes -0 a 0
    return f'<td style="{_CELL_STYLE};background:{hue(value, signed)}{alpha:02x}">{number}</td>'


def escape_text(text: str) -> str:
    """Text for HTML content or a quoted attribute; control characters, which HTML forbids, become U+FFFD."""
    return escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))


def _spans(explanation: Explanation) -> Iterator[str]:
    """The text in order: gaps as they are, tokens as highlighted spans, the unread start greyed."""
    text, position = explanation.text, 0
    largest = float(abs(explanation.scores).max(initial=0.0))
    if explanation.truncated:
        position = explanation.tokens[0].start
        yield f'<span style="opacity:.45">{escape_text(text[:position])}</span>'
    for token, score in zip(explanation.tokens, explanation.scores.tolist(), strict=True):
        yield escape_text(text[position : token.start])
        yield _token(token, text, score, largest, explanation.signed)
        position = token.end
    yield escape_text(text[position:])


def _token(token: Token, text: str, score: float, largest: float, signed: bool) -> str:
    share = strength(score, largest)
    colour = hue(score, signed)
    alpha = round(share * MAX_OPACITY * 255)
    style = (
        f"background:linear-gradient({colour},{colour}) bottom/100% {share * MAX_UNDERLINE:.1f}px no-repeat "
        f"{colour}{alpha:02x};border-radius:3px"
    )
    if not token.known:
        style += ";text-decoration:underline dotted"
    label = f"{token.text}: {score:+.4f}" if signed else f"{token.text}: {score:.4f}"
    label += "" if token.known else " (unknown word)"
    return f'<span style="{style}" title="{escape_text(label)}">{escape_text(text[token.start : token.end])}</span>'


def _scale(explanation: Explanation) -> str:
    largest = float(abs(explanation.scores).max(initial=0.0))
    if largest == 0:
        return ""
    alpha = f"{round(MAX_OPACITY * 255):02x}"
    low, middle, colours = "0", "", f"transparent,{ATTENTION}{alpha}"
    if explanation.signed:
        low, middle, colours = f"−{largest:.4f}", "0", f"{NEGATIVE}{alpha},transparent,{POSITIVE}{alpha}"
    bar = (
        f'<span style="display:inline-block;width:12em;height:.8em;background:linear-gradient(90deg,{colours})"></span>'
    )
    centre = f" ({middle} in the middle)" if middle else ""
    return (
        f"<p><small>{METHODS[explanation.method]}: {low} {bar} {largest:.4f}{centre}, linear in the score</small></p>"
    )
