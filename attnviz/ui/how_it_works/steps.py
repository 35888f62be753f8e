"""The six steps of the page How it works: sentence and equation at the left, the real numbers at the right."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attnviz.render.mechanisms import Mechanism
from attnviz.render.number_strips import (
    SENTIMENT,
    Bar,
    Strip,
    format_number,
    render_bars,
    render_caption,
    render_scale,
    render_strips,
    render_weights,
)
from attnviz.render.numerals import format_percent
from attnviz.render.palette import EVEN_SHARES
from attnviz.render.trace_report import (
    LINES,
    SHARES,
    describe_cells,
    end_bars,
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

NO_NUMBERS = "The numbers stand here as soon as there is a word to follow."

_OWN_SCALES = "Each cell is one number; the number at the right has the full colour."


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
    place.markdown(f"For {_name_scored(mechanism, trace)}:")
    place.latex(write_weight(trace, mechanism.weight))
    if trace.maps:
        _show_maps(trace, place)
    if trace.score.example is not None and trace.score.feature is None:
        mean = f"The mean over all {mechanism.column}s is **{trace.weights[trace.scored]:.4f}**."
        place.markdown(f"{mean} Below are the means.")


def _show_maps(trace: FollowedWord, right: DeltaGenerator) -> None:
    """The weights of the words that are shown, head by head: queries by tokens."""
    right.markdown("Queries by tokens, head by head:")
    largest = max(max(row) for one in trace.maps for row in one)
    full = max(largest, min(EVEN_SHARES / len(trace.tokens), 1.0))  # nearly even weights must not look chosen
    pictures = [
        f"{render_caption(f'Head {head + 1}')}{render_weights(list_map(trace, head), full, LINES)}"
        for head in range(len(trace.maps))
    ]
    cells = f"Stronger colour is more attention (0 to {full:.2g})."
    said = f"One row per word that asks, one column per word looked at. {cells}"
    right.html("".join([*pictures, render_caption(said)]))


def show_last_steps(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    """Weighted sum and probability, at the temperature of the trace."""
    _show_sum(mechanism, trace)
    _show_answer(mechanism, trace)


def _show_step(mechanism: Mechanism, number: int, trace: FollowedWord | None) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The heading of a step, what happens and its equation; its left and its right column."""
    step = mechanism.steps[number - 1]
    with st.container(key=f"how_step_{number}"):
        st.header(f"{number}. {step.title}", anchor=f"step-{number}")
        left, right = st.columns([2, 3], gap="large")
    left.markdown(step.sentence)
    left.latex(step.equation)
    if trace is None:
        right.caption(NO_NUMBERS)
    return left, right


def _show_embedding(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 1, trace)
    if trace is None:
        return
    place, vector = trace.word + 1, _row(trace, "vectors")
    left.markdown(_describe_row(trace))
    left.latex(rf"x_{{{place}}} = {write_vector(vector)}")
    left.caption(_shape(trace, vector))
    _show_strips(right, list_strips(trace, "vectors"))


def _describe_row(trace: FollowedWord) -> str:
    """Where the followed word stands in the table, and what an unknown word is read as."""
    if trace.tokens[trace.word].known:
        return f"**{name_followed(trace)}** is row {trace.id:,} of {trace.table:,}:"
    return f"The table has no row for **{name_followed(trace)}**. Row {trace.id} stands for all unknown words:"


def _show_strips(right: DeltaGenerator, strips: Sequence[Strip]) -> None:
    """Vectors of the words on one scale, and what it means."""
    right.html(render_strips(strips, LINES) + render_scale(describe_cells(strips)))


def _show_states(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 2, trace)
    if trace is None:
        return
    place, vector = trace.word + 1, _row(trace, "states")
    left.markdown(f"For **{name_followed(trace)}**:")
    left.latex(rf"{mechanism.state}_{{{place}}} = {write_vector(vector)}")
    left.caption(_shape(trace, vector))
    _show_strips(right, list_strips(trace, "states"))


def _show_scores(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 3, trace)
    if trace is None:
        return
    features = len(trace.scores[0])
    query = mechanism.query if trace.score.example is None else f"{mechanism.query}, {trace.score.example + 1}"
    products = [a * b for a, b in zip(trace.score.key, trace.score.query, strict=True)]
    left.markdown(
        f"For {_name_scored(mechanism, trace)}{_explain_choice(trace)}, {len(products)} products are added up:"
    )
    left.latex(write_score(trace))
    left.caption(f"{_count(trace)} × {features} scores" if features > 1 else f"{_count(trace)}, one score each")
    strips = [
        Strip(mechanism.key, trace.score.key, followed=True),
        Strip(query, trace.score.query),
        Strip("their products", products),
    ]
    right.html(render_strips(strips) + render_scale(_OWN_SCALES))
    if features > 1:
        right.markdown(f"The score of each word in each {mechanism.column}:")
        _show_strips(right, list_score_strips(trace))
    else:
        right.markdown("The score of each word:")
        right.html(render_bars(list_score_bars(trace), lines=LINES) + render_caption("Left of the middle: below 0."))


