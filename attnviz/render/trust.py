"""Whether a highlight can be trusted, in words that are computed from its measures, and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attnviz.render.html import escape_text
from attnviz.render.words import METHODS
from attnviz.results import Compared, Faithfulness

SPREADS, MARGIN = 2.0, 0.01
"""A number is better than chance from SPREADS standard deviations of the random ones, and at least MARGIN, on."""

SHORT = 10
"""Words; in a shorter text random scores often pick the same words."""

TITLES = ("Comprehensiveness", "Sufficiency")

HELP = {
    "Comprehensiveness": "How much of the answer's probability is lost when the highest words (1, 5, 10, 20 and 50 % "
    "of the text; the mean is shown) are left out; more is better (DeYoung et al. 2020).",
    "Sufficiency": "How much of it is lost when the network reads those words alone; less is better.",
    "agreement": "Kendall's tau: 1 if both put the words in the same order, 0 if they have nothing to do with each "
    "other, −1 for the reverse; signs are left aside (Jain & Wallace 2019).",
    "Random scores": "The mean of 20 random scores on this very text, ± their standard deviation.",
}
"""One sentence a term."""

_HIGH = "padding:.5em .75em .5em 0;vertical-align:top;border-bottom:1px solid rgba(128,128,128,.3)"
_NUMBER = f"{_HIGH};text-align:right;font-variant-numeric:tabular-nums"


def describe_trust(measured: Faithfulness) -> str:
    """The verdict, one sentence."""
    if measured.words < 2:
        found = "no word" if measured.words == 0 else "only one word"
        return f"There is {found} to read here, so there is nothing to compare: this needs two words or more."
    if measured.comprehensiveness is None or measured.sufficiency is None:
        return "Nothing could be measured on this text."
    needed, enough = _is_above(measured.comprehensiveness), _is_below(measured.sufficiency)
    return f"{_describe_erasure(needed, enough)}{_describe_agreement(measured)}{_describe_length(measured)}."


def _is_above(numbers: Compared) -> bool:
    return numbers.value - numbers.random > max(SPREADS * numbers.spread, MARGIN)


def _is_below(numbers: Compared) -> bool:
    return numbers.random - numbers.value > max(SPREADS * numbers.spread, MARGIN)


def _describe_erasure(needed: bool, enough: bool) -> str:
    if needed and enough:
        return "Yes, on this text: the answer needs the highest words, and they alone carry it, both more than chance"
    if needed:
        return "Partly: the answer needs the highest words more than random ones, but they alone don't carry it"
    if enough:
        return "Partly: the highest words alone carry the answer better than random ones, but it does without them too"
    return "No: for the answer to this text the highest words matter no more than random ones"


def _describe_agreement(measured: Faithfulness) -> str:
    """Whether other methods put the words in a like order."""
    agree = [METHODS[name].lower() for name, numbers in measured.agreement.items() if _is_above(numbers)]
    differ = [METHODS[name].lower() for name, numbers in measured.agreement.items() if not _is_above(numbers)]
    parts = [
        *([f"agrees with that of {_join(agree)}"] if agree else []),
        *([f"agrees no more than chance would with that of {_join(differ)}"] if differ else []),
    ]
    return f"; the order of the words {' but '.join(parts)}" if parts else ""


def _describe_length(measured: Faithfulness) -> str:
    if measured.words >= SHORT:
        return ""
    return f" (with {measured.words} words, random scores often pick the same ones)"


def _join(names: Sequence[str]) -> str:
    return " and ".join(f"‘{name}’" for name in names)


def render_trust(measured: Faithfulness | None, method: str, *, stale: bool = False) -> str:
    """The measures as a table: each term with its sentence, its number, and what random scores get.

    Args:
        measured: None while there is nothing yet; the table keeps its place.
        method: whose scores the table is about.
        stale: dim the numbers, because they belong to another text.
    """
    heads = ("", METHODS[method], "Random scores")
    head = "".join(f'<th scope="col" style="{_NUMBER};font-weight:600">{escape_text(title)}</th>' for title in heads)
    body = "".join(_row(title, help, numbers, stale) for title, help, numbers in _rows(measured, method))
    return (
        '<div style="overflow-x:auto"><table class="attnviz-trust" style="border-collapse:collapse;width:100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<p><small>{escape_text(HELP['Random scores'])}</small></p>"
    )


def _rows(measured: Faithfulness | None, method: str) -> Iterator[tuple[str, str, Compared | None]]:
    yield TITLES[0], HELP[TITLES[0]], measured.comprehensiveness if measured else None
    yield TITLES[1], HELP[TITLES[1]], measured.sufficiency if measured else None
    for other in ("gradient", "occlusion"):
        if other != method:
            title = f"Agreement with ‘{METHODS[other].lower()}’"
            yield title, HELP["agreement"], measured.agreement.get(other) if measured else None


def _row(title: str, help: str, numbers: Compared | None, stale: bool) -> str:
    value, random = ("–", "–") if numbers is None else (_number(numbers.value), _random(numbers))
    dim = ";opacity:.45" if stale else ""
    return (
        f'<tr><th scope="row" style="{_HIGH};text-align:left;font-weight:400">{escape_text(title)}'
        f"<br><small>{escape_text(help)}</small></th>"
        f'<td style="{_NUMBER}{dim}"><b>{value}</b></td><td style="{_NUMBER}{dim}">{random}</td></tr>'
    )


def _random(numbers: Compared) -> str:
    return f"{_number(numbers.random)} ± {numbers.spread:.3f}"


def _number(value: float) -> str:
    return f"{round(value, 3) + 0:.3f}".replace("-", "−")  # adding 0 makes -0 a 0
