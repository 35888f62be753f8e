"""The living page from the disk, and the static site from a plain server: a network that reads without Python."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import attnviz
from attnviz.living.live_networks import find_live_network
from attnviz.living.live_page import render_live_page
from attnviz.living.static_site import write_site
from tests.browser.conftest import ROOT, TIMEOUT_MS
from tests.browser.visits import type_review, wait_for_answer

HOSTILE = "A <b>great</b> film & </script><script>alert(1)</script>\nשלום 😀, never boring!"


@pytest.fixture(autouse=True)
def _shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(ROOT / "checkpoints"))


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """At the end: nothing threw, nothing was against the policy, and nothing was asked of anybody."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: wrong.append(asked.url) if asked.url.startswith("http") else None)
    yield page
    context.close()
    assert wrong == []


def open_file(page: Page, folder: Path, name: str, text: str, query: str = "") -> None:
    file = folder / "page.html"
    file.write_text(render_live_page(find_live_network(name), text), encoding="utf-8")
    page.goto(f"{file.as_uri()}{query}")


def read_scores(page: Page) -> list[float]:
    tokens = page.get_by_role("region", name="Highlighted review").locator("[data-token]")
    return [float(score) for score in tokens.evaluate_all("tokens => tokens.map(({ dataset }) => dataset.score)")]


def test_a_page_from_the_disk_reads_as_keras_does_what_is_typed(visitor: Page, tmp_path: Path) -> None:
    open_file(visitor, tmp_path, "luong", HOSTILE)
    explainer = attnviz.load("luong")
    shown = wait_for_answer(visitor, HOSTILE)
    assert float(shown["probability"]) == pytest.approx(explainer.explain(HOSTILE).probability, abs=1e-5)
    shown = type_review(visitor, "A dull film, and far too long.")
    explanation = explainer.explain("A dull film, and far too long.")
    assert (shown["engine"], shown["model"], shown["method"]) == ("browser", "luong", "attention")
    assert float(shown["probability"]) == pytest.approx(explanation.probability, abs=1e-5)
    assert read_scores(visitor) == pytest.approx(explanation.scores.tolist(), abs=1e-5)


def test_the_curve_says_what_each_beginning_gives(visitor: Page, tmp_path: Path) -> None:
    text = "A dull start. But then it is wonderful!"
    open_file(visitor, tmp_path, "luong", text)
    curve = visitor.get_by_role("slider", name="How far the text is read")
    curve.press("Home")
    curve.press("ArrowRight")
    beginning = attnviz.load("luong").explain("A dull").probability
    expect(curve).to_have_attribute("aria-valuetext", f"after “dull”: {beginning:.3f}")
    expect(visitor.locator("[data-ahead]")).to_have_count(6)
    curve.press("Escape")
    expect(visitor.locator("[data-ahead]")).to_have_count(0)


def test_each_word_is_left_out_beside_the_page(visitor: Page, tmp_path: Path) -> None:
    text = "An awful story, but the music is lovely."
    open_file(visitor, tmp_path, "bilstm", text)
    expect(visitor.get_by_role("combobox", name="Method")).to_have_value("occlusion")
    visitor.locator('main[data-attnviz-ready="true"][data-method="occlusion"]').wait_for(state="attached")
    visitor.locator('[data-token]:not([data-score="0"])').first.wait_for(state="attached")
    assert len(visitor.context.pages[0].workers) == 1
    assert read_scores(visitor) == pytest.approx(
        attnviz.load("bilstm").explain(text, method="occlusion").scores.tolist(), abs=1e-5
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A site with two networks: its folder, and its address on a plain server."""
    page, *_ = write_site(tmp_path, [find_live_network("word-additive"), find_live_network("luong")], "an example")
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield page, f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_a_site_works_on_a_server_and_from_the_disk(browser: Browser, site: tuple[Path, str]) -> None:
    file, address = site
    page = browser.new_page()
    for place in (address, file.as_uri()):
        page.goto(f"{place}?embed=1&model=luong&text=a+great+film")
        shown = wait_for_answer(page, "a great film")
        assert shown["model"] == "luong"
        expect(page.get_by_role("heading", name="attnviz")).to_be_hidden()
        page.get_by_role("combobox", name="Model").select_option("word-additive")
        page.locator('main[data-attnviz-ready="true"][data-model="word-additive"]').wait_for(state="attached")
    page.close()


def test_an_address_that_asks_for_what_is_not_here_says_so(visitor: Page, tmp_path: Path) -> None:
    open_file(visitor, tmp_path, "luong", "a film", "?model=gpt")
    wait_for_answer(visitor, "a film")
    expect(visitor.get_by_text("‘gpt’, which is not here")).to_be_visible()


def test_a_damaged_page_says_so_and_keeps_the_text(visitor: Page, tmp_path: Path) -> None:
    network = find_live_network("luong")
    file = tmp_path / "page.html"
    file.write_text(render_live_page(network._replace(content=network.content[:-9]), "a film"), encoding="utf-8")
    visitor.goto(file.as_uri())
    expect(visitor.get_by_text("luong can't read here")).to_be_visible()
    expect(visitor.get_by_role("textbox", name="Review", exact=True)).to_have_value("a film")
