"""The app: `streamlit run app.py`."""

import streamlit as st

from attnviz.ui import models_page as models
from attnviz.ui import training_page as training
from attnviz.ui.column_lab import lab_page as column_lab
from attnviz.ui.corpus_evidence import evidence_page as evidence
from attnviz.ui.how_it_works import how_page as how_it_works
from attnviz.ui.reviews import reviews_page as reviews
from attnviz.ui.state import get_engine, start_waiting_runs
from attnviz.ui.style import show_style

st.set_page_config(page_title="attnviz", page_icon="🔎", layout="wide")
show_style()
get_engine()  # starts loading while the first page is drawn
start_waiting_runs()
st.navigation(
    [
        st.Page(reviews.show_page, title="Reviews", url_path="reviews", default=True),
        st.Page(how_it_works.show_page, title="How it works", url_path="how-it-works"),
        st.Page(column_lab.show_page, title="Column lab", url_path="column-lab"),
        st.Page(evidence.show_page, title="Evidence", url_path="evidence"),
        st.Page(training.show_page, title="Training", url_path="training"),
        st.Page(models.show_page, title="Models", url_path="models"),
    ],
    position="top",
).run()
