"""The app: `streamlit run app.py`."""

import streamlit as st

from attnviz.ui import column_lab, models, reviews, training
from attnviz.ui.state import get_engine, keep_choices
from attnviz.ui.style import show_style

st.set_page_config(page_title="attnviz", page_icon="🔎", layout="wide")
show_style()
keep_choices()
get_engine()  # starts loading while the first page is drawn
st.navigation(
    [
        st.Page(reviews.show_page, title="Reviews", url_path="reviews", default=True),
        st.Page(column_lab.show_page, title="Column lab", url_path="column-lab"),
        st.Page(training.show_page, title="Training", url_path="training"),
        st.Page(models.show_page, title="Models", url_path="models"),
    ],
    position="top",
).run()
