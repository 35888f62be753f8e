"""How far a highlight can be trusted: each measure as a picture among those of random maps, and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from attnviz.languages import tr
from attnviz.render.dot_strip import Axis, render_strip
from attnviz.render.glossary import GLOSSARY, render_terms
from attnviz.render.html import escape_text
from attnviz.render.numerals import format_number
from attnviz.render.phrases import capitalise, join_sentences
from attnviz.render.verdict import describe_kept, describe_rank, describe_shift
from attnviz.values.faithfulness import Compared, Faithfulness
from attnviz.values.methods import METHODS

TERMS = ("Comprehensiveness", "Sufficiency", "Kendall’s τ", "Better than chance")
"""What has to be known to read the pictures."""

_ROOM = "min-height:24rem"
_LIST = f"display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.2rem 2.5rem;{_ROOM}"
_LIST += ";align-content:start"


class _Part(NamedTuple):
    """A measure: its question, its numbers, a sentence, whether it is better than chance, the ends of its line."""

    title: str
    numbers: Compared
    said: str
    better: bool
    axis: Axis


def render_trust(measured: Faithfulness | None, *, stale: bool = False) -> str:
    """The measures, each a question with its picture and a plain sentence; the terms stand in the help under them.

    Args:
        measured: None while there is nothing yet; a place is kept. Of a text with less than two words there is nothing
            to show.
        stale: dim the pictures, because they belong to another text.
    """
    if measured is None:
        return f'<div class="attnviz-trust" style="{_ROOM}"></div>{_render_help()}'
    if measured.comprehensiveness is None or measured.sufficiency is None:
        return ""
    dim = ";opacity:.45" if stale else ""
    parts = "".join(map(_render_part, _list_parts(measured, measured.comprehensiveness, measured.sufficiency)))
    return f'<div class="attnviz-trust" style="{_LIST}{dim}">{parts}</div>{_render_help()}'


def _list_parts(measured: Faithfulness, needed: Compared, enough: Compared) -> Iterator[_Part]:
    better = measured.find_better()
    yield _Part(
        tr("Does the answer need the highest words?"),
        needed,
        tr(
            "Without them {change}; random maps: {mean} on average.",
            change=describe_shift(needed),
            mean=describe_shift(_mean(needed)),
        ),
        better["comprehensiveness"],
        _name_losses(needed),
    )
    kept = describe_kept(measured)
    alone = tr("{sentence}.", sentence=capitalise(kept)) if kept else ""
    yield _Part(tr("Are the highest words enough?"), enough, alone, better["sufficiency"], _name_losses(enough))
    for name, numbers in measured.agreement.items():
        yield _describe_agreement(METHODS[name].phrase, numbers, better=better[name])


def _name_losses(numbers: Compared) -> Axis:
    return Axis(
        tr("less is lost ({number})", number=_low(numbers)), tr("more is lost ({number})", number=_high(numbers))
    )


def _describe_agreement(other: str, numbers: Compared, *, better: bool) -> _Part:
    tau = format_number(numbers.value)
    return _Part(
        tr("Does ‘{name}’ agree?", name=other),
        numbers,
        tr("Their orders are alike by {tau}, where 1 is the same order.", tau=tau),
        better,
        Axis(tr("less alike ({number})", number=_low(numbers)), tr("more alike ({number})", number=_high(numbers))),
    )


def _render_part(part: _Part) -> str:
    said = join_sentences([*([part.said] if part.said else []), _describe_chance(part)])
    strip = render_strip(part.numbers.value, part.numbers.drawn, part.axis, join_sentences([part.title, said]))
    return (
        f'<section style="min-width:0"><p style="font-weight:600;margin:0">{escape_text(part.title)}</p>{strip}'
        f'<p style="margin:.3em 0 0;min-height:5em">{escape_text(said)}</p></section>'
    )


def _describe_chance(part: _Part) -> str:
    rank = capitalise(describe_rank(part.numbers))
    if part.better:
        return tr("{rank}: better than chance.", rank=rank)
    return tr("{rank}: not shown to be better than chance.", rank=rank)


def _render_help() -> str:
    terms = render_terms({term: GLOSSARY[term] for term in TERMS})
    dots = escape_text(tr("The grey dots are the random maps, the bar is this map."))
    title = escape_text(tr("What the terms mean"))
    return f"<details><summary>{title}</summary><small><p>{dots}</p>{terms}</small></details>"


def _mean(numbers: Compared) -> Compared:
    return numbers._replace(value=numbers.random)


def _low(numbers: Compared) -> str:
    return format_number(min(numbers.value, *numbers.drawn))


def _high(numbers: Compared) -> str:
    return format_number(max(numbers.value, *numbers.drawn))
