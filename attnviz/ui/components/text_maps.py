"""Highlighted texts side by side: a word that is pointed at is marked in all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from attnviz.render.comparison_report import DISAGREEMENT_HELP, MOVED_HELP, get_title
from attnviz.render.palette import ATTENTION, EVEN_SHARES, NEGATIVE, POSITIVE, get_full_score
from attnviz.render.sentences import METHODS, SCORE_NAMES, describe, describe_probability, format_probability
from attnviz.ui.components import register_component
from attnviz.values.comparison import Comparison, TextComparison, find_moved, rank_scores
from attnviz.values.explanation import Explanation

SHOWN_UNREAD = 1000
"""Characters: of a long text that no network read, so much is shown before the first word that one did."""

_maps = register_component("maps", "words")


def show_maps(maps: Mapping[str, Any], *, stale: bool = False, key: str) -> None:
    """Show what `describe_comparison` or `describe_texts` made.

    Args:
        stale: dim it, because it belongs to another text.
        key: of the widget.
    """
    hues = {"unsigned": ATTENTION, "positive": POSITIVE, "negative": NEGATIVE}
    data = {**maps, "stale": stale, "hues": hues, "even_shares": EVEN_SHARES}
    json.dumps(data, allow_nan=False)  # a NaN would destroy the component
    _maps(key=key, data=data)


def describe_comparison(compared: Comparison, models: Sequence[str], methods: Sequence[str]) -> dict[str, Any]:
    """A Comparison as the plain data that maps.js draws: a row a network, a column a method.

    The words stand there once; each cell says from which one on its network read. Words of one group are marked
    together; here that is where the word starts.
    """
    widest = max(compared.explanations, key=lambda explanation: len(explanation.tokens))
    found = {(one.model, one.method): one for one in compared.explanations}
    cells = [
        _describe_cell(one, 0, len(widest.tokens)) if (one := found.get((model, method))) else _describe_gap(model)
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
        "columns": [METHODS[method] for method in methods],
        "texts": [_describe_text(widest, [token.start for token in widest.tokens])],
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
        cell = _describe_cell(explanation, index, len(explanation.tokens))
        cells.append({**cell, "name": name, "label": f"{name}: {cell['label']}", "detail": cell["label"]})
    items = []
    for one, two, change in find_moved(compared):
        numbers = [_number(explanation, at) for explanation, at in ((first, one), (second, two))]
        items.append(
            {
                "word": first.tokens[one].text,
                "group": one,
                "detail": f"{change:+.4f}: from {numbers[0]} to {numbers[1]}",
            }
        )
    return {
        "rows": [cell["name"] for cell in cells],
        "columns": [METHODS[first.method]],
        "texts": [_describe_text(first, range(count)), _describe_text(second, groups)],
        "cells": cells,
        "outlined": changed,
        "outline": "words that the other text lacks",
        "title": "Where the score changed most",
        "help": MOVED_HELP,
        "items": items,
    }


def _describe_text(explanation: Explanation, groups: Sequence[int]) -> dict[str, Any]:
    """A text cut into what stands before the first word, and words [text, word, start, end, gap after it, group]."""
    text, tokens = explanation.text, explanation.tokens
    starts = [token.start for token in tokens] + [len(text)]
    head = text[: starts[0]] if tokens else text
    if len(head) > SHOWN_UNREAD:
        head = f"… {head[-SHOWN_UNREAD:].partition(' ')[2]}"
    return {
        "head": head,
        "words": [
            [text[token.start : token.end], token.text, token.start, token.end, text[token.end : after], group]
            for token, after, group in zip(tokens, starts[1:], groups, strict=True)
        ],
    }


def _describe_cell(explanation: Explanation, text: int, words: int) -> dict[str, Any]:
    """One map; its network read the last words of the `words` words of the text with this number."""
    scores = explanation.scores.tolist()
    probability = explanation.probability
    return {
        "name": explanation.model,
        "detail": METHODS[explanation.method].lower(),
        "label": get_title(explanation),
        "text": text,
        "first": words - len(scores),
        "truncated": explanation.truncated,
        "scores": scores,
        "ranks": rank_scores(explanation.scores).tolist(),
        "unknown": [at for at, token in enumerate(explanation.tokens) if not token.known],
        "signed": explanation.signed,
        "score_name": SCORE_NAMES[explanation.method],
        "full": get_full_score(explanation),
        "probability": probability,
        "answer": format_probability(probability) if probability is not None else describe_probability(explanation),
        "verdict": explanation.prediction.label or "",
        "notes": describe(explanation),
    }


def _describe_gap(model: str) -> dict[str, Any]:
    """The cell of a network that has no attention."""
    return {
        "name": model,
        "detail": METHODS["attention"].lower(),
        "label": f"{model}, {METHODS['attention'].lower()}",
        "empty": f"{model} has no attention, so it has no weights to show.",
    }


def _number(explanation: Explanation, at: int) -> str:
    score = float(explanation.scores[at])
    return _sign(score) if explanation.signed else f"{score:.4f}"


def _sign(number: float) -> str:
    return f"{number:+.4f}".replace("-", "−")
