"""Streamlit may make an editor anew at any time: what was typed, whose hand was last, and the caret stay."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_components import EDITOR, mount, show
from tests.browser.test_newest_hand import WRITE

FIRST = {**EDITOR, "text": "the first text", "explanation": None}
LATE = {**FIRST, "text": "an example", "revision": 1}


@pytest.fixture
def box(page: Page) -> Locator:
    mount(page, "review_editor")
    page.evaluate("document.body.prepend(Object.assign(document.createElement('button'), {textContent: 'Example'}))")
    show(page, FIRST, 1)
    return page.get_by_role("textbox", name="Review", exact=True)


def make_anew(page: Page, data: dict[str, Any]) -> None:
    page.evaluate("window.begin()")
    show(page, data, 2)


def write(page: Page, text: str) -> None:
    page.locator("[data-session]").evaluate(WRITE, text)


def test_what_was_typed_stays_and_is_asked(page: Page, box: Locator) -> None:
    write(page, "typed by hand")
    make_anew(page, FIRST)
    expect(box).to_have_value("typed by hand")
    assert page.evaluate("window.asked.at(-1)") == {
        "text": "typed by hand",
        "steps": [],
        "at": 0,
        "revision": 0,
        "session": "one",
    }


def test_a_text_that_was_asked_for_before_the_last_letter_gives_way(page: Page, box: Locator) -> None:
    page.get_by_role("button", name="Example").click()
    write(page, "typed by hand")
    make_anew(page, LATE)
    expect(box).to_have_value("typed by hand")
    assert page.evaluate("window.asked.at(-1).revision") == 1, "Python takes no older question"


def test_a_text_that_was_asked_for_after_the_last_letter_comes(page: Page, box: Locator) -> None:
    write(page, "typed by hand")
    page.get_by_role("button", name="Example").click()
    make_anew(page, LATE)
    expect(box).to_have_value("an example")


def test_a_text_that_was_chosen_while_no_editor_was_there_comes(page: Page, box: Locator) -> None:
    write(page, "typed by hand")
    page.evaluate("document.querySelector('[data-session]').remove()")
    page.get_by_role("button", name="Example").click()
    make_anew(page, LATE)
    expect(box).to_have_value("an example")


def test_somebody_who_types_goes_on_typing(page: Page, box: Locator) -> None:
    box.fill("good film")
    box.press("Home")
    page.keyboard.type("a ")
    make_anew(page, FIRST)
    page.keyboard.type("very ")
    expect(box).to_have_value("a very good film")


def test_a_box_that_was_left_does_not_take_the_focus(page: Page, box: Locator) -> None:
    box.fill("good film")
    box.blur()
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")
    make_anew(page, FIRST)
    expect(box).to_have_value("good film")
    expect(box).not_to_be_focused()
