"""The page How it works: one word of the reader's review, followed from its letters to the answer."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.protocol import Trace
from attnviz.errors import AttnvizError, SettingError, Superseded
from attnviz.render.links import DEFAULT_MODEL
from attnviz.render.mechanisms import MECHANISMS
from attnviz.render.sentences import format_probability
from attnviz.render.trace_report import label_word, shorten
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.components.softmax_stage import TEMPERATURES, show_softmax
from attnviz.ui.door import SoftmaxAsk, read_ask
from attnviz.ui.how_it_works.steps import READING_WIDTH, show_first_steps, show_last_steps, show_softmax_step
from attnviz.ui.reviews.review_text import make_printable, set_text, start_text
from attnviz.ui.reviews.reviews_page import show_page as show_reviews
from attnviz.ui.state import LOADING, get_engine, get_review_checkpoints, get_session, show_live
from attnviz.values.trace import FollowedWord

SOFTMAX = "softmax_live"


def show_page() -> None:
    """What is asked, the six steps, and the live softmax between them."""
    st.title("How it works", anchor=False)
    st.markdown(
        "How does a network with attention read a review? Follow one word through all six steps, from its letters to "
        "the answer. Every number on this page was computed just now, from this text, by a trained network.",
        width=READING_WIDTH,
    )
    models = {name: item for name, item in get_review_checkpoints().items() if item.spec.name in MECHANISMS}
    if not models:
        st.error("There is no usable text network with attention in the library. See the page Models, or train one.")
        return
    _start_state(models)
    checkpoint, trace = _show_question(models)
    mechanism = MECHANISMS[checkpoint.spec.name]
    show_first_steps(mechanism, trace)
    with st.container(key="how_softmax"):
        show_softmax_step(mechanism, trace)
    # The steps are about the temperature of now.
    st.session_state.how_followed_temperature = st.session_state.how_temperature
    show_live(_show_softmax, checkpoint)
    with st.container(key="how_follows"):
        show_last_steps(mechanism, trace)


def _start_state(models: dict[str, Checkpoint]) -> None:
    state = st.session_state
    start_text()
    if state.get("how_model") not in models:
        state.pop("how_model", None)  # a run that was deleted meanwhile
    state.setdefault("how_temperature", 1.0)
    state.setdefault("how_answered", 0)


def _show_question(models: dict[str, Checkpoint]) -> tuple[Checkpoint, FollowedWord | None]:
    """The text, the network, the followed word, and what the network says of the text; its trace, if there is one."""
    state = st.session_state
    left, right = st.columns([3, 2], gap="large")
    key = _get_box_key()
    left.text_area("Review", _get_text(), key=key, height=150, on_change=_typed, args=(key,))
    with right:
        names = list(models)
        start = next(name for name in (state.get("review_model"), DEFAULT_MODEL, *names) if name in models)
        name = st.selectbox(
            "Model",
            names,
            names.index(start),
            format_func=lambda name: f"{name} · {models[name].spec.title}",
            key="how_model",
            persist_state="session",
        )
        checkpoint = models[name]
        trace, message = get_trace(checkpoint)
        if trace:
            _choose_word(trace)
        with st.container(horizontal=True, vertical_alignment="center"):
            if trace and len(trace.scores[0]) > 1:
                _choose_feature(len(trace.scores[0]))
    mechanism = MECHANISMS[checkpoint.spec.name]
    if trace:
        st.markdown(_describe_trace(name, trace), width=READING_WIDTH)
    elif message:
        st.markdown(message, width=READING_WIDTH)
    st.markdown(f"**{mechanism.title}.** {mechanism.paper}", width=READING_WIDTH)
    st.page_link(st.Page(show_reviews, title="Reviews", url_path="reviews", default=True), label="← Back to Reviews")
    return checkpoint, trace


def _get_text() -> str:
    """The text of the page Reviews, as a box and the labels of Streamlit can show it."""
    return make_printable(st.session_state.review_text)


def _get_box_key() -> str:
    """The key of the text box: a new one when the text was changed elsewhere, so that it starts from that."""
    state = st.session_state
    number = state.setdefault("how_box", 0)
    if state.get(f"how_text_{number}", _get_text()) != _get_text():
        state.how_box = number + 1
    return f"how_text_{state.how_box}"


def _typed(key: str) -> None:
    set_text(st.session_state[key])


def _choose_word(trace: FollowedWord) -> None:
    state, starts = st.session_state, [token[1] for token in trace.tokens]
    word = (_get_text(), starts[trace.word])
    if state.get("how_word_shown") != word:  # not chosen here: a new widget starts from it
        state.how_word_shown = word
        state.how_word_number = state.get("how_word_number", 0) + 1
    key = f"how_word_{state.how_word_number}"
    st.selectbox(
        "Word to follow",
        starts,
        trace.word,
        format_func=lambda start: label_word(trace, starts.index(start)) if start in starts else "",
        help="At first the word with the largest weight. A click on a word further down chooses it too.",
        key=key,
        on_change=_choose,
        args=(key,),
    )


def _choose(key: str) -> None:
    state = st.session_state
    _follow(state[key])
    state.how_word_shown = state.how_followed


def _choose_feature(count: int) -> None:
    st.selectbox(
        "Feature",
        [None, *range(count)],
        format_func=lambda feature: f"mean of all {count}" if feature is None else f"feature {feature + 1}",
        help="Each feature has scores and weights of its own. The page Reviews shows their mean.",
        key="how_feature",
        persist_state="session",
    )


def _follow(start: int) -> None:
    st.session_state.how_followed = (_get_text(), start)


def get_trace(checkpoint: Checkpoint) -> tuple[FollowedWord | None, str]:
    """The trace of the text, the word and the temperature of now, None if there is none; and why, in words."""
    state, engine = st.session_state, get_engine()
    text, word = state.get("how_followed", ("", None))
    operation = Trace(
        checkpoint.name,
        _get_text(),
        state.how_temperature,
        word if text == _get_text() else None,
        state.get("how_feature") if checkpoint.spec.name == "lstm-featurewise" else None,
    )
    if state.get("how_answer", (None, None))[0] != operation:
        if engine.state == "loading":
            return None, LOADING
        try:
            state.how_answer = operation, engine.ask(operation, editor=f"{get_session()}-how")
        except Superseded:
            return None, ""
        except AttnvizError as error:
            return None, str(error)
    trace: FollowedWord | None = state.how_answer[1]
    if trace:
        return trace, ""
    if _get_text().strip():
        return None, "There is no word in this text, only signs. Write one, and follow it through the network."
    return None, "There is no text yet. Write a review above, and follow one of its words through the network."


def _describe_trace(name: str, trace: FollowedWord) -> str:
    count, word = len(trace.tokens), shorten(trace.tokens[trace.word][0])
    unread = trace.truncated
    words = f"{count:,} word{'' if count == 1 else 's'}"
    if unread:
        words = f"the last {words} (it reads no more; the first {unread:,} are left out)"
    return (
        f"**{name}** reads {words} and says: {trace.label} with probability "
        f"**{format_probability(trace.usual_probability)}**. We follow **{word}**, word {trace.word + 1}."
    )


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
        _follow(ask.word)
    state.how_moved = ask.word is not None or ask.settled


def _show_softmax(checkpoint: Checkpoint) -> None:
    """The one part that runs again while the slider moves."""
    state = st.session_state
    trace, message = get_trace(checkpoint)
    shown = trace or _last_trace(checkpoint)
    refused = state.pop("how_refused", "")
    if shown:
        show_softmax(
            shown,
            _get_text(),
            model=checkpoint.name,
            answered=state.how_answered,
            followed=state.how_followed_temperature,
            state="ready" if trace and not refused else "error",
            message=refused or message,
            key=SOFTMAX,
            on_ask=_asked,
        )
    if state.pop("how_moved", False):
        st.rerun()  # the hand rests, or another word is followed: the whole page is about that


def _last_trace(checkpoint: Checkpoint) -> FollowedWord | None:
    """The last answer about this text, so that the slider stays when a newer one fails."""
    operation, trace = st.session_state.get("how_answer", (None, None))
    about = operation and (operation.model, operation.text)
    return trace if about == (checkpoint.name, _get_text()) else None
