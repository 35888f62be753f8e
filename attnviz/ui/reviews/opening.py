"""The way from another page to the page Reviews."""

from __future__ import annotations

import streamlit as st

from attnviz.languages import tr
from attnviz.ui.reviews.review_text import set_text, start_text
from attnviz.ui.reviews.reviews_page import show_page


def open_in_reviews(name: str, text: str | None = None) -> None:
    """Go to the page Reviews with a model, and with a text if one is given; what follows in the script is not run."""
    start_text()
    st.session_state.review_model = name
    if text:
        set_text(text)
    st.switch_page(st.Page(show_page, title=tr("Reviews"), url_path="reviews", default=True))
