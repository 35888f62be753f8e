"""The part 'Attention heads' of the page Reviews."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.protocol import ReadAttention
from attnviz.ui.asking import show_answer
from attnviz.ui.components.attention_heads import describe_heads, describe_maps, show_attention_heads
from attnviz.ui.state import get_review_models, tell_why_no_answer
from attnviz.values.attention import Attention
from attnviz.values.explanation import Explanation
from attnviz.values.model_card import ModelCard

READING = "Reading all attention weights…"
TOO_SHORT = "Attention is shared out over words: a map needs two words or more."


def show_heads(answer: Explanation | None, card: ModelCard) -> None:
    """Show all attention weights of a text, where a word has several.

    Args:
        answer: None while there is none.
        card: of the network.
    """
    if not card.has_several_maps:
        st.markdown(_tell_why_no_heads(card))
    elif answer is None:
        st.markdown(tell_why_no_answer())
    elif len(answer.tokens) < 2:
        st.markdown(TOO_SHORT)
    else:
        with st.container(key="heads_follows"):
            show_answer("heads", _show_weights, ReadAttention(answer.model, answer.text), answer)


def _tell_why_no_heads(card: ModelCard) -> str:
    has = (
        "one attention weight a word, and the highlight above shows them all"
        if "attention" in card.methods
        else "no attention"
    )
    others = [name for name, item in get_review_models().items() if item.has_several_maps]
    hint = f" Choose {' or '.join(others)} as the model to see several maps." if others else ""
    return f"This network has {has}.{hint}"


def _show_weights(found: Attention | None, answer: Explanation) -> None:
    """The weights become data once an answer; a run of the page that shows the same ones again sends nothing."""
    state = st.session_state
    if found is None:
        st.markdown(READING)
        show_attention_heads(None, answer.model, key="heads")
        return
    made = state.get("heads_shown")
    if made is None or made[0] is not found or made[1] != answer.method:
        state.heads_shown = made = found, answer.method, describe_heads(found, answer)
    st.markdown(f"**{describe_maps(found)}**")
    show_attention_heads(made[2], answer.model, key="heads")
