"""The live review editor: a text box whose highlights follow the typing."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE, get_full_score
from attnviz.render.sentences import (
    METHOD_HELP,
    METHODS,
    SCORE_NAMES,
    describe,
    describe_probability,
    format_probability,
)
from attnviz.text.edits import MAX_EDITS, MAX_REPLACEMENT, EditedText, LeftOut, TokenEdit
from attnviz.ui.components import register_component, stamp
from attnviz.ui.state import get_session
from attnviz.values.explanation import Explanation

DEBOUNCE_MS = 150
REST_MS = 600
BARS = 10

_editor = register_component("review_editor", "words", "what_if", "review_picture", "svg", "picture", "address")


class Trail(NamedTuple):
    """What came of changing words: 'as typed', then each step in words, and the probabilities that are known by now."""

    labels: Sequence[str]
    probabilities: Mapping[int, float | None]


def show_review_editor(
    text: str,
    revision: int,
    edits: Sequence[TokenEdit],
    at: int,
    *,
    explanation: Explanation | None = None,
    edited: EditedText | None = None,
    trail: Trail | None = None,
    state: str = "ready",
    message: str = "",
    rested: bool = True,
    address: str | None = None,
    key: str,
    on_ask: Callable[[], None],
    on_rest: Callable[[], None],
) -> None:
    """Show the editor; what is asked arrives in `st.session_state[key]["ask"]` and calls `on_ask`.

    It is None or {"text": as typed, "steps": pairs of a place and what is read there, "at": how many of them count,
    "session": whom it was told}. When a session begins while the editor is on the screen already (the server was
    started again, or has forgotten the visitor), the editor keeps its text and asks about it.

    Args:
        text: put into the box when `revision` changes; otherwise the box keeps what the reader typed.
        revision: counts up whenever the text comes from elsewhere than the box.
        edits, at: the changes of words, and how many of them count; they follow `revision` as the text does.
        explanation: the last answer; it is dimmed as long as the box holds another text.
        edited: the text of that answer, if it is a changed one.
        trail: what came of the changes, if there are any.
        state: 'ready', 'loading' or 'error'.
        message: what is being waited for, or what went wrong.
        rested: whether the rest of the page is about this text.
        address: the query for the address bar; None leaves it alone.
        key: of the widget.
        on_ask: called when the reader has typed or changed a word.
        on_rest: called once a text that has not rested is answered and nobody has typed for REST_MS.
    """
    data = {
        "text": text,
        "revision": revision,
        "session": get_session(),
        "debounce": DEBOUNCE_MS,
        "rest": REST_MS,
        "rested": rested,
        "address": address,
        "placeholder": "Type or paste a film review",
        "state": state,
        "message": message,
        "explanation": explanation and describe_explanation(explanation, edited),
        "steps": [list(edit) for edit in edits],
        "at": at,
        "trail": trail and _describe_trail(trail),
        "limits": {"steps": MAX_EDITS, "replacement": MAX_REPLACEMENT},
    }
    json.dumps(data, allow_nan=False)  # a NaN would destroy the component, and with it what was typed
    _editor(key=key, data=stamp(key, data), default={"ask": None}, on_ask_change=on_ask, on_rest_change=on_rest)


def _describe_trail(trail: Trail) -> dict[str, Any]:
    known, places = trail.probabilities, range(len(trail.labels))
    return {
        "labels": trail.labels,
        "probabilities": [known.get(place) for place in places],
        "texts": [_format(known[place]) if place in known else "…" for place in places],
    }


def _format(probability: float | None) -> str:
    return "–" if probability is None else format_probability(probability)


def describe_explanation(explanation: Explanation, edited: EditedText | None = None) -> dict[str, Any]:
    """An Explanation as the plain data that review_editor.js draws.

    Args:
        edited: where the explained text comes from; None if it is as typed.
    """
    edited = edited or EditedText(explanation.text, explanation.text)
    scores = explanation.scores.tolist()
    order = sorted(range(len(scores)), key=lambda index: -abs(scores[index]))
    ranks = {index: rank for rank, index in enumerate(order, start=1)}
    return {
        "pieces": list(_pieces(explanation, edited, scores, ranks)),
        "typed": edited.original if edited.text != edited.original else None,
        "count": len(scores),
        "truncated": explanation.truncated,
        "largest": max(map(abs, scores), default=0.0),
        "full": get_full_score(explanation),
        "total": sum(map(abs, scores)),
        "signed": explanation.signed,
        "hues": {"unsigned": ATTENTION, "positive": POSITIVE, "negative": NEGATIVE},
        "score_name": SCORE_NAMES[explanation.method],
        "method_title": METHODS[explanation.method],
        "method_help": METHOD_HELP[explanation.method],
        "bars": [[explanation.tokens[index].text, scores[index]] for index in order[:BARS]],
        "probability": explanation.probability,
        "probability_text": _format(explanation.probability),
        "answer": describe_probability(explanation),
        "notes": describe(explanation),
        "text_hash": hash_text(explanation.text),
        "model": explanation.model,
        "method": explanation.method,
    }


def hash_text(text: str) -> str:
    """The first 8 hex digits of the sha256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:8]


def _pieces(
    explanation: Explanation, edited: EditedText, scores: list[float], ranks: dict[int, int]
) -> Iterator[list[Any]]:
    """The text cut into gaps and words, in turns; a gap comes first and last.

    A gap is [text]. A word is [text, word, start, end, score, known, rank, place, kind]: its offsets and its place
    among the words are those of the text as typed, its kind is 'read', 'replaced' or 'left out'.
    """
    text, typed = explanation.text, edited.original
    left_out = deque(word for word in edited.left_out if word.position >= _first_read(explanation))
    position = 0
    for index, token in enumerate(explanation.tokens):
        while left_out and left_out[0].position <= token.start:
            position = yield from _left_out(typed, text, position, left_out.popleft())
        place, start, end, replaced = edited.locate(token.start, token.end)
        if edited.text == typed:
            place = explanation.truncated + index
        yield [text[position : token.start]]
        read = text[token.start : token.end]
        kind = "replaced" if replaced else "read"
        yield [read, token.text, start, end, scores[index], token.known, ranks[index], place, kind]
        position = token.end
    for word in left_out:
        position = yield from _left_out(typed, text, position, word)
    yield [text[position:]]


def _first_read(explanation: Explanation) -> int:
    """Where the part of the text begins that the network read."""
    return explanation.tokens[0].start if explanation.truncated else 0


def _left_out(typed: str, text: str, position: int, word: LeftOut) -> Generator[list[Any], None, int]:
    """The pieces up to a word that is not read; returns the position after them."""
    original = typed[word.start : word.end]
    yield [text[position : word.position]]
    yield [original, word.word, word.start, word.end, 0.0, True, 0, word.place, "left out"]
    return word.position
