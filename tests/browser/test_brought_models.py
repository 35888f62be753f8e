"""A model of one's own, from its file to the page Reviews, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.visits import leave_out, type_review, wait_for_answer
from tests.made_models import VOCABULARY, write_archive


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A model without attention, and its words."""
    words = tmp_path / "words.txt"
    words.write_bytes(VOCABULARY)
    return write_archive(tmp_path / "films.keras"), words


def upload(page: Page, label: str, path: Path) -> None:
    page.get_by_test_id("stFileUploader").filter(has_text=label).locator("input[type=file]").set_input_files(path)


def open_form(page: Page, app: App) -> None:
    page.goto(f"{app.url}/models")
    page.get_by_text("Add a model", exact=True).click()
    expect(page.get_by_role("textbox", name="Class names")).to_be_visible()


def check(page: Page, model: Path, words: Path) -> None:
    upload(page, "Model file", model)
    upload(page, "Vocabulary file", words)
    page.get_by_role("textbox", name="Class names").fill("bad, good")
    expect(page.get_by_test_id("stFileChip")).to_have_count(2)
    page.get_by_role("button", name="Check this model").click()


def test_a_model_is_added_tried_opened_renamed_deleted_and_brought_back(
    page: Page, app: App, files: tuple[Path, Path]
) -> None:
    open_form(page, app)
    check(page, *files)
    expect(page.get_by_role("cell", name="2 classes: ‘bad’, ‘good’")).to_be_visible()
    page.get_by_role("textbox", name="Text to try").fill("a good film")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("films, gradient × input")).to_be_visible()
    expect(page.get_by_role("button", name="Add to the library")).to_have_count(1)  # what moved was there twice
    page.get_by_role("textbox", name="Title").fill("Films")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.locator("[data-arrived=films]")).to_be_attached()
    expect(page.get_by_text("It is in the library now.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Open in Reviews")).to_have_count(1)
    page.get_by_role("button", name="Open in Reviews").click()
    answer = wait_for_answer(page, "a good film")
    assert (answer["model"], answer["method"]) == ("films", "gradient")
    word = page.get_by_role("region", name="Highlighted review").get_by_role("button", name="good")
    leave_out(page, word)
    without = wait_for_answer(page, "a  film")
    expect(word).to_have_attribute("aria-pressed", "true")
    type_review(page, "bad " * 3)
    assert without["model"] == "films"
    page.get_by_role("link", name="Models").click()
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="New title").fill("Films, renamed")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Films, renamed · films")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Films, renamed is deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Films, renamed · films")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Open in Reviews")).to_have_count(0)


def test_a_file_that_is_no_model_is_refused_and_another_one_can_be_chosen_at_once(
    page: Page, app: App, files: tuple[Path, Path], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.keras"
    wrong.write_bytes(b"PK\x03\x04 is no model")
    open_form(page, app)
    check(page, wrong, files[1])
    expect(page.get_by_role("alert")).to_contain_text("no .keras file")
    expect(page.get_by_role("textbox", name="Class names")).to_have_value("bad, good")
    expect(page.get_by_role("button", name="Check this model")).to_be_enabled()


def test_nothing_scrolls_sideways(page: Page, app: App, files: tuple[Path, Path]) -> None:
    open_form(page, app)
    check(page, *files)
    expect(page.get_by_role("textbox", name="Text to try")).to_be_visible()
    for width in (1440, 400):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
