"""Nothing typed is lost: a late text never replaces what was typed since, and a page may be left at any time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import READY, App
from tests.browser.visits import (
    choose,
    leave_out,
    open_reviews,
    text_hash,
    type_review,
    wait_for_answer,
    wait_until_idle,
)

WRITE = """(root, text) => {
    const box = root.shadowRoot.querySelector('textarea');
    box.focus();
    box.value = text;
    box.dispatchEvent(new Event('input'));
}"""


@pytest.mark.parametrize("pause", [0, 30, 200])
def test_what_is_typed_right_after_an_example_was_clicked_stays(page: Page, app: App, pause: int) -> None:
    open_reviews(page, app)
    wait_until_idle(page)
    page.get_by_role("button", name="Sarcasm").click()
    page.wait_for_timeout(pause)
    page.locator("[data-attnviz-ready]").evaluate(WRITE, "my own words, typed at once")
    wait_until_idle(page, "my own words, typed at once")
    box = page.get_by_role("textbox", name="Review", exact=True)
    assert box.input_value() == "my own words, typed at once"


CHOOSE_WRITE_OPEN = """async (text) => {
    const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
    const host = document.querySelector('[data-attnviz-ready]');
    const box = host.shadowRoot.querySelector('textarea');
    [...document.querySelectorAll('button')].find((button) => button.textContent === 'Sarcasm').click();
    await soon();
    box.value = text;
    box.dispatchEvent(new Event('input'));
    await soon();
    document.querySelectorAll('[role="tab"]')[1].click();
}"""


def test_a_tab_that_is_opened_does_not_let_a_late_text_win(page: Page, app: App) -> None:
    open_reviews(page, app)
    wait_until_idle(page)
    page.get_by_role("tab").nth(1).wait_for()
    page.evaluate(CHOOSE_WRITE_OPEN, "typed before a click on something else")
    wait_until_idle(page, "typed before a click on something else")
    box = page.get_by_role("textbox", name="Review", exact=True)
    assert box.input_value() == "typed before a click on something else"


def test_a_page_that_is_left_does_not_let_a_late_text_win(page: Page, app: App) -> None:
    open_reviews(page, app)
    wait_until_idle(page)
    page.get_by_role("link", name="Models").wait_for()  # Streamlit shows the links when it has measured their room
    leave = CHOOSE_WRITE_OPEN.replace("""'[role="tab"]')[1]""", """'a[href$="/models"]')[0]""")
    page.evaluate(leave, "typed before the page was left")
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    page.get_by_role("link", name="Reviews").click()
    wait_until_idle(page, "typed before the page was left")


def test_the_editor_is_the_same_one_when_more_is_asked_for_its_text(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "A dull start but it is wonderful")
    leave_out(page, page.get_by_role("region", name="Highlighted review").get_by_role("button", name="dull"))
    wait_until_idle(page, "A  start but it is wonderful")
    page.locator(READY).evaluate("root => { root.mark = 'the same'; }")
    page.get_by_role("button", name="Try lstm-dot").click()
    page.locator(f'{READY}[data-model="lstm-dot"][data-followed="true"]').wait_for(state="attached")
    choose(page, "Method", "Gradient × input")
    page.locator(f'{READY}[data-method="gradient"][data-followed="true"]').wait_for(state="attached")
    assert page.locator(READY).evaluate("root => root.mark") == "the same"


def test_an_example_that_is_clicked_right_after_a_letter_replaces_it(page: Page, app: App) -> None:
    open_reviews(page, app)
    wait_until_idle(page)
    page.locator("[data-attnviz-ready]").evaluate(WRITE, "a letter before the click")
    page.get_by_role("button", name="Sarcasm").click()
    box = page.get_by_role("textbox", name="Review", exact=True)
    expect(box).to_have_value(re.compile("^Oh great"))
    wait_until_idle(page, box.input_value())
    expect(box).to_have_value(re.compile("^Oh great"))


def test_what_was_typed_right_before_the_page_was_left_is_there_again(page: Page, app: App) -> None:
    open_reviews(page, app)
    wait_until_idle(page)
    page.get_by_role("textbox", name="Review", exact=True).fill("typed, and gone at once")
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    page.get_by_role("link", name="Reviews").click()
    wait_for_answer(page, "typed, and gone at once")


def test_two_tabs_keep_their_texts_apart(page: Page, app: App) -> None:
    open_reviews(page, app)
    other = page.context.new_page()
    open_reviews(other, app)
    for tab, text in ((page, "the first tab"), (other, "the second tab")):
        tab.get_by_role("textbox", name="Review", exact=True).fill(text)
    for tab, text in ((page, "the first tab"), (other, "the second tab")):
        wait_until_idle(tab, text)
        assert tab.get_by_role("textbox", name="Review", exact=True).input_value() == text


def test_the_browser_answers_the_first_text_before_the_engine_can(page: Page, app: App) -> None:
    open_reviews(page, app)
    page.get_by_role("textbox", name="Review", exact=True).fill("a boring film")
    root = page.locator(f'{READY}[data-engine="browser"][data-text-hash="{text_hash("a boring film")}"]')
    expect(root).to_be_attached()


def test_the_server_answers_when_the_network_cannot_be_fetched(page: Page, app: App) -> None:
    page.route("**/component/**/*.bin", lambda route: route.abort())
    open_reviews(page, app)
    page.get_by_role("textbox", name="Review", exact=True).fill("a boring film")
    assert wait_for_answer(page, "a boring film")["engine"] == "python"
    expect(page.get_by_text("The server answers:")).to_be_visible()
