"""Every page and tab before axe-core, in both themes, wide and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import ROOT, App
from tests.browser.visits import wait_until_written

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
