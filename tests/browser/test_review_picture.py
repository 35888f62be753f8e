"""The picture of the highlighted review: what draws it comes when somebody asks for one."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import App
from tests.browser.visits import open_reviews, type_review

TEXT = "A <b>dull</b> start & a wonderful end"


def test_a_picture_holds_the_words_and_what_draws_it_is_fetched_once(page: Page, app: App) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith(".js") and "/component/" in request.url:
            asked.append(request.url)

    page.on("request", note)
    open_reviews(page, app, "?model=luong&method=gradient")
    type_review(page, TEXT)
    assert asked == []
    for kind in ("SVG", "PNG"):
        with page.expect_download() as saved:
            page.get_by_role("button", name=f"Save the highlighted review as {kind}").click()
        assert saved.value.suggested_filename == f"attnviz-luong-gradient.{kind.lower()}"
        if kind == "SVG":
            picture = Path(saved.value.path()).read_text(encoding="utf-8")
    assert len(asked) == 1
    assert "luong, gradient × input" in picture
    assert "&lt;" in picture
    assert "wonderful" in picture


def test_a_picture_that_cannot_be_drawn_says_why(page: Page, app: App) -> None:
    page.route("**/component/**/*.js", lambda route: route.abort())
    open_reviews(page, app)
    page.get_by_role("button", name="Save the highlighted review as SVG").click()
    expect(page.get_by_text("The picture cannot be drawn: the server does not send")).to_be_visible()
