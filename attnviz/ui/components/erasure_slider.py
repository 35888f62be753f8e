"""A text whose words are taken away with a slider, and the curve of the answer; nothing is asked while it moves."""

from __future__ import annotations

from functools import partial
from typing import Any

from attnviz.render.highlighted import highlight
from attnviz.render.labels import name_label
from attnviz.render.sentences import name_probability
from attnviz.ui.components import check_data, register_component, stamp
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve
from attnviz.values.plain import to_plain
from attnviz.web.linker import link_borrower

_erasure = register_component("erasure", link_code=partial(link_borrower, "erasure.js", "review_editor.js"))


def show_erasure_curve(curve: ErasureCurve | None, explained: Explanation | None, *, stale: bool, key: str) -> None:
    """Show the slider, the curve and the text.

    Args:
        curve: None while there is none; its place is kept.
        explained: the answer that the curve is about; it knows where the words stand in the text.
        stale: dim everything, because it belongs to another text.
        key: of the widget.
    """
    data = {"curve": describe_curve(curve, explained) if curve and explained else None, "stale": stale}
    _erasure(key=key, data=stamp(key, check_data(data)))


def describe_curve(curve: ErasureCurve, explained: Explanation) -> dict[str, Any]:
    """What erasure.js draws: the text, the order of its words, and the curves of the explained label's probability."""
    other = curve.prediction.get_other_label(curve.target)
    return {
        "text": to_plain(highlight(explained).shorten()),
        "name": name_probability(curve.prediction, curve.target),
        "label": name_label(curve.label),
        "other": other and name_label(other),
        "order": list(curve.order),
        "counts": list(curve.counts),
        "out": {"own": list(curve.without), "random": list(curve.random_without)},
        "alone": {"own": list(curve.alone), "random": list(curve.random_alone)},
    }
