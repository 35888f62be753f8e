"""The page How it works under Streamlit's AppTest, with the networks that ship."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.engine.protocol import Operation
from attnviz.errors import EngineError
from attnviz.render.mechanisms import MECHANISMS
from attnviz.render.trace_report import UNKNOWN, write_answer, write_weight
from attnviz.ui.components.softmax_stage import TEMPERATURES
from attnviz.ui.how_it_works.following import ALL_UNKNOWN, FRESH, NO_TEXT, NO_WORD
from attnviz.ui.reviews.review_text import make_printable
from attnviz.ui.state import get_engine
from attnviz.values.attention import Reduction
from tests.app.visits import component_data, join, open_page, said, send

CHECKPOINTS = Path(attnviz.__file__).parents[1] / "checkpoints"


@pytest.fixture(scope="module")
def app_library() -> Path:
    return CHECKPOINTS


def open_how_it_works(**session: Any) -> AppTest:
    """A visitor on the page, who brings what is in his session."""
    return open_page("how_it_works.how_page", **session)


def softmax_data(page: AppTest) -> dict[str, Any]:
    """What the page gave its live softmax to draw."""
    return component_data(page, "softmax")


def headings(page: AppTest) -> list[str]:
    return [heading.value[:2] for heading in page.header]


@pytest.mark.parametrize("model", MECHANISMS)
def test_every_mechanism_is_shown_with_its_own_numbers(model: str) -> None:
    page = open_how_it_works(review_model=model)
    trace = page.session_state.how_answer[1]
    explainer, text = attnviz.load(model), page.session_state.review_text
    expected = explainer.explain(text)
    asked = Reduction(query=int(expected.scores.argmax())) if model == "transformer" else None  # by the followed word
    assert headings(page) == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert trace.weights == pytest.approx(explainer.explain(text, reduction=asked).scores.tolist(), abs=2e-6)
    assert trace.probability == pytest.approx(expected.probability, abs=1e-6)
    equations = [latex.value.strip("$\n") for latex in page.latex]
    for equation in (write_weight(trace, MECHANISMS[model].weight), write_answer(trace)):
        assert any(equation in shown for shown in equations), equation
    assert "al. 201" in said(page), "the paper is named"
    assert trace.tokens[int(expected.scores.argmax())].text in said(page)
    data = softmax_data(page)
    assert (data["temperature"], data["model"], data["word"]) == (1.0, model, int(expected.scores.argmax()))
    assert TEMPERATURES[data["temperatures"].index(1.0)] == 1.0


@pytest.mark.parametrize("model", ["word-additive", "stars", "bilstm-additive"])
def test_what_a_word_adds_is_told_with_what_its_state_has_read(model: str) -> None:
    shown = said(open_how_it_works(review_model=model))
    layers = {type(layer).__name__ for layer in attnviz.load(model).classifier.model.layers}
    reads_others = bool(layers & {"LSTM", "Bidirectional"})
    assert ("which has read other words too" in shown) == reads_others
    assert ("which tells of no other word" in shown) != reads_others


def text_data(page: AppTest) -> dict[str, Any]:
    """What the page gave the text and the words that the network reads."""
    return component_data(page, "followed_text")


def follow(page: AppTest, start: int) -> AppTest:
    """Follow the word that starts there, as a click on it does."""
    page.session_state.how_followed = make_printable(page.session_state.review_text), start
    page.run()
    assert not page.exception
    return page


def test_another_network_follows_its_own_word_and_a_chosen_word_stays() -> None:
    page = open_how_it_works(review_model="lstm-dot")
    page.selectbox(key="how_model").select("bilstm-additive").run()
    explained = attnviz.load("bilstm-additive").explain(page.session_state.review_text)
    strongest = explained.tokens[explained.scores.argmax()]
    rail = component_data(page, "step_rail")
    assert (rail["word"]["name"], rail["word"]["place"]) == (strongest.text, int(explained.scores.argmax()))
    assert text_data(page)["word"] == rail["word"]["place"], "the word with its largest weight"
    follow(page, 0)
    assert softmax_data(page)["word"] == 0
    page.selectbox(key="how_model").select("luong").run()
    assert softmax_data(page)["word"] == text_data(page)["word"] == 0
    assert component_data(page, "step_rail")["word"]["previous"] is None


def test_one_feature_can_be_looked_at() -> None:
    page = open_how_it_works(review_model="lstm-featurewise")
    mean = page.session_state.how_answer[1].weights
    page.selectbox(key="how_feature").select(7).run()
    assert not page.exception
    trace = page.session_state.how_answer[1]
    expected = attnviz.load("lstm-featurewise").trace(page.session_state.review_text)
    assert trace.weights == pytest.approx(expected.weights[:, 7].tolist(), abs=2e-6)
    assert trace.weights != mean
    assert softmax_data(page)["feature"] == 7


def test_a_temperature_reaches_the_answer() -> None:
    page = open_how_it_works(review_model="lstm-dot")
    page.session_state.how_temperature = 0.1
    page.run()
    expected = attnviz.load("lstm-dot").trace(page.session_state.review_text, 0.1)
    trace = page.session_state.how_answer[1]
    assert trace.weights == pytest.approx(expected.weights.tolist(), abs=2e-6)
    assert trace.probability == pytest.approx(expected.probability, abs=1e-6)
    assert "at temperature 0.1" in said(page)
    assert softmax_data(page)["probability"] == trace.probability


def test_the_text_is_that_of_the_page_reviews_and_follows_what_is_typed() -> None:
    page = open_how_it_works(review_text="a wonderful film")
    assert text_data(page)["text"] == "a wonderful film"
    send(page, "followed_text", json.dumps({"ask": {"text": "an awful old film", "revision": 0}}))
    assert not page.exception
    assert page.session_state.review_text == "an awful old film"
    data = text_data(page)
    assert (data["text"], data["answered"], data["revision"]) == ("an awful old film", True, 0)
    assert [word[0] for word in data["words"]] == ["an", "awful", "old", "film"]
    assert FRESH in data["message"]


def test_a_chosen_word_is_followed_while_one_types_before_and_behind_it() -> None:
    page = follow(open_how_it_works(review_text="a wonderful film"), 12)
    for text in ("Oh, a wonderful film", "Oh, a wonderful film, really"):
        send(page, "followed_text", json.dumps({"ask": {"text": text, "revision": 0}}))
        assert component_data(page, "step_rail")["word"]["name"] == "film"


def test_what_is_typed_into_an_older_text_is_left_alone() -> None:
    page = open_how_it_works(review_text="a wonderful film", review_revision=3)
    send(page, "followed_text", json.dumps({"ask": {"text": "an awful film", "revision": 2}}))
    assert page.session_state.review_text == "a wonderful film"


def test_an_unknown_word_is_shown_as_what_is_read() -> None:
    page = follow(open_how_it_works(review_text="a xyzzyx film", review_model="lstm-dot"), 2)
    assert text_data(page)["words"][1] == [UNKNOWN, "xyzzyx", 2, False]
    assert "stands for all unknown words" in said(page)
    send(page, "followed_text", json.dumps({"ask": {"text": "xyzzyx qwrtz", "revision": 0}}))
    assert ALL_UNKNOWN in text_data(page)["message"]


def test_the_address_carries_text_model_and_word_and_brings_them_back() -> None:
    page = follow(open_how_it_works(review_text="a wonderful film", review_model="luong"), 2)
    link = dict(parse_qsl(text_data(page)["address"].removeprefix("?"), strict_parsing=True))
    assert link == {"model": "luong", "word": "2", "text": "a wonderful film"}
    again = open_page("how_it_works.how_page", link)
    assert (again.selectbox(key="how_model").value, again.session_state.review_text) == ("luong", "a wonderful film")
    assert component_data(again, "step_rail")["word"]["name"] == "wonderful"


@pytest.mark.parametrize(
    "link", [{"model": "<b>", "word": "٣"}, {"word": "-1"}, {"word": "9" * 400, "text": "x" * 5000}]
)
def test_a_link_that_cannot_be_had_is_told(link: dict[str, str]) -> None:
    message = text_data(open_page("how_it_works.how_page", link))["message"]
    assert ("no place of a word" in message) or ("can't be followed" in message)


def test_an_answer_that_fails_leaves_the_steps_before_as_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_how_it_works(review_text="a wonderful film", review_model="lstm-dot")

    def fail(operation: Operation, **arguments: Any) -> Any:
        raise EngineError("no trace today")

    monkeypatch.setattr(get_engine(), "ask", fail)
    send(page, "followed_text", json.dumps({"ask": {"text": "an awful film", "revision": 0}}))
    data = text_data(page)
    assert (data["answered"], data["failed"], data["message"]) == (False, True, "no trace today")
    assert [word[0] for word in data["words"]] == ["a", "wonderful", "film"]
    assert FRESH not in said(page)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", NO_TEXT), ("?! ...", NO_WORD), ("great", FRESH)],
)
def test_texts_without_much_in_them_are_met_with_words(text: str, words: str) -> None:
    page = open_how_it_works(review_text=text, review_model="lstm-dot")
    assert text_data(page)["message"] == words
    assert (component_data(page, "step_rail")["word"] is None) == (words != FRESH)
    assert headings(page) == ["1.", "2.", "3.", "4.", "5.", "6."]


@pytest.mark.parametrize(
    "text", ["good film " * 10_000, "<b>İ</b> שלום 👍 " + "x" * 400, "half \ud83d a\udc00 \ud800character"]
)
def test_any_text_is_shown(text: str) -> None:
    page = open_how_it_works(review_text=text, review_model="lstm-dot")
    assert make_printable(text).endswith(join(softmax_data(page)["text"]).removeprefix("… "))
    assert (text_data(page)["unread"] > 0) == (len(text) > 1000)


@pytest.mark.usefixtures("loading_engine")
def test_while_the_engine_loads_the_steps_are_there_already() -> None:
    page = open_how_it_works(review_model="lstm-dot")
    assert "Loading the network" in text_data(page)["message"]
    assert text_data(page)["answered"] is False
    assert headings(page) == ["1.", "2.", "3.", "4.", "5.", "6."]


def test_an_answer_that_fails_is_told_and_the_slider_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_how_it_works(review_model="lstm-dot")

    def fail(operation: Operation, **arguments: Any) -> Any:
        raise EngineError("no trace today")

    monkeypatch.setattr(get_engine(), "ask", fail)
    page.session_state.how_temperature = 10.0
    page.run()
    assert not page.exception
    data = softmax_data(page)
    assert (data["state"], data["message"], data["temperature"]) == ("error", "no trace today", 1.0)


def test_without_networks_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    assert "no usable text network with attention" in open_how_it_works().error[0].value
