"""Every page and tab before axe-core, in both themes, wide and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from tests.browser.conftest import ROOT, App, visit
from tests.browser.visits import leave_out, open_reviews, type_review, wait_until_idle, wait_until_written

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("", "how-it-works", "column-lab", "evidence", "training", "models", "lessons")
PHONE, SCREEN = {"width": 400, "height": 800}, {"width": 1440, "height": 900}

STREAMLITS = (
    ("color-contrast", 'class="token token'),  # the colours of its code blocks
    ("scrollable-region-focusable", "stCode"),
    ("presentation-role-conflict", "stFileUploaderDropzone"),
)
"""What is not ours: the rule, and what stands in the element's own HTML or in its selector."""

SKIPPED = "code, pre, style, script, textarea, .katex, [data-testid=stJson]"
READ = f"""() => {{
    const parts = [];
    const walk = (root) => {{
        for (const node of root.childNodes) {{
            if (node.nodeType === Node.TEXT_NODE) parts.push(node.data);
            if (node.nodeType !== Node.ELEMENT_NODE || node.matches('{SKIPPED}')) continue;
            parts.push(node.getAttribute('title'), node.getAttribute('aria-label'));
            walk(node);
            if (node.shadowRoot) walk(node.shadowRoot);
        }}
    }};
    walk(document.body);
    return parts.filter(Boolean);
}}"""
"""Every text of the page and its shadow roots, and what stands in tips and labels; no code."""

STRANGE = re.compile(r"(?<![\w.–-])-\d|\d ?%")
"""A hyphen for a minus, a percentage without its no-break space."""

WAITING = '[data-followed="false"], [data-fresh="false"], [data-attnviz-ready="false"]'
LOOK = f"""async (streamlits) => {{
    const {{violations}} = await axe.run(document, {{resultTypes: ['violations']}});
    const tell = (id) => (node) => [id, node.html.slice(0, 160), node.target.flat().join(' ')];
    const isOurs = ([id, html, target]) =>
        !streamlits.some(([rule, part]) => rule === id && (target.includes(part) || html.includes(part)));
    window.found = violations.flatMap(({{id, nodes}}) => nodes.map(tell(id))).filter(isOurs);
    return !window.found.length && !document.querySelector('{WAITING}');
}}"""
"""Whether nothing of ours is found on a page where nothing waits: what is dimmed meanwhile is not meant to be read."""

PATIENCE_MS = 15_000
"""Until what is still found is a violation: Streamlit takes on another theme, and shows a tab, in several steps."""


@pytest.fixture(scope="module")
def axe() -> Path:
    """The checker; whoever has no Node has none."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    return AXE


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "reviews")
def test_nobody_is_shut_out(page: Page, app: App, axe: Path, path: str) -> None:
    page.goto(f"{app.url}/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_until_written(page)
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = {violation for state in _visit(page) for violation in _find_violations(page, state)}
    assert found == set()
    assert [text for text in page.evaluate(READ) if STRANGE.search(text)] == []


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_nobody_is_shut_out_in_another_language(page: Page, app: App, axe: Path, language: str) -> None:
    """Words are of other lengths there: nothing scrolls sideways, on a screen and on a phone."""
    found, wide = set(), []
    for path in PAGES:
        page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
        page.goto(f"{app.url}/{path}?lang={language}")
        expect(page.locator(f'html[lang="{language}"] .st-key-language')).to_be_visible()
        wait_until_written(page)
        page.evaluate(axe.read_text(encoding="utf-8"))
        for size in (SCREEN, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found |= set(_find_violations(page, f"{path} {size['width']}"))
            wide += (
                [(path, size["width"])] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
            )
    assert found == set()
    assert wide == []


def _visit(page: Page) -> Iterator[str]:
    """Open each tab and everything that is folded, in both themes and widths; what is shown now."""
    tabs = [tab.inner_text() for tab in page.get_by_role("tab").all()]
    for tab in tabs or [""]:
        if tab:
            page.get_by_role("tab", name=tab).click()
            wait_until_written(page)
        for size in (SCREEN, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                yield f"{tab} {scheme} {size['width']}"


def _find_violations(page: Page, state: str) -> list[tuple[Any, ...]]:
    with suppress(TimeoutError):
        page.wait_for_function(LOOK, arg=STREAMLITS, polling=250, timeout=PATIENCE_MS)
        return []
    return [(state, *violation) for violation in page.evaluate("window.found")]


def test_where_the_system_chooses_the_colours_every_kind_of_word_is_told_from_the_others(page: Page, app: App) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark")
    open_reviews(page, app, "?model=lstm-dot&method=gradient")
    type_review(page, "A wonderful film with an awful zzyzx plot")
    wait_until_idle(page)
    words = page.get_by_role("region", name="Highlighted review")
    leave_out(page, words.locator('[data-token="film"]'))
    wait_until_idle(page)
    read = "[s.color, s.backgroundColor, s.backgroundImage, s.textDecorationLine]"
    look = f"node => {{ const s = getComputedStyle(node); return {read}; }}"
    kinds = ("wonderful", "awful", "zzyzx", "film")
    seen = {name: words.locator(f'[data-token="{name}"]').evaluate(look) for name in kinds}
    assert {colour for colour, *_ in seen.values()} == {"rgb(255, 255, 255)"}, "letters as the system has them"
    assert len({str(look) for _, *look in seen.values()}) == len(kinds)
    assert "repeating-linear-gradient" in seen["awful"][2], "words against the label are hatched"
    gauge = page.locator(".verdict .fill").evaluate("node => getComputedStyle(node).backgroundColor")
    assert gauge not in ("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)")


def test_text_from_right_to_left_stands_under_its_letters(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "סרט נהדר great מאוד")
    box = page.get_by_role("textbox", name="Review", exact=True)
    words = page.get_by_role("region", name="Highlighted review")
    read = "[s.direction, s.unicodeBidi, s.textAlign, s.padding, s.font]"
    direction = f"node => {{ const s = getComputedStyle(node); return {read}; }}"
    assert box.evaluate(direction) == words.evaluate(direction)
    assert words.evaluate(direction)[0] == "rtl"
    rights = [word.bounding_box()["x"] for word in words.locator("[data-token]").all()]  # type: ignore[index]
    assert rights == sorted(rights, reverse=True), "the first word stands at the right"


def test_at_twice_the_size_the_text_and_its_answer_stay_together(browser: Browser, app: App) -> None:
    with visit(browser, "localStorage.setItem('attnviz-tour', 'closed')") as page:
        page.set_viewport_size({"width": 720, "height": 450})
        open_reviews(page, app)
        wait_until_idle(page)
        for part in (page.get_by_role("textbox", name="Review", exact=True), page.locator(".verdict .meter")):
            box = part.bounding_box()
            assert box
            assert box["y"] < 450, "it begins on the first screen"
        assert page.evaluate("document.documentElement.scrollWidth") <= 720, "nothing scrolls sideways"


def test_on_a_phone_the_pages_close_after_a_choice(page: Page, app: App) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_reviews(page, app)
    bar = page.get_by_test_id("stSidebar")
    expect(bar).not_to_be_in_viewport()
    page.get_by_role("button", name="Expand sidebar").click()
    bar.get_by_role("link", name="Lessons").click()
    expect(page.get_by_role("heading", level=1, name="Lessons")).to_be_visible()
    expect(bar).not_to_be_in_viewport()
