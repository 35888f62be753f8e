"""How far a highlight can be trusted: each measure as a picture among those of random maps, and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from attnviz.render.dot_strip import Axis, render_strip
from attnviz.render.glossary import GLOSSARY, render_terms
from attnviz.render.html import escape_text
from attnviz.render.numerals import format_number
from attnviz.render.verdict import describe_kept, describe_rank, describe_shift
from attnviz.values.faithfulness import Compared, Faithfulness
from attnviz.values.methods import METHODS

TERMS = ("Comprehensiveness", "Sufficiency", "Kendall’s τ", "Better than chance")
"""What has to be known to read the pictures."""

_ROOM = "min-height:27rem"
_LIST = f"display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.2rem 2.5rem;{_ROOM}"
_LIST += ";align-content:start"


class _Part(NamedTuple):
    """A measure: its question, its term and what that means, its numbers, a sentence, and the ends of its line."""

    title: str
    term: str
    numbers: Compared | None
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
    without = f"Without them {describe_shift(needed)}; random maps: {describe_shift(_mean(needed))} on average."
    axis = Axis(f"less is lost ({_low(needed)})", f"more is lost ({_high(needed)})")
    passed = better["comprehensiveness"]
    yield _Part("Does the answer need the highest words?", "Comprehensiveness", needed, without, passed, axis)
    alone = f"They alone {describe_kept(measured)}." if describe_kept(measured) else ""
    axis = Axis(f"less is lost ({_low(enough)})", f"more is lost ({_high(enough)})")
    yield _Part("Are the highest words enough?", "Sufficiency", enough, alone, better["sufficiency"], axis)
    for name, numbers in measured.agreement.items():
        said = f"Their orders are alike by {format_number(numbers.value)}, where 1 is the same order."
        axis = Axis(f"less alike ({_low(numbers)})", f"more alike ({_high(numbers)})")
        yield _Part(f"Does ‘{METHODS[name].phrase}’ agree?", "Agreement", numbers, said, better[name], axis)


def _render_part(part: _Part) -> str:
    if part.numbers is None:
        return ""
    rank = f"{describe_rank(part.numbers)} random maps".capitalize()
    said = f"{part.said} {rank}: {'better than chance' if part.better else 'not shown to be better than chance'}."
    strip = render_strip(part.numbers.value, part.numbers.drawn, part.axis, f"{part.title} {said}")
    return (
        f'<section style="min-width:0"><p style="font-weight:600;margin:0">{escape_text(part.title)}</p>{strip}'
        f'<p style="margin:.3em 0 0;min-height:6.5em">{escape_text(said)}</p></section>'
    )


def _render_help() -> str:
    terms = render_terms({term: GLOSSARY[term] for term in TERMS})
    dots = "<p>The grey dots are the random maps, the bar is this map.</p>"
    return f"<details><summary>What the terms mean</summary><small>{dots}{terms}</small></details>"


def _mean(numbers: Compared) -> Compared:
    return numbers._replace(value=numbers.random)


def _low(numbers: Compared) -> str:
    return format_number(min(numbers.value, *numbers.drawn))


def _high(numbers: Compared) -> str:
    return format_number(max(numbers.value, *numbers.drawn))
