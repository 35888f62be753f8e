"""All attention maps of a text: a sketch of all is sent once, then the rows of what somebody looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from attnviz.languages import tr, tr_n
from attnviz.render.highlighted import highlight
from attnviz.render.map_names import name_kind, name_reduction
from attnviz.render.numerals import format_count
from attnviz.render.palette import EVEN_SHARES
from attnviz.render.sentences import NEARLY_EVEN
from attnviz.ui.components import check_data, register_component, stamp
from attnviz.ui.components.review_editor import hash_text
from attnviz.values.attention import Reduction, count_maps, get_kind, list_layers
from attnviz.values.attention_sketch import AttentionRows, AttentionSketch
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS
from attnviz.values.packed_array import Span
from attnviz.values.plain import to_plain

AT_ONCE = 262_144
"""Weights: all maps of a text with so few are sent at once, and nothing more is asked."""

_heads = register_component("attention_heads")


@dataclass(frozen=True, slots=True)
class AskedMap:
    """What the browser wants to look at.

    Attributes:
        sketch: the number of the sketch that it holds, 0 for none.
        model: whose it is.
        how: which map or mean, and which query.
        rows, tokens: a part of it; None for all.
    """

    sketch: int
    model: str
    how: Reduction
    rows: Span | None = None
    tokens: Span | None = None


def show_attention_heads(heads: dict[str, Any] | None, model: str, *, key: str) -> None:
    """Show the maps; what is asked arrives in `st.session_state[key]["asked"]`, an AskedMap as plain data.

    Args:
        heads: what `describe_heads` made; None while it is on its way: what the browser shows stays there, dimmed, if
            it is of the same network.
        model: whose they are.
        key: of the widget.
    """
    data = {"heads": heads, "model": model, "even_shares": EVEN_SHARES, "nearly_even": NEARLY_EVEN}
    _heads(key=key, data=stamp(key, check_data(data)), default={"asked": None}, on_asked_change=lambda: None)


def describe_sketch(sketch: AttentionSketch, answer: Explanation) -> dict[str, Any]:
    """What is sent once a text: the text itself, and all maps at a glance.

    Args:
        answer: what the highlight above shows; it knows where the words stand in the text.
    """
    mean = np.mean([one.received.unpack()[0] for one in sketch.maps], axis=0)
    received = replace(answer, method="attention", scores=mean, gap=None)
    return {"text": to_plain(highlight(received).shorten()), "maps": to_plain(sketch)}


def describe_heads(
    number: int, sketch: dict[str, Any] | None, rows: Sequence[AttentionRows], answer: Explanation
) -> dict[str, Any]:
    """What attention_heads.js draws.

    Args:
        number: of the sketch.
        sketch: what `describe_sketch` made; None if the browser holds it.
        rows: what was asked, as far as it is there.
        answer: what the highlight above shows.
    """
    return {
        "number": number,
        "sketch": sketch,
        "rows": to_plain(rows),
        "above": answer.reduction,
        "method": METHODS[answer.method].phrase,
        "note": _describe_unread(answer),
        "text_hash": hash_text(answer.text),
    }


def list_first(sketch: AttentionSketch, last: Reduction) -> tuple[Reduction, ...]:
    """Which maps of a new text are sent without being asked: all if they are few and small, else the one that was
    looked at last, or the mean."""
    layers = range(len(list_layers(sketch.layers)))
    several = len(layers) > 1
    every = [
        Reduction(),
        *(Reduction(layer=layer) for layer in layers if several),
        *(Reduction(map=place) for place in range(len(sketch.maps)) if len(sketch.maps) > 1),
        *([Reduction(rollout=True)] if sketch.rollout else []),
    ]
    if len(every) * sketch.shape[0] * sketch.shape[1] <= AT_ONCE:
        return tuple(every)
    return (last if last in every else Reduction(),)


def describe_maps(sketch: AttentionSketch) -> str:
    """What maps there are, and what to choose."""
    count, kind = len(sketch.maps), get_kind(sketch.names[0])
    if not sketch.is_matrix:
        return tr(
            "Every word has {n} attention weights here, one a {kind}: choose one of them, or their mean.",
            n=format_count(count),
            kind=name_kind(kind),
        )
    return tr(
        "Every word attends to every word here, in {maps}: choose a {kind}, and the word that asks.",
        maps=name_reduction(count_maps(sketch.names, sketch.layers)),
        kind=name_kind(kind),
    )


def _describe_unread(answer: Explanation) -> str:
    if not answer.truncated:
        return ""
    return tr_n(
        "This network reads the last {read} words; the first one is not in the picture.",
        "This network reads the last {read} words; the first {n} are not in the picture.",
        answer.truncated,
        read=format_count(len(answer.tokens)),
        n=format_count(answer.truncated),
    )
