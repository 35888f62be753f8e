"""What the page Reviews asks: which network, which kind of scores, and for which label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from attnviz.render.links import DEFAULT_MODEL, View
from attnviz.render.sentences import explain_methods
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.reviews.address_bar import follow_address
from attnviz.ui.reviews.review_text import get_edited_text
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS, SIGNED_METHODS, pick_typed

CONTRAST = (DEFAULT_MODEL, "lstm-dot")
"""Even weights instead of the learned ones cost the first 25 points of accuracy, the second 2."""


class Choice(NamedTuple):
    """A network, a method that it offers, and the label that is explained; None for the network's own choice."""

    checkpoint: Checkpoint
    method: str
    target: int | None = None

    def get_view(self, text: str) -> View:
        """What a link to this choice and a text holds."""
        label = None if self.target is None else self.checkpoint.spec.labels[self.target]
        return View(self.checkpoint.name, self.method, text, label)

    def is_answered_by(self, answer: Explanation | None) -> bool:
        """Whether an answer is one to this choice."""
        if answer is None or (answer.model, answer.method) != (self.checkpoint.name, self.method):
            return False
        if self.target is not None:
            return answer.target == self.target
        own = self.checkpoint.spec.target
        return answer.target == (answer.prediction.predicted or 0 if own is None else own)


def choose(models: Mapping[str, Checkpoint]) -> Choice:
    """The selects.

    Args:
        models: the usable networks, at least one.
    """
    first = follow_address(models)
    if st.session_state.get("review_model") not in models:
        st.session_state.pop("review_model", None)  # a run that was deleted meanwhile
    left, middle, right = st.columns([5, 2, 5], vertical_alignment="bottom")
    with left:
        checkpoint = _choose_model(models, first)
    with middle:
        _offer_contrast(checkpoint.name, models)
    with right:
        method = _choose_method(checkpoint, first)
    return Choice(checkpoint, method, _choose_label(checkpoint, method, first))


def get_answer(choice: Choice) -> Explanation | None:
    """The answer to this choice and to the text that the network reads; None while there is none."""
    answer: Explanation | None = st.session_state.get("review_answer")
    return answer if choice.is_answered_by(answer) and answer and answer.text == get_edited_text().text else None


def _choose_model(models: Mapping[str, Checkpoint], first: View) -> Checkpoint:
    names = list(models)
    name = st.selectbox(
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
    return models[name]


def _offer_contrast(name: str, models: Mapping[str, Checkpoint]) -> None:
    """One click from a network that lives by its weights to one that hardly needs them, and back."""
    other = CONTRAST[1] if name == CONTRAST[0] else CONTRAST[0]
    if other in models:
        about = models[other].spec.summary
        st.button(f"Try {other}", key="review_contrast", on_click=_switch, args=(other,), help=about, width="stretch")


def _switch(name: str) -> None:
    st.session_state.review_model = name


def _choose_method(checkpoint: Checkpoint, first: View) -> str:
    methods = pick_typed(checkpoint.spec.methods)
    return st.selectbox(
        "Method",
        methods,
        format_func=lambda name: METHODS[name].title,
        help=explain_methods(methods),
        index=methods.index(first.method) if first.method in methods else 0,
        key=f"review_method_{'-'.join(methods)}",
        persist_state="session",
    )


def _choose_label(checkpoint: Checkpoint, method: str, first: View) -> int | None:
    """Of more than two labels, the one that signed scores speak for; attention speaks for none."""
    labels = checkpoint.spec.labels
    if len(labels) == 2 or method not in SIGNED_METHODS:
        return None
    options = ("the most probable one", *labels)
    _, _, right = st.columns([5, 2, 5])
    chosen = right.selectbox(
        "Explained class",
        options,
        index=options.index(first.label) if first.label in labels else 0,
        help="Which class the scores speak for (blue) or against (orange).",
        key=f"review_label_{'-'.join(labels)}",
        persist_state="session",
    )
    return labels.index(chosen) if chosen in labels else None
