"""The live review editor: a text box that carries the highlight of its own words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from attnviz.languages import get_language, tr
from attnviz.render.highlighted import HighlightedText, get_scale, highlight
from attnviz.render.numerals import format_probability
from attnviz.render.sentences import describe
from attnviz.render.shown_answer import build_answer
from attnviz.text.edits import MAX_EDITS, MAX_REPLACEMENT, TokenEdit
from attnviz.ui.components import REVIEW, check_data, register_component, stamp
from attnviz.ui.served_files import serve_module
from attnviz.ui.state import get_session
from attnviz.values.edited_text import EditedText
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS, Method
from attnviz.values.plain import to_plain
from attnviz.values.reading_curve import ReadingCurve
from attnviz.web.linker import link_lender

DEBOUNCE_MS = 150
IDLE_MS = 600

_editor = register_component("review_editor", REVIEW, partial(link_lender, "review_editor.js"))


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
    attention: Explanation | None = None,
    edited: EditedText | None = None,
    trail: Trail | None = None,
    curve: ReadingCurve | None = None,
    curve_is_old: bool = False,
    method: str = "attention",
    target: int | None = None,
    state: str = "ready",
    message: str = "",
    followed: bool = True,
    network: str | None = None,
    why: str = "",
    address: str | None = None,
    can_follow: bool = False,
    key: str,
    on_ask: Callable[[], None],
    on_idle: Callable[[], None],
    on_follow: Callable[[], None],
) -> None:
    """Show the editor; what is asked arrives in `st.session_state[key]["ask"]` and calls `on_ask`.

    It is None or {"text": as typed, "steps": pairs of a place and what is read there, "at": how many of them count,
    "revision": that of the text which was put into the box last, "session": whom it was told}. When a session begins
    while the editor is on the screen already (the server was started again, or has forgotten the visitor), the editor
    keeps its text and asks about it.

    Args:
        text: put into the box when `revision` changes; otherwise the box keeps what the reader typed.
        revision: counts up whenever the text comes from elsewhere than the box. The editor keeps what was typed
            after the reader asked for that text, and asks about it.
        edits, at: the changes of words, and how many of them count; they follow `revision` as the text does.
        explanation: the last answer; it is dimmed as long as the box holds another text.
        attention: of the same text, beside an answer by a signed method.
        edited: the text of that answer, if it is a changed one.
        trail: what came of the changes, if there are any.
        curve: what the network says of the beginnings of a text, where the browser does not measure it.
        curve_is_old: whether that is a text before the one of `explanation`.
        method, target: what is asked for: the kind of scores, and the label that they are about, None for the
            network's own choice.
        state: 'ready', 'loading' or 'error'.
        message: what is being waited for, or what went wrong.
        followed: whether the rest of the page is about this text.
        network: where the browser fetches the network that answers there: the probability and attention, while the
            scores of a signed method come with `explanation`; None if only that answers.
        why: that is so, in a sentence.
        address: the query for the address bar; None leaves it alone.
        can_follow: whether a word can be followed through the network on another page.
        key: of the widget.
        on_ask: called when the reader has typed or changed a word.
        on_idle: called once a text that the page has not followed is answered and nobody has typed for IDLE_MS.
        on_follow: called when a word is to be followed; `st.session_state[key]["follow"]` then holds {"text": as
            typed, "word": where it starts}.
    """
    data = {
        "text": text,
        "revision": revision,
        "session": get_session(),
        "debounce": DEBOUNCE_MS,
        "idle": IDLE_MS,
        "followed": followed,
        "method": _describe_method(METHODS[method]),
        "target": target,
        "network": network,
        "picture": serve_module("review_picture.js", get_language()),
        "why": why,
        "address": address,
        "placeholder": tr("Type or paste a text"),
        "state": state,
        "message": message,
        "explanation": explanation and describe_explanation(explanation, edited, attention),
        "steps": [list(edit) for edit in edits],
        "at": at,
        "trail": trail and _describe_trail(trail),
        "curve": curve and describe_beginnings(curve),
        "curve_is_old": curve_is_old,
        "can_follow": can_follow,
        "limits": {"steps": MAX_EDITS, "replacement": MAX_REPLACEMENT},
    }
    data = stamp(key, check_data(data))
    called = {"on_ask_change": on_ask, "on_idle_change": on_idle, "on_follow_change": on_follow}
    _editor(key=key, data=data, default={"ask": None}, **called)


def _describe_method(method: Method) -> dict[str, Any]:
    said = {"name": method.name, "title": method.title, "score_name": method.score_name}
    return {**said, "help": method.help, "signed": method.signed}


def _describe_trail(trail: Trail) -> dict[str, Any]:
    known, places = trail.probabilities, range(len(trail.labels))
    return {
        "labels": trail.labels,
        "probabilities": [known.get(place) for place in places],
        "texts": [_format(known[place]) if place in known else "…" for place in places],
    }


def describe_beginnings(curve: ReadingCurve) -> dict[str, Any]:
    """A reading curve as the plain data that reading_curve.js draws.

    It counts as one of a network that reads both ways: what is true of those is true of all.
    """
    tokens = [{"word": token.text, "shown": curve.text[token.start : token.end]} for token in curve.tokens]
    counts, probabilities = list(curve.counts), list(curve.probabilities)
    named = {"label": curve.label, "forward": False}
    return {"probabilities": probabilities, "counts": counts, "tokens": tokens, **named}


def _format(probability: float | None) -> str:
    return "–" if probability is None else format_probability(probability)


def describe_explanation(
    explanation: Explanation, edited: EditedText | None = None, attention: Explanation | None = None
) -> dict[str, Any]:
    """An Explanation as the plain data that review_editor.js draws.

    Args:
        edited: where the explained text comes from; None if it is as typed.
        attention: of the same text, drawn beside the scores of a signed method.
    """
    text = highlight(explanation, edited)
    return {
        "text": to_plain(text),
        "attention": attention and _describe_attention(text, attention),
        "typed": edited.original if edited and edited.text != edited.original else None,
        "answer": to_plain(build_answer(explanation)),
        "probability": explanation.probability,
        "method_title": METHODS[explanation.method].title,
        "method_help": METHODS[explanation.method].help,
        "notes": describe(explanation),
        "text_hash": hash_text(explanation.text),
        "model": explanation.model,
        "method": explanation.method,
    }


def _describe_attention(text: HighlightedText, attention: Explanation) -> dict[str, Any]:
    """A weight for each word that is shown, 0 for one that is left out, and the scale of the weights."""
    weights = iter(attention.scores.tolist())
    scores = [0.0 if token.state == "left out" else next(weights) for token in text.tokens]
    return {"scores": scores, "scale": to_plain(get_scale(attention))}


def hash_text(text: str) -> str:
    """The first 8 hex digits of the sha256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:8]
