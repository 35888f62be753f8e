"""The pages in the order of learning: each one ends with the question that the next one answers."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from attnviz.languages import mark, tr
from attnviz.ui import lessons_page as lessons
from attnviz.ui import models_page as models
from attnviz.ui import training_page as training
from attnviz.ui.column_lab import lab_page as column_lab
from attnviz.ui.corpus_evidence import evidence_page as evidence
from attnviz.ui.how_it_works import how_page as how_it_works
from attnviz.ui.reviews import reviews_page as reviews

PAGES = {
    mark("Reviews"): ("reviews", reviews.show_page, mark("How do words become these weights?")),
    mark("How it works"): (
        "how-it-works",
        how_it_works.show_page,
        mark("Does attention find what decides? Try a known answer."),
    ),
    mark("Column lab"): ("column-lab", column_lab.show_page, mark("And over thousands of texts?")),
    mark("Evidence"): ("evidence", evidence.show_page, mark("Train a network yourself, and watch.")),
    mark("Training"): ("training", training.show_page, mark("Which networks are there, and what is each one weak at?")),
    mark("Models"): ("models", models.show_page, mark("What would you have predicted?")),
    mark("Lessons"): ("lessons", lessons.show_page, mark("Back to a text of your own.")),
}
"""Each page by its title: its address, what shows it, and what leads on from it."""


def make_pages() -> list[StreamlitPage]:
    """The pages for `st.navigation`."""
    return [
        st.Page(show, title=tr(title), url_path=path, default=path == "reviews")
        for title, (path, show, _) in PAGES.items()
    ]


def show_next(pages: list[StreamlitPage], shown: StreamlitPage) -> None:
    """Lead on from the page that is shown."""
    place = pages.index(shown)
    _, _, leads_on = list(PAGES.values())[place]
    with st.container(key="next_page"):
        st.page_link(pages[(place + 1) % len(pages)], label=f"{tr(leads_on)} →")
