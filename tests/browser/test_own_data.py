"""From a file of one's own to an explained text, without the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import READY, App
from tests.browser.test_training import PATIENCE_MS, train
from tests.browser.visits import type_review, wait_until_written
from tests.tables import CHINESE, ENGLISH, make_rows, write_csv


def upload(page: Page, app: App, file: Path) -> None:
    page.goto(f"{app.url}/training")
    page.get_by_text("Bring your own data").click()
    uploader = page.get_by_test_id("stFileUploader").filter(has_text="Table of texts with labels")
    uploader.locator("input[type=file]").set_input_files(file)
    page.get_by_test_id("stDataFrame").locator("canvas").first.wait_for()  # the button under it stays where it is now
    page.get_by_role("button", name="Read this file").click()


def finish_training(page: Page) -> str:
    """Train the network that learns fastest; the name of its run."""
    train(page, "word-additive", epochs=25)
    saved = page.get_by_text(re.compile(r"saved as word-additive-\d+"))
    expect(saved).to_be_visible(timeout=PATIENCE_MS)
    return re.search(r"word-additive-\d+", saved.text_content() or "").group()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("language", "words", "text", "tokens"),
    [
        ("en", ENGLISH, "The film was wonderful, a lovely story", 7),
        ("zh", CHINESE, "这部电影精彩，我们看了", 10),
    ],
)
def test_three_classes_of_ones_own(
    page: Page, app: App, tmp_path: Path, language: str, words: dict[str, tuple[str, ...]], text: str, tokens: int
) -> None:
    upload(page, app, write_csv(tmp_path / f"{language}.csv", make_rows(300, language)))
    expect(page.get_by_text("300 rows were read; none was left out.")).to_be_visible()
    expect(page.get_by_text("240 texts to train on, 60 to test with")).to_be_visible()
    name = finish_training(page)
    page.goto(f"{app.url}/?model={name}")
    page.locator(f'{READY}[data-model="{name}"]').wait_for(state="attached")
    expect(page.get_by_text(f"Trained on the data set ‘{language}’.")).to_be_visible()
    expect(page.get_by_text("character by character")).to_have_count(int(language == "zh"))
    root = type_review(page, text)
    assert root["engine"] == "browser"
    region = page.get_by_role("region", name="Highlighted review")
    expect(region.locator("[data-token]")).to_have_count(tokens)
    good = next(iter(words))
    expect(page.get_by_role("heading", name=f"Probability of “{good}”")).to_be_visible()
    assert float(root["probability"]) > 0.5


def test_the_class_that_is_explained_can_be_chosen(page: Page, app: App, tmp_path: Path) -> None:
    upload(page, app, write_csv(tmp_path / "choice.csv", make_rows(300, seed=1)))
    expect(page.get_by_text("300 rows were read; none was left out.")).to_be_visible()
    name = finish_training(page)
    page.goto(f"{app.url}/?model={name}&method=gradient&label=mixed")
    page.locator(f'{READY}[data-model="{name}"][data-method="gradient"]').wait_for(state="attached")
    wait_until_written(page)
    expect(page.get_by_role("img", name="Probability of “mixed”, from 0 to")).to_be_visible()
    page.locator(".st-key-own_texts button").first.click()
    expect(page.get_by_text("which the network did not learn from")).to_be_visible()


def test_a_file_that_is_no_data_set_is_refused_in_words(page: Page, app: App, tmp_path: Path) -> None:
    rows = [(text, f"{number}.5") for number, (text, _) in enumerate(make_rows(100))]
    upload(page, app, write_csv(tmp_path / "scores.csv", rows, ("text", "score")))
    expect(page.get_by_text("which look like numbers of a scale or ids")).to_be_visible()
    page.get_by_role("button", name="Another file").click()
    expect(page.get_by_text("Table of texts with labels")).to_be_visible()
