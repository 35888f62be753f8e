"""What a visitor of the page Reviews takes away: the link and the picture, in a real browser."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from pathlib import Path

from playwright.sync_api import Page, expect

from attnviz.render.numerals import format_probability
from tests.browser.conftest import App
from tests.browser.visits import open_reviews, type_review, wait_for_answer

SVG = "{http://www.w3.org/2000/svg}"
TEXT = "It wasn't <b>dull</b> & slow:\nsimply wonderful, שלום 😀!"


def save_picture(page: Page, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as file:
        page.get_by_role("button", name=f"Save the highlighted review as {kind}").click()
    return file.value.suggested_filename, Path(file.value.path()).read_bytes()


def test_the_address_keeps_the_typed_text_and_leaves_the_way_back_free(page: Page, app: App) -> None:
    page.goto(f"{app.url}/models")
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    open_reviews(page, app)
    type_review(page, TEXT)
    page.wait_for_url("**/?model=word-additive&method=attention&text=*")
    page.reload()
    wait_for_answer(page, TEXT)
    expect(page.get_by_role("textbox", name="Review")).to_have_value(TEXT)
    type_review(page, "something else")
    page.wait_for_url("**/?*text=something+else")
    page.go_back()
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()


def test_the_highlighted_review_is_saved_as_a_drawing_and_as_pixels(page: Page, app: App) -> None:
    open_reviews(page, app, "?model=lstm-dot")
    answer = type_review(page, "unread " * 300 + "\n" + TEXT + " end" * 195)
    name, drawing = save_picture(page, "SVG")
    assert name == "attnviz-lstm-dot-attention.svg"
    root = ET.fromstring(drawing)
    assert root.tag == f"{SVG}svg"
    texts = [node.text or "" for node in root.iter(f"{SVG}text")]
    shown = page.get_by_role("region", name="Highlighted review").get_by_role("button").all_text_contents()
    assert len(shown) == 200
    assert [word for word in shown if word not in texts] == []
    said = " ".join(texts)
    assert f"Positive with probability {format_probability(float(answer['probability']))}" in said
    for words in ("lstm-dot, attention weights", "attention weight, linear", "words were not read and are not shown"):
        assert words in said
    assert "@font-face" in next(root.iter(f"{SVG}style")).text, "it looks the same elsewhere"
    name, pixels = save_picture(page, "PNG")
    assert name == "attnviz-lstm-dot-attention.png"
    assert pixels.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", pixels[16:24]) == (2 * int(root.get("width")), 2 * int(root.get("height")))
