"""The pages in the order of learning: each one ends with the question that the next one answers."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from attnviz.ui import lessons_page as lessons
from attnviz.ui import models_page as models
from attnviz.ui import training_page as training
from attnviz.ui.column_lab import lab_page as column_lab
from attnviz.ui.corpus_evidence import evidence_page as evidence
from attnviz.ui.how_it_works import how_page as how_it_works
from attnviz.ui.reviews import reviews_page as reviews

NEXT = {
    "Reviews": "How do words become these weights?",
    "How it works": "Does attention find what decides? Try it where the answer is known.",
    "Column lab": "And over thousands of texts?",
    "Evidence": "Train a network yourself, and watch.",
    "Training": "Which networks are there, and what is each one weak at?",
    "Models": "What would you have predicted?",
    "Lessons": "Back to a text of your own.",
}
"""What leads on from each page."""


def make_pages() -> list[StreamlitPage]:
    """The pages for `st.navigation`."""
    return [
        st.Page(reviews.show_page, title="Reviews", url_path="reviews", default=True),
        st.Page(how_it_works.show_page, title="How it works", url_path="how-it-works"),
        st.Page(column_lab.show_page, title="Column lab", url_path="column-lab"),
        st.Page(evidence.show_page, title="Evidence", url_path="evidence"),
        st.Page(training.show_page, title="Training", url_path="training"),
        st.Page(models.show_page, title="Models", url_path="models"),
        st.Page(lessons.show_page, title="Lessons", url_path="lessons"),
    ]


def show_next(pages: list[StreamlitPage], shown: StreamlitPage) -> None:
    """Lead on from the page that is shown."""
    after = pages[(pages.index(shown) + 1) % len(pages)]
    with st.container(key="next_page"):
        st.page_link(after, label=f"{NEXT[shown.title]} →")
