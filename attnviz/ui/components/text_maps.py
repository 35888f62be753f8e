"""Highlighted texts side by side: a word that is pointed at is marked in all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attnviz.languages import tr
from attnviz.render.comparison_report import DISAGREEMENT_HELP, MOVED_HELP, get_title
from attnviz.render.highlighted import highlight
from attnviz.render.numerals import format_count, format_number, format_signed
from attnviz.render.palette import EVEN_SHARES
from attnviz.render.phrases import quote
from attnviz.render.sentences import describe
from attnviz.render.shown_answer import build_answer
from attnviz.ui.components import check_data, register_component
from attnviz.ui.components.review_editor import hash_text
from attnviz.values.comparison import Comparison, Disagreement, TextComparison, find_moved, rank_scores
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
    items = [
        {"word": word.token, "group": word.start, "detail": _describe_disagreement(word, compared)}
        for word in compared.disagreements
    ]
    return {
        "rows": list(models),
        "columns": [METHODS[method].title for method in methods],
        "texts": [hash_text(compared.explanations[0].text)],
        "cells": cells,
        "outlined": [item["group"] for item in items],
        "outline": tr("the words on which the maps disagree most"),
        "title": tr("Where they disagree most"),
        "help": tr(DISAGREEMENT_HELP),
        "items": items,
    }


def _describe_disagreement(word: Disagreement, compared: Comparison) -> str:
    """Where a word stands, and where it ranks highest and lowest."""
    high, low = (word.ranks.index(end(word.ranks)) for end in (min, max))
    titles = [quote(get_title(compared.explanations[place])) for place in (high, low)]
    return tr(
        "word {place} of {count}: rank {high} in {first}, rank {low} in {second}",
        place=format_count(word.place),
        count=format_count(compared.shared),
        high=_format_rank(word.ranks[high]),
        first=titles[0],
        low=_format_rank(word.ranks[low]),
        second=titles[1],
    )


def _format_rank(rank: float) -> str:
    """Equal scores share the mean of their ranks."""
    return format_number(rank, 0 if rank == int(rank) else 1)


def describe_texts(compared: TextComparison) -> dict[str, Any]:
    """A TextComparison as the plain data that maps.js draws: two cells, whose matched words share a group."""
    first, second = compared.first, compared.second
    count = len(first.tokens)
    groups = list(range(count, count + len(second.tokens)))
    for one, two in compared.matches:
        groups[two] = one
    changed = [*compared.changed[0], *(groups[place] for place in compared.changed[1])]
    cells = []
    for index, (name, explanation) in enumerate(((tr("First text"), first), (tr("Second text"), second))):
        cell = _describe_cell(explanation, index, (range(count), groups)[index], SHOWN_UNREAD)
        label = tr("{text}: {map}", text=name, map=cell["label"])
        cells.append({**cell, "name": name, "label": label, "detail": cell["label"]})
    items = []
    for one, two, change in find_moved(compared):
        before, after = _number(first, one), _number(second, two)
        detail = tr("{change}: from {before} to {after}", change=format_signed(change), before=before, after=after)
        items.append({"word": first.tokens[one].text, "group": one, "detail": detail})
    return {
        "rows": [cell["name"] for cell in cells],
        "columns": [METHODS[first.method].title],
        "texts": [hash_text(first.text), hash_text(second.text)],
        "cells": cells,
        "outlined": changed,
        "outline": tr("words that the other text lacks"),
        "title": tr("Where the score changed most"),
        "help": tr(MOVED_HELP),
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
        "empty": tr("{model} has no attention, so it has no weights to show.", model=model),
    }


def _number(explanation: Explanation, at: int) -> str:
    score = float(explanation.scores[at])
    return format_signed(score) if explanation.signed else format_number(score, 4)
