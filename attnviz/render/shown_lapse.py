"""A time-lapse as the browser draws it: texts cut into words, what each moment is called, curves over the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from attnviz.languages import tr
from attnviz.render.highlighted import highlight
from attnviz.render.palette import get_full_score
from attnviz.render.sentences import name_probability
from attnviz.values.arrays import to_numbers
from attnviz.values.packed_array import PackedArray
from attnviz.values.plain import to_plain
from attnviz.values.time_lapse import TimeLapse

TITLE = 60
"""How many characters of a text name it."""


def describe_lapse(lapse: TimeLapse, accuracies: Sequence[float] = ()) -> dict[str, Any]:
    """What lapse_data.js reads.

    Args:
        accuracies: on held-out texts after each epoch, fractions.
    """
    texts = range(len(lapse.texts)) if lapse.moments else ()
    return {
        "moments": [lapse.name_moment(moment) for moment in lapse.moments],
        "times": [lapse.get_time(moment) for moment in lapse.moments],
        "texts": [_describe_text(lapse, text) for text in texts],
        "accuracies": [[epoch, float(value)] for epoch, value in enumerate(accuracies, start=1)],
        "note": _say_what_is_missing(lapse),
    }


def _describe_text(lapse: TimeLapse, text: int) -> dict[str, Any]:
    last, target = lapse.explain(text), lapse.find_target(text)
    explained = [lapse.explain(text, moment) for moment in range(len(lapse.moments))]
    drawn = highlight(last).shorten()
    full = max(map(get_full_score, explained))  # one scale for all moments, or they could not be compared
    weights = PackedArray.pack(lapse.get_weights(text), 8, by_row=True) if _attends(lapse, text) else None
    return {
        "title": _cut(last.text),
        "text": to_plain(replace(drawn, scale=replace(drawn.scale, full=full))),
        "name": name_probability(last.prediction, target),
        "probabilities": to_numbers(lapse.probabilities[:, text, target]),
        "weights": to_plain(weights),
    }


def _attends(lapse: TimeLapse, text: int) -> bool:
    return bool(lapse.texts[text].tokens) and lapse.has_attention(text)


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= TITLE else f"{words[: TITLE - 1].rstrip()}…"


def _say_what_is_missing(lapse: TimeLapse) -> str:
    read = [text for text, pinned in enumerate(lapse.texts) if pinned.tokens]
    if any(_attends(lapse, text) for text in read):
        return tr("Weights are kept in 8 bits of each moment's largest one, probabilities to four digits.")
    if not read:
        return tr("There is no word in it.")
    return tr("{model} has no attention, so only its probabilities were kept.", model=lapse.model)
