"""The page How it works under Streamlit's AppTest, with the networks that ship."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.engine.protocol import Operation
from attnviz.errors import EngineError
from attnviz.render.mechanisms import MECHANISMS
from attnviz.render.trace_report import write_answer, write_weight
from attnviz.ui.components.softmax_stage import TEMPERATURES
from attnviz.ui.reviews.review_text import make_printable
from attnviz.ui.state import get_engine
from tests.app.visits import component_data, join, open_page, said

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
    return [heading.value[:2] for heading in page.subheader]


@pytest.mark.parametrize("model", MECHANISMS)
def test_every_mechanism_is_shown_with_its_own_numbers(model: str) -> None:
    page = open_how_it_works(review_model=model)
    trace = page.session_state.how_answer[1]
    expected = attnviz.load(model).explain(page.session_state.review_text)
    assert headings(page) == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert trace.weights == pytest.approx(expected.scores.tolist(), abs=2e-6)
    assert trace.probability == pytest.approx(expected.probability, abs=1e-6)
    equations = [latex.value.strip("$\n") for latex in page.latex]
    for equation in (write_weight(trace, MECHANISMS[model].weight), write_answer(trace)):
        assert any(equation in shown for shown in equations), equation
    assert "al. 201" in said(page), "the paper is named"
    assert trace.tokens[int(expected.scores.argmax())].text in said(page)
    data = softmax_data(page)
    assert (data["temperature"], data["model"], data["word"]) == (1.0, model, int(expected.scores.argmax()))
    assert TEMPERATURES[data["temperatures"].index(1.0)] == 1.0


def choose_word(page: AppTest) -> Any:
    (widget,) = (widget for widget in page.selectbox if widget.label == "Word to follow")
    return widget


def test_another_network_follows_its_own_word_and_a_chosen_word_stays() -> None:
    page = open_how_it_works(review_model="lstm-dot")
    page.selectbox(key="how_model").select("bilstm-additive").run()
    explained = attnviz.load("bilstm-additive").explain(page.session_state.review_text)
    strongest = explained.tokens[explained.scores.argmax()]
    assert choose_word(page).value == strongest.start, "the word with its largest weight"
    choose_word(page).select(0).run()
    assert softmax_data(page)["word"] == 0
    page.selectbox(key="how_model").select("luong").run()
    assert choose_word(page).value == 0
    assert softmax_data(page)["word"] == 0


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


def test_the_text_is_that_of_the_page_reviews() -> None:
    page = open_how_it_works(review_text="a wonderful film")
    assert page.text_area(key="how_text_0").value == "a wonderful film"
    page.text_area(key="how_text_0").set_value("an awful film").run()
    assert page.session_state.review_text == "an awful film"
    assert page.session_state.review_revision == 1, "the editor of the page Reviews takes it over"
    assert "3 words" in said(page)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "There is no text yet"), ("?! ...", "no word in this text"), ("great", "reads 1 word ")],
)
def test_texts_without_much_in_them_are_met_with_words(text: str, words: str) -> None:
    page = open_how_it_works(review_text=text, review_model="lstm-dot")
    assert words in said(page)
    assert headings(page) == ["1.", "2.", "3.", "4.", "5.", "6."]


@pytest.mark.parametrize(
    "text", ["good film " * 10_000, "<b>İ</b> שלום 👍 " + "x" * 400, "half \ud83d a\udc00 \ud800character"]
)
def test_any_text_is_shown(text: str) -> None:
    page = open_how_it_works(review_text=text, review_model="lstm-dot")
    assert make_printable(text).endswith(join(softmax_data(page)["text"]).removeprefix("… "))
    assert ("the last 200 words" in said(page)) == (len(text) > 1000)


@pytest.mark.usefixtures("loading_engine")
def test_while_the_engine_loads_the_steps_are_there_already() -> None:
    page = open_how_it_works(review_model="lstm-dot")
    assert "Loading the network" in said(page)
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
