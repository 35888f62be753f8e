"""The few rules that Streamlit's theme does not reach.

Streamlit dims what runs again, also the slider that somebody holds; our components dim themselves, part by part.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

LOGO = Path(__file__).parent / "components" / "logo.svg"
"""The name, as a drawing."""

_CSS = """
.stMainBlockContainer { padding-top: 4rem; padding-bottom: 4rem; max-width: 80rem; }
.stMain h1 { font-size: 2rem; padding: .3rem 0; }
.stMain h2, .stMain h3 { font-size: 1.35rem; padding: .4rem 0; }
button[kind^="primary"]:not(:disabled) { background: #5b3fd6; border-color: #5b3fd6; color: #fff; }
.stElementContainer[data-stale="true"]:has([data-attnviz-ready]) { opacity: 1 !important; }
body:has([data-followed="false"]) :is([class*="_follows"], .st-key-how_softmax) {
  opacity: .55; transition: opacity .15s .3s;
}
.st-key-review_asks:not(:has([role="alert"])), .st-key-phone_menu { position: absolute; }
.st-key-phone_menu { width: 1px; overflow: hidden; }
/* A mark takes no space, but scrolls with what stands under it: so it is no absolute one. */
[class*="st-key-sighting_"] { margin-bottom: -1rem; }
.st-key-review_head { column-gap: 1.2rem; row-gap: 0; }
.st-key-review_head p { line-height: 1.35; padding-bottom: .35rem; }
.st-key-next_page a { padding-left: 0; }
@media (min-width: 769px) {
  /* The bar of the pages stands over what they show. */
  [data-testid="stHeader"] [data-testid="stToolbar"] { max-width: 80rem; margin: 0 auto; padding: 0 3.5rem; }
}
@media (min-width: 641px) {
  .st-key-review_choice [data-testid="stSelectbox"] { display: flex; align-items: center; gap: .6rem; }
  .st-key-review_choice [data-testid="stSelectbox"] > label { margin: 0; min-height: 0; flex: none; gap: .35rem; }
  .st-key-review_choice [data-testid="stSelectbox"] > :last-child { flex: 1; min-width: 0; }
}
body:has([data-fresh="false"]) :is(.st-key-how_rail_follows, [class*="st-key-how_step_"], .st-key-how_live) {
  opacity: .55; transition: opacity .15s .15s;
}
[data-testid="stColumn"]:has(.st-key-how_rail_follows) {
  position: sticky; top: 4.5rem; align-self: flex-start; z-index: 3; background: var(--st-background-color, inherit);
}
[class*="st-key-how_step_"] :is(h2, h3) { scroll-margin-top: 5rem; }
:is(.st-key-trust_said, .st-key-other_map_said) { min-height: var(--said, 5rem); }
[class*="st-key-how_step_"], .st-key-how_maps, .st-key-how_live { min-height: var(--room); }
.st-key-how_step_1 { --room: 420px; }
.st-key-how_step_2 { --room: 420px; }
.st-key-how_step_3 { --room: 580px; }
.st-key-how_step_4 { --room: 300px; }
.st-key-how_step_5 { --room: 500px; }
.st-key-how_step_6 { --room: 600px; }
.st-key-how_maps { --room: 920px; }
.st-key-how_live { --room: 742px; }
@media (max-width: 1250px) {
  :is(.st-key-trust_said, .st-key-other_map_said) { --said: 7rem; }
  [class*="st-key-how_step_"] [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
  [class*="st-key-how_step_"] [data-testid="stColumn"] { min-width: 100%; }
  :is(.st-key-how_step_1, .st-key-how_step_2) { --room: 717px; }
  .st-key-how_step_3 { --room: 1020px; }
  .st-key-how_step_4 { --room: 430px; }
  .st-key-how_step_5 { --room: 784px; }
  :is(.st-key-how_step_6, .st-key-how_live) { --room: 862px; }
}
@media (prefers-reduced-motion: reduce) {
  :is([class*="st-key-how_"], [class*="_follows"]) { transition: none !important; }
}
/* Where the system chooses the colours, Streamlit's fill of what is chosen is gone. */
@media (forced-colors: active) {
  [role="tab"][aria-selected="true"] { text-decoration: underline 3px; text-underline-offset: 6px; }
  button[kind$="Active"] { outline: 2px solid Highlight; outline-offset: -4px; }
}
/* A low screen, such as that of a laptop at twice the size. */
@media (max-height: 560px) {
  .stMainBlockContainer { padding-top: 3.2rem; }
  .stMain h1 { font-size: 1.5rem; padding: 0; }
  .st-key-review_head [data-testid="stMarkdown"]:not(:has(h1)) { display: none; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.6rem 1rem 4rem; }
  :is(.st-key-trust_said, .st-key-other_map_said) { --said: 15rem; }
  .attnviz-trust { min-height: 41rem !important; }
  .attnviz-trust section > p:last-child { min-height: 6.5em !important; }
  .stMain h1 { font-size: 1.5rem; padding: 0; }
  .st-key-review_head > :nth-child(2) { order: 1; }
  .st-key-review_head > :first-child { flex: 1; }
  :is(.st-key-how_step_1, .st-key-how_step_2) { --room: 776px; }
  .st-key-how_step_3 { --room: 1125px; }
  .st-key-how_step_4 { --room: 516px; }
  .st-key-how_step_5 { --room: 890px; }
  .st-key-how_step_6 { --room: 938px; }
  .st-key-how_live { --room: 1032px; }
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
