"""The six steps of the page How it works: sentence and equation at the left, the real numbers at the right."""

from __future__ import annotations

from collections.abc import Sequence

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
from attnviz.values.trace import FollowedWord

READING_WIDTH = 640
"""Pixels of a column of prose: about 75 characters."""

_RESERVED = '<div style="min-height:19rem"></div>'
"""The place of numbers that are on their way."""

_STRIPS_SCALE = "One cell a number, linear; at the right the number that has the full colour."


def show_first_steps(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    """Embedding, hidden states and scores. Without a trace, only what happens and its equation."""
    _show_embedding(mechanism, trace)
    _show_states(mechanism, trace)
    _show_scores(mechanism, trace)


def show_softmax_step(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    """The softmax in words and equations; its live part comes after this."""
    _, right = _show_step(mechanism, 4)
    if trace is None:
        return
    if trace.score.example is not None:
        right.markdown(f"For **{_word(trace)}** in feature {trace.score.example + 1}:")
    else:
        right.markdown(f"For **{_word(trace)}**:")
    right.latex(write_weight(trace, mechanism.weight))
    if trace.score.example is not None and trace.score.feature is None:
        right.markdown(f"The mean over all features is **{trace.weights[trace.word]:.4f}**. Below are the means.")


def show_last_steps(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    """Weighted sum and probability, at the temperature of the trace."""
    _show_sum(mechanism, trace)
    _show_answer(mechanism, trace)


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


def _show_embedding(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    if trace is None:
        _show_step(mechanism, 1)[1].html(_RESERVED)
        return
    place, vector = trace.word + 1, _row(trace, "vectors")
    left, right = _show_step(mechanism, 1, _shape(trace, vector))
    known = trace.tokens[trace.word][3]
    left.markdown(
        f"**{_word(trace)}** is row {trace.id:,} of {trace.table:,}:"
        if known
        else f"The network does not know **{_word(trace)}**; row {trace.id} stands for all unknown words:"
    )
    left.latex(rf"x_{{{place}}} = {write_vector(vector)}")
    right.html(render_strips(list_strips(trace, "vectors")) + render_scale(_STRIPS_SCALE))


def _show_states(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    if trace is None:
        _show_step(mechanism, 2)[1].html(_RESERVED)
        return
    place, vector = trace.word + 1, _row(trace, "states")
    left, right = _show_step(mechanism, 2, _shape(trace, vector))
    left.markdown(f"After **{_word(trace)}**:")
    left.latex(rf"h_{{{place}}} = {write_vector(vector)}")
    right.html(render_strips(list_strips(trace, "states")) + render_scale(_STRIPS_SCALE))


def _show_scores(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    if trace is None:
        _show_step(mechanism, 3)[1].html(_RESERVED)
        return
    features = len(trace.scores[0])
    shape = f"{_count(trace)} × {features} scores" if features > 1 else f"{_count(trace)}, one score each"
    left, right = _show_step(mechanism, 3, shape)
    query = mechanism.query if trace.score.example is None else f"{mechanism.query}, {trace.score.example + 1}"
    products = [a * b for a, b in zip(trace.score.key, trace.score.query, strict=True)]
    left.markdown(f"For **{_word(trace)}**{_describe_example(trace)}, {len(products)} products are added up:")
    left.latex(write_score(trace))
    strips = [
        Strip(mechanism.key, trace.score.key, followed=True),
        Strip(query, trace.score.query),
        Strip("their products", products),
    ]
    right.html(render_strips(strips))
    if features > 1:
        right.markdown(f"The {features} scores of each word:")
        right.html(render_strips(list_score_strips(trace)) + render_scale(_STRIPS_SCALE))
    else:
        right.markdown("Scores:")
        right.html(
            render_bars(list_score_bars(trace)) + render_scale("the longest bar is the largest of these scores.")
        )


def _describe_example(trace: FollowedWord) -> str:
    """Which of a word's scores is worked out, where it has several."""
    if trace.score.example is None:
        return ""
    largest = " (where it has its largest weight)" if trace.score.feature is None else ""
    return f" in feature {trace.score.example + 1}{largest}"


def _show_sum(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    if trace is None:
        _show_step(mechanism, 5)[1].html(_RESERVED)
        return
    context, count = trace.context, len(trace.tokens)
    left, right = _show_step(mechanism, 5, f"1 vector × {len(context)} numbers")
    left.markdown(
        f"**{_word(trace)}** makes up **{trace.part:.1%}** of the context vector, measured along it "
        f"(an even share would be {1 / count:.1%}):"
    )
    times = "" if trace.score.example is None else r" \odot "  # each number of the state has a weight of its own
    place = trace.word + 1
    left.latex(rf"{mechanism.weight}_{{{place}}}{times} h_{{{place}}} = {write_vector(_row(trace, 'contributions'))}")
    strips = list_strips(trace, "contributions")
    right.markdown("Each word's state times its weight, and their sum:")
    right.html(
        render_strips([*strips, Strip("sum of all: c", context)])
        + render_scale(f"{_STRIPS_SCALE} c has a scale of its own.")
    )


def _show_answer(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    if trace is None:
        _show_step(mechanism, 6)[1].html(_RESERVED)
        return
    left, right = _show_step(mechanism, 6)
    temperature = "" if trace.temperature == 1 else f" at temperature {trace.temperature:g}"
    left.markdown(f"The answer of the network{temperature}:")
    left.latex(write_answer(trace))
    shares = trace.last.shares
    if shares is None:
        _show_joined(trace, right)
        return
    share = shares[trace.word]
    left.markdown(
        f"**{_word(trace)}** adds **{format_number(share)}** to the sum, {_describe_side(trace, share)}: its state at "
        "that place, which has read other words too, times its weight."
    )
    right.markdown("What adds up to $z$: the strongest words first.")
    right.html(render_bars(list_shares(trace)) + render_scale(f"against and toward “{trace.label}”."))


def _describe_side(trace: FollowedWord, share: float) -> str:
    """Which label a part of the sum speaks for."""
    if len(trace.labels) == 2:
        return f"toward {trace.labels[trace.target if share >= 0 else 1 - trace.target]}"
    return f"{'toward' if share >= 0 else 'away from'} “{trace.label}”"


def _show_joined(trace: FollowedWord, right: DeltaGenerator) -> None:
    """The way of `luong` to its answer: context and last state, the attention vector, and the last sum."""
    products = [a * b for a, b in zip(trace.last.inputs, trace.last.kernel, strict=True)]
    right.markdown(f"What the tanh layer reads, what it gives, and the {len(products)} products that add up to $z$:")
    strips = [
        Strip("context c", trace.context),
        Strip("last state hₙ", trace.states[-1]),
        Strip("h̃", trace.last.inputs),
        Strip("learned w", trace.last.kernel),
        Strip("their products", products),
    ]
    right.html(render_strips(strips) + render_scale(_STRIPS_SCALE))
    right.html(render_bars([Bar("products", sum(products)), *end_bars(trace)]))


def _row(trace: FollowedWord, name: str) -> Sequence[float]:
    """The followed word's vector of that name."""
    vector: Sequence[float] = getattr(trace, name)[trace.rows.index(trace.word)]
    return vector


def _word(trace: FollowedWord) -> str:
    return shorten(trace.tokens[trace.word][0])


def _count(trace: FollowedWord) -> str:
    count = len(trace.tokens)
    return f"{count:,} word{'' if count == 1 else 's'}"


def _shape(trace: FollowedWord, vector: Sequence[float]) -> str:
    return f"{_count(trace)} × {len(vector)} numbers"
