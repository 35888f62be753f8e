"""The part 'The other map' of the page Reviews."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.protocol import FindAdversarialAttention
from attnviz.render.adversarial_report import describe_adversarial, render_adversarial
from attnviz.render.markdown import escape_markdown
from attnviz.ui.asking import show_answer
from attnviz.ui.state import tell_why_no_answer
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.explanation import Explanation
from attnviz.values.model_card import ModelCard

SEARCHING = "Searching for attention weights that differ as much as possible and give the same answer…"
NO_ATTENTION = "This network has no attention, so there is no attention map that could have been another one."
SEVERAL_LAYERS = (
    "This network has attention in several layers. Another map is looked for where a single layer has all the weights, "
    "so that they can be replaced together."
)
OTHER_METHOD = "This part is about attention weights: choose them as the method above to see another map."


def show_adversarial(answer: Explanation | None, card: ModelCard) -> None:
    """Show a network's attention beside weights that are as different as possible and give the same answer.

    Args:
        answer: None while there is none.
        card: of the network.
    """
    if answer is None:
        st.markdown(tell_why_no_answer())
        return
    has_attention = "attention" in card.methods
    if not has_attention or answer.method != "attention":
        st.markdown(OTHER_METHOD if has_attention else NO_ATTENTION)
        return
    if len(card.attention) > 1:
        st.markdown(SEVERAL_LAYERS)
        return
    with st.container(key="adversarial_follows"):
        show_answer(
            "adversarial", _show_maps, FindAdversarialAttention(answer.model, answer.text, answer.target), answer
        )


def _show_maps(found: AdversarialAttention | None, answer: Explanation) -> None:
    state = st.session_state
    last: AdversarialAttention | None = state.get("adversarial_shown")
    if found is not None:
        state.adversarial_shown = last = found
    elif last and last.own.model != answer.model:
        last = None
    st.markdown(f"**{escape_markdown(describe_adversarial(last))}**" if last and found else SEARCHING)
    st.html(render_adversarial(last, stale=found is None))
