"""What the page Reviews says of how far a highlight can be trusted."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.engine.protocol import MeasureErasure, MeasureFaithfulness, Operation
from attnviz.errors import EngineError
from attnviz.render.adversarial_report import describe_adversarial
from attnviz.render.erasure_report import describe_erasure
from attnviz.render.numerals import format_probability
from attnviz.render.trust_report import render_trust
from attnviz.render.verdict import describe_trust
from attnviz.ui.asking import SLOTS
from attnviz.ui.reviews.verdict_section import TITLE, UNSEEN
from attnviz.ui.state import get_engine
from attnviz.values.methods import TYPED_METHODS
from tests.app.visits import TIMEOUT, component_data, html_blocks, join, look_at_other_map, open_reviews, said, settle


def choose_method(page: AppTest, method: str) -> AppTest:
    page.selectbox(key=f"review_method_{'-'.join(TYPED_METHODS)}").select(method).run()
    return settle(page)


@pytest.mark.parametrize("method", ["attention", "occlusion"])
def test_the_page_says_how_far_the_highlight_can_be_trusted(method: str) -> None:
    page = choose_method(open_reviews(), method)
    assert TITLE in [heading.value for heading in page.header]
    expected = attnviz.load("luong").measure_faithfulness(page.session_state.review_text, method)
    assert f"**{describe_trust(expected)}**" in said(page)
    (pictures,) = html_blocks(page, "attnviz-trust")
    assert pictures == render_trust(expected)
    assert pictures.count('role="img"') == 2 + len(expected.agreement)


@pytest.mark.parametrize("method", ["attention", "gradient"])
def test_the_slider_that_takes_words_away_has_the_curve_of_the_text(method: str) -> None:
    page = choose_method(open_reviews(), method)
    text = page.session_state.review_text
    expected = attnviz.load("luong").measure_erasure_curve(text, method)
    assert f"**{describe_erasure(expected)}**" in said(page)
    shown = component_data(page, "erasure")
    assert shown["stale"] is False
    assert join(shown["curve"]["text"]) == text
    assert shown["curve"]["order"] == list(expected.order)
    assert shown["curve"]["out"]["own"] == pytest.approx(expected.without, abs=1e-5)
    assert shown["curve"]["alone"]["random"] == pytest.approx(expected.random_alone, abs=1e-5)


def test_the_last_curve_stays_dimmed_until_there_is_one_of_the_new_text(monkeypatch: pytest.MonkeyPatch) -> None:
    page = settle(open_reviews())
    before = component_data(page, "erasure")
    ask, may_answer = get_engine().ask, Event()

    def hold(operation: Operation, **how: Any) -> Any:
        assert not isinstance(operation, MeasureErasure) or may_answer.wait(TIMEOUT)
        return ask(operation, **how)

    monkeypatch.setattr(get_engine(), "ask", hold)
    page.button(key="example_Sarcasm").click().run()
    dimmed = component_data(page, "erasure")
    assert (dimmed["stale"], dimmed["curve"]) == (True, before["curve"])
    may_answer.set()
    after = component_data(settle(page), "erasure")
    assert after["stale"] is False
    assert join(after["curve"]["text"]).startswith("Oh great")
    assert after["made"] > dimmed["made"]


def test_the_page_shows_another_map_with_the_same_answer() -> None:
    page = settle(open_reviews())
    assert UNSEEN in said(page)
    assert "adversarial" not in page.session_state[SLOTS], "nobody has looked at its place"
    look_at_other_map(page)
    expected = attnviz.load("luong").find_adversarial_attention(page.session_state.review_text)
    assert f"**{describe_adversarial(expected)}**" in said(page)
    assert f"{expected.divergence:.3f} of at most 0.693" in said(page)
    (maps,) = html_blocks(page, "attnviz-maps")
    assert format_probability(expected.own.probability) in maps
    assert format_probability(expected.other.probability) in maps
    page.button(key="example_Sarcasm").click().run()
    assert UNSEEN in said(settle(page)), "of another text it has to be looked at again"
    assert len(html_blocks(page, "opacity:.45")) == 1, "the maps of the text before keep the place"


def test_where_no_attention_is_shown_no_other_map_is_looked_for() -> None:
    page = choose_method(open_reviews(), "gradient")
    assert not html_blocks(page, "attnviz-maps")
    assert "another map" not in said(page)


@pytest.mark.parametrize("text", ["?!", "great"])
def test_a_text_of_less_than_two_words_cannot_be_trusted_or_not(text: str) -> None:
    page = open_reviews()
    page.session_state.review_text = text
    page.run()
    words = "There is no word" if text == "?!" else "There is only one word"
    shown = said(look_at_other_map(page))
    assert f"{words} to read here, so there is nothing to compare" in shown
    assert f"**{words} {'to take away ' if text == '?!' else ''}here" in shown
    assert not html_blocks(page, "attnviz-trust")
    assert f"**{words} to read here: another map" in shown
    assert not html_blocks(page, "attnviz-maps")


def test_a_measurement_that_fails_is_told_and_tried_again_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = get_engine().ask

    def fail(operation: Operation, **how: Any) -> Any:
        if isinstance(operation, MeasureFaithfulness):
            raise EngineError("no measurement today")
        return ask(operation, **how)

    with monkeypatch.context() as broken:
        broken.setattr(get_engine(), "ask", fail)
        page = settle(open_reviews())
    assert "no measurement today" in page.error[0].value
    assert component_data(page)["state"] == "ready", "the answer stays"
    page.button(key="again_trust").click().run()
    settle(page)
    assert not page.error
    assert describe_trust(attnviz.load("luong").measure_faithfulness(page.session_state.review_text)) in said(page)
