"""The six steps of the page How it works: sentence and equation at the left, the real numbers at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attnviz.render.mechanisms import Mechanism
from attnviz.render.trace_report import (
    Bar,
    Strip,
    end_bars,
    format_number,
    list_score_bars,
    list_score_strips,
    list_shares,
    list_strips,
    render_bars,
    render_scale,
    render_strips,
    shorten,
    write_answer,
    write_score,
    write_vector,
    write_weight,
)

READING_WIDTH = 640
"""Pixels of a column of prose: about 75 characters."""

_RESERVED = '<div style="min-height:19rem"></div>'
"""The place of numbers that are on their way."""

_STRIPS_SCALE = "One cell a number, linear; at the right the number that has the full colour."

Walk = Mapping[str, Any]


def show_first_steps(mechanism: Mechanism, walk: Walk | None) -> None:
    """Embedding, hidden states and scores. Without a walk, only what happens and its equation."""
    _show_embedding(mechanism, walk)
    _show_states(mechanism, walk)
    _show_scores(mechanism, walk)


def show_softmax_step(mechanism: Mechanism, walk: Walk | None) -> None:
    """The softmax in words and equations; its live part comes after this."""
    _, right = _show_step(mechanism, 4)
    if walk is None:
        return
    if walk["example"] is not None:
        right.markdown(f"For **{_word(walk)}** in feature {walk['example'] + 1}:")
    else:
        right.markdown(f"For **{_word(walk)}**:")
    right.latex(write_weight(walk, mechanism.weight))
    if walk["example"] is not None and walk["feature"] is None:
        right.markdown(f"The mean over all features is **{walk['weights'][walk['word']]:.4f}**. Below are the means.")


def show_last_steps(mechanism: Mechanism, walk: Walk | None) -> None:
    """Weighted sum and probability, at the temperature of the walk."""
    _show_sum(mechanism, walk)
    _show_answer(mechanism, walk)


def _show_step(mechanism: Mechanism, number: int, shape: str = "") -> tuple[DeltaGenerator, DeltaGenerator]:
    """The heading of a step, what happens and its equation; its left and its right column."""
    step = mechanism.steps[number - 1]
    st.subheader(f"{number}. {step.title}", anchor=False)
    left, right = st.columns([2, 3], gap="large")
    left.markdown(step.sentence)
    left.latex(step.equation)
    if shape:
        left.caption(shape)
    return left, right


def _show_embedding(mechanism: Mechanism, walk: Walk | None) -> None:
    if walk is None:
        _show_step(mechanism, 1)[1].html(_RESERVED)
        return
    place, vector = walk["word"] + 1, _row(walk, "vectors")
    left, right = _show_step(mechanism, 1, _shape(walk, vector))
    known = walk["tokens"][walk["word"]][3]
    left.markdown(
        f"**{_word(walk)}** is row {walk['id']:,} of {walk['table']:,}:"
        if known
        else f"The network does not know **{_word(walk)}**; row {walk['id']} stands for all unknown words:"
    )
    left.latex(rf"x_{{{place}}} = {write_vector(vector)}")
    right.html(render_strips(list_strips(walk, "vectors")) + render_scale(_STRIPS_SCALE))


def _show_states(mechanism: Mechanism, walk: Walk | None) -> None:
    if walk is None:
        _show_step(mechanism, 2)[1].html(_RESERVED)
        return
    place, vector = walk["word"] + 1, _row(walk, "states")
    left, right = _show_step(mechanism, 2, _shape(walk, vector))
    left.markdown(f"After **{_word(walk)}**:")
    left.latex(rf"h_{{{place}}} = {write_vector(vector)}")
    right.html(render_strips(list_strips(walk, "states")) + render_scale(_STRIPS_SCALE))


def _show_scores(mechanism: Mechanism, walk: Walk | None) -> None:
    if walk is None:
        _show_step(mechanism, 3)[1].html(_RESERVED)
        return
    features = len(walk["scores"][0])
    shape = f"{_count(walk)} × {features} scores" if features > 1 else f"{_count(walk)}, one score each"
    left, right = _show_step(mechanism, 3, shape)
    query = mechanism.query if walk["example"] is None else f"{mechanism.query}, {walk['example'] + 1}"
    products = [a * b for a, b in zip(walk["key"], walk["query"], strict=True)]
    left.markdown(f"For **{_word(walk)}**{_describe_example(walk)}, {len(products)} products are added up:")
    left.latex(write_score(walk))
    strips = [
        Strip(mechanism.key, walk["key"], followed=True),
        Strip(query, walk["query"]),
        Strip("their products", products),
    ]
    right.html(render_strips(strips))
    if features > 1:
        right.markdown(f"The {features} scores of each word:")
        right.html(render_strips(list_score_strips(walk)) + render_scale(_STRIPS_SCALE))
    else:
        right.markdown("Scores:")
        right.html(render_bars(list_score_bars(walk)) + render_scale("the longest bar is the largest of these scores."))


def _describe_example(walk: Walk) -> str:
    """Which of a word's scores is worked out, where it has several."""
    if walk["example"] is None:
        return ""
    largest = " (where it has its largest weight)" if walk["feature"] is None else ""
    return f" in feature {walk['example'] + 1}{largest}"


