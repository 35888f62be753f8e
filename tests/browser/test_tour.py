"""The guided tour: once, on the live page, and again for whoever asks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.visits import leave_out, open_reviews, type_review, wait_until_written


def test_it_waits_for_what_it_asks_and_says_what_came_of_it(first_visit: Page, app: App) -> None:
    page = first_visit
    page.goto(app.url)
    tour = page.get_by_role("region", name="Guided tour")
    expect(tour).to_contain_text("Step 1 of 4")
    before = type_review(page, "a dull film with a wonderful end")
    expect(tour).to_contain_text("The picture changed with the letters.")
    tour.get_by_role("button", name="Next").click()
    expect(tour).to_contain_text("Step 2 of 4")
    leave_out(page, page.get_by_role("region", name="Highlighted review").get_by_role("button", name="dull"))
    expect(tour).to_contain_text(f"Without it the probability went from {float(before['probability']):.3f} to ")
    tour.get_by_role("button", name="Next").click()
    leave_out(page, page.get_by_role("region", name="Highlighted review").get_by_role("button", name="wonderful"))
    expect(tour).to_contain_text("“wonderful” had ")
    tour.get_by_role("button", name="Next").click()
    page.get_by_role("link", name="Column lab", exact=True).click()
    expect(tour).to_have_count(0)


def test_once_closed_it_stays_closed_until_it_is_asked_for(first_visit: Page, app: App) -> None:
    page = first_visit
    page.goto(app.url)
    tour = page.get_by_role("region", name="Guided tour")
    tour.get_by_role("button", name="Close the tour").click()
    expect(tour).to_be_hidden()
    open_reviews(page, app)
    wait_until_written(page)
    expect(tour).to_be_hidden()
    page.get_by_role("button", name="Take the tour").click()
    expect(tour).to_contain_text("Step 1 of 4")


@pytest.mark.parametrize("width", [400, 1440])
def test_it_covers_neither_the_text_nor_the_answer(first_visit: Page, app: App, width: int) -> None:
    page = first_visit
    page.set_viewport_size({"width": width, "height": 800 if width == 400 else 900})
    open_reviews(page, app)
    tour = page.get_by_role("region", name="Guided tour").bounding_box()
    assert tour
    for part in (page.get_by_role("textbox", name="Review", exact=True), page.locator(".probability")):
        box = part.bounding_box()
        assert box
        assert box["y"] + box["height"] <= tour["y"], "it is in the first screen, above the tour"
