"""The page How it works: one word of the reader's review, followed from its letters to the answer."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.render.attention_steps import Mechanism
from attnviz.render.mechanisms import MECHANISMS
from attnviz.render.phrases import join_sentences
from attnviz.render.softmax_words import SOFTMAX_WORDS
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.components.followed_text import show_followed_text
from attnviz.ui.components.softmax_stage import TEMPERATURES, show_softmax
from attnviz.ui.components.step_rail import show_step_rail
from attnviz.ui.door import SoftmaxAsk, read_ask
from attnviz.ui.glossary_list import show_glossary
from attnviz.ui.how_it_works.following import (
    FRESH,
    NO_TEXT,
    NO_WORD,
    RAIL,
    TEXT,
    follow,
    get_address,
    get_followable,
    get_last_trace,
    get_text,
    get_trace,
    keep_trace,
    start_state,
    take_text,
    take_word,
    tell_edits,
)
from attnviz.ui.how_it_works.steps import READING_WIDTH, show_first_steps, show_last_steps, show_softmax_step
from attnviz.ui.select import select
from attnviz.ui.state import LOADING, show_live
from attnviz.values.trace import FollowedWord

SOFTMAX = "softmax_live"


def show_page() -> None:
    """What is asked, and beside the rail the six steps with the live softmax between them."""
    st.title(tr("How it works"), anchor=False)
    st.markdown(
        tr(
            "How does a network with attention read a review? Follow one word through six steps, from its letters to "
            "the answer. The numbers are a trained network's own, about the text in the box."
        ),
        width=READING_WIDTH,
    )
    models = get_followable()
    if not models:
        st.error(
            tr("There is no usable text network with attention in the library. See the page Models, or train one.")
        )
        return
    start_state(models)
    checkpoint, trace = _show_question(models)
    mechanism = MECHANISMS[checkpoint.spec.name]
    rail, steps = st.columns([1, 4], gap="large")
    with rail, st.container(key="how_rail_follows"):
        titles = [step.name for step in mechanism.steps]
        show_step_rail(titles, get_text(), trace, key=RAIL, on_word=lambda: take_word(RAIL))
    with steps:
        _show_steps(mechanism, checkpoint, trace)
        show_glossary()


def _show_question(models: dict[str, Checkpoint]) -> tuple[Checkpoint, FollowedWord | None]:
    """The text, the network and what it is; what the steps are to show, if there is anything."""
    state, above = st.session_state, st.container()
    with st.container(key="how_choice"):
        left, right = st.columns([2, 3], gap="large")
        checkpoint = models[_choose_model(left, models)]
        trace, message = get_trace(checkpoint)
        mechanism = MECHANISMS[checkpoint.spec.name]
        if mechanism.column and trace:
            _choose_column(right, mechanism.column, len(trace.scores[0]))
    missing = message in (NO_TEXT, NO_WORD)
    shown = keep_trace(checkpoint, trace, missing=missing)
    with above:
        show_followed_text(
            state.review_text,
            state.review_revision,
            shown,
            answered=trace is not None or missing,
            message=join_sentences(
                filter(None, [tr(FRESH) if trace else "", tr(message), state.get("how_note"), tell_edits()])
            ),
            failed=not (trace or missing or message in ("", LOADING)),
            address=get_address(checkpoint, trace),
            key=TEXT,
            on_ask=take_text,
            on_word=lambda: take_word(TEXT),
        )
    st.markdown(mechanism.describe(), width=READING_WIDTH)
    return checkpoint, shown


def _choose_model(place: DeltaGenerator, models: dict[str, Checkpoint]) -> str:
    return select(
        tr("Model"),
        list(models),
        lambda name: f"{name} · {tr(models[name].spec.title)}",
        within=place,
        key="how_model",
        persist_state="session",
    )


def _choose_column(place: DeltaGenerator, column: str, count: int) -> None:
    words = SOFTMAX_WORDS[column]
    select(
        tr(words.title),
        [None, *range(count)],
        lambda index: tr("mean of all {n}", n=count) if index is None else tr(words.option, number=index + 1),
        within=place,
        help=tr(words.help),
        key=f"how_{column}",
        persist_state="session",
    )


def _show_steps(mechanism: Mechanism, checkpoint: Checkpoint, trace: FollowedWord | None) -> None:
    show_first_steps(mechanism, trace)
    with st.container(key="how_softmax"):
        show_softmax_step(mechanism, trace)
    # The steps are about the temperature of now.
    st.session_state.how_followed_temperature = st.session_state.how_temperature
    with st.container(key="how_live"):
        show_live(_show_softmax, checkpoint)
    with st.container(key="how_follows"):
        show_last_steps(mechanism, trace)


def _asked() -> None:
    """Something moved in the browser. Only what the page offers is taken."""
    try:
        if ask := read_ask(SOFTMAX, SoftmaxAsk):
            _move(ask)
    except SettingError as error:
        st.session_state.how_refused = str(error)


def _move(ask: SoftmaxAsk) -> None:
    state = st.session_state
    state.how_answered = ask.seq
    state.how_temperature = min(TEMPERATURES, key=lambda offered: abs(offered - ask.temperature))
    if ask.word is not None:
        follow(get_text(), ask.word)
    state.how_moved = ask.word is not None or ask.settled


def _show_softmax(checkpoint: Checkpoint) -> None:
    """The one part that runs again while the slider moves."""
    state = st.session_state
    trace, message = get_trace(checkpoint)
    shown = trace or get_last_trace(checkpoint)
    refused = state.pop("how_refused", "")
    if shown:
        show_softmax(
            shown,
            get_text(),
            model=checkpoint.name,
            answered=state.how_answered,
            followed=state.how_followed_temperature,
            state="ready" if trace and not refused else "error",
            message=refused or ("" if trace else tr(message)),
            key=SOFTMAX,
            on_ask=_asked,
        )
    if state.pop("how_moved", False):
        st.rerun()  # the hand rests, or another word is followed: the whole page is about that
