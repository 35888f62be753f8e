"""Highlighted texts side by side: a word that is pointed at is marked in all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attnviz.render.comparison_report import DISAGREEMENT_HELP, MOVED_HELP, get_title
from attnviz.render.highlighted import highlight
from attnviz.render.numerals import format_signed
from attnviz.render.palette import EVEN_SHARES
from attnviz.render.sentences import describe
from attnviz.render.shown_answer import build_answer
from attnviz.ui.components import check_data, register_component
from attnviz.ui.components.review_editor import hash_text
from attnviz.values.comparison import Comparison, TextComparison, find_moved, rank_scores
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS
from attnviz.values.plain import to_plain

SHOWN_UNREAD = 1000
"""Characters: of a long text that no network read, so much is shown before the first word that one did."""

_maps = register_component("maps")


def show_maps(maps: Mapping[str, Any], *, stale: bool = False, key: str) -> None:
    """Show what `describe_comparison` or `describe_texts` made.

    Args:
        stale: dim it, because it belongs to another text.
        key: of the widget.
    """
    data = {**maps, "stale": stale, "even_shares": EVEN_SHARES}
    _maps(key=key, data=check_data(data))


def describe_comparison(compared: Comparison, models: Sequence[str], methods: Sequence[str]) -> dict[str, Any]:
    """A Comparison as the plain data that maps.js draws: a row a network, a column a method.

    Words of one group are marked together; here that is where the word starts.
    """
    first = min(map(_find_first_read, compared.explanations))
    found = {(one.model, one.method): one for one in compared.explanations}
    cells = [
        _describe_cell(one, 0, [token.start for token in one.tokens], SHOWN_UNREAD + _find_first_read(one) - first)
        if (one := found.get((model, method)))
        else _describe_gap(model)
        for model in models
        for method in methods
    ]
    titles = [get_title(explanation) for explanation in compared.explanations]
    items = []
    for word in compared.disagreements:
        high, low = (word.ranks.index(end(word.ranks)) for end in (min, max))
        items.append(
            {
                "word": word.token,
                "group": word.start,
                "detail": f"word {word.place:,} of {compared.shared:,}: rank {word.ranks[high]:g} in ‘{titles[high]}’, "
                f"rank {word.ranks[low]:g} in ‘{titles[low]}’",
            }
        )
    return {
        "rows": list(models),
        "columns": [METHODS[method].title for method in methods],
        "texts": [hash_text(compared.explanations[0].text)],
        "cells": cells,
        "outlined": [item["group"] for item in items],
        "outline": "the words on which the maps disagree most",
        "title": "Where they disagree most",
        "help": DISAGREEMENT_HELP,
        "items": items,
    }


def describe_texts(compared: TextComparison) -> dict[str, Any]:
    """A TextComparison as the plain data that maps.js draws: two cells, whose matched words share a group."""
    first, second = compared.first, compared.second
    count = len(first.tokens)
    groups = list(range(count, count + len(second.tokens)))
    for one, two in compared.matches:
        groups[two] = one
    changed = [*compared.changed[0], *(groups[place] for place in compared.changed[1])]
    cells = []
    for index, (name, explanation) in enumerate((("First text", first), ("Second text", second))):
        cell = _describe_cell(explanation, index, (range(count), groups)[index], SHOWN_UNREAD)
        cells.append({**cell, "name": name, "label": f"{name}: {cell['label']}", "detail": cell["label"]})
    items = []
    for one, two, change in find_moved(compared):
        numbers = [_number(explanation, at) for explanation, at in ((first, one), (second, two))]
        items.append(
            {
                "word": first.tokens[one].text,
                "group": one,
                "detail": f"{format_signed(change)}: from {numbers[0]} to {numbers[1]}",
            }
        )
    return {
        "rows": [cell["name"] for cell in cells],
        "columns": [METHODS[first.method].title],
        "texts": [hash_text(first.text), hash_text(second.text)],
        "cells": cells,
        "outlined": changed,
        "outline": "words that the other text lacks",
        "title": "Where the score changed most",
        "help": MOVED_HELP,
        "items": items,
    }


def _find_first_read(explanation: Explanation) -> int:
    """Where the first word that the network read starts; the end of a text without words."""
    return explanation.tokens[0].start if explanation.tokens else len(explanation.text)


def _describe_cell(explanation: Explanation, text: int, groups: Sequence[int], unread: int) -> dict[str, Any]:
    """One map of the text with this number; of its unread start at most so many characters are shown."""
    return {
        "name": explanation.model,
        "detail": METHODS[explanation.method].phrase,
        "label": get_title(explanation),
        "text": to_plain(highlight(explanation).shorten(unread)),
        "of": text,
        "groups": list(groups),
        "ranks": rank_scores(explanation.scores).tolist(),
        "answer": to_plain(build_answer(explanation)),
        "notes": describe(explanation),
    }


def _describe_gap(model: str) -> dict[str, Any]:
    """The cell of a network that has no attention."""
    return {
        "name": model,
        "detail": METHODS["attention"].phrase,
        "label": f"{model}, {METHODS['attention'].phrase}",
        "empty": f"{model} has no attention, so it has no weights to show.",
    }


def _number(explanation: Explanation, at: int) -> str:
    score = float(explanation.scores[at])
    return format_signed(score) if explanation.signed else f"{score:.4f}"
