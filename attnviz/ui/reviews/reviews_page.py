"""The page Reviews: type a review and see what a network attended to."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from attnviz.data.examples import EXAMPLES
from attnviz.data.imdb import find_imdb, load_imdb
from attnviz.engine.protocol import Explain
from attnviz.errors import AttnvizError, SettingError, Superseded
from attnviz.languages import tr
from attnviz.render.phrases import join_sentences
from attnviz.ui.asking import is_end_of_asking
from attnviz.ui.browser_networks import get_network_address, why_no_network
from attnviz.ui.components.review_editor import show_review_editor
from attnviz.ui.components.tour import show_tour
from attnviz.ui.door import EditorAsk, WordAsk, is_outrun, read_ask, read_text
from attnviz.ui.how_it_works.following import follow, get_followable
from attnviz.ui.how_it_works.how_page import show_page as show_how
from attnviz.ui.own_data.example_texts import offer_example_texts
from attnviz.ui.reviews.address_bar import get_address
from attnviz.ui.reviews.choices import Choice, choose, get_answer
from attnviz.ui.reviews.edit_trail import ask_for_trail, get_trail, keep_prediction
from attnviz.ui.reviews.kept_curve import ask_for_curve, get_curve
from attnviz.ui.reviews.review_text import get_edited_text, set_edits, set_test_review, set_text, start_text
from attnviz.ui.reviews.tabs import show_sections
from attnviz.ui.state import LOADING, get_checkpoint, get_engine, get_review_models, get_session, identify, show_live
from attnviz.values.explanation import Explanation
from attnviz.values.methods import SIGNED_METHODS
from attnviz.values.model_card import ModelCard

EDITOR = "review_editor"


def show_page() -> None:
    """Everything on the page, from the question to the depth on demand."""
    models = get_review_models()
    with st.container(horizontal=True, vertical_alignment="bottom", key="review_head"):
        st.title(tr("Reviews"), anchor=False, width="content")
        st.markdown(_describe(models))
        show_tour()
    if not models:
        st.error(tr("There is no usable text network in the library. See the page Models, or train one."))
        return
    start_text()
    texts = st.container(key="review_texts", horizontal=True, vertical_alignment="center")
    with st.container(key="review_choice"):
        choice = choose(models)
    with texts:
        _offer_texts(choice.card)
    state = st.session_state
    state.review_shown_address = get_address(choice.get_view(state.review_text))
    # Somebody may be typing again; what follows the editor waits for the next idle moment.
    follows = not is_end_of_asking() or "review_idle_text" not in state
    if follows:
        state.review_idle_text = get_edited_text().text
    # Always there: the editor would be made anew if there were something more or less above it.
    with st.container(key="review_asks"):  # it shows nothing but an error, and style.css lets it take no space
        ask_for_trail(choice.card)
        ask_for_curve(choice, state.review_idle_text)
    show_live(_show_editor, choice)
    if follows or not choice.is_answered_by(state.get("review_followed")):
        state.review_followed = get_answer(choice)
    show_sections(choice, state.review_followed)


def _describe(models: Mapping[str, ModelCard]) -> str:
    said = tr("Type a film review: see which words the network looked at, and whether to believe the picture.")
    if any(card.origin == "yours" or card.data for card in models.values()):
        own = tr("For a model or data of your own, type a text of the kind that it was trained on.")
        return join_sentences([said, own])
    return said


def _offer_texts(card: ModelCard) -> None:
    """Film reviews for the networks that learned those; texts of one's own data; or what a model was tried on."""
    if card.data:
        offer_example_texts(card)
    elif card.origin != "yours":
        _offer_reviews()
    elif text := st.session_state.get("brought_texts", {}).get(card.name):
        st.button(tr("The text that you tried"), key="tried_text", on_click=set_text, args=(text,))


def _offer_reviews() -> None:
    for title, text in EXAMPLES.items():
        st.button(tr(title), key=f"example_{title}", on_click=set_text, args=(text,))
    if _archive_is_here() and st.button(tr("Random test review"), key="random_review"):
        with st.spinner(tr("Reading the reviews (the first time takes about 20 s)…")):
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
    """Something was typed or changed in the editor. A text is taken also where its changes are refused."""
    state = st.session_state
    if is_outrun(EDITOR, state.review_revision):
        return
    if (text := read_text(EDITOR)) is not None:
        _take_text(text)
    try:
        if ask := read_ask(EDITOR, EditorAsk):
            set_edits(list(ask.steps), ask.at)
    except SettingError as error:
        state.review_source = str(error)


