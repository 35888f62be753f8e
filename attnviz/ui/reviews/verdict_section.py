"""The section 'Does the highlight explain the answer?' of the page Reviews."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.protocol import FindAdversarialAttention, MeasureFaithfulness
from attnviz.languages import mark, tr
from attnviz.render.adversarial_report import describe_adversarial, render_adversarial
from attnviz.render.markdown import escape_markdown
from attnviz.render.trust_report import render_trust
from attnviz.render.verdict import describe_trust
from attnviz.ui.asking import show_answer
from attnviz.ui.components.review_editor import hash_text
from attnviz.ui.components.sighting_mark import is_seen
from attnviz.ui.state import show_part, tell_why_no_answer
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Faithfulness
from attnviz.values.model_card import ModelCard

OTHER_MAP = "other_map"
"""The key of the mark that tells when the place of the other map is in view."""

TITLE = mark("Does the highlight explain the answer?")
MEASURING = mark("Measuring how far the highlight explains the answer…")
SEARCHING = mark("Searching for attention weights that differ as much as possible and give the same answer…")
UNSEEN = mark("Whether another map gives the same answer is looked for as soon as this is on the screen.")
SEVERAL_LAYERS = mark(
    "This network has attention in several layers. Whether another map gives the same answer is looked for where a "
    "single layer has all the weights, so that they can be replaced together."
)


def show_verdict(answer: Explanation | None, card: ModelCard) -> None:
    """Show how far the highlight of an answer can be trusted, and of attention whether another map would do as well.

    Args:
        answer: None while there is none; its place is kept.
        card: of the network.
    """
    st.header(tr(TITLE), anchor=False)
    if answer is None:
        st.markdown(tell_why_no_answer())
        st.html(render_trust(None))
        return
    operation = MeasureFaithfulness(answer.model, answer.text, answer.method, answer.target)
    show_answer("trust", _show_measures, operation, answer)
    if answer.method == "attention":
        show_other_map(answer, card)


def show_other_map(answer: Explanation, card: ModelCard) -> None:
    """Show attention weights that are as different as possible and give the same answer.

    The search costs more than all else at a pause in the typing, so a text is searched for when somebody looks.
    """
    if len(card.attention) > 1:
        st.markdown(tr(SEVERAL_LAYERS))
        return
    if is_seen(OTHER_MAP, f"{answer.model}/{answer.target}/{hash_text(answer.text)}"):
        operation = FindAdversarialAttention(answer.model, answer.text, answer.target)
        show_answer("adversarial", _show_maps, operation, answer)
    else:
        show_part(_show_maps, None, answer, UNSEEN)


def _show_measures(found: Faithfulness | None, answer: Explanation) -> None:
    state = st.session_state
    last: Faithfulness | None = state.get("trust_shown")
    if found is not None:
        state.trust_shown = last = found
    elif last and (last.model, last.method) != (answer.model, answer.method):
        last = None
    with st.container(key="trust_said"):  # style.css keeps its room, so that nothing below moves
        st.markdown(f"**{escape_markdown(describe_trust(last))}**" if last and found else tr(MEASURING))
    if pictures := render_trust(last, stale=found is None):
        st.html(pictures)


def _show_maps(found: AdversarialAttention | None, answer: Explanation, meanwhile: str = SEARCHING) -> None:
    state = st.session_state
    last: AdversarialAttention | None = state.get("adversarial_shown")
    if found is not None:
        state.adversarial_shown = last = found
    elif last and last.own.model != answer.model:
        last = None
    with st.container(key="other_map_said"):  # as above
        st.markdown(f"**{escape_markdown(describe_adversarial(last))}**" if last and found else tr(meanwhile))
    if maps := render_adversarial(last, stale=found is None):
        st.html(maps)
