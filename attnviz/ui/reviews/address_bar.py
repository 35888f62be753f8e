"""The page Reviews and the address bar: a link is followed on a first visit, and the address follows what is shown."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from attnviz.render.links import Offer, View, read_link, write_link
from attnviz.render.phrases import join_sentences
from attnviz.runs.factory_card import read_factory
from attnviz.ui.language import write_address
from attnviz.ui.reviews.review_text import set_text
from attnviz.values.methods import pick_typed
from attnviz.values.model_card import ModelCard


def follow_address(models: Mapping[str, ModelCard]) -> View:
    """What the address asks for on a first visit, else the default; the selects show it until somebody chooses.

    Args:
        models: the usable networks, at least one.
    """
    state = st.session_state
    offered = {name: Offer(pick_typed(card.methods), card.labels) for name, card in models.items()}
    if "review_first_view" not in state:
        factory = read_factory()  # the model that the app was started for is the one to begin with
        begin = {"model": factory.card.name} if factory else {}
        view, notes = read_link({**begin, **st.query_params.to_dict()}, offered)
        state.review_first_view = view
        if view.text is not None or notes:
            set_text(state.review_text if view.text is None else view.text, join_sentences(notes))
    first: View = state.review_first_view
    return first if first.model in models else read_link({}, offered)[0]  # a run may have been deleted meanwhile


def get_address(view: View) -> str | None:
    """The query of the address of what is shown; None as long as that is what the visitor came to."""
    state = st.session_state
    if state.setdefault("review_came_to", view) != view:
        state.review_address = write_address(write_link(view))
    address: str | None = state.get("review_address")
    return address
