"""How far a person's marks and a network's scores agree, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping

from attnviz.render.glossary import GLOSSARY
from attnviz.render.html import escape_text
from attnviz.render.numerals import format_number
from attnviz.values.methods import METHODS
from attnviz.values.overlap import Overlap

COLUMNS = ("Found", "AUPRC", "IoU", "Kendall’s τ")

HELP = (
    f"Found (precision at k): {GLOSSARY['Precision at k']} AUPRC: {GLOSSARY['AUPRC']} IoU: {GLOSSARY['IoU']} "
    f"Kendall’s τ: {GLOSSARY['Kendall’s τ']} With your marks it stays below 1, since marks know two sizes only. "
    "Random: the mean of 99 random maps. Last words: scores that know only where a word stands."
)

TRAP = (
    "Agreement with you (plausibility) says that the scores look convincing. It doesn’t say that the network used "
    "those words: ‘Can I trust it?’ measures that. And it can come cheap: where people sum up at the end, the last "
    "words alone do well."
)

_CELL = "padding:.4em .75em .4em 0;border-bottom:1px solid rgba(128,128,128,.3)"
_NUMBER = f"{_CELL};text-align:right;font-variant-numeric:tabular-nums"


def describe_overlap(overlaps: Mapping[str, Overlap], marked: int, method: str) -> str:
    """A sentence about one method: how many marked words are among its highest, and how many chance finds."""
    found, chance = overlaps[method].precision * marked, overlaps["random"].precision * marked
    words = "the word" if marked == 1 else f"the {marked:,} words"
    return (
        f"Of {words} that you marked, {_count(found)} {'is' if _count(found) == '1' else 'are'} among the {marked:,} "
        f"with the highest scores ({METHODS[method].phrase}); by chance it would be {chance:.1f}."
    )


def render_overlaps(rows: Mapping[str, Overlap], texts: Mapping[str, int] | None = None) -> str:
    """The measures as a table, a row for each method and baseline.

    Args:
        texts: over how many texts each row is the mean; None for a single text.
    """
    heads = ("", *COLUMNS, *(("Texts",) if texts else ()))
    head = "".join(f'<th scope="col" style="{_NUMBER};font-weight:600">{escape_text(name)}</th>' for name in heads)
    body = "".join(_row(name, overlap, texts[name] if texts else None) for name, overlap in rows.items())
    return (
        '<div style="overflow-x:auto"><table class="attnviz-overlap" style="border-collapse:collapse">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def name_scores(name: str) -> str:
    """What a method or baseline is called in a table."""
    return METHODS[name].title if name in METHODS else name.capitalize()


def _row(name: str, overlap: Overlap, texts: int | None) -> str:
    numbers = (overlap.precision, overlap.auprc, overlap.iou, overlap.tau)
    cells = [*map(_format, numbers), *([f"{texts:,}"] if texts else [])]
    written = "".join(f'<td style="{_NUMBER}">{cell}</td>' for cell in cells)
    title = escape_text(name_scores(name))
    return f'<tr><th scope="row" style="{_CELL};text-align:left;font-weight:400">{title}</th>{written}</tr>'


def _format(number: float | None) -> str:
    return "–" if number is None else format_number(number, 2)


def _count(number: float) -> str:
    """Words; a part of one where equal scores stand at the edge."""
    return f"{number:.1f}".removesuffix(".0")