def _name_scored(mechanism: Mechanism, trace: FollowedWord) -> str:
    """The word whose score is worked out, in which of several, and where words ask the pair of them; in Markdown."""
    scored = f"**{name_followed(trace, trace.scored)}**"
    if trace.score.place is not None:
        scored = f"**{name_followed(trace)}** asking {scored}"
    return scored if trace.score.example is None else f"{scored} in {mechanism.column} {trace.score.example + 1}"


def _explain_choice(trace: FollowedWord) -> str:
    """Why this one of several scores is worked out."""
    return " (its largest weight)" if trace.score.example is not None and trace.score.feature is None else ""


def _show_sum(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 5, trace)
    if trace is None:
        return
    context, count = trace.context, len(trace.tokens)
    left.markdown(
        f"**{name_followed(trace, trace.scored)}** makes up **{format_percent(trace.part)}** of the context vector, "
        f"measured along it (an even share would be {format_percent(1 / count)}):"
    )
    times = "" if trace.score.example is None else r" \odot "  # each number of the state has a weight of its own
    place, pair = trace.scored + 1, f"{trace.word + 1}," if trace.maps else ""
    part = write_vector(_row(trace, "contributions", trace.scored))
    left.latex(rf"{mechanism.weight}_{{{pair}{place}}}{times} {mechanism.state}_{{{place}}} = {part}")
    left.caption(f"1 vector × {len(context)} numbers")
    strips = list_strips(trace, "contributions")
    what = "value" if trace.maps else "state"
    right.markdown(f"Each word's {what} times its weight, and their sum:")
    right.html(
        render_strips([*strips, Strip("sum of all: c", context)], LINES + 1)
        + render_scale(f"{describe_cells(strips)} The sum has a scale of its own.")
    )


def _show_answer(mechanism: Mechanism, trace: FollowedWord | None) -> None:
    left, right = _show_step(mechanism, 6, trace)
    if trace is None:
        return
    temperature = "" if trace.temperature == 1 else f" at temperature {trace.temperature:g}"
    left.markdown(f"The answer of the network{temperature}:")
    left.latex(write_answer(trace))
    shares = trace.last.shares
    if shares is None:
        _show_joined(mechanism, trace, right)
        return
    share = shares[trace.word]
    left.markdown(
        f"**{name_followed(trace)}** adds **{format_number(share)}** to the sum, {_describe_side(trace, share)}: its "
        "state at that place, which has read other words too, times its weight."
    )
    right.markdown("What adds up to $z$: the strongest words first.")
    right.html(
        render_bars(list_shares(trace), SENTIMENT, SHARES)
        + render_scale(f"against and toward “{trace.label}”.", SENTIMENT)
    )


def _describe_side(trace: FollowedWord, share: float) -> str:
    """Which label a part of the sum speaks for."""
    if len(trace.labels) == 2:
        return f"toward {trace.labels[trace.target if share >= 0 else 1 - trace.target]}"
    return f"{'toward' if share >= 0 else 'away from'} “{trace.label}”"


def _show_joined(mechanism: Mechanism, trace: FollowedWord, right: DeltaGenerator) -> None:
    """The way to an answer behind another layer: what that reads and gives, and the last sum."""
    products = [a * b for a, b in zip(trace.last.inputs, trace.last.kernel, strict=True)]
    right.markdown(f"What the last layers read and give, and the {len(products)} products that add up to $z$:")
    read = [trace.last.inputs] if trace.maps else [trace.context, trace.states[-1], trace.last.inputs]
    strips = [
        *map(Strip, mechanism.joined, read),
        Strip("learned w", trace.last.kernel),
        Strip("their products", products),
    ]
    right.html(render_strips(strips) + render_scale(_OWN_SCALES))
    right.html(
        render_bars([Bar("products", sum(products)), *end_bars(trace)], SENTIMENT)
        + render_scale(f"against and toward “{trace.label}”.", SENTIMENT)
    )


def _row(trace: FollowedWord, name: str, place: int | None = None) -> Sequence[float]:
    """The vector of that name of the followed word, or of the one at a place that is shown."""
    vector: Sequence[float] = getattr(trace, name)[trace.rows.index(trace.word if place is None else place)]
    return vector


def _count(trace: FollowedWord) -> str:
    count = len(trace.tokens)
    return f"{count:,} word{'' if count == 1 else 's'}"


def _shape(trace: FollowedWord, vector: Sequence[float]) -> str:
    return f"{_count(trace)} × {len(vector)} numbers"
