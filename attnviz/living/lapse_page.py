"""A time-lapse as a page of its own, and as the output of a notebook's cell: no server, no network, no request."""

from __future__ import annotations

from functools import cache
from html import escape
from string import Template

import attnviz
from attnviz.languages import tr
from attnviz.living.page_shell import get_script, read_part, write_block, write_policy
from attnviz.render.html import escape_text
from attnviz.render.palette import HUES
from attnviz.render.shown_lapse import describe_lapse
from attnviz.values.time_lapse import TimeLapse

LEAST_HEIGHT, MOST_HEIGHT = 560, 860
"""Pixels of the frame in a notebook; the text scrolls in it where it is longer."""


def render_lapse_page(lapse: TimeLapse) -> str:
    """The whole document that plays a time-lapse."""
    script = get_script("lapse_page.js")
    return Template(read_part("lapse_page.html")).substitute(
        policy=write_policy(script),
        version=attnviz.__version__,
        title=_get_title(lapse),
        style=_get_style(),
        lapse=read_part("lapse.html"),
        data=write_block({"lapse": describe_lapse(lapse), "hues": HUES}),
        script=script,
    )


def render_time_lapse(lapse: TimeLapse) -> str:
    """A frame with that page, for a notebook; where scripts or frames are taken out, a sentence stands there."""
    height = min(LEAST_HEIGHT + max(len(pinned.text) for pinned in lapse.texts) // 4, MOST_HEIGHT)
    told = tr(
        "A time-lapse of {model} with {moments} moments; it plays where frames are allowed.",
        model=lapse.model,
        moments=len(lapse.moments),
    )
    return (
        f'<iframe sandbox="allow-scripts" title="{_get_title(lapse)}" '
        f'style="width:100%;height:{height}px;border:0" srcdoc="{escape(render_lapse_page(lapse))}">'
        f"{escape_text(told)}</iframe>"
    )


def _get_title(lapse: TimeLapse) -> str:
    return escape_text(tr("{model}: how its attention formed", model=lapse.model))


@cache
def _get_style() -> str:
    page = "body { margin: 0; padding: .8rem; background: var(--st-background-color); }\n"
    return read_part("live_theme.css") + page + read_part("lapse.css") + read_part("forced_colours.css")
