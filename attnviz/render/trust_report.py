"""How far a highlight can be trusted, as a table of its measures."""

from __future__ import annotations

from collections.abc import Iterator

from attnviz.render.html import escape_text
from attnviz.render.verdict import describe_kept
from attnviz.values.faithfulness import Compared, Faithfulness
from attnviz.values.methods import METHODS

HELP = {
    "Comprehensiveness": "How much probability the answer loses without the words with the highest scores (1, 5, 10, "
    "20 and 50 % of the text; the mean of the five). More is better; below 0 it gets surer without them (DeYoung et "
    "al. 2020).",
    "Sufficiency": "How much it loses when the network reads only those words. Less is better; below 0 they alone make "
    "it surer.",
    "agreement": "Kendall's tau says how alike two orders of the words are: 1 for the same, 0 for nothing in common, "
    "−1 for the reverse. Of signed scores the size counts (Jain & Wallace 2019).",
    "chance": "Random maps: 99 that know nothing of the words. Up to half of them are this map moved along the text, "
    "the others are drawn at random. Better than chance: a map like them would pass any of the two tests on about 1 "
    "text in 20 at most (Holm 1979), and so for the agreements; what is not shown on one text may be true all the "
    "same. 0.100 of probability is 10 percentage points.",
    "attention": "Attention that passes fits the answer; ‘The other map’ shows whether it is the only one that would.",
}
"""What each term means, for somebody who meets it for the first time."""

_HIGH = "padding:.5em .75em .5em 0;vertical-align:top;border-bottom:1px solid rgba(128,128,128,.3)"
_NUMBER = f"{_HIGH};text-align:right;font-variant-numeric:tabular-nums"


def render_trust(measured: Faithfulness | None, method: str, *, stale: bool = False) -> str:
    """The measures as a table: each term with its sentence, its number, what random maps get, and which is better.

    Args:
        measured: None while there is nothing yet; the table keeps its place. Of a text with less than two words there
            is nothing to show.
        method: whose scores the table is about.
        stale: dim the numbers, because they belong to another text.
    """
    if measured is not None and measured.words < 2:
        return ""
    heads = ("", METHODS[method].title, "Random maps, mean", "Better than chance?")
    head = "".join(f'<th scope="col" style="{_NUMBER};font-weight:600">{escape_text(title)}</th>' for title in heads)
    body = "".join(_row(*row, stale) for row in _rows(measured, method))
    notes = f"{HELP['chance']} {HELP['attention']}" if method == "attention" else HELP["chance"]
    return (
        '<div style="overflow-x:auto"><table class="attnviz-trust" style="border-collapse:collapse;width:100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<p><small>{escape_text(notes)}</small></p>"
    )


def _rows(measured: Faithfulness | None, method: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Title, help, and cells."""
    better = measured.find_better() if measured else {}
    needed, enough = (measured.comprehensiveness, measured.sufficiency) if measured else (None, None)
    kept = describe_kept(measured).replace("keep", "keeps").replace("add", "adds") if measured else ""
    yield "Comprehensiveness", HELP["Comprehensiveness"], _cells(needed, better.get("comprehensiveness"))
    yield "Sufficiency", HELP["Sufficiency"], _cells(enough, better.get("sufficiency"), kept)
    help = HELP["agreement"]  # at the first of them
    for other in ("gradient", "occlusion"):
        if other != method:
            numbers = measured.agreement.get(other) if measured else None
            yield f"Agreement with ‘{METHODS[other].phrase}’", help, _cells(numbers, better.get(other))
            help = ""


def _cells(numbers: Compared | None, better: bool | None, note: str = "") -> tuple[str, ...]:
    """The number, the mean of the random ones, and whether it beats enough of them."""
    if numbers is None:
        return ("–",) * 3
    own = f"<b>{_number(numbers.value)}</b>" + (f"<br><small>{escape_text(note)}</small>" if note else "")
    beaten = f"<br><small>beats {numbers.beaten} of {numbers.draws}</small>"
    return own, _number(numbers.random), ("yes" if better else "not shown") + beaten


def _row(title: str, help: str, cells: tuple[str, ...], stale: bool) -> str:
    dim = ";opacity:.45" if stale else ""
    more = f"<br><small>{escape_text(help)}</small>" if help else ""
    return (
        f'<tr><th scope="row" style="{_HIGH};width:50%;text-align:left;font-weight:400">{escape_text(title)}{more}</th>'
        + "".join(f'<td style="{_NUMBER}{dim}">{cell}</td>' for cell in cells)
        + "</tr>"
    )


def _number(value: float) -> str:
    return f"{round(value, 3) + 0:.3f}".replace("-", "−")  # adding 0 makes -0 a 0
