"""The page Reviews in a real browser: the editor, the highlight, what if, and the maps beside it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import attnviz
from tests.browser.conftest import READY, App
from tests.browser.visits import (
    choose,
    open_reviews,
    text_hash,
    type_review,
    wait_for_answer,
    wait_for_rest,
    wait_until_written,
)

REVIEW = "I didn't expect much, but this film was WONDERFUL: funny, moving & beautifully acted.\nSimply great 👍"

CONTRAST = """node => {
    const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const linear = (part) => (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    const paint = (colour, alpha) => {
        Object.assign(pen, {globalAlpha: alpha, fillStyle: colour}).fillRect(0, 0, 1, 1);
        const [red, green, blue] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => linear(part / 255));
        return .2126 * red + .7152 * green + .0722 * blue;
    };
    const style = getComputedStyle(node), page = paint(style.getPropertyValue('--st-background-color'), 1);
    const text = paint(style.color, Number(style.opacity));
    return (Math.max(page, text) + .05) / (Math.min(page, text) + .05);
}"""
"""Between a text and the page, with the opacity of its own element."""


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
    wait_for_rest(page)
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
    type_review(page, "not read\n" * 100 + "word " * 199)
    unread = page.get_by_role("region", name="Not read by the network")
    unread.focus()
    page.keyboard.press("End")
    page.wait_for_function("node => node.scrollTop > 100", arg=unread.element_handle())
    expect(unread).to_be_focused()
    word = page.get_by_role("region", name="Highlighted review").get_by_role("button").nth(1)
    word.focus()
    word.press("Alt+ArrowDown")
    expect(word).to_be_focused()


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


def test_words_that_are_clicked_quickly_stay_left_out_while_older_answers_arrive(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "film plot actor scene music story camera light sound ending " * 15)
    words = page.get_by_role("region", name="Highlighted review").get_by_role("button")
    words.evaluate_all(
        """words => { window.said = words.slice(0, 6).map(() => []); words.slice(0, 6).forEach((word, place) =>
            new MutationObserver(() => window.said[place].push(word.ariaPressed + word.classList.contains('left-out')))
                .observe(word, {attributes: true, attributeFilter: ['aria-pressed', 'class']})); }"""
    )
    words.evaluate_all(
        "words => words.slice(0, 6).forEach((word, place) => setTimeout(() => word.click(), place * 60))"
    )  # quicker than the answers
    expect(page.get_by_role("list", name="The probability after each change").get_by_role("button")).to_have_count(7)
    page.locator(READY).wait_for(state="attached")
    assert page.evaluate("window.said.map(said => [...new Set(said)])") == [["truetrue"]] * 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_left_out_undone_or_unread_can_be_read(page: Page, app: App, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    open_reviews(page, app)
    text = "unread " * 250 + "and a boring film " * 50
    type_review(page, text)
    out, back = (page.locator(f'.reading [data-place="{place}"]') for place in (300, 301))
    out.click()
    page.locator(READY).wait_for(state="attached")  # one more word is read now, and all stand elsewhere
    back.click()
    expect(back).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Undo").click()
    expect(back).to_have_attribute("aria-pressed", "false")
    page.get_by_role("tab", name="Compare").click()
    undone = page.locator(".trail .undone")
    for faint in (out, undone, page.locator(".reading .unread"), page.locator(".text .unread").first):
        expect(faint).to_be_visible()
        assert faint.evaluate(CONTRAST) >= 4.5


def test_the_probability_is_read_aloud_once(page: Page, app: App) -> None:
    open_reviews(page, app)
    page.locator(".probability").evaluate(
        "node => { window.said = [];"
        " new MutationObserver(() => window.said.push(node.textContent)).observe(node, {childList: true}); }"
    )
    type_review(page, "a great film, and that is all")
    wait_for_rest(page)
    page.get_by_role("tab", name="Take it away").click()
    wait_until_written(page)
    said = page.evaluate("window.said")
    assert len(said) == 1
    assert re.fullmatch(r"0\.\d+ (positive|negative)", said[0])


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


def do_when_answered(page: Page, text: str, script: str) -> None:
    """Do something with the editor's parts, `one(selector)`, as soon as the answer to a text is there."""
    page.locator("[data-attnviz-ready]").evaluate(
        """(root, [hash, script]) => new MutationObserver((_, observer) => {
            if (root.dataset.attnvizReady !== 'true' || root.dataset.textHash !== hash) return;
            observer.disconnect();
            new Function('one', script)((selector) => root.shadowRoot.querySelector(selector));
            window.rested = root.dataset.rested;
        }).observe(root, {attributes: true})""",
        [text_hash(text), script],
    )


def test_the_page_follows_although_a_letter_was_typed_and_taken_back(page: Page, app: App) -> None:
    open_reviews(page, app)
    write = "const box = one('textarea'); for (const text of ['a film, x', 'a film, ']) "
    do_when_answered(page, "a film, ", f"{write} {{ box.value = text; box.dispatchEvent(new Event('input')); }}")
    type_review(page, "a film, ")
    assert page.evaluate("window.rested") == "false", "the letter came before the rest"
    wait_for_rest(page, "a film, ")


def test_the_page_follows_although_the_present_change_was_clicked_again(page: Page, app: App) -> None:
    open_reviews(page, app)
    type_review(page, "a great film")
    wait_for_rest(page)
    do_when_answered(page, "a  film", "one('.trail [aria-current]').click()")
    page.get_by_role("region", name="Highlighted review").get_by_role("button", name="great").click()
    wait_for_answer(page, "a  film")
    assert page.evaluate("window.rested") == "false", "the click came before the rest"
    wait_for_rest(page, "a  film")


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


def test_a_word_that_is_pointed_at_is_marked_in_every_map(
    page: Page, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app.library))
    open_reviews(page, app)
    type_review(page, REVIEW)
    wait_for_rest(page)
    page.get_by_role("tab", name="Compare").click()
    start = REVIEW.index("WONDERFUL")
    for model, method, title in (
        ("lstm-dot", "attention", "lstm-dot, attention weights"),
        ("bilstm", "gradient", "bilstm, gradient × input"),
    ):
        words = page.get_by_role("region", name=title).get_by_role("button")
        expect(words.first).to_have_attribute("data-token", "i")
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
