"""The live softmax: scores become weights while the temperature is dragged, and a word is chosen by a click."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from attnviz.render.palette import ATTENTION, EVEN_SHARES, NEGATIVE, POSITIVE
from attnviz.render.sentences import format_probability
from attnviz.ui.components import register_component
from attnviz.ui.components.review_editor import hash_text
from attnviz.values.trace import FollowedWord, TracedWord

TEMPERATURES = tuple(float(f"{10 ** (step / 20):.3g}") for step in range(-20, 21))
"""What the slider offers: 0.1 to 10, each a ninth part above the last; 1 stands in the middle."""

_softmax = register_component("softmax", "softmax_charts", "asking", "words", "svg")


def show_softmax(
    trace: FollowedWord,
    text: str,
    *,
    model: str,
    answered: int,
    rested: float,
    state: str = "ready",
    message: str = "",
    key: str,
    on_ask: Callable[[], None],
) -> None:
    """Show the softmax; what is asked arrives in `st.session_state[key]["ask"]` and calls `on_ask`.

    What arrives is {"temperature": number, "word": the start of a word that was clicked, or None, "settled":
    whether the hand rests, "seq": a number that counts up}. The next one is sent when the last is answered, and only
    the newest.

    Args:
        trace: the last answer, as `follow_word` gives it, of a text with words. The slider starts at its temperature;
            from then on it stays where the hand leaves it.
        text, model: what it is about.
        answered: the `seq` of the last question that this answers.
        rested: the temperature that the rest of the page is about.
        state: 'ready' or 'error'; message: why it is not ready.
        key: of the widget.
        on_ask: called when something was asked.
    """
    data = {
        "pieces": cut_pieces(text, trace.tokens),
        "scores": trace.scores,
        "feature": trace.score.feature if len(trace.scores[0]) > 1 else 0,
        "word": trace.word,
        "temperature": trace.temperature,
        "temperatures": TEMPERATURES,
        "probability": trace.probability,
        "probability_text": format_probability(trace.probability),
        "usual_text": format_probability(trace.usual_probability),
        "text_hash": hash_text(text),
        "model": model,
        "answered": answered,
        "rested": rested,
        "state": state,
        "message": message,
        "even_shares": EVEN_SHARES,
        "hues": {"attention": ATTENTION, "positive": POSITIVE, "negative": NEGATIVE},
    }
    json.dumps(data, allow_nan=False)  # a NaN would destroy the component
    _softmax(key=key, data=data, default={"ask": None}, on_ask_change=on_ask)


def cut_pieces(text: str, tokens: Sequence[TracedWord]) -> list[list[Any]]:
    """The text from its first read word on, cut into words [text, word, start, end, known] and the gaps [text]."""
    pieces: list[list[Any]] = []
    for index, (word, start, end, known) in enumerate(tokens):
        if index:
            pieces.append([text[tokens[index - 1][2] : start]])
        pieces.append([text[start:end], word, start, end, known])
    return [*pieces, [text[tokens[-1][2] :]]] if tokens else pieces
