"""The six steps of the page How it works: sentence and equation at the left, the real numbers at the right."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attnviz.languages import mark, tr, tr_n
from attnviz.render.attention_steps import Mechanism
from attnviz.render.labels import name_label
from attnviz.render.number_strips import (
    SENTIMENT,
    Bar,
    Strip,
    render_bars,
    render_caption,
    render_scale,
    render_strips,
    render_weights,
)
from attnviz.render.numerals import format_count, format_number
from attnviz.render.palette import EVEN_SHARES
from attnviz.render.phrases import join_sentences
from attnviz.render.softmax_words import SOFTMAX_WORDS, name_case
from attnviz.render.step_sentences import (
    announce_answer,
    announce_joined,
    announce_products,
    count_numbers,
    count_scores,
    describe_part,
    describe_row,
    describe_share,
    list_products,
    multiply,
)
from attnviz.render.trace_report import (
    LINES,
    SHARES,
    describe_cells,
    end_bars,
    format_digits,
    list_map,
    list_score_bars,
    list_score_strips,
    list_shares,
    list_strips,
    name_followed,
    write_answer,
    write_score,
    write_vector,
    write_weight,
)
from attnviz.values.trace import FollowedWord

READING_WIDTH = 640
"""Pixels of a column of prose: about 75 characters."""

NO_NUMBERS = mark("The numbers stand here as soon as there is a word to follow.")

_OWN_SCALES = mark("Each cell is one number; the number at the right has the full colour.")

_STATES = mark("Each word's state times its weight, and their sum:")
_VALUES = mark("Each word's value times its weight, and their sum:")


def show_first_steps(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    """Embedding, hidden states and scores. Without a trace, only what happens and its equation."""
    _show_embedding(mechanism, trace)
    _show_states(mechanism, trace)
    _show_scores(mechanism, trace)


def show_softmax_step(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    """The softmax in words and equations; its live part comes after this."""
    _, right = _show_step(mechanism, 4, trace)
    maps = right.container(key="how_maps") if mechanism.column == "head" else None
    if trace is None:
        return
    place = maps or right
    place.markdown(tr("{case}:", case=name_case(mechanism, trace)))
    place.latex(write_weight(trace, mechanism.weight))
    if trace.maps:
        _show_maps(trace, place)
    if trace.score.example is not None and trace.score.feature is None:
        mean = format_number(trace.weights[trace.scored], 4)
        place.markdown(tr(SOFTMAX_WORDS[mechanism.column].mean, weight=mean))


def _show_maps(trace: FollowedWord, right: DeltaGenerator) -> None:
    """The weights of the words that are shown, head by head: queries by tokens."""
    right.markdown(tr("Queries by tokens, head by head:"))
    largest = max(max(row) for one in trace.maps for row in one)
    full = max(largest, min(EVEN_SHARES / len(trace.tokens), 1.0))  # nearly even weights must not look chosen
    pictures = [
        render_caption(tr("Head {number}", number=head + 1)) + render_weights(list_map(trace, head), full, LINES)
        for head in range(len(trace.maps))
    ]
    said = tr(
        "One row per word that asks, one column per word looked at. Stronger colour is more attention (0 to {full}).",
        full=format_digits(full, 2),
    )
    right.html("".join([*pictures, render_caption(said)]))


def show_last_steps(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    """Weighted sum and probability, at the temperature of the trace."""
    _show_sum(mechanism, trace)
    _show_answer(mechanism, trace)


def _show_step(mechanism: Mechanism, number: int, trace: FollowedWord | None) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The heading of a step, what happens and its equation; its left and its right column."""
    step = mechanism.steps[number - 1]
    with st.container(key=f"how_step_{number}"):
        st.header(f"{number}. {tr(step.title)}", anchor=f"step-{number}")
        left, right = st.columns([2, 3], gap="large")
    left.markdown(step.text)
    left.latex(step.equation)
    if trace is None:
        right.caption(tr(NO_NUMBERS))
    return left, right


def _show_embedding(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 1, trace)
    if trace is None:
        return
    place, vector = trace.word + 1, _row(trace, "vectors")
    left.markdown(describe_row(trace))
    left.latex(rf"x_{{{place}}} = {write_vector(vector)}")
    left.caption(count_numbers(trace, vector))
    _show_strips(right, list_strips(trace, "vectors"))


