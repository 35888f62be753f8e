"""The page Reviews: type a review and see what a network attended to."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import streamlit as st

from attnviz.data.examples import EXAMPLES
from attnviz.data.imdb import find_imdb, load_imdb
from attnviz.errors import AttnvizError, Superseded
from attnviz.render.sentences import METHOD_HELP, METHODS
from attnviz.runs.checkpoint import Checkpoint
from attnviz.text.edits import read_token_edits
from attnviz.ui.asking import is_end_of_asking
from attnviz.ui.components.review_editor import show_review_editor
from attnviz.ui.reviews.address_bar import follow_address, get_address, get_method_key
from attnviz.ui.reviews.edit_trail import ask_for_trail, get_trail, keep_probability
from attnviz.ui.reviews.review_text import get_answer, get_edited_text, set_edits, set_test_review, set_text, start_text
from attnviz.ui.reviews.tabs import show_sections
from attnviz.ui.state import LOADING, get_engine, get_review_models, get_session, show_live
from attnviz.values.explanation import Explanation

EDITOR = "review_editor"


def show_page() -> None:
    """Everything on the page, from the question to the depth on demand."""
    st.title("Reviews", anchor=False)
    st.markdown("Type a film review. The network says how positive it is, and shows the words that it attended to.")
    models = get_review_models()
    if not models:
        st.error("There is no usable text network in the library. See the page Models, or train one.")
        return
    start_text()
    model, method = _choose(models)
    _offer_texts()
    state = st.session_state
    state.review_shown_address = get_address(model, method)
    follows = not is_end_of_asking()  # somebody may be typing again; what follows the editor waits for the next rest
    if follows:
        state.review_rested = get_edited_text().text
    ask_for_trail(models[model])
    show_live(_show_editor, models[model], method)
    if follows or not _is_by(state.get("review_followed"), model, method):
        state.review_followed = get_answer(model, method)
    show_sections(models[model], method, state.review_followed)


def _is_by(answer: Explanation | None, model: str, method: str) -> bool:
    return answer is not None and (answer.model, answer.method) == (model, method)


def _choose(models: dict[str, Checkpoint]) -> tuple[str, str]:
    names = list(models)
    first = follow_address(models)
    if st.session_state.get("review_model") not in names:
        st.session_state.pop("review_model", None)  # a run that was deleted meanwhile
    left, right = st.columns(2)
    model = left.selectbox(
        "Model",
        names,
        # A default, not a value in the session's state: Streamlit's browser side takes such a value for news from here
        # and forgets to send a choice that is made while it arrives.
        index=names.index(first.model),
        format_func=lambda name: f"{name} · {models[name].spec.title}",
        help=" ".join(f"**{name}**: {item.spec.summary}" for name, item in models.items()),
        key="review_model",
        persist_state="session",
    )
    methods = models[model].spec.methods
    method = right.selectbox(
        "Method",
        methods,
        format_func=lambda name: METHODS[name],
        help=" ".join(f"**{METHODS[name]}**: {METHOD_HELP[name]}" for name in methods),
        index=methods.index(first.method) if first.method in methods else 0,
        key=get_method_key(models[model]),
        persist_state="session",
    )
    return model, method


def _offer_texts() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="review_texts"):
        st.markdown("Examples")
        for title, text in EXAMPLES.items():
            st.button(title, key=f"example_{title}", on_click=set_text, args=(text,))
        drawn = False
        if _archive_is_here():
            drawn = st.button("Random test review", key="random_review")
    if drawn:
        with st.spinner("Reading the reviews (the first time takes about 20 s)…"):
            _draw_review()


def _archive_is_here() -> bool:
    try:
        return find_imdb() is not None
    except AttnvizError:
        return False


def _draw_review() -> None:
    try:
        test = load_imdb(download=False).test
    except AttnvizError as error:
        st.session_state.review_source = str(error)
        return
    set_test_review(test, random.randrange(len(test)))


def _asked() -> None:
    """Something was typed or changed in the editor. What comes from a browser is read with care."""
    state, ask = st.session_state, st.session_state[EDITOR]["ask"]
    if not ask:  # the component appeared anew
        return
    if ask["text"] != state.review_text:
        state.review_text, state.review_source = str(ask["text"]), ""
    try:
        set_edits(read_token_edits(ask["steps"]), int(ask["at"]))
    except AttnvizError as error:
        state.review_source = str(error)


def _rested() -> None:
    st.session_state.review_follow = True


def _show_editor(checkpoint: Checkpoint, method: str) -> None:
    """The editor and its answer: the one part that runs again while somebody types."""
    state, engine = st.session_state, get_engine()
    edited = get_edited_text()
    shown: dict[str, Any] = {"state": "ready", "message": state.review_source}
    if engine.state == "loading":
        shown = _show_stored(checkpoint, method)
    else:
        try:
            asked = (checkpoint.name, checkpoint.files, method, edited.text)
            if state.get("review_last", (None, None))[0] != asked:  # the page runs more often than the text changes
                # Both at once: a run may be cut short at any access to the session's state.
                state.review_last = asked, engine.explain(checkpoint.name, edited.text, method, editor=get_session())
            state.review_answer, state.review_edited = state.review_last[1], edited
            keep_probability(checkpoint, state.review_answer.probability)
        except Superseded:
            shown = {"state": "loading", "message": ""}
        except AttnvizError as error:
            shown = {"state": "error", "message": str(error)}
    show_review_editor(
        state.review_text,
        state.review_revision,
        state.review_edits,
        state.review_at,
        explanation=state.get("review_answer"),
        edited=state.get("review_edited"),
        trail=get_trail(checkpoint),
        rested=state.review_rested == edited.text,
        address=state.review_shown_address,
        key=EDITOR,
        on_ask=_asked,
        on_rest=_rested,
        **shown,
    )
    if state.pop("review_follow", False):
        st.rerun()  # nobody is typing: the sections below follow


def _show_stored(checkpoint: Checkpoint, method: str) -> dict[str, str]:
    """While the engine loads, an example has its answer already: the one that was stored with the network."""
    text = st.session_state.review_text
    for example in checkpoint.examples:
        if (example.text, example.method) == (text, method):
            st.session_state.review_answer = replace(example, model=checkpoint.name)
            st.session_state.review_edited = None
            return {"state": "ready", "message": f"This answer was stored with the network. {LOADING}"}
    return {"state": "loading", "message": LOADING}
