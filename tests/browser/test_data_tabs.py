"""The tabs under the editor that bring reviews into it, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import attnviz
from attnviz.data.imdb import load_imdb
from tests.browser.conftest import READY, App
from tests.browser.visits import open_reviews, wait_for_answer, wait_until_written


def click_row(page: Page, row: int) -> None:
    """Choose a row of the one table; it is drawn on a canvas, 35 pixels a row under its header."""
    wait_until_written(page)
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.click(position={"x": 17, "y": 35 * (row + 1) + 17})


def test_wrong_answers_are_browsed_and_one_opens_in_the_editor(
    page: Page, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app.library))
    open_reviews(page, app)
    page.get_by_role("tab", name="Test reviews").click()
    page.get_by_role("button", name="Let word-additive read").click()
    page.get_by_role("radio", name="Negative").check(force=True)
    expect(page.get_by_text("400 of 800 test reviews match")).to_be_visible()
    test = load_imdb(download=False).test
    negative = [index for index in range(len(test)) if test.labels[index] == 0]
    probabilities = attnviz.load("word-additive").predict_texts([test.texts[index] for index in negative])[:, 1]
    by_loss = [negative[place] for place in (-probabilities).argsort(kind="stable")]
    click_row(page, 2)
    expect(page.get_by_role("spinbutton", name="Match")).to_have_value("3")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("spinbutton", name="Match")).to_have_value("4")
    wait_until_written(page)
    page.get_by_role("button", name="Open in the editor").click()
    text = test.texts[by_loss[3]].replace("<br />", "\n")
    assert wait_for_answer(page, text)["model"] == "word-additive"
    expect(page.get_by_text("Match 4 of 400.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Review", exact=True)).to_be_in_viewport()


def test_a_file_of_ones_own_is_explained_and_a_row_opens_in_the_editor(page: Page, app: App, tmp_path: Path) -> None:
    texts = ["A great film, really.", "=dull & <b>boring</b> 😀"]
    (tmp_path / "mine.txt").write_text("\n".join(texts), encoding="utf-8")
    open_reviews(page, app)
    page.get_by_role("tab", name="Your own file").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "mine.txt")
    page.get_by_role("button", name="Explain 2 reviews").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download table").click()
    assert f"'{texts[1]}" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    click_row(page, 1)
    wait_for_answer(page, texts[1])
    expect(page.locator(READY).get_by_text("Review 2 of mine.txt, line 2.")).to_be_visible()
    page.get_by_role("tab", name="The network").click()
    expect(page.get_by_role("button", name="Download table")).to_have_count(0)
    page.get_by_role("tab", name="Your own file").click()
    expect(page.get_by_role("button", name="Download table")).to_be_visible()
