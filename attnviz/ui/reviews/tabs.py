"""What stands under the editor of the page Reviews and follows it when nobody is typing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from attnviz.languages import mark, tr
from attnviz.ui.reviews.against_tab import show_against
from attnviz.ui.reviews.choices import Choice
from attnviz.ui.reviews.compare_tab import show_compare
from attnviz.ui.reviews.erasure_tab import show_erasure
from attnviz.ui.reviews.export_tab import show_take_away
from attnviz.ui.reviews.heads_tab import show_heads
from attnviz.ui.reviews.network_tab import show_network
from attnviz.ui.reviews.own_file_tab import show_own_reviews
from attnviz.ui.reviews.test_reviews_tab import show_test_reviews
from attnviz.ui.reviews.verdict_section import show_verdict
from attnviz.ui.state import get_engine
from attnviz.values.explanation import Explanation


def show_sections(choice: Choice, answer: Explanation | None) -> None:
    """Whether to believe the highlight, then depth on demand; only the open tab is computed.

    Args:
        answer: to this choice, of the text of the editor when nobody was typing; None if there is none.
    """
    card, method, _ = choice
    if get_engine().state != "ready":
        answer = None  # an answer that was stored; nothing can be measured yet
    with st.container(key="review_follows"):
        show_verdict(answer, card)
    tabs: dict[str, Callable[[], None]] = {
        mark("Remove words"): lambda: show_erasure(answer),
        mark("Attention heads"): lambda: show_heads(answer, card),
        mark("You against it"): lambda: show_against(answer, card),
        mark("Compare"): lambda: show_compare(answer),
        mark("Test reviews"): lambda: show_test_reviews(card),
        mark("Your own file"): lambda: show_own_reviews(card, method),
        mark("The network"): lambda: show_network(card),
        mark("Share and export"): lambda: show_take_away(choice, answer),
    }
    state, names = st.session_state, [tr(title) for title in tabs]
    # A first visit; or another page was shown and Streamlit has forgotten the open tab; or another language was chosen.
    if state.get("review_tab") not in names:
        state.review_first_tab = state.get("review_last_tab")
    first = state.review_first_tab and tr(state.review_first_tab)
    shown = st.tabs(names, default=first, key="review_tab", on_change="rerun")
    for title, tab in zip(tabs, shown, strict=True):
        if tab.open:
            state.review_last_tab = title
            with tab:
                tabs[title]()
