"""Signed scores in a real browser: attention and probability come with the letter, the engine's scores later."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

import attnviz
from tests.browser.conftest import READY, App
from tests.browser.visits import leave_out, open_reviews, text_hash, type_review, wait_for_answer


@contextmanager
def halted_engine(app: App) -> Iterator[None]:
    """The engine answers nothing until the block ends."""
    engine = app.engine_pid()
    os.kill(engine, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(engine, signal.SIGCONT)


@pytest.fixture
def explainer(app: App, monkeypatch: pytest.MonkeyPatch) -> attnviz.Explainer:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app.library))
    return attnviz.load("luong")


def words(page: Page) -> Locator:
    return page.get_by_role("region", name="Highlighted review").get_by_role("button")


def read_scores(page: Page) -> list[float]:
    scores: list[float] = words(page).evaluate_all("nodes => nodes.map(({ dataset }) => Number(dataset.score))")
    return scores


def read_lines(page: Page) -> list[float]:
    """The strengths of the underlines."""
    script = "nodes => nodes.map(({ style }) => Number(style.getPropertyValue('--line')))"
    lines: list[float] = words(page).evaluate_all(script)
    return lines


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot halt a process")
def test_a_letter_brings_attention_and_probability_without_the_engine(
    page: Page, app: App, explainer: attnviz.Explainer
) -> None:
    open_reviews(page, app, "?model=luong&method=gradient")
    type_review(page, "A dull start and a fine end")
    before, root = read_scores(page), page.locator("[data-attnviz-ready]")
    expect(page.locator(".late, .stale")).to_have_count(0)
    text = "A dull start and a very fine end"
    with halted_engine(app):
        page.get_by_role("textbox", name="Review", exact=True).fill(text)
        read = page.locator(f'[data-attnviz-ready="false"][data-engine="browser"][data-text-hash="{text_hash(text)}"]')
        expect(read).to_be_attached()
        attention = explainer.explain(text)
        assert float(str(root.get_attribute("data-probability"))) == pytest.approx(attention.probability, abs=1e-5)
        strongest = max(read_lines(page)) / attention.scores.max()
        assert read_lines(page) == pytest.approx((attention.scores * strongest).tolist(), abs=1e-3)
        assert read_scores(page) == [*before[:5], 0, *before[5:]], "what is known of them from the text before"
        expect(page.locator(".editor.late")).to_be_attached()
        expect(page.locator(".strongest")).to_have_attribute("aria-busy", "true")
        page.get_by_role("radio", name="attention", exact=True).check()
        expect(page.locator(".late")).to_have_count(0)  # what is shown belongs to this text
        page.get_by_role("radio", name="both").check()
    shown = wait_for_answer(page, text)
    assert (shown["engine"], shown["scoresEngine"], shown["method"]) == ("browser", "python", "gradient")
    assert read_scores(page) == pytest.approx(explainer.explain(text, "gradient").scores.tolist(), abs=1e-6)
    expect(page.locator(".late, .stale")).to_have_count(0)


def test_attention_is_all_the_browsers_and_a_model_without_a_browser_form_all_pythons(page: Page, app: App) -> None:
    page.route("**/component/**/*.bin", lambda route: route.abort())
    open_reviews(page, app, "?model=luong&method=gradient")
    shown = type_review(page, "a boring film")
    assert (shown["engine"], shown["scoresEngine"]) == ("python", "python")
    assert max(read_lines(page)) > 0, "its attention comes from there, too"
    page.unroute("**/component/**/*.bin")
    open_reviews(page, app, "?model=luong")
    shown = type_review(page, "a boring old film")
    assert (shown["engine"], shown["scoresEngine"]) == ("browser", "browser")


def test_a_word_that_is_left_out_and_another_method_bring_their_own_scores(
    page: Page, app: App, explainer: attnviz.Explainer
) -> None:
    open_reviews(page, app, "?model=luong&method=gradient&text=A+dull+but+lovely+film")
    leave_out(page, words(page).get_by_text("dull"))
    wait_for_answer(page, "A  but lovely film")
    expected = explainer.explain("A  but lovely film", "gradient").scores.tolist()
    assert read_scores(page) == pytest.approx([expected[0], 0, *expected[1:]], abs=1e-6)
    page.get_by_role("combobox", name="Method").click()
    page.get_by_role("option", name="Leave a word out").click()
    expect(page.locator(f'{READY}[data-method="occlusion"]')).to_be_attached()
    expected = explainer.explain("A  but lovely film", "occlusion").scores.tolist()
    assert read_scores(page) == pytest.approx([expected[0], 0, *expected[1:]], abs=1e-6)


def test_the_class_that_is_explained_is_the_one_whose_probability_is_told(page: Page, app: App) -> None:
    open_reviews(page, app, "?model=stars&method=gradient&label=3-4+stars")
    shown = type_review(page, "a fine film with a wonderful end")
    expected = attnviz.load("stars").explain("a fine film with a wonderful end", "gradient", target=1)
    assert shown["engine"] == "browser"
    assert float(shown["probability"]) == pytest.approx(expected.probability, abs=1e-5)
    assert read_scores(page) == pytest.approx(expected.scores.tolist(), abs=1e-6)
