"""Components in a real browser without the app: what they make of data that no network of today gives them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from attnviz.languages import SOURCE
from attnviz.ui import components
from attnviz.ui.components.erasure_slider import describe_curve
from attnviz.ui.components.review_editor import describe_explanation
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve
from attnviz.values.prediction import Prediction
from attnviz.values.tokens import Token
from attnviz.web.linker import link
from attnviz.web.translation import translate_html
from tests.browser.visits import leave_out

STARS = Prediction(("1–2 stars", "3–4 stars", "7–8 stars", "9–10 stars"), (0.05, 0.15, 0.5, 0.3))
TOKENS = (Token("fine", 0, 4, 3, True), Token("but", 5, 8, 4, True), Token("dull", 9, 13, 5, True))
REPEATED = (Token("dull", 0, 4, 3, True), Token("dull", 5, 9, 3, True), Token("film", 10, 14, 4, True))
EXPLAINED = Explanation("fine but dull", TOKENS, [0.2, 0.0, -0.1], 3, STARS, "gradient", "stars")
EDITOR = {
    "text": EXPLAINED.text,
    "revision": 0,
    "session": "one",
    "debounce": 150,
    "idle": 600,
    "followed": True,
    "method": {"name": "gradient", "title": "", "score_name": "", "help": "", "signed": True},
    "target": None,
    "network": None,
    "picture": None,
    "why": "",
    "address": None,
    "placeholder": "",
    "state": "ready",
    "message": "",
    "steps": [],
    "at": 0,
    "trail": None,
    "limits": {"steps": 5, "replacement": 20},
    "hues": components.HUES,
}


def mount(page: Page, name: str) -> None:
    """Put a component on an empty page; `show(data)` gives it data, `asked` is what it asks.

    `begin()` makes it anew.
    """
    shell = components.REVIEW if name == "review_editor" else Path(components.__file__).parent / name
    html, css = (shell.with_suffix(ending).read_text(encoding="utf-8") for ending in (".html", ".css"))
    page.evaluate(
        """async ([html, css, js]) => {
            const module = await import(URL.createObjectURL(new Blob([js], { type: 'text/javascript' })));
            window.asked = [];
            const tell = (name, value) => window.asked.push(value);
            let host, stop;
            window.begin = () => {
                host?.remove();
                stop?.();
                host = document.body.appendChild(document.createElement('div'));
                host.attachShadow({ mode: 'open' }).innerHTML = `<style>${css}</style>${html}`;
            };
            window.show = (data) => {
                const call = { data, parentElement: host.shadowRoot, setStateValue: tell, setTriggerValue: tell };
                stop = module.default(call);
            };
            window.begin();
        }""",
        [translate_html(html, SOURCE), css, link(f"{name}.js")],
    )


def show(page: Page, data: dict[str, Any], made: float) -> None:
    page.evaluate("data => { window.show(data); }", {**data, "made": made})


def test_of_several_labels_each_has_a_bar_and_the_explained_one_is_marked(page: Page) -> None:
    mount(page, "review_editor")
    show(page, {**EDITOR, "explanation": describe_explanation(EXPLAINED)}, 1)
    expect(page.locator(".probability")).to_have_text("0.500 7–8 stars")
    expect(page.get_by_role("heading", name="Probability of “7–8 stars”")).to_be_visible()
    bars = page.get_by_role("list", name="The probability of each class").get_by_role("listitem")
    expect(bars).to_have_text(["1–2 stars0.050", "3–4 stars0.150", "7–8 stars0.500", "9–10 stars0.300"])
    expect(page.locator(".labels [aria-current]")).to_have_text("9–10 stars0.300")
    expect(page.locator(".meter")).to_be_hidden()
    assert page.locator("[data-probability]").get_attribute("data-probability") == "0.3", "that of the explained label"


def test_two_labels_have_a_gauge_between_them(page: Page) -> None:
    mount(page, "review_editor")
    two = Explanation(
        "fine but dull", TOKENS, [0.2, 0.0, -0.1], 0, Prediction(("bad", "good"), (0.25, 0.75)), "gradient", "x"
    )
    show(page, {**EDITOR, "explanation": describe_explanation(two)}, 1)
    expect(page.locator(".probability")).to_have_text("0.250 good")
    expect(page.locator(".ends")).to_have_text("goodbad")
    expect(page.locator(".labels li")).to_have_count(0)


def test_two_layers_at_once_and_each_alone(page: Page) -> None:
    mount(page, "review_editor")
    two = Explanation(
        "dull dull film", REPEATED, [-0.2, -0.1, 0.05], 0, Prediction(("bad", "good"), (0.25, 0.75)), "gradient", "x"
    )
    attention = replace(two, scores=[0.1, 0.3, 0.6], method="attention")
    show(page, {**EDITOR, "text": two.text, "explanation": describe_explanation(two, attention=attention)}, 1)
    film = page.get_by_role("region", name="Highlighted review").get_by_role("button", name="film")
    look = "node => ['--strength', '--line', '--hue', '--line-hue'].map((name) => node.style.getPropertyValue(name))"
    toward, line = components.HUES["toward"], components.HUES["unsigned"]
    assert film.evaluate(look) == ["0.2500", "0.6000", toward, line], "full colour of attention is 3 / 3 of the whole"
    page.get_by_role("radio", name="what moved it").check()
    assert film.evaluate(look) == ["0.2500", "", toward, ""]
    page.get_by_role("radio", name="attention").check()
    assert film.evaluate(look) == ["0.6000", "", line, ""]
    expect(page.get_by_role("heading", name="Attention weights")).to_be_visible()
    expect(page.locator(".fill-scale .meaning")).to_have_text(
        "attention weight, linear; full colour = all of the attention"
    )


def test_a_bar_marks_its_words_and_a_word_its_bar(page: Page) -> None:
    mount(page, "review_editor")
    two = Explanation(
        "dull dull film", REPEATED, [-0.2, -0.1, 0.05], 0, Prediction(("bad", "good"), (0.25, 0.75)), "gradient", "x"
    )
    show(page, {**EDITOR, "text": two.text, "explanation": describe_explanation(two)}, 1)
    bars = page.locator(".bars .bar")
    expect(bars).to_have_text(["dull ×2−0.2000", "film+0.0500"])
    bars.first.hover()
    expect(page.locator(".token[data-pointed]")).to_have_text(["dull", "dull"])
    page.get_by_role("region", name="Highlighted review").get_by_role("button", name="film").focus()
    expect(page.locator(".bar[data-pointed]")).to_have_text(["film+0.0500"])
    page.get_by_role("checkbox", name="in log-odds").check()
    expect(bars).to_have_text(["dull ×2−1.0667", "film+0.2667"])


def test_older_data_change_nothing_and_a_word_keeps_its_focus(page: Page) -> None:
    mount(page, "review_editor")
    show(page, {**EDITOR, "explanation": describe_explanation(EXPLAINED)}, 2)
    word = page.get_by_role("region", name="Highlighted review").get_by_role("button", name="dull")
    word.focus()
    other = replace(EXPLAINED, scores=[0.1, 0.0, -0.4])
    show(page, {**EDITOR, "explanation": describe_explanation(other)}, 3)
    expect(word).to_be_focused()
    expect(page.get_by_role("tooltip")).to_contain_text("dull: −0.4000")
    show(page, {**EDITOR, "explanation": describe_explanation(EXPLAINED)}, 1)
    expect(word).to_have_attribute("data-score", str(other.scores.tolist()[2]))


def test_what_is_asked_names_the_session(page: Page) -> None:
    mount(page, "review_editor")
    show(page, {**EDITOR, "explanation": describe_explanation(EXPLAINED)}, 1)
    leave_out(page, page.get_by_role("region", name="Highlighted review").get_by_role("button", name="but"))
    assert page.evaluate("window.asked") == [
        {"text": "fine but dull", "steps": [[5, 8, ""]], "at": 1, "revision": 0, "session": "one"},
    ]


@pytest.mark.parametrize(("labels", "verdict"), [(STARS.labels[2:], "7–8 stars"), (STARS.labels, "9–10 stars")])
def test_a_curve_names_another_label_only_of_two(page: Page, labels: tuple[str, ...], verdict: str) -> None:
    mount(page, "erasure")
    target, even = len(labels) - 1, (1 / len(labels),) * len(labels)
    curve = ErasureCurve(EXPLAINED.text, Prediction(labels, even), target, "gradient", "stars", (0, 2, 1), (0, 3))
    numbers = {"own": [0.3, 0.2], "random": [0.3, 0.2]}
    described = {**describe_curve(curve, EXPLAINED), "out": numbers, "alone": numbers}
    show(page, {"curve": described, "stale": False, "hues": components.HUES}, 1)
    expect(page.locator(".number")).to_have_text("0.300")
    expect(page.locator(".verdict")).to_have_text(verdict)
    expect(page.get_by_role("img")).to_have_attribute(
        "aria-label", "Probability of “9–10 stars”, from 0 to 3 words left out"
    )


@pytest.mark.parametrize(("above", "moves"), [(300, False), (2000, True)])
def test_what_arrives_is_brought_into_view_and_does_not_move_where_it_is_in_view(
    page: Page, above: int, moves: bool
) -> None:
    page.evaluate("above => { document.body.style.padding = `${above}px 0 2000px`; }", above)
    mount(page, "arrival")
    page.evaluate("show({ name: 'films' })")
    mark = page.locator("[data-arrived=films]")
    mark.wait_for(state="attached")
    assert page.evaluate("scrollY > 0") == moves
    place = mark.evaluate("node => node.getBoundingClientRect().top")
    assert 0 < place < 900
