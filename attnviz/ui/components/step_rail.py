"""The rail beside the six steps of How it works: the followed word, the steps, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attnviz.languages import tr
from attnviz.render.numerals import format_probability
from attnviz.render.sentences import name_probability
from attnviz.render.trace_report import format_digits, name_read
from attnviz.ui.components import check_data, register_component
from attnviz.values.prediction import Prediction
from attnviz.values.trace import FollowedWord

_rail = register_component("step_rail")


def show_step_rail(
    steps: Sequence[str], text: str, trace: FollowedWord | None, *, key: str, on_word: Callable[[], None]
) -> None:
    """Show the rail; a word that is chosen arrives in `st.session_state[key]["word"]` and calls `on_word`.

    It is {"text": the text, "word": where the chosen word starts in it}, for one run of the page.

    Args:
        steps: their titles.
        text: what the page is about.
        trace: of it; None as long as there is none.
        key: of the widget.
        on_word: called when the word before or the next one is chosen.
    """
    answer, word = (_describe_answer(trace), _describe_word(trace)) if trace else (None, None)
    data = {"steps": list(steps), "text": text, "word": word, "answer": answer}
    _rail(key=key, data=check_data(data), on_word_change=on_word)


def _describe_word(trace: FollowedWord) -> dict[str, Any]:
    place, starts = trace.word, [token.start for token in trace.tokens]
    return {
        "name": name_read(trace.tokens[place]),
        "place": place,
        "count": len(starts),
        "previous": starts[place - 1] if place else None,
        "next": starts[place + 1] if place + 1 < len(starts) else None,
    }


def _describe_answer(trace: FollowedWord) -> dict[str, Any]:
    unknown = not any(token.known for token in trace.tokens)
    return {
        "labels": trace.labels,
        "probabilities": [trace.probability if place == trace.target else 0 for place in range(len(trace.labels))],
        "shown": trace.target,
        "name": name_probability(Prediction(trace.labels, None), trace.target),
        "said": "–" if unknown else format_probability(trace.probability),
        "unknown": unknown,
        "usual": "" if trace.temperature == 1 else _compare_temperatures(trace),
    }


def _compare_temperatures(trace: FollowedWord) -> str:
    return tr(
        "at temperature {temperature}; {probability} at temperature 1",
        temperature=format_digits(trace.temperature),
        probability=format_probability(trace.usual_probability),
    )
