"""How far a person's marks and a network's scores agree, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping

from attnviz.languages import mark, tr, tr_n
from attnviz.render.glossary import GLOSSARY
from attnviz.render.html import escape_text
from attnviz.render.numerals import format_count, format_number
from attnviz.render.phrases import join_sentences
from attnviz.render.sentences import format_short
from attnviz.values.methods import METHODS
from attnviz.values.overlap import Overlap

COLUMNS = (mark("Found"), "AUPRC", "IoU", mark("Kendall’s τ"))

BASELINES = {"random": mark("Random"), "last words": mark("Last words")}
"""Scores that know nothing of the network, by their name; see evidence/marking_study.py."""

TRAP = mark(
    "Agreement with you (plausibility) says that the scores look convincing. It doesn’t say that the network used "
    "those words: ‘Does the highlight explain the answer?’ measures that. And it can come cheap: where people sum up "
    "at the end, the last words alone do well."
)

_CELL = "padding:.4em .75em .4em 0;border-bottom:1px solid rgba(128,128,128,.3)"
_NUMBER = f"{_CELL};text-align:right;font-variant-numeric:tabular-nums"


def explain_measures() -> str:
    """What the columns and the baselines mean."""
    return join_sentences(
        [
            tr("Found (precision at k): {meaning}", meaning=tr(GLOSSARY["Precision at k"])),
            tr("AUPRC: {meaning}", meaning=tr(GLOSSARY["AUPRC"])),
            tr("IoU: {meaning}", meaning=tr(GLOSSARY["IoU"])),
            tr("Kendall’s τ: {meaning}", meaning=tr(GLOSSARY["Kendall’s τ"])),
            tr("With your marks it stays below 1, since marks know two sizes only."),
            tr("Random: the mean of 99 random maps. Last words: scores that know only where a word stands."),
        ]
    )


def describe_overlap(overlaps: Mapping[str, Overlap], marked: int, method: str) -> str:
    """A sentence about one method: how many marked words are among its highest, and how many chance finds."""
    found, chance = round(overlaps[method].precision * marked, 1), overlaps["random"].precision * marked
    values = {
        "found": format_short(found),  # a part of a word where equal scores stand at the edge
        "marked": format_count(marked),
        "method": METHODS[method].phrase,
        "chance": format_number(chance, 1),
    }
    return _describe_word(found, values) if marked == 1 else _describe_words(found, values)


def _describe_word(found: float, values: Mapping[str, str]) -> str:
    return tr_n(
        "Of the word that you marked, {found} is among the {marked} with the highest scores ({method}); by chance it "
        "would be {chance}.",
        "Of the word that you marked, {found} are among the {marked} with the highest scores ({method}); by chance it "
        "would be {chance}.",
        found,
        **values,
    )


def _describe_words(found: float, values: Mapping[str, str]) -> str:
    return tr_n(
        "Of the {marked} words that you marked, {found} is among the {marked} with the highest scores ({method}); by "
        "chance it would be {chance}.",
        "Of the {marked} words that you marked, {found} are among the {marked} with the highest scores ({method}); by "
        "chance it would be {chance}.",
        found,
        **values,
    )


def render_overlaps(rows: Mapping[str, Overlap], texts: Mapping[str, int] | None = None) -> str:
    """The measures as a table, a row for each method and baseline.

    Args:
        texts: over how many texts each row is the mean; None for a single text.
    """
    heads = ("", *map(tr, COLUMNS), *((tr("Texts"),) if texts else ()))
    head = "".join(f'<th scope="col" style="{_NUMBER};font-weight:600">{escape_text(name)}</th>' for name in heads)
    body = "".join(_row(name, overlap, texts[name] if texts else None) for name, overlap in rows.items())
    return (
        '<div style="overflow-x:auto"><table class="attnviz-overlap" style="border-collapse:collapse">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def name_scores(name: str) -> str:
    """What a method or baseline is called in a table."""
    return METHODS[name].title if name in METHODS else tr(BASELINES.get(name, name))


def _row(name: str, overlap: Overlap, texts: int | None) -> str:
    numbers = (overlap.precision, overlap.auprc, overlap.iou, overlap.tau)
    cells = [*map(_format, numbers), *([format_count(texts)] if texts else [])]
    written = "".join(f'<td style="{_NUMBER}">{cell}</td>' for cell in cells)
    title = escape_text(name_scores(name))
    return f'<tr><th scope="row" style="{_CELL};text-align:left;font-weight:400">{title}</th>{written}</tr>'


def _format(number: float | None) -> str:
    return "–" if number is None else format_number(number, 2)
