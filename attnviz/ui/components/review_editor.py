"""The live review editor: a text box whose highlights follow the typing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE
from attnviz.render.words import METHOD_HELP, METHODS, SCORE_NAMES, describe, describe_probability, format_probability
from attnviz.results import Explanation
from attnviz.ui.components import register_component

DEBOUNCE_MS = 150
BARS = 10

_editor = register_component("review_editor")


def show_review_editor(
    text: str,
    revision: int,
    *,
    explanation: Explanation | None = None,
    state: str = "ready",
    message: str = "",
    key: str,
    on_text: Callable[[], None],
) -> None:
    """Show the editor; what is typed arrives in `st.session_state[key]["text"]` and calls `on_text`.

    Args:
        text: put into the box when `revision` changes; otherwise the box keeps what the reader typed.
        revision: counts up whenever the text comes from elsewhere than the box.
        explanation: the last answer; it is dimmed as long as the box holds another text.
        state: 'ready', 'loading' or 'error'.
        message: what is being waited for, or what went wrong.
        key: of the widget.
        on_text: called when the reader has typed.
    """
    data = {
        "text": text,
        "revision": revision,
        "debounce": DEBOUNCE_MS,
        "placeholder": "Type or paste a film review",
        "state": state,
        "message": message,
        "explanation": explanation and describe_explanation(explanation),
    }
    json.dumps(data, allow_nan=False)  # a NaN would destroy the component, and with it what was typed
    _editor(key=key, data=data, default={"text": text}, on_text_change=on_text)


def describe_explanation(explanation: Explanation) -> dict[str, Any]:
    """An Explanation as the plain data that review_editor.js draws."""
    scores = explanation.scores.tolist()
    order = sorted(range(len(scores)), key=lambda index: -abs(scores[index]))
    ranks = {index: rank for rank, index in enumerate(order, start=1)}
    return {
        "pieces": _pieces(explanation, scores, ranks),
        "count": len(scores),
        "truncated": explanation.truncated,
        "largest": max(map(abs, scores), default=0.0),
        "signed": explanation.signed,
        "hues": {"unsigned": ATTENTION, "positive": POSITIVE, "negative": NEGATIVE},
        "score_name": SCORE_NAMES[explanation.method],
        "method_title": METHODS[explanation.method],
        "method_help": METHOD_HELP[explanation.method],
        "bars": [[explanation.tokens[index].text, scores[index]] for index in order[:BARS]],
        "probability": explanation.probability,
        "probability_text": "–" if explanation.probability is None else format_probability(explanation.probability),
        "answer": describe_probability(explanation),
        "notes": describe(explanation),
        "text_hash": hash_text(explanation.text),
        "model": explanation.model,
        "method": explanation.method,
    }


def hash_text(text: str) -> str:
    """The first 8 hex digits of the sha256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:8]


def _pieces(explanation: Explanation, scores: list[float], ranks: dict[int, int]) -> list[list[Any]]:
    """The text cut into gaps [text] and words [text, word, start, end, score, known, rank]; a gap comes first."""
    pieces: list[list[Any]] = []
    position = 0
    for index, token in enumerate(explanation.tokens):
        pieces.append([explanation.text[position : token.start]])
        original = explanation.text[token.start : token.end]
        pieces.append([original, token.text, token.start, token.end, scores[index], token.known, ranks[index]])
        position = token.end
    pieces.append([explanation.text[position:]])
    return pieces