def _take_text(text: str) -> None:
    """What was typed; steps belong to the text before."""
    state = st.session_state
    if text != state.review_text:
        state.review_text, state.review_source = text, ""
        set_edits([], 0)


def _idle() -> None:
    st.session_state.review_follow = True


def _follow() -> None:
    """A word is to be followed through the network, on the page for that."""
    state = st.session_state
    try:
        if ask := read_ask(EDITOR, WordAsk, "follow"):
            follow(ask.text, ask.word)
            state.how_model, state.review_leave = state.review_model, True
            _take_text(ask.text)
    except SettingError as error:
        state.review_source = str(error)


def _go_and_follow() -> None:
    st.switch_page(st.Page(show_how, title=tr("How it works"), url_path="how-it-works"))


def _show_editor(choice: Choice) -> None:
    """The editor and its answer: the one part that runs again while somebody types."""
    state, engine, (card, method, target) = st.session_state, get_engine(), choice
    edited = get_edited_text()
    shown: dict[str, Any] = {"state": "ready", "message": state.review_source}
    network = get_network_address(card)
    if engine.state == "loading":
        shown = _show_stored(card, method)
        if network and method not in SIGNED_METHODS:  # the browser needs nothing of what is being loaded
            shown["message"] = state.review_source
    else:
        try:
            asked = (identify(card), method, target, edited.text)
            if state.get("review_last", (None,))[0] != asked:  # the page runs more often than the text changes
                # All at once: a run may be cut short at any access to the session's state.
                found = engine.ask(Explain(card.name, edited.text, method, target), editor=get_session())
                state.review_last = asked, found, _ask_attention(choice, edited.text)
            state.review_answer, state.review_edited = state.review_last[1], edited
            keep_prediction(card, state.review_answer.prediction)
        except Superseded:
            shown = {"state": "loading", "message": ""}
        except AttnvizError as error:
            shown = {"state": "error", "message": str(error)}
    answer, curve = state.get("review_answer"), get_curve(choice)
    show_review_editor(
        state.review_text,
        state.review_revision,
        state.review_edits,
        state.review_at,
        explanation=answer,
        attention=_get_attention(answer),
        edited=state.get("review_edited"),
        trail=get_trail(card, answer),
        curve=curve,
        curve_is_old=bool(curve and curve.text != edited.text),
        followed=state.review_idle_text == edited.text,
        method=method,
        target=target,
        network=network,
        why=why_no_network(card),
        address=state.review_shown_address,
        can_follow=card.name in get_followable(),
        key=EDITOR,
        on_ask=_asked,
        on_idle=_idle,
        on_follow=_follow,
        **shown,
    )
    if state.pop("review_leave", False):
        _go_and_follow()
    if state.pop("review_follow", False):
        st.rerun()  # nobody is typing: the sections below follow


def _ask_attention(choice: Choice, text: str) -> Explanation | None:
    """What the network attended to, which stands beside the scores of a signed method; None where there is none."""
    if choice.method not in SIGNED_METHODS or "attention" not in choice.card.methods:
        return None
    return get_engine().ask(Explain(choice.card.name, text, "attention", choice.target), editor=get_session())


def _get_attention(answer: Explanation | None) -> Explanation | None:
    """The attention that was asked with this answer."""
    last = st.session_state.get("review_last")
    return last[2] if last and last[1] is answer else None


def _show_stored(card: ModelCard, method: str) -> dict[str, str]:
    """While the engine loads, an example has its answer already: the one that was stored with the network."""
    text, checkpoint = st.session_state.review_text, get_checkpoint(card)
    for example in checkpoint.examples if checkpoint else ():
        if (example.text, example.method) == (text, method):
            st.session_state.review_answer = replace(example, model=card.name)
            st.session_state.review_edited = None
            stored = tr("This answer was stored with the network.")
            return {"state": "ready", "message": join_sentences([stored, tr(LOADING)])}
    return {"state": "loading", "message": tr(LOADING)}
