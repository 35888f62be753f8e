"""The reading curve under the text of the app, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import attnviz
from tests.browser.conftest import App
from tests.browser.visits import leave_out, open_reviews, type_review, wait_for_answer


@pytest.mark.parametrize("method", ["attention", "gradient"])
def test_a_place_of_the_curve_says_its_answer_and_the_words_after_it_are_faint(
    page: Page, app: App, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app.library))
    open_reviews(page, app, f"?model=luong&method={method}")
    type_review(page, "A dull start but it is wonderful")
    leave_out(page, page.get_by_role("region", name="Highlighted review").get_by_role("button", name="dull"))
    wait_for_answer(page, "A  start but it is wonderful")
    curve = page.get_by_role("slider", name="How far the text is read")
    expect(curve).to_have_attribute("aria-valuemax", "6")
    expect(page.locator("section.curve.old")).to_have_count(0)
    curve.press("Home")
    curve.press("ArrowRight")
    beginning = attnviz.load("luong").explain("A start").probability
    expect(curve).to_have_attribute("aria-valuetext", f"after “start”: {beginning:.3f}")
    expect(page.locator("[data-ahead]")).to_have_text(["but", "it", "is", "wonderful"])
    curve.press("Escape")
    expect(page.locator("[data-ahead]")).to_have_count(0)
