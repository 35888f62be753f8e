"""The page Training in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from attnviz.models.registry import MODELS
from tests.browser.conftest import READY, App
from tests.browser.visits import choose, wait_until_written

PATIENCE_MS = 180_000
"""A run has a process of its own, which is nice to all others and loads TensorFlow first."""


def train(page: Page, network: str, epochs: int) -> None:
    spec = MODELS[network]
    choose(page, "Model", f"{network} ·")
    expect(page.get_by_text(spec.summary)).to_be_visible()
    wait_until_written(page)
    box = page.get_by_role("spinbutton", name="Epochs")
    expect(box).to_have_value(str(spec.recipe.epochs))
    box.fill(str(epochs))
    box.press("Enter")
    page.get_by_role("button", name="Train", exact=True).click()


def test_a_training_run_shows_its_curves_and_joins_the_models(page: Page, app: App) -> None:
    page.goto(f"{app.url}/training")
    train(page, "lstm-dot", epochs=2)
    saved = page.get_by_text(re.compile(r"saved as lstm-dot-\d+"))
    expect(saved).to_be_visible(timeout=PATIENCE_MS)
    name = re.search(r"lstm-dot-\d+", saved.text_content() or "").group()  # type: ignore[union-attr]
    for title in ("Loss", "Accuracy"):
        chart = page.get_by_text(title, exact=True)
        expect(chart).to_have_count(1)  # the one that grew gives way to the whole one
        expect(chart).to_be_visible()
    page.goto(app.url)
    choose(page, "Model", f"{name} ·")
    page.locator(f'{READY}[data-model="{name}"]').wait_for(state="attached")


def test_stop_ends_a_run_and_keeps_the_best_epoch(page: Page, app: App) -> None:
    page.goto(f"{app.url}/training")
    train(page, "bilstm", epochs=50)
    expect(page.get_by_text(re.compile(r"Epoch ([2-9]|\d\d) of 50"))).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("the best epoch is kept, saved as bilstm-")).to_be_visible()
