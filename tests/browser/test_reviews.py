"""The page Reviews in a real browser: the editor and the highlight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

import attnviz
from tests.browser.conftest import READY, App
from tests.browser.visits import (
    REVIEW,
    choose,
    do_when_answered,
    open_reviews,
    point_at,
    type_review,
    wait_for_answer,
    wait_until_idle,
    wait_until_written,
)


def test_the_first_visit_shows_an_example_already_explained(page: Page, app: App) -> None:
    open_reviews(page, app)
    text = page.get_by_role("textbox", name="Review", exact=True).input_value()
    assert wait_for_answer(page, text)["model"] == "word-additive"
    assert page.locator("[data-token]").count() > 20


@pytest.mark.parametrize("model", ["word-additive", "luong", "bilstm-additive", "stars"])
def test_the_highlighted_scores_are_those_of_the_python_api(
    page: Page, app: App, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app.library))
    open_reviews(page, app)
    if model != "word-additive":
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
    page.get_by_role("button", name="Good parts, bad film").click()  # has words for and against the answer
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
        ("😀 🎬 👍", "It read the same placeholder for each"),
        ("zzyzx qwrtpl", "no verdict: the network knows none of these words"),
        ("هذا الفيلم رائع and שלום", "unknown to the network"),
        ("<img src=x onerror='window.attacked=1'><script>window.attacked=1</script> great </div>", None),
        ("nul \0 bell \a escape \x1b[31m great", None),
        ("word " * 20_000, "the first 19,500 words are greyed"),
    ],
    ids=["empty", "signs", "emoji", "unknown", "right-to-left", "html", "control characters", "20,000 words"],
)
def test_any_text_gives_a_sensible_page_and_nothing_runs(page: Page, app: App, text: str, said: str | None) -> None:
    open_reviews(page, app)
    type_review(page, text)
    assert page.get_by_role("region", name="Highlighted review").text_content() == text
    wait_until_idle(page)
    expect(page.get_by_text("Measuring how far")).to_have_count(0)
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


def test_keys_that_do_not_belong_to_a_word_are_left_alone(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "not read\n" * 100 + "word " * 499)
    expect(page.get_by_text("Not read: the first 199 words")).to_be_visible()
    box = page.get_by_role("textbox", name="Review", exact=True)
    box.press("Control+Home")
    page.wait_for_function("node => node.scrollTop === 0", arg=page.locator(".paper").element_handle())
    box.press("Control+End")
    page.wait_for_function("node => node.scrollTop > 100", arg=page.locator(".paper").element_handle())
    expect(box).to_be_focused()
    word = page.get_by_role("region", name="Highlighted review").get_by_role("button").nth(1)
    word.focus()
    word.press("Alt+ArrowDown")
    expect(word).to_be_focused()


def test_the_probability_is_read_aloud_once(page: Page, app: App) -> None:
    open_reviews(page, app)
    page.locator(".probability").evaluate(
        "node => { window.said = [];"
        " new MutationObserver(() => window.said.push(node.textContent)).observe(node, {childList: true}); }"
    )
    type_review(page, "a great film, and that is all")
    wait_until_idle(page)
    page.get_by_role("tab", name="Share and export").click()
    wait_until_written(page)
    said = page.evaluate("window.said")
    assert len(said) == 1
    assert re.fullmatch(r"(0\.\d{3}|> 0\.999|< 0\.001) (positive|negative)", said[0])


def test_the_page_follows_although_a_letter_was_typed_and_taken_back(page: Page, app: App) -> None:
    open_reviews(page, app)
    write = "const box = one('textarea'); for (const text of ['a film, x', 'a film, ']) "
    do_when_answered(page, "a film, ", f"{write} {{ box.value = text; box.dispatchEvent(new Event('input')); }}")
    type_review(page, "a film, ")
    assert page.evaluate("window.followed") == "false", "the letter came before the page followed"
    wait_until_idle(page, "a film, ")


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
    expect(page.get_by_text("full colour = all of the attention")).to_be_visible()


TYPE_AND_LOOK = """(box) => {
    box.value += 'x';
    box.dispatchEvent(new Event('input'));
    return getComputedStyle(box.getRootNode().querySelector('.reading .token')).transitionDuration;
}"""
"""Types a letter and looks in the same moment: on a busy machine somebody who looks later finds one who rests."""


def test_words_change_at_once_while_one_types_and_glide_when_one_rests(page: Page, app: App) -> None:
    """Each letter changes every weight, and a glide would paint all words anew in each of its frames."""
    open_reviews(page, app)
    reading = page.get_by_role("region", name="Highlighted review")
    assert page.get_by_role("textbox", name="Review", exact=True).evaluate(TYPE_AND_LOOK) == "0s"
    expect(reading).not_to_have_class("reading typing")
    assert "0.15s" in reading.locator(".token").first.evaluate("node => getComputedStyle(node).transitionDuration")


PLACES = """() => {
    const root = document.querySelector('[data-attnviz-ready]').shadowRoot;
    const own = ['.paper', '.status', '.scale', '.curve', '.what-if', '.verdict', '.probability', '.meter', '.bars'];
    const parts = [...own.map((name) => root.querySelector(name)), ...document.querySelectorAll('h1, h2, [role=tab]')];
    const top = document.querySelector('h1').getBoundingClientRect().y;
    const places = parts.map((part) => part.getBoundingClientRect());
    return places.map(({x, y, width}) => [x, y - top, width].map(Math.round));
}"""


@pytest.mark.parametrize("width", [1440, 400])
def test_nothing_moves_when_an_answer_arrives_or_a_word_is_clicked(page: Page, app: App, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_reviews(page, app, "?method=gradient")
    type_review(page, "A great film with a dull story")
    wait_until_idle(page)
    wait_until_written(page)
    before = page.evaluate(PLACES)
    type_review(page, "A grand film with a slow story")
    assert page.evaluate(PLACES) == before
    wait_until_idle(page)
    wait_until_written(page)
    assert page.evaluate(PLACES) == before
    point_at(page, page.get_by_role("region", name="Highlighted review").locator('[data-token="slow"]'))
    expect(page.get_by_role("button", name="Leave out")).to_be_visible()
    assert page.evaluate(PLACES) == before
