"""The trail of the page Reviews: the changes of words, and the probability after each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from attnviz.engine.protocol import PredictReviews
from attnviz.languages import tr
from attnviz.text.edits import TokenEdit, describe_token_edits
from attnviz.ui.asking import show_answer
from attnviz.ui.components.review_editor import Trail
from attnviz.ui.reviews.review_text import get_edited_text
from attnviz.ui.state import get_engine, identify
from attnviz.values.explanation import Explanation
from attnviz.values.model_card import ModelCard
from attnviz.values.prediction import Prediction

MOST_ASKED = 50
"""Texts a request: each of them may be long."""


def get_trail(card: ModelCard, answer: Explanation | None) -> Trail | None:
    """The changes of the text with what is known of them; None if there are none.

    Args:
        answer: whose target the probabilities are of.
    """
    state = st.session_state
    if not state.review_edits:
        return None
    labels = [tr("as typed"), *describe_token_edits(state.review_text, state.review_edits)]
    target = answer.target if answer else card.target or 0
    known = _get_known(_get_subject(card))
    return Trail(labels, {place: prediction.get_probability(target) for place, prediction in known.items()})


def keep_prediction(card: ModelCard, prediction: Prediction) -> None:
    """The answer to the text after the changes that count."""
    _get_known(_get_subject(card))[st.session_state.review_at] = prediction


def ask_for_trail(card: ModelCard) -> None:
    """Ask for the other changes, in one request that keeps no typed text waiting; call it before the trail is shown.

    Those are the ones that were passed too quickly to be answered, or by another network.
    """
    edits, at = list(st.session_state.review_edits), st.session_state.review_at
    if not edits or get_engine().state != "ready":
        return
    subject = _get_subject(card)
    missing = [place for place in range(len(edits) + 1) if place != at and place not in _get_known(subject)]
    if places := sorted(missing, key=lambda place: abs(place - at))[:MOST_ASKED]:
        operation = PredictReviews(card.name, tuple(get_edited_text(place).text for place in places))
        show_answer("trail", _keep, operation, subject, edits, places)


def _get_subject(card: ModelCard) -> Any:
    """What the probabilities are about: a network and the text as typed."""
    return identify(card), st.session_state.review_text


def _keep(found: Sequence[Prediction] | None, subject: Any, edits: list[TokenEdit], places: list[int]) -> None:
    state = st.session_state
    if found is None or state.review_trail[0] != subject:
        return
    for place, prediction in zip(places, found, strict=True):
        if state.review_edits[:place] == edits[:place]:  # the reader may have changed other words meanwhile
            _get_known(subject)[place] = prediction


def _get_known(subject: Any) -> dict[int, Prediction]:
    """The predictions by the number of changes, as far as the present changes are those that they were found for."""
    state = st.session_state
    edits = state.review_edits
    before, then, known = state.get("review_trail", (None, [], {}))
    if before != subject:
        known = {}
    elif then != edits:
        pairs = enumerate(zip(then, edits, strict=False))
        shared = next((place for place, (old, new) in pairs if old != new), min(len(then), len(edits)))
        known = {place: prediction for place, prediction in known.items() if place <= shared}
    state.review_trail = subject, list(edits), known
    return known
