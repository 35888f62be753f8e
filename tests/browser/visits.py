"""What a visitor does in a real browser, and what the pages' root elements say then."""

from __future__ import annotations

import hashlib
import json

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.conftest import READY, App

REVIEW = "I didn't expect much, but this film was WONDERFUL: funny, moving & beautifully acted.\nSimply great 👍"


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def type_review(page: Page, text: str) -> dict[str, str]:
    """Put a text into the box, wait for its answer, and return what the root element says."""
    page.get_by_role("textbox", name="Review", exact=True).fill(text)
    return wait_for_answer(page, text)


def point_at(page: Page, word: Locator) -> None:
    """Click where a word stands in the text box, as a hand does: the box lies over its words."""
    word.evaluate("node => node.scrollIntoView({block: 'nearest'})")
    place = word.bounding_box()
    assert place
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)


def leave_out(page: Page, word: Locator) -> None:
    """Click a word and choose to leave it out."""
    point_at(page, word)
    page.get_by_role("button", name="Leave out").click()


def bring_back(page: Page, word: Locator) -> None:
    """Click a word that is left out and bring it back."""
    point_at(page, word)
    page.get_by_role("button", name="Bring back").click()


def wait_for_answer(page: Page, text: str) -> dict[str, str]:
    root = page.locator(f'{READY}[data-text-hash="{text_hash(text)}"]')
    expect(root).to_be_attached()
    return root.evaluate("element => ({...element.dataset})")


def wait_until_idle(page: Page, text: str | None = None) -> None:
    """Wait until what stands under the editor is about the text in it, or this one, or on the way there."""
    shown = "" if text is None else f'[data-text-hash="{text_hash(text)}"]'
    expect(page.locator(f'{READY}[data-followed="true"]{shown}')).to_be_attached()


def open_reviews(page: Page, app: App, link: str = "") -> None:
    page.goto(f"{app.url}/{link}")
    page.locator(READY).wait_for(state="attached")


def open_lab(page: Page, app: App, link: str = "") -> dict[str, str]:
    page.goto(f"{app.url}/column-lab{link}")
    return read_lab(page)


def read_lab(page: Page, condition: str = "") -> dict[str, str]:
    """What the lab's root element says once a run of this condition is on the screen."""
    root = page.locator(f"{READY}[data-run]{condition}")
    expect(root).to_be_attached()
    return root.evaluate("element => ({...element.dataset})")


def choose(page: Page, label: str, option: str) -> None:
    """Choose in one of Streamlit's selects, which a page that has run closes again; its answer is under way then."""
    box, wanted = page.get_by_role("combobox", name=label), page.get_by_role("option", name=option)
    box.click()
    try:
        wanted.click(timeout=5_000)
    except TimeoutError:
        box.click()
        wanted.click()


def largest(root: dict[str, str]) -> int:
    attention = json.loads(root["attention"])
    assert sum(attention) == pytest.approx(1, abs=1e-4)
    return attention.index(max(attention))


def wait_for_run(page: Page, after: dict[str, str]) -> dict[str, str]:
    """What the lab's root element says of the run that follows this one."""
    return read_lab(page, f'[data-run="{int(after["run"]) + 1}"]')


def wait_until_written(page: Page) -> None:
    """Wait until the server has sent the whole page; call it when the run is known to have begun."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def do_when_answered(page: Page, text: str, script: str) -> None:
    """Do something with the editor's parts, `one(selector)`, as soon as the answer to a text is there."""
    page.locator("[data-attnviz-ready]").evaluate(
        """(root, [hash, script]) => new MutationObserver((_, observer) => {
            if (root.dataset.attnvizReady !== 'true' || root.dataset.textHash !== hash) return;
            observer.disconnect();
            new Function('one', script)((selector) => root.shadowRoot.querySelector(selector));
            window.followed = root.dataset.followed;
        }).observe(root, {attributes: true})""",
        [text_hash(text), script],
    )
