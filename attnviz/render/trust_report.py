"""Whether a highlight can be trusted, in words that are computed from its measures, and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attnviz.render.html import escape_text
from attnviz.values.faithfulness import Compared, Faithfulness
from attnviz.values.methods import METHODS

SPREADS, MARGIN = 2.0, 0.01
"""A number is better than chance from SPREADS standard deviations of the random ones, and at least MARGIN, on."""

SHORT = 10
"""Words; in a shorter text random scores often pick the same words."""

TITLES = ("Comprehensiveness", "Sufficiency")

HELP = {
    "Comprehensiveness": "How much probability the answer loses without the words with the highest scores (1, 5, 10, "
    "20 and 50 % of the text; the mean of the five). More is better; below 0 it gets surer without them (DeYoung et "
    "al. 2020).",
    "Sufficiency": "How much it loses when the network reads only those words. Less is better; below 0 they alone make "
    "it surer.",
    "agreement": "Kendall's tau says how alike two orders of the words are: 1 for the same, 0 for nothing in common, "
    "−1 for the reverse. Of signed scores the size counts (Jain & Wallace 2019).",
    "chance": "Random scores: the mean of 20 on this very text ± their standard deviation. Better than chance: by more "
    f"than {SPREADS:g} of these standard deviations, and by {MARGIN} at least. 0.100 of probability is 10 percentage "
    "points.",
    "attention": "Attention that passes fits the answer; ‘The other map’ shows whether it is the only one that would.",
}
"""What each term means, for somebody who meets it for the first time."""

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
    agrees = any(map(_is_above, measured.agreement.values())) or not measured.agreement
    verdict = _describe_erasure(needed, enough, agrees)
    if measured.answer != measured.prediction.predicted:
        verdict = verdict.replace("the answer", f"the probability of “{measured.prediction.labels[measured.answer]}”")
    return f"{verdict}{_describe_agreement(measured)}{_describe_length(measured)}."


def _is_above(numbers: Compared) -> bool:
    return numbers.value - numbers.random > max(SPREADS * numbers.spread, MARGIN)


def _is_below(numbers: Compared) -> bool:
    return numbers.random - numbers.value > max(SPREADS * numbers.spread, MARGIN)


def _describe_erasure(needed: bool, enough: bool, agrees: bool) -> str:
    words = "the words with the highest scores"
    if needed and enough:
        start = "Yes, as far as these measures go" if agrees else "Partly"
        return f"{start}: the answer needs {words}, and they alone carry it, both more than chance"
    if needed:
        return f"Partly: the answer needs {words} more than random ones, but they alone don't carry it"
    if enough:
        return f"Partly: {words} carry the answer better than random ones, but it does without them too"
    return f"No: for the answer to this text {words} matter no more than random ones"


def _describe_agreement(measured: Faithfulness) -> str:
    """Whether other methods put the words in a like order."""
    agree = [METHODS[name].phrase for name, numbers in measured.agreement.items() if _is_above(numbers)]
    differ = [METHODS[name].phrase for name, numbers in measured.agreement.items() if not _is_above(numbers)]
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
    """The measures as a table: each term with its sentence, its number, what random scores get, and which is better.

    Args:
        measured: None while there is nothing yet; the table keeps its place. Of a text with less than two words there
            is nothing to show.
        method: whose scores the table is about.
        stale: dim the numbers, because they belong to another text.
    """
    if measured is not None and measured.words < 2:
        return ""
    heads = ("", METHODS[method].title, "Random scores", "Better than chance?")
    head = "".join(f'<th scope="col" style="{_NUMBER};font-weight:600">{escape_text(title)}</th>' for title in heads)
    body = "".join(_row(*row, stale) for row in _rows(measured, method))
    notes = f"{HELP['chance']} {HELP['attention']}" if method == "attention" else HELP["chance"]
    return (
        '<div style="overflow-x:auto"><table class="attnviz-trust" style="border-collapse:collapse;width:100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<p><small>{escape_text(notes)}</small></p>"
    )


def _rows(measured: Faithfulness | None, method: str) -> Iterator[tuple[str, str, Compared | None, bool]]:
    """Title, help, numbers, and whether they are better than chance."""
    needed, enough = (measured.comprehensiveness, measured.sufficiency) if measured else (None, None)
    yield TITLES[0], HELP[TITLES[0]], needed, bool(needed and _is_above(needed))
    yield TITLES[1], HELP[TITLES[1]], enough, bool(enough and _is_below(enough))
    help = HELP["agreement"]  # at the first of them
    for other in ("gradient", "occlusion"):
        if other != method:
            numbers = measured.agreement.get(other) if measured else None
            yield f"Agreement with ‘{METHODS[other].phrase}’", help, numbers, bool(numbers and _is_above(numbers))
            help = ""


def _row(title: str, help: str, numbers: Compared | None, better: bool, stale: bool) -> str:
    cells = ("–", "–", "–")
    if numbers is not None:
        cells = (f"<b>{_number(numbers.value)}</b>", _random(numbers), "yes" if better else "no")
    dim = ";opacity:.45" if stale else ""
    more = f"<br><small>{escape_text(help)}</small>" if help else ""
    return (
        f'<tr><th scope="row" style="{_HIGH};width:60%;text-align:left;font-weight:400">{escape_text(title)}{more}</th>'
        + "".join(f'<td style="{_NUMBER}{dim}">{cell}</td>' for cell in cells)
        + "</tr>"
    )


def _random(numbers: Compared) -> str:
    return f"{_number(numbers.random)} ± {numbers.spread:.3f}"


def _number(value: float) -> str:
    return f"{round(value, 3) + 0:.3f}".replace("-", "−")  # adding 0 makes -0 a 0
