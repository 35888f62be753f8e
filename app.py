"""The app: `streamlit run app.py`."""

import streamlit as st

from attnviz.ui.components.phone_menu import close_phone_menu
from attnviz.ui.language import choose_language, follow_language
from attnviz.ui.state import get_engine, start_waiting_runs
from attnviz.ui.story import make_pages, show_next
from attnviz.ui.style import LOGO, show_style

st.set_page_config(page_title="attnviz", page_icon="🔎", layout="wide")
st.logo(LOGO)
show_style()
follow_language()
get_engine()  # starts loading while the first page is drawn
start_waiting_runs()
pages = make_pages()
page = st.navigation(pages, position="top")
page.run()
show_next(pages, page)
choose_language()
close_phone_menu()
