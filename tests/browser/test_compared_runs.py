"""A run that is taken along, brought back, and compared with the network that ships, in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, App
from tests.browser.visits import choose, wait_until_written
from tests.made_runs import make_run

PATIENCE_MS = 180_000
"""The network of what comes is opened in a process of its own, which loads TensorFlow first."""


def test_a_run_goes_comes_back_and_is_compared(page: Page, app: App, tmp_path: Path) -> None:
    make_run(app.library, "taken-along", ROOT / "checkpoints" / "luong")
    page.goto(f"{app.url}/training")
    choose(page, "Run (", "taken-along")
    expect(page.get_by_role("heading", name="taken-along")).to_be_visible()
    wait_until_written(page)
    page.get_by_role("button", name="Take this run along").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    assert download.value.suggested_filename == "taken-along.attnviz.zip"
    download.value.save_as(tmp_path / "run.zip")

    page.keyboard.press("Escape")
    page.get_by_text("Bring a run").click()
    uploader = page.get_by_test_id("stFileUploader").filter(has_text="File of a run")
    uploader.locator("input[type=file]").set_input_files(tmp_path / "run.zip")
    expect(page.get_by_text("taken-along-2 is in the library now")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="taken-along-2")).to_be_visible()

    wait_until_written(page)
    for name in ("taken-along-2", "lstm-dot"):
        choose(page, "Runs and networks", name)
        expect(page.get_by_test_id("stMultiSelect").filter(has_text="Runs and networks")).to_contain_text(name)
        wait_until_written(page)
    expect(page.get_by_text("All were tested on the same 25,000 texts.")).to_be_visible()
    for name in ("taken-along-2", "lstm-dot"):
        expect(page.get_by_label(f"{name}, gradient × input")).to_be_visible(timeout=PATIENCE_MS)
    # A list that is still open hides what is beside it from screen readers only.
    expect(page.get_by_role("button", name="Table as CSV", include_hidden=True)).to_be_visible()
