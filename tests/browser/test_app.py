"""The app as its users meet it: a real server, a real engine, a real browser."""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import attnviz
from attnviz.models.registry import MODELS
from tests.browser.conftest import READY, App, start_app

REVIEW = "I didn't expect much, but this film was WONDERFUL: funny, moving & beautifully acted.\nSimply great 👍"


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def type_review(page: Page, text: str) -> dict[str, str]:
    """Put a text into the box, wait for its answer, and return what the root element says."""
    page.get_by_role("textbox", name="Review", exact=True).fill(text)
    return wait_for_answer(page, text)


def wait_for_answer(page: Page, text: str) -> dict[str, str]:
    root = page.locator(f'{READY}[data-text-hash="{text_hash(text)}"]')
    root.wait_for(state="attached")
    return root.evaluate("element => ({...element.dataset})")


def open_reviews(page: Page, app: App) -> None:
    page.goto(app.url)
    page.locator(READY).wait_for(state="attached")


def open_lab(page: Page, app: App) -> dict[str, str]:
    page.goto(f"{app.url}/column-lab")
    root = page.locator(f"{READY}[data-run]")
    root.wait_for(state="attached")
    return root.evaluate("element => ({...element.dataset})")


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()


def test_the_first_visit_shows_an_example_already_explained(page: Page, app: App) -> None:
    open_reviews(page, app)
    text = page.get_by_role("textbox", name="Review", exact=True).input_value()
    assert wait_for_answer(page, text)["model"] == "lstm-dot"
    assert page.locator("[data-token]").count() > 20


@pytest.mark.parametrize("model", ["lstm-dot", "luong", "bilstm-additive"])
def test_the_highlighted_scores_are_those_of_the_python_api(
    page: Page, app: App, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app.library))
    open_reviews(page, app)
    if model != "lstm-dot":
        choose(page, "Model", f"{model} ·")
        page.locator(f'{READY}[data-model="{model}"]').wait_for(state="attached")
    root = type_review(page, REVIEW)
    expected = attnviz.load(model).explain(REVIEW)
    shown = (
        page.get_by_role("region", name="Highlighted review")
        .get_by_role("button")
        .evaluate_all("nodes => nodes.map(node => ({...node.dataset, text: node.textContent}))")
    )
    assert [token["token"] for token in shown] == [token.text for token in expected.tokens]
    assert [(int(token["start"]), int(token["end"])) for token in shown] == [(t.start, t.end) for t in expected.tokens]
    assert [token["text"] for token in shown] == [REVIEW[token.start : token.end] for token in expected.tokens]
    assert [float(token["score"]) for token in shown] == pytest.approx(expected.scores.tolist(), abs=1e-5)
    assert float(root["probability"]) == pytest.approx(expected.probability, abs=1e-5)
    assert (root["model"], root["method"]) == (model, "attention")


def test_the_text_on_the_page_is_exactly_what_was_typed(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, REVIEW)
    assert page.get_by_role("region", name="Highlighted review").text_content() == REVIEW


def test_the_network_without_attention_offers_gradients_only(page: Page, app: App) -> None:
    open_reviews(page, app)
    choose(page, "Model", "bilstm · BiLSTM, no attention")
    page.locator(f'{READY}[data-model="bilstm"]').wait_for(state="attached")
    assert page.locator(READY).get_attribute("data-method") == "gradient"
    scores = page.locator("[data-token]").evaluate_all("nodes => nodes.map(node => Number(node.dataset.score))")
    assert min(scores) < 0 < max(scores)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no text yet."),
        ("?!… —", None),
        ("😀 🎬 👍", "The network knows none of these words"),
        ("zzyzx qwrtpl", "The network knows none of these words"),
        ("هذا الفيلم رائع and שלום", "unknown to the network"),
        ("<img src=x onerror='window.attacked=1'><script>window.attacked=1</script> great </div>", None),
        ("nul \0 bell \a escape \x1b[31m great", None),
        ("word " * 20_000, "the first 19,800 words are greyed"),
    ],
    ids=["empty", "signs", "emoji", "unknown", "right-to-left", "html", "control characters", "20,000 words"],
)
def test_any_text_gives_a_sensible_page_and_nothing_runs(page: Page, app: App, text: str, said: str | None) -> None:
    open_reviews(page, app)
    type_review(page, text)
    assert page.get_by_role("region", name="Highlighted review").text_content() == text
    assert page.evaluate("window.attacked") is None
    assert page.get_by_test_id("stException").count() == 0
    if said:
        expect(page.get_by_text(said)).to_be_visible()


