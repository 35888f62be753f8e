"""The live softmax: scores become weights while the temperature is dragged, and a word is chosen by a click."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from attnviz.render.highlighted import highlight
from attnviz.render.numerals import format_probability
from attnviz.render.palette import EVEN_SHARES
from attnviz.render.sentences import name_probability
from attnviz.ui.components import check_data, register_component
from attnviz.ui.components.review_editor import hash_text
from attnviz.values.explanation import Explanation
from attnviz.values.plain import to_plain
from attnviz.values.prediction import Prediction
from attnviz.values.tokens import Token
from attnviz.values.trace import FollowedWord

TEMPERATURES = tuple(float(f"{10 ** (step / 20):.3g}") for step in range(-20, 21))
"""What the slider offers: 0.1 to 10, each a ninth part above the last; 1 stands in the middle."""

_softmax = register_component("softmax")


def show_softmax(
    trace: FollowedWord,
    text: str,
    *,
    model: str,
    answered: int,
    followed: float,
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
        followed: the temperature that the rest of the page is about.
        state: 'ready' or 'error'; message: why it is not ready.
        key: of the widget.
        on_ask: called when something was asked.
    """
    explained = _explain(trace, text)
    data = {
        "text": to_plain(highlight(explained).shorten()),
        "name": name_probability(explained.prediction, trace.target),
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
        "followed": followed,
        "state": state,
        "message": message,
        "even_shares": EVEN_SHARES,
    }
    _softmax(key=key, data=check_data(data), default={"ask": None}, on_ask_change=on_ask)


def _explain(trace: FollowedWord, text: str) -> Explanation:
    """The attention of a forward trace; of the labels it knows the probability of one."""
    tokens = [Token(word, start, end, 0, known) for word, start, end, known in trace.tokens]
    prediction = Prediction(trace.labels, None)
    weights, truncated = np.array(trace.weights), trace.truncated
    return Explanation(text, tokens, weights, trace.target, prediction, "attention", trace.model, truncated)
