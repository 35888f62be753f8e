"""The Column lab in a real browser: dragging, the time-lapse, the keyboard, links and figures to take away."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import ElementHandle, Locator, Page, expect

from tests.browser.conftest import App
from tests.browser.visits import largest, open_lab, read_lab, wait_for_run

SVG = "{http://www.w3.org/2000/svg}"


def bars(page: Page) -> Locator:
    return page.get_by_role("region", name="Attention weights").locator("svg rect")


def heights(page: Page) -> list[float]:
    return bars(page).evaluate_all("nodes => nodes.map(node => Number(node.getAttribute('height')))")


def record(node: ElementHandle) -> None:
    """Let an element keep all texts that it shows from now on, in `seen`."""
    node.evaluate(
        """node => { node.seen = []; new MutationObserver(() => node.seen.push(node.textContent))
        .observe(node, { childList: true, characterData: true, subtree: true }); }"""
    )


def test_moving_the_slider_moves_the_largest_bar_to_the_planted_column(page: Page, app: App) -> None:
    first = open_lab(page, app)
    assert largest(first) == int(first["attentionColumn"]) == 1
    page.get_by_role("slider", name="Attention column").press("ArrowRight")
    moved = wait_for_run(page, after=first)
    assert largest(moved) == int(moved["attentionColumn"]) == 2
    page.get_by_role("button", name="Retrain").click()
    again = wait_for_run(page, after=moved)
    assert largest(again) == 2
    assert again["attention"] != moved["attention"], "Retrain draws a new seed"


def test_the_bars_follow_while_the_slider_is_dragged_and_the_last_value_stays(page: Page, app: App) -> None:
    open_lab(page, app, "?columns=8")
    slider = page.get_by_role("slider", name="Attention column")
    box = slider.bounding_box()
    assert box is not None

    def drag_to(share: float) -> str:
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        return (slider.get_attribute("aria-valuetext") or "").removeprefix("column ")

    drag_to(1 / 7)
    page.mouse.down()
    for share in (0.3, 0.6, 0.8):  # the hand waits, and the button is down
        column = drag_to(share)
        assert largest(read_lab(page, f'[data-attention-column="{column}"]')) == int(column)
    for step in range(1, 9):  # the hand does not wait
        column = drag_to(0.8 - step / 10)
    page.mouse.up()
    last = read_lab(page, f'[data-attention-column="{column}"]')
    assert largest(last) == int(column) <= 1
    page.get_by_role("button", name="Retrain").click()
    assert wait_for_run(page, after=last)["attentionColumn"] == column


def test_the_time_lapse_goes_by_keyboard_and_plays(page: Page, app: App) -> None:
    root = open_lab(page, app)
    at_the_end = heights(page)
    epoch = page.get_by_role("slider", name="Epoch", exact=True)
    epoch.press("Home")
    expect(page.get_by_text("epoch 1 of 20")).to_be_visible()
    assert heights(page) != at_the_end
    epoch.press("ArrowRight")
    expect(page.get_by_text("epoch 2 of 20")).to_be_visible()
    epoch.press("End")
    assert heights(page) == at_the_end
    shown = page.get_by_text("epoch 20 of 20").element_handle()
    record(shown)
    page.get_by_role("button", name="Play the training").press("Enter")
    page.wait_for_function("node => node.seen.at(-1)?.includes('epoch 20 of 20')", arg=shown)
    assert len(set(shown.evaluate("node => node.seen"))) == 20, "it went through every epoch"
    expect(page.get_by_role("button", name="Play the training")).to_be_visible()
    assert read_lab(page)["run"] == root["run"], "looking at an epoch trains nothing"


def test_20_seeds_are_dots_on_the_bars_and_each_can_be_looked_at(page: Page, app: App) -> None:
    first = open_lab(page, app)
    dots = page.get_by_role("region", name="Attention weights").locator("svg circle")
    page.get_by_role("button", name="Repeat with 20 seeds").click()
    expect(page.get_by_role("progressbar", name="Seeds that are trained")).to_be_visible()
    expect(page.get_by_text("20 seeds in")).to_be_visible()
    expect(dots).to_have_count(4 * 20)
    page.get_by_role("combobox", name="Run of seed").select_option("seed 7")
    seventh = wait_for_run(page, after=first)
    assert (seventh["seed"], dots.count()) == ("7", 80)
    dots.locator("xpath=self::*[@data-seed='12']").first.click()
    assert wait_for_run(page, after=seventh)["seed"] == "12"
    page.get_by_role("slider", name="Attention column").press("ArrowRight")
    expect(dots).to_have_count(0)


def test_seeds_that_are_under_way_can_be_stopped(page: Page, app: App) -> None:
    open_lab(page, app, "?task=maximum&samples=2000&epochs=10")
    page.get_by_role("button", name="Repeat with 20 seeds").click()
    expect(page.get_by_text("of 20 seeds are trained…")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile(r"\d+ seeds in .* s: truth score"))).to_be_visible()
    expect(page.get_by_role("button", name="Repeat with 20 seeds")).to_be_visible()


def centre(mark: Locator) -> tuple[float, float]:
    box = mark.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_mark_of_the_answer_is_dragged_on_the_chart_and_moved_by_keys(page: Page, app: App) -> None:
    first = open_lab(page, app, "?column=0")
    mark = page.get_by_role("slider", name="Mark of the answer")
    names = page.get_by_role("region", name="Attention weights").locator("svg").get_by_text("column 3", exact=True)
    page.mouse.move(*centre(mark))
    page.mouse.down()
    page.mouse.move(centre(names)[0], centre(mark)[1], steps=4)
    moved = read_lab(page, '[data-attention-column="3"]')
    assert largest(moved) == 3
    assert page.get_by_role("slider", name="Attention column").get_attribute("aria-valuetext") == "column 3"
    page.mouse.up()
    mark.press("ArrowLeft")
    assert largest(read_lab(page, '[data-attention-column="2"]')) == 2
    mark.press("Home")
    assert largest(read_lab(page, '[data-attention-column="0"]')) == 0
    assert int(moved["run"]) > int(first["run"])


def test_after_retrain_the_epochs_play_once(page: Page, app: App) -> None:
    first = open_lab(page, app)
    shown = page.get_by_text("epoch 20 of 20").element_handle()
    record(shown)
    page.get_by_role("button", name="Retrain").click()
    wait_for_run(page, after=first)
    page.wait_for_function("node => node.seen.length > 15 && node.seen.at(-1) === 'epoch 20 of 20'", arg=shown)


def test_without_motion_a_new_run_is_at_its_end_at_once(page: Page, app: App) -> None:
    page.emulate_media(reduced_motion="reduce")
    first = open_lab(page, app)
    shown = page.get_by_text("epoch 20 of 20").element_handle()
    record(shown)
    page.get_by_role("button", name="Retrain").click()
    wait_for_run(page, after=first)
    assert set(shown.evaluate("node => node.seen")) <= {"epoch 20 of 20"}


PLACES = """() => {
    const root = document.querySelector('[data-run]').shadowRoot;
    const page = root.querySelector('.lab').getBoundingClientRect(); // it may scroll
    const parts = root.querySelectorAll('figure, .time, .sentence, .truth, .buttons, .more, .verdict');
    return Object.fromEntries([...parts].map((part) => {
      const { x, y, width } = part.getBoundingClientRect();
      return [part.className, [x - page.x, y - page.y, width].map(Math.round)];
    }));
}"""


@pytest.mark.parametrize("width", [1440, 1024, 400])
def test_nothing_moves_when_an_answer_arrives(page: Page, app: App, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    last = open_lab(page, app, "?task=both&samples=500&epochs=2&columns=6")
    page.get_by_text("More settings").click()
    before = page.evaluate(PLACES)
    assert len(before) == 10
    for name, key in (("Temperature", "Home"), ("Noise", "End"), ("Learning rate", "End"), ("Columns", "End")):
        page.get_by_role("slider", name=name, exact=True).press(key)
        last = wait_for_run(page, after=last)
        assert page.evaluate(PLACES) == before, name


def test_a_page_that_trains_does_not_dim_what_the_hand_holds(page: Page, app: App) -> None:
    first = open_lab(page, app)
    page.get_by_role("combobox", name="Task").select_option("Add the two marked numbers")
    busy = page.locator('[data-testid="stElementContainer"][data-stale="true"]:has([data-run])')
    expect(page.locator(".lab.stale")).to_be_attached()
    expect(busy).to_be_attached()
    assert busy.evaluate("node => getComputedStyle(node).opacity") == "1", "Streamlit dims nothing of it"
    held = (".ask", ".time", ".weights svg", ".weights .mark")
    assert all(page.locator(part).evaluate("node => getComputedStyle(node).opacity") == "1" for part in held)
    wait_for_run(page, after=first)


def test_the_even_share_strikes_through_no_number(page: Page, app: App) -> None:
    open_lab(page, app, "?task=none&samples=500&epochs=2")
    chart = page.get_by_role("region", name="Attention weights").locator("svg")
    line = float(chart.locator("line.even").get_attribute("y1") or "nan")
    boxes = chart.locator(".numbers text").evaluate_all(
        "nodes => nodes.map((node) => node.getBBox()).map(({ y, height }) => [y, y + height])"
    )
    assert len(boxes) == 4
    assert not any(top + 2 < line < bottom - 2 for top, bottom in boxes)
    expect(chart.get_by_text("even share")).to_be_visible()


def test_a_link_holds_every_setting(page: Page, app: App) -> None:
    before = open_lab(page, app)
    page.get_by_role("slider", name="Attention column").press("ArrowRight")
    wait_for_run(page, after=before)
    page.get_by_text("More settings").click()
    page.get_by_role("slider", name="Temperature").press("ArrowLeft")
    page.wait_for_url("**/column-lab?*column=2&*temperature=0.7&*")
    chosen = read_lab(page)
    page.goto(page.url)
    again = read_lab(page)
    assert json.loads(again["attention"]) == json.loads(chosen["attention"])
    assert again["attentionColumn"] == "2"


def test_the_back_button_leads_to_the_page_before(page: Page, app: App) -> None:
    page.goto(f"{app.url}/models")
    before = open_lab(page, app)
    page.get_by_role("slider", name="Attention column").press("ArrowRight")
    wait_for_run(page, after=before)
    page.wait_for_url("**/column-lab?*column=2&*")
    page.go_back()
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()


def test_a_broken_link_is_mended_with_a_message(page: Page, app: App) -> None:
    root = open_lab(page, app, "?column=99&rate=NaN&samples=0&task=<script>alert(1)</script>")
    assert root["attentionColumn"] == "3"
    for message in ("Attention column: 99", "Learning rate: 'NaN'", "Samples: 0", "There is no task '<script>"):
        expect(page.get_by_role("alert").get_by_text(message)).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0


def test_a_sequence_task_has_steps_and_no_column_to_choose(page: Page, app: App) -> None:
    first = open_lab(page, app, "?samples=500&epochs=2")
    page.get_by_role("combobox", name="Task").select_option("Find the maximum")
    wait_for_run(page, after=first)
    expect(page.get_by_role("slider", name="Attention column")).to_be_hidden()
    page.get_by_text("More settings").click()
    expect(page.get_by_role("slider", name="Steps")).to_be_visible()
    assert bars(page).count() == 10
    page.get_by_role("combobox", name="Samples shown").select_option("all validation samples (mean)")
    assert json.loads(read_lab(page)["attention"]) == pytest.approx([0.1] * 10, abs=0.05)


def test_figures_are_saved_as_drawings_and_as_pixels(page: Page, app: App) -> None:
    open_lab(page, app)
    for figure in ("Attention weights", "Attention over the epochs", "Loss", "Accuracy"):
        check_saved(page, figure)


def check_saved(page: Page, figure: str) -> None:
    with page.expect_download() as drawing:
        page.get_by_role("button", name=f"Save {figure} as SVG").click()
    root = ET.fromstring(Path(drawing.value.path()).read_text(encoding="utf-8"))
    assert root.tag == f"{SVG}svg"
    assert len(list(root.iter(f"{SVG}text"))) >= 4
    with page.expect_download() as pixels:
        page.get_by_role("button", name=f"Save {figure} as PNG").click()
    assert Path(pixels.value.path()).read_bytes().startswith(b"\x89PNG")
    assert pixels.value.suggested_filename == f"attnviz-{figure.lower().replace(' ', '-')}.png"


def test_32_columns_fit_on_a_phone(page: Page, app: App) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    open_lab(page, app, "?columns=32&samples=500&epochs=2")
    assert bars(page).count() == 32
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
