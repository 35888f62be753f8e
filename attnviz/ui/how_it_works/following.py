"""What the page How it works follows: a text, a network, a word, a temperature, and the trace of them."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.protocol import Trace
from attnviz.errors import AttnvizError, SettingError, Superseded
from attnviz.languages import mark, tr
from attnviz.render.follow_link import FollowView, read_follow_link, write_follow_link
from attnviz.render.links import DEFAULT_MODEL
from attnviz.render.mechanisms import MECHANISMS
from attnviz.runs.checkpoint import Checkpoint
from attnviz.text.edits import find_again
from attnviz.ui.door import WordAsk, is_outrun, read_ask, read_text
from attnviz.ui.language import write_address
from attnviz.ui.reviews.review_text import make_printable, set_edits, set_text, start_text
from attnviz.ui.state import LOADING, get_engine, get_review_checkpoints, get_session
from attnviz.values.trace import FollowedWord

TEXT, RAIL = "how_text", "how_rail"
"""The keys of the components."""

FRESH = mark("Every number below is computed from this text.")
NO_TEXT = mark("There is no text yet. Write a review, and follow one of its words through the network.")
NO_WORD = mark("There is no word in this text, only signs. Write one, and follow it through the network.")
ALL_UNKNOWN = mark(
    "The network knows none of these words: it reads the same placeholder for each, so the answer says nothing."
)


def get_followable() -> dict[str, Checkpoint]:
    """The networks whose attention can be followed step by step, by name."""
    return {name: item for name, item in get_review_checkpoints().items() if item.spec.name in MECHANISMS}


def start_state(models: dict[str, Checkpoint]) -> None:
    """The state of a first visit, or of a link; otherwise what is there stays."""
    state = st.session_state
    start_text()
    _follow_address(models)
    if state.get("how_model") not in models:  # also a run that was deleted meanwhile
        names = (state.get("how_model"), state.get("review_model"), DEFAULT_MODEL, *models)
        state.how_model = next(name for name in names if name in models)
    state.setdefault("how_temperature", 1.0)
    state.setdefault("how_answered", 0)


def _follow_address(models: dict[str, Checkpoint]) -> None:
    """What the address asks for on a first visit."""
    state = st.session_state
    if "how_visited" in state:
        return
    state.how_visited = True
    asked = st.query_params.to_dict()
    if not {"model", "text", "word"} & set(asked):
        return
    default = DEFAULT_MODEL if DEFAULT_MODEL in models else next(iter(models))
    view, notes = read_follow_link(asked, models, default)
    state.how_model, state.how_note = view.model, " ".join(notes)
    if view.text is not None:
        set_text(view.text)
    if view.word is not None:
        follow(state.review_text, view.word)


def get_text() -> str:
    """The text of the page Reviews, as the engine and the words of Streamlit can have it."""
    return make_printable(st.session_state.review_text)


def follow(text: str, word: int) -> None:
    """From now on the word that starts there in this text is followed."""
    state = st.session_state
    state.how_followed, state.how_visited = (make_printable(text), word), True


def take_text() -> None:
    """Something was typed."""
    state = st.session_state
    if is_outrun(TEXT, state.review_revision):
        return
    text = read_text(TEXT)
    if text is None or text == state.review_text:
        return
    _carry_word(make_printable(text))
    state.review_text, state.review_source, state.how_note = text, "", ""
    set_edits([], 0)


def _carry_word(text: str) -> None:
    """The word that was chosen is followed in the new text, too, if it stands before or behind what was typed."""
    state = st.session_state
    before, word = state.get("how_followed", ("", None))
    if word is not None and before == get_text() and (place := find_again(before, text, word)) is not None:
        follow(text, place)


def take_word(key: str) -> None:
    """A word was chosen, in the component with this key; one of an older text is left alone."""
    try:
        if ask := read_ask(key, WordAsk, "word"):
            follow(ask.text, ask.word)
    except SettingError as error:
        st.session_state.how_note = str(error)


def get_trace(checkpoint: Checkpoint) -> tuple[FollowedWord | None, str]:
    """The trace of the text, the word and the temperature of now, None if there is none; and why, in English words."""
    state, engine = st.session_state, get_engine()
    operation = _build_question(checkpoint)
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
        return trace, "" if any(token.known for token in trace.tokens) else ALL_UNKNOWN
    return None, NO_WORD if get_text().strip() else NO_TEXT


def _build_question(checkpoint: Checkpoint) -> Trace:
    state = st.session_state
    text, word = state.get("how_followed", ("", None))
    column = MECHANISMS[checkpoint.spec.name].column
    return Trace(
        checkpoint.name,
        get_text(),
        state.how_temperature,
        word if text == get_text() else None,
        state.get(f"how_{column}") if column else None,
    )


def keep_trace(checkpoint: Checkpoint, trace: FollowedWord | None, *, missing: bool) -> FollowedWord | None:
    """What the page shows: this trace, or as long as there is none the last one of the network, which is stale then.

    Args:
        missing: whether there is no word to follow, so that nothing is shown.
    """
    state = st.session_state
    if trace or missing:
        state.how_shown = checkpoint.name, trace
    name, shown = state.get("how_shown", ("", None))
    return shown if name == checkpoint.name else None


def tell_edits() -> str:
    """That words are left out on the page Reviews, where they are."""
    if not st.session_state.review_at:
        return ""
    return tr("Words that are left out or replaced on the page Reviews are read here as they were typed.")


def get_last_trace(checkpoint: Checkpoint) -> FollowedWord | None:
    """The last answer about this text, so that what shows it stays when a newer one fails."""
    operation, trace = st.session_state.get("how_answer", (None, None))
    about = operation and (operation.model, operation.text)
    return trace if about == (checkpoint.name, get_text()) else None


def get_address(checkpoint: Checkpoint, trace: FollowedWord | None) -> str:
    """The query of the address of what is shown: model, text, and the word if one was chosen."""
    text, word = st.session_state.get("how_followed", ("", None))
    chosen = word if trace and text == trace.text else None
    view = FollowView(checkpoint.name, get_text(), chosen)
    return write_address(write_follow_link(view))
