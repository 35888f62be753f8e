"""A reading curve in words and as a picture: where an answer turns while a text is read."""

from __future__ import annotations

from collections.abc import Iterator

from attnviz.render.html import escape_text
from attnviz.render.numerals import format_probability
from attnviz.render.palette import POSITIVE
from attnviz.render.sentences import name_probability
from attnviz.values.reading_curve import ReadingCurve, Turn

ALONE = (
    "Each point is what the network says of the text up to that word alone, as if it ended there; where more words "
    "follow, it may read the same ones differently."
)
"""What a point of the curve is, for every kind of network."""

NAMED = 3
"""So many turns are named one by one."""

_WIDTH, _HEIGHT, _LEFT, _BASE, _TOP = 640, 150, 34, 120, 10
_AXIS = "fill:none;stroke:currentColor;stroke-opacity:.25"
_SMALL = "font-size:12px;fill:currentColor;opacity:.75"


def describe_reading(curve: ReadingCurve) -> str:
    """Where the answer turns, in a sentence or two."""
    if not curve.tokens:
        return "There is no word to read here."
    if curve.prediction.label is None:
        return "The network gives no answer to this text."
    said = _describe_turns(curve, curve.find_turns(), curve.prediction.label)
    return said if curve.whole else f"{said} {_describe_gaps(curve)}"


def _describe_turns(curve: ReadingCurve, turns: list[Turn], answer: str) -> str:
    if not turns:
        return f"The answer is {answer} from the first word to the last."
    if len(turns) > NAMED:
        return f"The answer turns {len(turns)} times, {_describe_last(curve, turns[-1])}"
    named = ", then ".join(_describe_turn(curve, turn) for turn in turns)
    return f"The answer turns {named}, and stays so to the end."


def _describe_turn(curve: ReadingCurve, turn: Turn) -> str:
    labels = curve.prediction.labels
    return f"from {labels[turn.before]} to {labels[turn.after]} {_name_place(curve, turn)}"


def _describe_last(curve: ReadingCurve, turn: Turn) -> str:
    return f"the last time {_describe_turn(curve, turn)}, and stays so to the end."


def _name_place(curve: ReadingCurve, turn: Turn) -> str:
    """At which word an answer turns; between which ones, where not every beginning was read."""
    last, before = curve.counts[turn.point], curve.counts[turn.since]
    if last - before == 1:
        return f"at “{curve.name_word(turn.point)}” (word {last:,})"
    return f"between word {before:,} and word {last:,}"


def _describe_gaps(curve: ReadingCurve) -> str:
    return f"{len(curve.counts):,} of {len(curve.tokens):,} beginnings were read; between them it may turn as well."


def render_reading_curve(curve: ReadingCurve) -> str:
    """The curve as an SVG picture with its sentence; safe to put into any page, without anything from outside."""
    said = describe_reading(curve)
    picture = _render_picture(curve) if len(curve.counts) > 1 else ""
    return (
        f'<figure class="attnviz-reading-curve" style="margin:0;max-width:{_WIDTH}px">'
        f'<p style="margin:0 0 .3em">{escape_text(said)}</p>{picture}'
        f'<figcaption style="font-size:.85em;opacity:.75">{escape_text(_describe_curve(curve))}</figcaption></figure>'
    )


def _describe_curve(curve: ReadingCurve) -> str:
    unread = f" The first {curve.truncated:,} words of the text are not read at all." if curve.truncated else ""
    said = name_probability(curve.prediction, curve.target)
    return f"From left to right: words read. From bottom to top: {said}. {ALONE}{unread}"


def _render_picture(curve: ReadingCurve) -> str:
    name = f"{name_probability(curve.prediction, curve.target)} after each of {len(curve.tokens):,} words"
    lines = "".join(f'<path style="{_AXIS}" d="M{_LEFT} {_y(tick):.1f}H{_WIDTH - 8}"/>' for tick in (0, 0.5, 1))
    ticks = "".join(
        f'<text style="{_SMALL}" x="{_LEFT - 6}" y="{_y(tick) + 4:.1f}" text-anchor="end">{tick}</text>'
        for tick in (0, 0.5, 1)
    )
    return (
        f'<svg role="img" aria-label="{escape_text(name)}" viewBox="0 0 {_WIDTH} {_HEIGHT}" style="width:100%">'
        f"{lines}{ticks}{_render_ends(curve)}"
        f'<path style="fill:none;stroke:{POSITIVE};stroke-width:2" d="{_trace(curve)}"/>{"".join(_render_dots(curve))}'
        "</svg>"
    )


def _render_ends(curve: ReadingCurve) -> str:
    ends = ((_LEFT, "start", "1"), (_WIDTH - 8, "end", f"{len(curve.tokens):,} words"))
    return "".join(
        f'<text style="{_SMALL}" x="{x}" y="{_HEIGHT - 8}" text-anchor="{anchor}">{said}</text>'
        for x, anchor, said in ends
    )


def _render_dots(curve: ReadingCurve) -> Iterator[str]:
    """The points where the answer turns, each with its words as a title."""
    for turn in curve.find_turns():
        found = curve.probabilities[turn.point]
        if found is not None:
            said = f"{_describe_turn(curve, turn)}: {format_probability(found)}"
            place = f'cx="{_x(curve, turn.point):.1f}" cy="{_y(found):.1f}"'
            yield f'<circle {place} r="4" fill="{POSITIVE}"><title>{escape_text(said)}</title></circle>'


def _trace(curve: ReadingCurve) -> str:
    """The path through the points; it begins anew after one without a number."""
    steps, pen = [], "M"
    for point, found in enumerate(curve.probabilities):
        if found is not None:
            steps.append(f"{pen}{_x(curve, point):.1f} {_y(found):.1f}")
        pen = "M" if found is None else "L"
    return "".join(steps)


def _x(curve: ReadingCurve, point: int) -> float:
    return _LEFT + (curve.counts[point] - 1) / max(1, len(curve.tokens) - 1) * (_WIDTH - 8 - _LEFT)


def _y(probability: float) -> float:
    return _BASE - probability * (_BASE - _TOP)