def test_words_are_reached_and_read_by_keyboard(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "a great film")
    words = page.get_by_role("region", name="Highlighted review").get_by_role("button")
    words.first.focus()
    page.keyboard.press("ArrowRight")
    expect(words.nth(1)).to_be_focused()
    label = words.nth(1).get_attribute("aria-label") or ""
    assert label.startswith("great, attention weight 0.")
    expect(page.get_by_role("tooltip")).to_be_visible()


def test_a_click_leaves_a_word_out_and_another_one_brings_it_back(page: Page, app: App) -> None:
    open_reviews(page, app)
    before = type_review(page, "a boring film")
    word = page.get_by_role("region", name="Highlighted review").get_by_role("button", name="boring")
    word.click()
    without = wait_for_answer(page, "a  film")
    expect(word).to_have_attribute("aria-pressed", "true")
    assert without["probability"] != before["probability"]
    word.click()
    assert wait_for_answer(page, "a boring film")["probability"] == before["probability"]
    page.get_by_role("button", name="Undo").click()
    wait_for_answer(page, "a  film")
    page.get_by_role("button", name="Bring all back").click()
    wait_for_answer(page, "a boring film")


def test_a_word_is_replaced_by_keyboard_and_the_trail_leads_back(page: Page, app: App) -> None:
    open_reviews(page, app)
    before = type_review(page, "a boring film")
    words = page.get_by_role("region", name="Highlighted review").get_by_role("button")
    words.nth(1).focus()
    page.keyboard.press("r")
    page.keyboard.type("truly great")
    page.keyboard.press("Enter")
    after = wait_for_answer(page, "a truly great film")
    assert float(after["probability"]) > float(before["probability"])
    assert page.get_by_role("textbox", name="Review", exact=True).input_value() == "a boring film"
    trail = page.get_by_role("list", name="The probability after each change").get_by_role("button")
    expect(trail.nth(1)).to_contain_text("“truly great” for “boring”")
    trail.first.click()
    assert wait_for_answer(page, "a boring film")["probability"] == before["probability"]


def test_characters_that_an_input_method_puts_together_arrive_whole(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "great ")
    page.get_by_role("textbox", name="Review", exact=True).press("End")
    keyboard = page.context.new_cdp_session(page)
    for unfinished in ("ｄ", "で", "でん"):
        keyboard.send(
            "Input.imeSetComposition", {"text": unfinished, "selectionStart": len(unfinished), "selectionEnd": 0}
        )
    keyboard.send("Input.insertText", {"text": "電影"})
    wait_for_answer(page, "great 電影")


def test_the_absolute_scale_shows_a_weight_as_the_share_that_it_is(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "a boring film")
    word = page.get_by_role("region", name="Highlighted review").get_by_role("button", name="boring")
    page.get_by_role("checkbox", name="absolute scale").check()
    strength, score = word.evaluate("node => [node.style.getPropertyValue('--strength'), node.dataset.score]")
    assert float(strength) == pytest.approx(float(score), abs=1e-4)
    expect(page.get_by_text("linear, absolute")).to_be_visible()


def test_a_word_that_is_pointed_at_is_marked_in_every_map(
    page: Page, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app.library))
    open_reviews(page, app)
    type_review(page, REVIEW)
    page.get_by_role("tab", name="Compare").click()
    start = REVIEW.index("WONDERFUL")
    for model, method, title in (
        ("lstm-dot", "attention", "lstm-dot, attention weights"),
        ("bilstm", "gradient", "bilstm, gradient × input"),
    ):
        words = page.get_by_role("region", name=title).get_by_role("button")
        expect(words.first).to_be_visible()
        shown = words.evaluate_all("nodes => nodes.map(node => ({...node.dataset}))")
        expected = attnviz.load(model).explain(REVIEW, method)
        assert [float(word["score"]) for word in shown] == pytest.approx(expected.scores.tolist(), abs=1e-5)
        assert [int(word["start"]) for word in shown] == [token.start for token in expected.tokens]
    word = page.get_by_role("region", name="lstm-dot, attention weights").locator(f'[data-start="{start}"]')
    word.hover()
    expect(page.locator("section .marked")).to_have_count(5)  # three networks, two methods, and one has no attention
    assert (
        page.locator("section .marked").evaluate_all("nodes => nodes.map(node => node.textContent)")
        == ["WONDERFUL"] * 5
    )
    expect(page.get_by_role("tooltip").filter(has_text="wonderful")).to_be_visible()
    word.focus()
    page.keyboard.press("Tab")
    following = page.get_by_role("region", name="lstm-dot, gradient × input").locator(f'[data-start="{start}"]')
    expect(following).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("section .marked")).to_have_text(["funny"] * 5)


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
    page.get_by_role("link", name="Reviews").click()
    assert wait_for_answer(page, "my own words")["model"] == "luong"
    page.get_by_role("link", name="Column lab").click()
    moved.wait_for(state="attached")
    assert moved.get_attribute("data-run") == run, "nothing is trained again for coming back"


