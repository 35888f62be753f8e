"""The other map in a real browser: it is searched for when its place is looked at, and nothing jumps meanwhile."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from attnviz.ui.reviews.verdict_section import UNSEEN
from tests.browser.conftest import App
from tests.browser.visits import open_reviews, type_review, wait_until_idle

TEXT = "A dull start, but then it is wonderful and funny until the end"


def test_the_other_map_is_searched_for_when_its_place_is_in_view(page: Page, app: App) -> None:
    page.set_viewport_size({"width": 1000, "height": 420})
    open_reviews(page, app, "?model=luong")
    type_review(page, TEXT)
    wait_until_idle(page, TEXT)
    unseen = page.get_by_text(UNSEEN)
    expect(unseen).to_be_attached()
    page.wait_for_timeout(500)  # nothing more happens as long as nobody looks
    expect(unseen).to_be_attached()
    unseen.scroll_into_view_if_needed()
    expect(unseen).to_have_count(0)
    found = page.get_by_text("Jensen–Shannon divergence").first
    expect(found).to_be_visible()
    type_review(page, f"{TEXT} of it")
    expect(page.get_by_text(UNSEEN)).to_have_count(0)  # while it is in view, it follows
