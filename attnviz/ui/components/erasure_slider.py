"""A text whose words are taken away with a slider, and the curve of the answer; nothing is asked while it moves."""

from __future__ import annotations

import json
from typing import Any

from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE, TRAINING
from attnviz.ui.components import register_component, stamp
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve

_erasure = register_component("erasure", "svg")


def show_erasure_curve(curve: ErasureCurve | None, explained: Explanation | None, *, stale: bool, key: str) -> None:
    """Show the slider, the curve and the text.

    Args:
        curve: None while there is none; its place is kept.
        explained: the answer that the curve is about; it knows where the words stand in the text.
        stale: dim everything, because it belongs to another text.
        key: of the widget.
    """
    data = {
        "curve": describe_curve(curve, explained) if curve and explained else None,
        "stale": stale,
        "hues": {"own": ATTENTION, "random": TRAINING, "positive": POSITIVE, "negative": NEGATIVE},
    }
    json.dumps(data, allow_nan=False)  # a NaN would destroy the component
    _erasure(key=key, data=stamp(key, data))


def describe_curve(curve: ErasureCurve, explained: Explanation) -> dict[str, Any]:
    """What erasure.js draws: the text cut into gaps and words, the order of the words, and the curves."""
    return {
        "pieces": _pieces(explained),
        "order": list(curve.order),
        "counts": list(curve.counts),
        "out": {"own": list(curve.without), "random": list(curve.random_without)},
        "alone": {"own": list(curve.alone), "random": list(curve.random_alone)},
    }


def _pieces(explained: Explanation) -> list[str]:
    """Gap, word, gap, word … gap; what the network did not read is not there."""
    text, tokens = explained.text, explained.tokens
    if not tokens:
        return []
    position = tokens[0].start if explained.truncated else 0
    pieces = []
    for token in tokens:
        pieces += [text[position : token.start], text[token.start : token.end]]
        position = token.end
    if explained.truncated:
        pieces[0] = "… "
    return [*pieces, text[position:]]
