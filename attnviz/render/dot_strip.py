"""A number among those of random maps: grey dots on a line, and a bar in colour.

It is made of boxes alone, since what cleans HTML for a page (Streamlit, notebooks) takes SVG away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from attnviz.render.html import escape_text
from attnviz.render.palette import ATTENTION, KEPT, TRAINING

_LANES = 5
"""Dots that would lie on each other are spread over so many heights."""

_STRIP = "position:relative;height:44px;margin:.2em 8px 0"
_BASE = f"position:absolute;left:-8px;right:-8px;top:21px;height:1px;background:currentColor;opacity:.25;{KEPT}"
_GREY = (
    f"position:absolute;width:6px;height:6px;margin-left:-3px;border-radius:50%;background:{TRAINING};opacity:.6;{KEPT}"
)
_OWN = (
    f"position:absolute;width:10px;height:24px;top:9px;margin-left:-5px;border-radius:5px;background:{ATTENTION};{KEPT}"
)
_ENDS = "display:flex;justify-content:space-between;gap:1em;font-size:.85em;opacity:.75"


class Axis(NamedTuple):
    """What a strip's line means, in plain words: at its low and its high end, with the numbers that stand there."""

    low: str
    high: str


def render_strip(own: float, drawn: Sequence[float], axis: Axis, said: str) -> str:
    """The numbers on one line from the smallest to the largest; '' where there are no random ones.

    Args:
        own: drawn as a tall bar in colour, so that it is found without seeing the hue.
        drawn: those of random maps, as dots.
        said: the picture in words, for those who do not see it.
    """
    if not drawn:
        return ""
    low, high = min(own, *drawn), max(own, *drawn)
    size = high - low or 1.0
    dots = "".join(_dots((value - low) / size for value in drawn))
    return (
        f'<div class="attnviz-dots" role="img" aria-label="{escape_text(said)}" style="{_STRIP}">'
        f'<span style="{_BASE}"></span>{dots}<span style="{_OWN};left:{100 * (own - low) / size:.2f}%"></span></div>'
        f'<div style="{_ENDS}"><span>{escape_text(axis.low)}</span><span>{escape_text(axis.high)}</span></div>'
    )


def _dots(shares: Iterable[float]) -> Iterable[str]:
    for place, share in enumerate(shares):
        yield f'<span style="{_GREY};left:{100 * share:.2f}%;top:{3 + 8 * (place % _LANES)}px"></span>'
