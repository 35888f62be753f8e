"""The page How it works in a real browser: the temperature slider, and the word that is followed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import READY, App
from tests.browser.visits import REVIEW, open_reviews, point_at, text_hash, type_review, wait_for_answer

HIGHLIGHTED = '.reading-text [data-token][role="button"], .reading [data-token][role="button"]'
FRESH = '[data-fresh="true"]'


def weights(page: Page) -> list[float]:
    return page.locator(HIGHLIGHTED).evaluate_all("nodes => nodes.map(node => Number(node.dataset.score))")


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


def open_how(page: Page, app: App, link: str = "") -> Locator:
    """The page with the numbers of its text; returns the text box."""
    page.goto(f"{app.url}/how-it-works{link}")
    expect(page.locator(FRESH)).to_be_attached()
    root(page, "1")
    return page.get_by_role("textbox", name="Review", exact=True)


def wait_until_fresh(page: Page, text: str) -> None:
    expect(page.locator(f'{FRESH}[data-followed-text="{text_hash(text)}"]')).to_be_attached()


def rail(page: Page) -> Locator:
    return page.get_by_role("navigation", name="The six steps")


def reads(page: Page) -> Locator:
    return page.get_by_role("group", name="What the network reads").get_by_role("button")


def places(page: Page) -> list[float]:
    """Where the steps and what stands between them begin, in pixels."""
    parts = page.locator('[class*="st-key-how_step_"], .st-key-how_live, [class*="st-key-how_step_"] h3')
    return parts.evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().top)")


def test_a_click_on_a_word_follows_it_through_the_steps_on_a_phone(page: Page, app: App) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    open_how(page, app)
    reads(page).get_by_text("stupid", exact=True).click()
    expect(page.get_by_text("stupid is row")).to_be_visible()
    expect(rail(page).get_by_text("stupid", exact=True)).to_be_visible()
    page.get_by_role("heading", name="6. Probability").scroll_into_view_if_needed()
    expect(rail(page).get_by_text("stupid", exact=True)).to_be_in_viewport()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    assert page.get_by_test_id("stException").count() == 0


def test_any_word_of_reviews_leads_to_its_way_through_the_network(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, REVIEW)
    point_at(page, page.locator('[data-token="moving"][role="button"]'))
    page.get_by_role("button", name="Follow this word").click()
    wait_until_fresh(page, REVIEW)
    expect(rail(page).get_by_text("moving", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"how-it-works\?model=word-additive&word=\d+&text=I\+didn"))
    page.reload()
    wait_until_fresh(page, REVIEW)
    expect(rail(page).get_by_text("moving", exact=True)).to_be_visible()
    page.get_by_role("link", name="Reviews").click()
    wait_for_answer(page, REVIEW)


def test_the_page_follows_what_is_typed_and_shows_what_is_older_as_stale(page: Page, app: App) -> None:
    box = open_how(page, app, "?text=a+great+film&word=2")
    status = page.get_by_role("status").first
    expect(status).to_have_text("Every number below is computed from this text.")
    # What is said at the very letter, before any answer can have come.
    box.evaluate(
        """box => {
            box.value += ' with zzyzx';
            box.dispatchEvent(new Event('input'));
            const root = box.getRootNode();
            window.stale = [root.host.dataset.fresh, root.querySelector('.status').textContent];
        }"""
    )
    assert page.evaluate("window.stale[0]") == "false"
    assert "about the text before" in page.evaluate("window.stale[1]")
    wait_until_fresh(page, "a great film with zzyzx")
    expect(status).to_have_text("Every number below is computed from this text.")
    expect(rail(page).get_by_text("great", exact=True)).to_be_visible()
    expect(rail(page).get_by_text("word 2 of 5")).to_be_visible()


def test_unknown_words_are_shown_as_what_is_read_and_an_empty_text_says_what_to_do(page: Page, app: App) -> None:
    box = open_how(page, app, "?text=a+zzyzx+film&word=2")
    expect(reads(page)).to_have_text(["a", "‹unknown›", "film"])
    expect(page.get_by_text("stands for all unknown words")).to_be_visible()
    box.fill("zzyzx qwrtpl")
    wait_until_fresh(page, "zzyzx qwrtpl")
    expect(page.get_by_text("The network knows none of these words")).to_be_visible()
    box.fill("")
    wait_until_fresh(page, "")
    expect(page.get_by_text("There is no text yet. Write a review")).to_be_visible()
    expect(rail(page).get_by_text("no word")).to_be_visible()
    expect(page.get_by_role("heading", name="6. Probability")).to_be_visible()
    expect(page.get_by_role("slider", name="Temperature")).to_have_count(0)


@pytest.mark.parametrize("model", ["word-additive", "transformer"])
def test_nothing_moves_when_another_word_is_followed(page: Page, app: App, model: str) -> None:
    open_how(page, app, f"?model={model}")
    page.evaluate("document.fonts.ready")
    before = places(page)
    for word in ("plot", "stupid", "‹unknown›"):
        reads(page).get_by_text(word, exact=True).click()
        expect(rail(page).get_by_text(word, exact=True)).to_be_visible()
        expect(page.get_by_text(re.compile("is row|has no row for"))).to_contain_text(word)
        assert places(page) == pytest.approx(before, abs=1)


def test_the_rail_walks_from_word_to_word_and_to_the_steps(page: Page, app: App) -> None:
    open_how(page, app, "?text=a+great+film&word=0")
    walk = rail(page)
    expect(walk.get_by_role("button", name="Follow the word before")).to_be_disabled()
    walk.get_by_role("button", name="Follow the next word").click()
    expect(walk.get_by_text("great", exact=True)).to_be_visible()
    walk.get_by_role("link", name="5. Weighted sum").click()
    expect(page.get_by_role("heading", name="5. Weighted sum")).to_be_in_viewport()
    expect(walk.get_by_role("link", name="5. Weighted sum")).to_have_attribute("aria-current", "step")
    expect(walk.get_by_text("great", exact=True)).to_be_in_viewport()


def test_in_a_network_with_heads_the_followed_word_asks_in_each_of_them(page: Page, app: App) -> None:
    open_how(page, app, "?model=transformer&text=a+great+old+film&word=2")
    expect(page.get_by_text("Queries by tokens, head by head:")).to_be_visible()
    rows = page.get_by_role("img", name=re.compile("^2 great: 4 weights"))
    expect(rows).to_have_count(2)
    page.get_by_role("combobox", name="Head").click()
    page.get_by_role("option", name="head 2").click()
    expect(page.get_by_text(re.compile("^For great asking .* in head 2:"))).to_be_visible()
