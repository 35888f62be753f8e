"""The few rules that Streamlit's theme does not reach.

Streamlit dims what runs again, also the slider that somebody holds; our components dim themselves, part by part.
"""

from __future__ import annotations

import streamlit as st

_CSS = """
.stMainBlockContainer { padding-top: 4.5rem; padding-bottom: 4rem; max-width: 80rem; }
button[kind="primary"]:not(:disabled) { background: #5b3fd6; border-color: #5b3fd6; color: #fff; }
.stElementContainer[data-stale="true"]:has([data-attnviz-ready]) { opacity: 1 !important; }
body:has([data-followed="false"]) :is([class*="_follows"], .st-key-how_softmax) {
  opacity: .55; transition: opacity .15s .3s;
}
.st-key-trail_asks, .st-key-curve_asks:not(:has([role="alert"])) { position: absolute; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.6rem 1rem 4rem; }
  .stMain h1 { font-size: 1.7rem; padding: 0; }
  .st-key-review_texts { flex-wrap: nowrap !important; overflow-x: auto; }
  .st-key-review_texts > * { flex: none; }
  .st-key-review_choice [data-testid="stHorizontalBlock"] { flex-wrap: nowrap; gap: .6rem; }
  .st-key-review_choice [data-testid="stColumn"] { min-width: 0; }
  .st-key-review_choice [data-testid="stColumn"]:has(.st-key-review_contrast) { display: none; }
}
"""


def show_style() -> None:
    """Less empty space above the page, and lines that stay readable on a wide screen."""
    st.html(f"<style>{_CSS}</style>")