def largest(root: dict[str, str]) -> int:
    attention = json.loads(root["attention"])
    assert sum(attention) == pytest.approx(1, abs=1e-4)
    return attention.index(max(attention))


def wait_for_run(page: Page, after: dict[str, str]) -> dict[str, str]:
    root = page.locator(f'{READY}[data-run="{int(after["run"]) + 1}"]')
    root.wait_for(state="attached")
    return root.evaluate("element => ({...element.dataset})")


def train(page: Page, network: str, epochs: int) -> None:
    choose(page, "Model", f"{network} ·")
    box = page.get_by_role("spinbutton", name="Epochs")
    expect(box).to_have_count(1)  # that of the network before has gone
    expect(box).to_have_value(str(MODELS[network].recipe.epochs))
    box.fill(str(epochs))
    box.press("Enter")
    page.get_by_role("button", name="Train", exact=True).click()


def test_a_training_run_shows_its_curves_and_joins_the_models(page: Page, app: App) -> None:
    page.goto(f"{app.url}/training")
    train(page, "lstm-dot", epochs=2)
    expect(page.get_by_text("saved as lstm-dot-2")).to_be_visible()
    for title in ("Loss", "Accuracy"):
        chart = page.get_by_text(title, exact=True)
        expect(chart).to_have_count(1)  # the one that grew gives way to the whole one
        expect(chart).to_be_visible()
    page.goto(app.url)
    choose(page, "Model", "lstm-dot-2 ·")
    page.locator(f'{READY}[data-model="lstm-dot-2"]').wait_for(state="attached")


def test_stop_ends_a_run_and_keeps_the_best_epoch(page: Page, app: App) -> None:
    page.goto(f"{app.url}/training")
    train(page, "bilstm", epochs=50)
    expect(page.get_by_text(re.compile(r"Epoch ([2-9]|\d\d) of 50"))).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("the best epoch is kept, saved as bilstm-2")).to_be_visible()


def test_a_killed_engine_comes_back_and_nothing_typed_is_lost(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "a great film")
    os.kill(app.engine_pid(), signal.SIGKILL)
    answer = type_review(page, "a great film, and a boring one")
    assert 0 < float(answer["probability"]) < 1
    assert page.get_by_role("textbox", name="Review", exact=True).input_value() == "a great film, and a boring one"


def test_the_page_process_never_loads_tensorflow(page: Page, app: App) -> None:
    open_reviews(page, app)
    open_lab(page, app)
    page.goto(f"{app.url}/models")
    expect(page.get_by_role("heading", name="Models")).to_be_visible()
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


def has_ended(pidfd: int, seconds: float = 20.0) -> bool:
    readable, _, _ = select.select([pidfd], [], [], seconds)  # a pidfd is readable when its process has ended
    os.close(pidfd)
    return bool(readable)


@pytest.mark.parametrize("path", ["", "column-lab", "training", "models"])
def test_no_page_scrolls_sideways_on_a_phone(page: Page, app: App, path: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{app.url}/{path}")
    page.get_by_role("heading", level=1).wait_for()
    if path in ("", "column-lab"):
        page.locator(READY).wait_for(state="attached")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_slider_takes_the_words_away_in_the_browser(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, REVIEW)
    text = page.get_by_role("region", name="The text with the words taken")
    expect(text).to_contain_text("Simply great 👍")
    curve = attnviz.load("lstm-dot").measure_erasure_curve(REVIEW)
    slider, gone = page.get_by_role("slider", name="Words taken"), text.locator(".gone")
    slider.focus()
    page.keyboard.press("Home")
    expect(gone).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(gone).to_have_count(2)
    said = f"2 of {len(curve.order)} words left out: probability {curve.without[2]:.3f}"
    assert slider.get_attribute("aria-valuetext").startswith(said)
    page.get_by_role("radio", name="Keep only these").check()
    expect(gone).to_have_count(len(curve.order) - 2)
    kept = f"2 of {len(curve.order)} words kept: probability {curve.alone[2]:.3f}"
    assert slider.get_attribute("aria-valuetext").startswith(kept)
    words = re.findall(r"[\w']+", REVIEW)
    left = text.locator("span:not(.gone)").all_text_contents()
    assert left == [words[place] for place in sorted(curve.order[:2])]
    assert "".join(text.all_text_contents()) == REVIEW
