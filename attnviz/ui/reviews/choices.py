"""What the page Reviews asks: which network, which kind of scores, and for which label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from attnviz.languages import tr
from attnviz.render.labels import name_label
from attnviz.render.links import DEFAULT_MODEL, View
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_percent
from attnviz.render.phrases import join_sentences
from attnviz.render.sentences import explain_methods
from attnviz.ui.reviews.address_bar import follow_address
from attnviz.ui.reviews.review_text import get_edited_text
from attnviz.ui.select import select
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS, SIGNED_METHODS, pick_typed
from attnviz.values.model_card import ModelCard

CONTRAST = (DEFAULT_MODEL, "lstm-dot")
"""Even weights instead of the learned ones cost the first 25 points of accuracy, the second 2."""

ANY = -1
"""The class that is explained is the most probable one, whichever that is."""


class Choice(NamedTuple):
    """A network, a method that it offers, and the label that is explained; None for the network's own choice."""

    card: ModelCard
    method: str
    target: int | None = None

    def get_view(self, text: str) -> View:
        """What a link to this choice and a text holds."""
        label = None if self.target is None else self.card.labels[self.target]
        return View(self.card.name, self.method, text, label)

    def is_answered_by(self, answer: Explanation | None) -> bool:
        """Whether an answer is one to this choice."""
        if answer is None or (answer.model, answer.method) != (self.card.name, self.method):
            return False
        if self.target is not None:
            return answer.target == self.target
        own = self.card.target
        return answer.target == (answer.prediction.predicted or 0 if own is None else own)


def choose(models: Mapping[str, ModelCard]) -> Choice:
    """The selects.

    Args:
        models: the usable networks, at least one.
    """
    first = follow_address(models)
    if st.session_state.get("review_model") not in models:
        st.session_state.pop("review_model", None)  # a run that was deleted meanwhile
    left, middle, right = st.columns([5, 2, 5], vertical_alignment="bottom")
    with left:
        card = _choose_model(models, first)
    with middle:
        _offer_contrast(card.name, models)
    with right:
        method = _choose_method(card, first)
    if card.origin == "yours" and (missing := describe_missing(card)):
        st.caption(missing)
    return Choice(card, method, _choose_label(card, method, first))


def describe_missing(card: ModelCard) -> str:
    """Why the methods of the select that this model does not offer are not there, in Markdown."""
    why = [f"{METHODS[name].title}: {escape_markdown(tr(card.missing[name]))}" for name in pick_typed(card.missing)]
    return tr("Not offered: {reasons}", reasons=join_sentences(why)) if why else ""


def get_answer(choice: Choice) -> Explanation | None:
    """The answer to this choice and to the text that the network reads; None while there is none."""
    answer: Explanation | None = st.session_state.get("review_answer")
    return answer if choice.is_answered_by(answer) and answer and answer.text == get_edited_text().text else None


def name_model(card: ModelCard) -> str:
    """A model in a select: its name and title, its accuracy, and a badge if it is not one that ships."""
    title = [] if card.title == card.name else [tr(card.title)]
    accuracy = [] if card.accuracy is None else [format_percent(card.accuracy)]
    return " · ".join([card.name, *title, *accuracy, *([tr("yours")] if card.origin != "shipped" else [])])


def _choose_model(models: Mapping[str, ModelCard], first: View) -> ModelCard:
    names = list(models)
    name = select(
        tr("Model"),
        names,
        lambda name: name_model(models[name]),
        # A default, not a value in the session's state: Streamlit's browser side takes such a value for news from here
        # and forgets to send a choice that is made while it arrives.
        index=names.index(first.model),
        help=join_sentences(f"**{name}**: {escape_markdown(tr(card.summary))}" for name, card in models.items()),
        key="review_model",
        persist_state="session",
    )
    return models[name]


def _offer_contrast(name: str, models: Mapping[str, ModelCard]) -> None:
    """One click from a network that lives by its weights to one that hardly needs them, and back."""
    other = CONTRAST[1] if name == CONTRAST[0] else CONTRAST[0]
    if other in models:
        label, about = tr("Try {model}", model=other), tr(models[other].summary)
        st.button(label, key="review_contrast", on_click=_switch, args=(other,), help=about, width="stretch")


def _switch(name: str) -> None:
    st.session_state.review_model = name


def _choose_method(card: ModelCard, first: View) -> str:
    methods = pick_typed(card.methods)
    return select(
        tr("Method"),
        methods,
        lambda name: METHODS[name].title,
        help=explain_methods(methods),
        index=methods.index(first.method) if first.method in methods else 0,
        key=f"review_method_{'-'.join(methods)}",
        persist_state="session",
    )


def _choose_label(card: ModelCard, method: str, first: View) -> int | None:
    """Of more than two labels, the one that signed scores speak for; attention speaks for none."""
    labels = card.labels
    if len(labels) == 2 or method not in SIGNED_METHODS:
        return None
    options = (ANY, *range(len(labels)))
    _, _, right = st.columns([5, 2, 5])
    chosen: int = select(
        tr("Explained class"),
        options,
        lambda label: tr("the most probable one") if label == ANY else name_label(labels[label]),
        within=right,
        index=labels.index(first.label) + 1 if first.label in labels else 0,
        help=tr("Which class the scores speak for (blue) or against (orange)."),
        key=f"review_label_{'-'.join(labels)}",
        persist_state="session",
    )
    return None if chosen == ANY else chosen
