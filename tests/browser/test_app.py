"""The app as its users meet it: its processes, its pages one after the other, and on a phone."""

from __future__ import annotations

import os
import re
import select
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import READY, TIMEOUT_MS, App, start_app
from tests.browser.visits import (
    choose,
    leave_out,
    open_lab,
    open_reviews,
    type_review,
    wait_for_answer,
    wait_until_idle,
    wait_until_written,
)


def test_what_was_chosen_is_still_there_after_a_look_at_another_page(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "my own words")
    choose(page, "Model", "luong ·")
    page.locator(f'{READY}[data-model="luong"]').wait_for(state="attached")
    page.get_by_role("link", name="Column lab").click()
    page.locator(f"{READY}[data-run]").wait_for(state="attached")
    page.get_by_role("slider", name="Attention column").press("ArrowRight")
    moved = page.locator(f'{READY}[data-attention-column="2"]')
    moved.wait_for(state="attached")
    run = moved.get_attribute("data-run")
    page.wait_for_url("**/column-lab?*column=2&*")  # the whole page has followed
    wait_until_written(page)
    page.get_by_role("link", name="Reviews").click()
    expect(page.get_by_role("heading", name="Reviews", level=1)).to_be_visible()
    assert wait_for_answer(page, "my own words")["model"] == "luong"
    page.get_by_role("link", name="Column lab").click()
    moved.wait_for(state="attached")
    assert moved.get_attribute("data-run") == run, "nothing is trained again for coming back"


def test_a_killed_engine_comes_back_and_nothing_typed_is_lost(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "a great film")
    os.kill(app.engine_pid(), signal.SIGKILL)
    answer = type_review(page, "a great film, and a boring one")
    assert 0 < float(answer["probability"]) < 1
    assert page.get_by_role("textbox", name="Review", exact=True).input_value() == "a great film, and a boring one"


def test_a_server_that_is_started_again_takes_over_what_was_typed(
    page: Page, app: App, tmp_path: Path, archive: Path
) -> None:
    first = start_app(app.library, tmp_path, archive)
    open_reviews(page, first)
    page.get_by_role("button", name="Sarcasm").click()  # the next server has not put a text into the box
    box = page.get_by_role("textbox", name="Review", exact=True)
    expect(box).to_have_value(re.compile("^Oh great"))
    text = "my own long and boring review, which took me an hour. " * 60  # too long for the address
    type_review(page, text)
    leave_out(page, page.get_by_role("region", name="Highlighted review").get_by_role("button", name="hour").last)
    changed = text[: text.rindex("hour")] + text[text.rindex("hour") + 4 :]
    before = wait_for_answer(page, changed)
    wait_until_idle(page, changed)
    page.locator("[data-attnviz-ready]").evaluate(
        "root => new MutationObserver(() => { window.reached ||= root.dataset.session !== window.before; })"
        ".observe(root, {attributes: true, attributeFilter: ['data-session']})"
    )
    page.evaluate("window.before = document.querySelector('[data-session]').dataset.session")
    first.process.terminate()
    first.process.wait()
    # Streamlit's page looks for its server at longer and longer intervals, so it may find the new one late.
    second = start_app(app.library, tmp_path, archive, port=int(first.url.rpartition(":")[2]))
    try:
        page.wait_for_function("window.reached", timeout=2 * TIMEOUT_MS)
        wait_until_idle(page, changed)
        assert box.input_value() == text
        page.get_by_role("link", name="Models").click()  # the first server cannot show this page
        expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
        page.get_by_role("link", name="Reviews").click()
        assert wait_for_answer(page, changed)["probability"] == before["probability"]
        assert box.input_value() == text
    finally:
        second.process.terminate()
        second.process.wait()


def test_the_page_process_never_loads_tensorflow(page: Page, app: App) -> None:
    open_reviews(page, app)
    open_lab(page, app)
    page.goto(f"{app.url}/models")
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    mapped = Path(f"/proc/{app.process.pid}/maps").read_text()
    assert "numpy" in mapped, "libraries of the page's process are visible here"
    assert "tensorflow" not in mapped
    assert "tensorflow" in Path(f"/proc/{app.engine_pid()}/maps").read_text()


def test_the_engine_ends_with_its_parent(tmp_path: Path, app: App, archive: Path, page: Page) -> None:
    other = start_app(app.library, tmp_path, archive)
    open_reviews(page, other)
    engine = os.pidfd_open(other.engine_pid())
    other.process.kill()
    other.process.wait()
    assert has_ended(engine), "the engine went on after its parent was killed"


def has_ended(pidfd: int, seconds: float = 60.0) -> bool:
    readable, _, _ = select.select([pidfd], [], [], seconds)  # a pidfd is readable when its process has ended
    os.close(pidfd)
    return bool(readable)


@pytest.mark.parametrize("path", ["", "column-lab", "evidence", "training", "models", "how-it-works"])
def test_no_page_scrolls_sideways_on_a_phone(page: Page, app: App, path: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{app.url}/{path}")
    page.get_by_role("heading", level=1).wait_for()
    if path in ("", "column-lab", "how-it-works"):
        page.locator(READY if path == "column-lab" else f'{READY}[data-followed="true"]').wait_for(state="attached")
    wait_until_written(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_the_page_is_laid_out_before_its_text_is_there_whichever_script_comes_last(page: Page, app: App) -> None:
    open_reviews(page, app)
    box = page.get_by_role("textbox", name="Review", exact=True)
    place = box.bounding_box()
    held: list[Route] = []
    page.route("**/static/js/Html.*.js", lambda route: held.append(route))  # it shows `st.html`, and never comes
    page.reload()
    page.locator(READY).wait_for(state="attached")
    assert box.bounding_box() == place
    assert len(held) == 1
