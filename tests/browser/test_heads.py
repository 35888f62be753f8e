"""The heat maps of heads, in a real browser."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Locator, Page, expect

import attnviz
from attnviz.values.attention import Reduction
from tests.browser.conftest import READY, App
from tests.browser.visits import REVIEW, open_reviews, text_hash, type_review, wait_until_idle


def open_heads(page: Page, app: App, model: str) -> Locator:
    """Open the tab on REVIEW; the root element of the component."""
    open_reviews(page, app, f"?model={model}")
    type_review(page, REVIEW)
    wait_until_idle(page, REVIEW)
    page.get_by_role("tab", name="Attention heads").click()
    root = page.locator(f'{READY}[data-head][data-model="{model}"][data-text-hash="{text_hash(REVIEW)}"]')
    expect(root).to_be_attached()
    return root


def read_scores(page: Page) -> list[float]:
    words = page.get_by_role("region", name="The text as the chosen weights see it").get_by_role("button")
    return [float(score) for score in words.evaluate_all("nodes => nodes.map(node => node.dataset.score)")]


def expect_scores(page: Page, expected: npt.NDArray[np.floating]) -> None:
    assert read_scores(page) == pytest.approx(expected.tolist(), abs=1e-5)


def test_the_text_has_the_weights_of_the_head_and_the_word_that_are_chosen(page: Page, app: App) -> None:
    attention = attnviz.load("transformer").read_attention(REVIEW)
    root = open_heads(page, app, "transformer")
    expect(root).to_have_attribute("data-head", "mean")
    expect_scores(page, attention.reduce())
    page.get_by_role("radio", name="Head 2").check()
    expect(root).to_have_attribute("data-head", "head 2")
    expect_scores(page, attention.reduce(Reduction(map=1)))
    word = page.get_by_role("region", name="The text as the chosen weights see it").locator('[data-token="funny"]')
    word.click()
    place = int(root.get_attribute("data-query"))
    expect(word).to_have_attribute("aria-pressed", "true")
    expect_scores(page, attention.reduce(Reduction(map=1, query=place)))
    expect(page.get_by_role("heading", name=f"Head 2, from word {place + 1}, “funny”")).to_be_visible()
    map_of_weights = page.get_by_role("slider", name="Row of the heat map")
    map_of_weights.press("ArrowDown")
    expect_scores(page, attention.reduce(Reduction(map=1, query=place + 1)))
    expect(map_of_weights).to_have_attribute("aria-valuetext", f"from word {place + 2}: moving")
    lines = page.locator(".lines path")
    weights = attention.weights[1, place + 1]
    others = [one for one in range(len(weights)) if one != place + 1 and weights[one] * len(weights) >= 1]
    expect(lines).to_have_count(min(12, len(others)))
    map_of_weights.press("ArrowRight")
    map_of_weights.press("ArrowLeft")
    said = f"from “moving” (word {place + 2}) to “funny” (word {place + 1}): {weights[place]:.4f}"
    expect(map_of_weights).to_have_attribute("aria-valuetext", said)
    page.get_by_role("combobox", name="Query").select_option("received from all words")
    expect(root).to_have_attribute("data-query", "all")
    expect_scores(page, attention.reduce(Reduction(map=1)))


def test_a_cell_says_from_where_to_where_it_leads_and_a_click_chooses_its_row(page: Page, app: App) -> None:
    attention = attnviz.load("transformer").read_attention(REVIEW)
    root = open_heads(page, app, "transformer")
    count = attention.weights.shape[-1]
    plane = page.get_by_role("slider", name="Row of the heat map")
    box = plane.bounding_box()
    row, column = 2, 5
    at = {"x": (column + 0.5) / count * box["width"], "y": (row + 0.5) / count * box["height"]}
    plane.hover(position=at)
    weight = attention.weights.mean(axis=0)[row, column]
    tip = page.get_by_role("tooltip").filter(has_text=f"(word {row + 1}) to")
    expect(tip).to_have_text(f"from “expect” (word {row + 1}) to “this” (word {column + 1}): {weight:.4f}")
    plane.click(position=at)
    expect(root).to_have_attribute("data-query", str(row))
    plane.click(position=at)
    expect(root).to_have_attribute("data-query", "all")


def test_a_map_can_be_seen_from_near_with_the_keys_and_the_names_of_its_words_appear(page: Page, app: App) -> None:
    open_reviews(page, app, "?model=transformer")
    text = " ".join(f"film {REVIEW}" for _ in range(10))
    type_review(page, text)
    wait_until_idle(page, text)
    page.get_by_role("tab", name="Attention heads").click()
    root = page.locator(f'{READY}[data-head][data-text-hash="{text_hash(text)}"][data-exact="true"]')
    expect(root).to_be_attached()
    plane = page.get_by_role("slider", name="Row of the heat map")
    names = page.locator(".frame .rows span")
    expect(names).to_have_count(0)
    for _ in range(5):
        plane.press("+")
    expect(names).to_have_count(16)
    expect(page.get_by_text("columns: words")).to_contain_text("of 170")
    plane.press("End")
    expect(root).to_have_attribute("data-query", "169")
    expect(names.last).to_have_text("👍")
    page.get_by_role("button", name="Look from farther").click()
    expect(names).to_have_count(32)


def test_the_map_of_features_has_a_row_a_feature(page: Page, app: App) -> None:
    attention = attnviz.load("lstm-featurewise").read_attention(REVIEW)
    root = open_heads(page, app, "lstm-featurewise")
    expect_scores(page, attention.reduce())
    page.get_by_role("combobox", name="Feature").select_option("feature 7")
    expect(root).to_have_attribute("data-head", "feature 7")
    expect_scores(page, attention.reduce(Reduction(map=6)))
    size = page.locator(".plane canvas").evaluate("canvas => [canvas.height, canvas.width]")
    assert size == [64, attention.weights.shape[-1]]
    expect(page.get_by_role("radio", name="Head 2")).to_have_count(0)


def test_the_heat_map_can_be_taken_away_and_fits_a_narrow_page(page: Page, app: App) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    open_heads(page, app, "transformer")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the heat map as PNG").click()
    assert download.value.suggested_filename == "attnviz-transformer-heads.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
