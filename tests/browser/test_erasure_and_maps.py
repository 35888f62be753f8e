"""What stands beside and under the highlight, in a real browser: the curve of an erasure, and the maps of Compare."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

import attnviz
from attnviz.render.numerals import format_probability
from tests.browser.conftest import App
from tests.browser.visits import (
    REVIEW,
    open_reviews,
    type_review,
    wait_until_idle,
)


def test_a_slider_takes_the_words_away_in_the_browser(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, REVIEW)
    text = page.get_by_role("region", name="The text with the words taken")
    expect(text).to_contain_text("Simply great 👍")
    curve = attnviz.load("word-additive").measure_erasure_curve(REVIEW)
    slider, gone = page.get_by_role("slider", name="Words taken"), text.locator(".gone")
    slider.focus()
    page.keyboard.press("Home")
    expect(gone).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(gone).to_have_count(2)
    said = f"2 of {len(curve.order)} words left out: probability {format_probability(curve.without[2])}"
    assert slider.get_attribute("aria-valuetext").startswith(said)
    page.get_by_role("radio", name="Keep only these").check()
    expect(gone).to_have_count(len(curve.order) - 2)
    kept = f"2 of {len(curve.order)} words kept: probability {format_probability(curve.alone[2])}"
    assert slider.get_attribute("aria-valuetext").startswith(kept)
    words = re.findall(r"[\w']+", REVIEW)
    left = text.locator("span:not(.gone)").all_text_contents()
    assert left == [words[place] for place in sorted(curve.order[:2])]
    assert "".join(text.all_text_contents()) == REVIEW


def test_a_word_that_is_pointed_at_is_marked_in_every_map(
    page: Page, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app.library))
    open_reviews(page, app)
    type_review(page, REVIEW)
    wait_until_idle(page)
    page.get_by_role("tab", name="Compare").click()
    start = REVIEW.index("WONDERFUL")
    for model, method, title in (
        ("word-additive", "attention", "word-additive, attention weights"),
        ("bilstm", "gradient", "bilstm, gradient × input"),
    ):
        words = page.get_by_role("region", name=title).get_by_role("button")
        expect(words.first).to_have_attribute("data-token", "i")
        shown = words.evaluate_all("nodes => nodes.map(node => ({...node.dataset}))")
        expected = attnviz.load(model).explain(REVIEW, method)
        assert [float(word["score"]) for word in shown] == pytest.approx(expected.scores.tolist(), abs=1e-5)
        assert [int(word["start"]) for word in shown] == [token.start for token in expected.tokens]
    word = page.get_by_role("region", name="word-additive, attention weights").locator(f'[data-start="{start}"]')
    word.hover()
    expect(page.locator("section .marked")).to_have_count(5)  # three networks, two methods, and one has no attention
    assert (
        page.locator("section .marked").evaluate_all("nodes => nodes.map(node => node.textContent)")
        == ["WONDERFUL"] * 5
    )
    expect(page.get_by_role("tooltip").filter(has_text="wonderful")).to_be_visible()
    word.focus()
    page.keyboard.press("Tab")
    following = page.get_by_role("region", name="word-additive, gradient × input").locator(f'[data-start="{start}"]')
    expect(following).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("section .marked")).to_have_text(["funny"] * 5)
