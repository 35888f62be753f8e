"""The page How it works in a real browser: the temperature slider, and the word that is followed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import READY, App
from tests.browser.visits import open_reviews

TOKENS = '[data-token][role="button"]'


def weights(page: Page) -> list[float]:
    return page.locator(TOKENS).evaluate_all("nodes => nodes.map(node => Number(node.dataset.score))")


def root(page: Page, temperature: str) -> dict[str, str]:
    """What the live softmax says of itself once the network has answered for this temperature."""
    shown = page.locator(f'{READY}[data-temperature="{temperature}"]')
    shown.wait_for(state="attached")
    return shown.evaluate("element => ({...element.dataset})")


def bar_heights(page: Page) -> list[float]:
    bars = page.get_by_role("region", name="Scores and weights").locator("svg rect:nth-of-type(2)")
    return bars.evaluate_all("nodes => nodes.map(node => Number(node.getAttribute('height')))")


def test_the_temperature_sharpens_the_map_and_1_is_that_of_reviews(page: Page, app: App) -> None:
    open_reviews(page, app)
    usual = weights(page)
    probability = page.locator(READY).get_attribute("data-probability")
    page.get_by_role("link", name="How it works").click()
    trained = root(page, "1")
    # The scores travel with six digits.
    assert weights(page) == pytest.approx(usual, abs=1e-6)
    assert float(trained["probability"]) == pytest.approx(float(probability or "nan"), abs=1e-6)
    before = bar_heights(page)
    slider = page.get_by_role("slider", name="Temperature")
    slider.press("Home")
    sharp = root(page, "0.1")
    assert max(weights(page)) > 4 * max(usual)
    assert bar_heights(page) != before
    assert float(sharp["effectiveWords"]) < float(trained["effectiveWords"]) / 2
    assert sharp["probability"] != trained["probability"]
    expect(page.get_by_text("at temperature 0.1:")).to_be_visible()
    page.get_by_role("button", name="Back to 1").click()
    root(page, "1")
    assert weights(page) == pytest.approx(usual, abs=1e-6)


def test_a_click_on_a_word_follows_it_through_the_steps_on_a_phone(page: Page, app: App) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{app.url}/how-it-works")
    root(page, "1")
    page.locator(f'{TOKENS}[data-token="stupid"]').click()
    expect(page.get_by_text("stupid is row")).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    assert page.get_by_test_id("stException").count() == 0