def _show_sum(mechanism: Mechanism, walk: Walk | None) -> None:
    if walk is None:
        _show_step(mechanism, 5)[1].html(_RESERVED)
        return
    context, count = walk["context"], len(walk["tokens"])
    left, right = _show_step(mechanism, 5, f"1 vector × {len(context)} numbers")
    left.markdown(
        f"**{_word(walk)}** makes up **{walk['part']:.1%}** of the context vector, measured along it "
        f"(an even share would be {1 / count:.1%}):"
    )
    times = "" if walk["example"] is None else r" \odot "  # each number of the state has a weight of its own
    place = walk["word"] + 1
    left.latex(rf"{mechanism.weight}_{{{place}}}{times} h_{{{place}}} = {write_vector(_row(walk, 'contributions'))}")
    strips = list_strips(walk, "contributions")
    right.markdown("Each word's state times its weight, and their sum:")
    right.html(
        render_strips([*strips, Strip("sum of all: c", context)])
        + render_scale(f"{_STRIPS_SCALE} c has a scale of its own.")
    )


def _show_answer(mechanism: Mechanism, walk: Walk | None) -> None:
    if walk is None:
        _show_step(mechanism, 6)[1].html(_RESERVED)
        return
    left, right = _show_step(mechanism, 6)
    temperature = "" if walk["temperature"] == 1 else f" at temperature {walk['temperature']:g}"
    left.markdown(f"The answer of the network{temperature}:")
    left.latex(write_answer(walk))
    shares = walk["shares"]
    if shares is None:
        _show_joined(walk, right)
        return
    share = shares[walk["word"]]
    direction = "positive" if share >= 0 else "negative"
    left.markdown(
        f"**{_word(walk)}** adds **{format_number(share)}** to the sum, toward {direction}: its state at that place, "
        "which has read other words too, times its weight."
    )
    right.markdown("What adds up to $z$: the strongest words first.")
    right.html(render_bars(list_shares(walk)) + render_scale("toward a negative, toward a positive review."))


def _show_joined(walk: Walk, right: DeltaGenerator) -> None:
    """The way of `luong` to its answer: context and last state, the attention vector, and the last sum."""
    products = [a * b for a, b in zip(walk["last_input"], walk["last_kernel"], strict=True)]
    right.markdown(f"What the tanh layer reads, what it gives, and the {len(products)} products that add up to $z$:")
    strips = [
        Strip("context c", walk["context"]),
        Strip("last state hₙ", walk["states"][-1]),
        Strip("h̃", walk["last_input"]),
        Strip("learned w", walk["last_kernel"]),
        Strip("their products", products),
    ]
    right.html(render_strips(strips) + render_scale(_STRIPS_SCALE))
    right.html(render_bars([Bar("products", sum(products)), *end_bars(walk)]))


def _row(walk: Walk, name: str) -> Sequence[float]:
    """The followed word's vector of that name."""
    vector: Sequence[float] = walk[name][walk["rows"].index(walk["word"])]
    return vector


def _word(walk: Walk) -> str:
    return shorten(walk["tokens"][walk["word"]][0])


def _count(walk: Walk) -> str:
    count = len(walk["tokens"])
    return f"{count:,} word{'' if count == 1 else 's'}"


def _shape(walk: Walk, vector: Sequence[float]) -> str:
    return f"{_count(walk)} × {len(vector)} numbers"
