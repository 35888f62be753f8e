"""The page Training in a real browser: a run that is watched from its first batch to the page Reviews."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from attnviz.models.registry import MODELS
from tests.browser.conftest import READY, App
from tests.browser.visits import choose, wait_until_written

PATIENCE_MS = 180_000
"""A run has a process of its own, which is nice to all others and loads TensorFlow first."""

PINNED = "A wonderful film, and <b>not</b> a dull one"


def train(page: Page, network: str, epochs: int, pinned: str = "") -> None:
    spec = MODELS[network]
    wait_until_written(page)
    choose(page, "Model", f"{network} ·")
    expect(page.get_by_text(spec.summary)).to_be_visible()
    wait_until_written(page)
    box = page.get_by_role("spinbutton", name="Epochs")
    expect(box).to_have_value(str(spec.recipe.epochs))
    box.fill(str(epochs))
    box.press("Enter")
    if pinned:
        page.get_by_text("Texts to watch, and a log").click()
        texts = page.get_by_role("textbox", name="Pinned texts")
        texts.fill(pinned)
        texts.press("Control+Enter")
        wait_until_written(page)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("saved as")).to_have_count(0)  # the run before gives way to this one


def test_a_run_is_watched_opened_renamed_and_deleted(page: Page, app: App) -> None:
    page.goto(f"{app.url}/training")
    train(page, "word-additive", epochs=2, pinned=PINNED)
    saved = page.get_by_text(re.compile(r"Finished, saved as word-additive-\d+"))
    expect(saved).to_be_visible(timeout=PATIENCE_MS)
    name = re.search(r"word-additive-\d+", saved.text_content() or "").group()  # type: ignore[union-attr]
    for title in ("Loss", "Accuracy"):
        chart = page.get_by_text(title, exact=True)
        expect(chart).to_have_count(1)  # the one that grew gives way to the whole one
        expect(chart).to_be_visible()

    scrubber = page.get_by_role("slider", name="Moment of the training")
    expect(scrubber).to_have_attribute("aria-valuetext", "after epoch 2")
    shown = page.get_by_role("region", name="The text at this moment")
    expect(shown).to_have_text(PINNED)
    last = [word.get_attribute("style") for word in shown.locator(".token").all()]
    scrubber.focus()
    scrubber.press("Home")
    expect(scrubber).to_have_attribute("aria-valuetext", "before training")
    first = [word.get_attribute("style") for word in shown.locator(".token").all()]
    assert first != last
    page.get_by_role("button", name="Play the training").click()
    expect(scrubber).to_have_attribute("aria-valuetext", "after epoch 2")

    wait_until_written(page)
    page.get_by_role("button", name="Rename").click()
    box = page.get_by_role("textbox", name="New name")
    box.fill("watched")
    box.press("Enter")
    wait_until_written(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="watched")).to_be_visible()
    page.get_by_role("button", name="Open in Reviews").click()
    page.locator(f'{READY}[data-model="watched"]').wait_for(state="attached")
    expect(page.get_by_role("textbox", name="Review", exact=True)).to_have_value(PINNED)

    page.goto(f"{app.url}/training")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("watched is deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="watched")).to_be_visible()
    assert name != "watched"


def test_stop_ends_a_run_and_keeps_the_best_epoch_and_it_can_go_on(page: Page, app: App) -> None:
    page.goto(f"{app.url}/training")
    train(page, "bilstm", epochs=50)
    expect(page.get_by_text(re.compile(r"Epoch ([2-9]|\d\d) of 50, batch .* left\."))).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped; the best epoch is kept, saved as bilstm-")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
