"""Words that are left out, replaced and brought back, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import READY, App
from tests.browser.visits import (
    bring_back,
    do_when_answered,
    leave_out,
    open_reviews,
    type_review,
    wait_for_answer,
    wait_until_idle,
)

CONTRAST = """node => {
    const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const linear = (part) => (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    const paint = (colour, alpha) => {
        Object.assign(pen, {globalAlpha: alpha, fillStyle: colour}).fillRect(0, 0, 1, 1);
        const [red, green, blue] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => linear(part / 255));
        return .2126 * red + .7152 * green + .0722 * blue;
    };
    const style = getComputedStyle(node), page = paint(style.getPropertyValue('--st-background-color'), 1);
    const text = paint(style.color, Number(style.opacity));
    return (Math.max(page, text) + .05) / (Math.min(page, text) + .05);
}"""
"""Between a text and the page, with the opacity of its own element."""


def test_a_click_leaves_a_word_out_and_another_one_brings_it_back(page: Page, app: App) -> None:
    open_reviews(page, app)
    before = type_review(page, "a boring film")
    word = page.get_by_role("region", name="Highlighted review").get_by_role("button", name="boring")
    leave_out(page, word)
    without = wait_for_answer(page, "a  film")
    expect(word).to_have_attribute("aria-pressed", "true")
    assert without["probability"] != before["probability"]
    bring_back(page, word)
    again = wait_for_answer(page, "a boring film")  # one of the two may be the engine's answer
    assert float(again["probability"]) == pytest.approx(float(before["probability"]), abs=1e-6)
    page.get_by_role("button", name="Undo").click()
    wait_for_answer(page, "a  film")
    page.get_by_role("button", name="Bring all back").click()
    wait_for_answer(page, "a boring film")


def test_words_that_are_clicked_quickly_stay_left_out_while_older_answers_arrive(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "film plot actor scene music story camera light sound ending " * 15)
    words = page.get_by_role("region", name="Highlighted review").get_by_role("button")
    words.evaluate_all(
        """words => { window.said = words.slice(0, 6).map(() => []); words.slice(0, 6).forEach((word, place) =>
            new MutationObserver(() => window.said[place].push(word.ariaPressed + word.classList.contains('left-out')))
                .observe(word, {attributes: true, attributeFilter: ['aria-pressed', 'class']})); }"""
    )
    words.evaluate_all(
        """words => words.slice(0, 6).forEach((word, place) => setTimeout(() => {
            word.dispatchEvent(new KeyboardEvent('keydown', {key: 'Delete', bubbles: true, composed: true}));
        }, place * 60))"""
    )  # quicker than the answers
    expect(page.get_by_role("list", name="The probability after each change").get_by_role("button")).to_have_count(7)
    page.locator(READY).wait_for(state="attached")
    assert page.evaluate("window.said.map(said => [...new Set(said)])") == [["truetrue"]] * 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_left_out_undone_or_unread_can_be_read(page: Page, app: App, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    open_reviews(page, app)
    text = "unread " * 550 + "and a boring film " * 50
    type_review(page, text)
    out, back = (page.locator(f'.reading [data-start="{start}"]') for start in (4072, 4079))  # "boring" and "film"
    leave_out(page, out)
    page.locator(READY).wait_for(state="attached")  # one more word is read now, and all stand elsewhere
    leave_out(page, back)
    expect(back).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Undo").click()
    expect(back).to_have_attribute("aria-pressed", "false")
    page.get_by_role("tab", name="Compare").click()
    undone = page.locator(".trail .undone")
    for faint in (out, undone, page.locator(".reading .unread"), page.locator(".text .unread").first):
        expect(faint).to_be_visible()
        page.wait_for_function(f"node => ({CONTRAST})(node) >= 4.5", arg=faint.element_handle())


def test_a_word_is_replaced_by_keyboard_and_the_trail_leads_back(page: Page, app: App) -> None:
    open_reviews(page, app)
    before = type_review(page, "a boring film")
    words = page.get_by_role("region", name="Highlighted review").get_by_role("button")
    words.nth(1).focus()
    page.keyboard.press("r")
    page.keyboard.type("truly great")
    page.keyboard.press("Enter")
    after = wait_for_answer(page, "a truly great film")
    assert float(after["probability"]) > float(before["probability"])
    assert page.get_by_role("textbox", name="Review", exact=True).input_value() == "a boring film"
    trail = page.get_by_role("list", name="The probability after each change").get_by_role("button")
    expect(trail.nth(1)).to_contain_text("“truly great” for “boring”")
    trail.first.click()
    assert wait_for_answer(page, "a boring film")["probability"] == before["probability"]


def test_the_page_follows_although_the_present_change_was_clicked_again(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "a great film")
    wait_until_idle(page)
    do_when_answered(page, "a  film", "one('.trail [aria-current]').click()")
    leave_out(page, page.get_by_role("region", name="Highlighted review").get_by_role("button", name="great"))
    wait_for_answer(page, "a  film")
    assert page.evaluate("window.followed") == "false", "the click came before the page followed"
    wait_until_idle(page, "a  film")