def _show_strips(right: DeltaGenerator, strips: Sequence[Strip]) -> None:
    """Vectors of the words on one scale, and what it means."""
    right.html(render_strips(strips, LINES) + render_scale(describe_cells(strips)))


def _show_states(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 2, trace)
    if trace is None:
        return
    place, vector = trace.word + 1, _row(trace, "states")
    left.markdown(tr("{case}:", case=tr("For **{word}**", word=name_followed(trace))))
    left.latex(rf"{mechanism.state}_{{{place}}} = {write_vector(vector)}")
    left.caption(count_numbers(trace, vector))
    _show_strips(right, list_strips(trace, "states"))


def _show_scores(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 3, trace)
    if trace is None:
        return
    left.markdown(announce_products(mechanism, trace))
    left.latex(write_score(trace))
    left.caption(count_scores(trace))
    right.html(render_strips(list_products(mechanism, trace)) + render_scale(tr(_OWN_SCALES)))
    if len(trace.scores[0]) > 1:
        right.markdown(tr(SOFTMAX_WORDS[mechanism.column].scores))
        _show_strips(right, list_score_strips(trace))
    else:
        right.markdown(tr("The score of each word:"))
        middle = render_caption(tr("Left of the middle: below 0."))
        right.html(render_bars(list_score_bars(trace), lines=LINES) + middle)


def _show_sum(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 5, trace)
    if trace is None:
        return
    left.markdown(describe_part(trace))
    times = "" if trace.score.example is None else r" \odot "  # each number of the state has a weight of its own
    place, pair = trace.scored + 1, f"{trace.word + 1}," if trace.maps else ""
    part = write_vector(_row(trace, "contributions", trace.scored))
    left.latex(rf"{mechanism.weight}_{{{pair}{place}}}{times} {mechanism.state}_{{{place}}} = {part}")
    size = len(trace.context)
    left.caption(tr_n("1 vector × {n} number", "1 vector × {n} numbers", size, n=format_count(size)))
    _show_parts(trace, right)


def _show_parts(trace: FollowedWord, right: DeltaGenerator) -> None:
    """What each word puts into the context vector, and the vector."""
    strips = list_strips(trace, "contributions")
    right.markdown(tr(_VALUES if trace.maps else _STATES))
    scale = join_sentences([describe_cells(strips), tr("The sum has a scale of its own.")])
    right.html(render_strips([*strips, Strip(tr("sum of all: c"), trace.context)], LINES + 1) + render_scale(scale))


def _show_answer(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 6, trace)
    if trace is None:
        return
    left.markdown(announce_answer(trace))
    left.latex(write_answer(trace))
    shares = trace.last.shares
    if shares is None:
        _show_joined(mechanism, trace, right)
        return
    left.markdown(describe_share(mechanism, trace, shares[trace.word]))
    right.markdown(tr("What adds up to $z$: the strongest words first."))
    right.html(render_bars(list_shares(trace), SENTIMENT, SHARES) + _render_sides(trace))


def _render_sides(trace: FollowedWord) -> str:
    return render_scale(tr("against and toward “{label}”.", label=name_label(trace.label)), SENTIMENT)


def _show_joined(mechanism: Mechanism, trace: FollowedWord, right: DeltaGenerator) -> None:
    """The way to an answer behind another layer: what that reads and gives, and the last sum."""
    products = multiply(trace.last.inputs, trace.last.kernel)
    right.markdown(announce_joined(len(products)))
    read = [trace.last.inputs] if trace.maps else [trace.context, trace.states[-1], trace.last.inputs]
    strips = [
        *map(Strip, map(tr, mechanism.joined), read),
        Strip(tr("learned w"), trace.last.kernel),
        Strip(tr("their products"), products),
    ]
    right.html(render_strips(strips) + render_scale(tr(_OWN_SCALES)))
    bars = [Bar(tr("products"), sum(products)), *end_bars(trace)]
    right.html(render_bars(bars, SENTIMENT) + _render_sides(trace))


def _row(trace: FollowedWord, name: str, place: int | None = None) -> Sequence[float]:
    """The vector of that name of the followed word, or of the one at a place that is shown."""
    vector: Sequence[float] = getattr(trace, name)[trace.rows.index(trace.word if place is None else place)]
    return vector
