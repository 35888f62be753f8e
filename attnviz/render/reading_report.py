"""A reading curve in words and as a picture: where an answer turns while a text is read."""

from __future__ import annotations

from collections.abc import Iterator

from attnviz.languages import mark, tr, tr_n
from attnviz.render.html import escape_text
from attnviz.render.labels import name_label
from attnviz.render.numerals import count_words, format_count, format_probability
from attnviz.render.palette import POSITIVE
from attnviz.render.phrases import join_sentences
from attnviz.render.sentences import format_short, name_probability
from attnviz.values.reading_curve import ReadingCurve, Turn

ALONE = mark(
    "Each point is what the network says of the text up to that word alone, as if it ended there; where more words "
    "follow, it may read the same ones differently."
)
"""What a point of the curve is, for every kind of network."""

NAMED = 3
"""So many turns are named one by one."""

_WIDTH, _HEIGHT, _LEFT, _BASE, _TOP = 640, 150, 34, 120, 10
_TICKS = (0.0, 0.5, 1.0)
_AXIS = "fill:none;stroke:currentColor;stroke-opacity:.25"
_SMALL = "font-size:12px;fill:currentColor;opacity:.75"


def describe_reading(curve: ReadingCurve) -> str:
    """Where the answer turns, in a sentence or two."""
    if not curve.tokens:
        return tr("There is no word to read here.")
    if curve.prediction.label is None:
        return tr("The network gives no answer to this text.")
    said = _describe_turns(curve, curve.find_turns(), name_label(curve.prediction.label))
    return said if curve.whole else join_sentences([said, _describe_gaps(curve)])


def _describe_turns(curve: ReadingCurve, turns: list[Turn], answer: str) -> str:
    if not turns:
        return tr("The answer is {answer} from the first word to the last.", answer=answer)
    if len(turns) > NAMED:
        return _describe_last(curve, turns)
    named = zip(("first", "second", "third"), (_describe_turn(curve, turn) for turn in turns), strict=False)
    return tr(_TURNS[len(turns) - 1], **dict(named))


_TURNS = (
    mark("The answer turns {first}, and stays so to the end."),
    mark("The answer turns {first}, then {second}, and stays so to the end."),
    mark("The answer turns {first}, then {second}, then {third}, and stays so to the end."),
)
"""The sentences for up to NAMED turns."""


def _describe_turn(curve: ReadingCurve, turn: Turn) -> str:
    """How an answer turns at which word; between which ones, where not every beginning was read."""
    before, after = (name_label(curve.prediction.labels[label]) for label in (turn.before, turn.after))
    last, since = curve.counts[turn.point], curve.counts[turn.since]
    if last - since == 1:
        word = curve.name_word(turn.point)
        return tr(
            "from {before} to {after} at “{word}” (word {n})",
            before=before,
            after=after,
            word=word,
            n=format_count(last),
        )
    return tr(
        "from {before} to {after} between word {start} and word {end}",
        before=before,
        after=after,
        start=format_count(since),
        end=format_count(last),
    )


def _describe_last(curve: ReadingCurve, turns: list[Turn]) -> str:
    return tr_n(
        "The answer turns {n} time, the last time {turn}, and stays so to the end.",
        "The answer turns {n} times, the last time {turn}, and stays so to the end.",
        len(turns),
        n=format_count(len(turns)),
        turn=_describe_turn(curve, turns[-1]),
    )


def _describe_gaps(curve: ReadingCurve) -> str:
    return tr_n(
        "{read} of {n} beginning was read; between them it may turn as well.",
        "{read} of {n} beginnings were read; between them it may turn as well.",
        len(curve.tokens),
        read=format_count(len(curve.counts)),
        n=format_count(len(curve.tokens)),
    )


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
    axes = tr(
        "From left to right: words read. From bottom to top: {probability}.",
        probability=name_probability(curve.prediction, curve.target),
    )
    return join_sentences([axes, tr(ALONE), *_describe_unread(curve.truncated)])


def _describe_unread(count: int) -> Iterator[str]:
    if count:
        yield tr_n(
            "The first {n} word of the text is not read at all.",
            "The first {n} words of the text are not read at all.",
            count,
            n=format_count(count),
        )


def _render_picture(curve: ReadingCurve) -> str:
    lines = "".join(f'<path style="{_AXIS}" d="M{_LEFT} {_y(tick):.1f}H{_WIDTH - 8}"/>' for tick in _TICKS)
    ticks = "".join(
        f'<text style="{_SMALL}" x="{_LEFT - 6}" y="{_y(tick) + 4:.1f}" text-anchor="end">{format_short(tick)}</text>'
        for tick in _TICKS
    )
    return (
        f'<svg role="img" aria-label="{escape_text(_name_picture(curve))}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'style="width:100%">{lines}{ticks}{_render_ends(curve)}'
        f'<path style="fill:none;stroke:{POSITIVE};stroke-width:2" d="{_trace(curve)}"/>{"".join(_render_dots(curve))}'
        "</svg>"
    )


def _name_picture(curve: ReadingCurve) -> str:
    return tr_n(
        "{probability} after {n} word",
        "{probability} after each of {n} words",
        len(curve.tokens),
        probability=name_probability(curve.prediction, curve.target),
        n=format_count(len(curve.tokens)),
    )


def _render_ends(curve: ReadingCurve) -> str:
    ends = ((_LEFT, "start", format_count(1)), (_WIDTH - 8, "end", count_words(len(curve.tokens))))
    return "".join(
        f'<text style="{_SMALL}" x="{x}" y="{_HEIGHT - 8}" text-anchor="{anchor}">{escape_text(said)}</text>'
        for x, anchor, said in ends
    )


def _render_dots(curve: ReadingCurve) -> Iterator[str]:
    """The points where the answer turns, each with its words as a title."""
    for turn in curve.find_turns():
        found = curve.probabilities[turn.point]
        if found is not None:
            said = tr("{name}: {number}", name=_describe_turn(curve, turn), number=format_probability(found))
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
