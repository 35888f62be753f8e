"""The page Reviews: the editor and what the network says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import attnviz
from attnviz.engine.client import Engine
from attnviz.engine.protocol import DescribeLayers, Explain, Operation, PredictReviews
from attnviz.runs.library import find_checkpoint
from attnviz.text.edits import TokenEdit, build_edited_text
from attnviz.text.words import split_words
from attnviz.ui import components
from attnviz.ui.reviews import kept_curve, reviews_page
from attnviz.values.methods import TYPED_METHODS
from tests.app.visits import component_data, join, open_reviews, settle


def test_reviews_shows_what_the_model_says_of_the_first_example() -> None:
    page = open_reviews()
    shown = component_data(page)["explanation"]
    expected = attnviz.load("luong").explain(component_data(page)["text"])
    assert [token[4] for token in shown["text"]["tokens"]] == pytest.approx(expected.scores.tolist(), abs=1e-6)
    assert shown["probability"] == pytest.approx(expected.probability, abs=1e-6)
    assert join(shown["text"]) == expected.text


def test_another_model_brings_its_own_methods() -> None:
    page = open_reviews()
    methods = page.selectbox(key=f"review_method_{'-'.join(TYPED_METHODS)}")
    assert methods.options == ["Attention weights", "Gradient × input", "Integrated gradients", "Leave a word out"]
    page.selectbox(key="review_model").select("bilstm").run()
    assert not page.exception
    assert component_data(page)["explanation"]["method"] == "gradient"


def test_beside_the_scores_of_a_signed_method_stands_the_attention() -> None:
    page = open_reviews(model="luong", method="gradient")
    shown = component_data(page)["explanation"]
    expected = attnviz.load("luong").explain(component_data(page)["text"])
    assert shown["method"] == "gradient"
    assert shown["attention"]["scores"] == pytest.approx(expected.scores.tolist(), abs=1e-6)
    assert shown["attention"]["scale"]["even"] == pytest.approx(1 / len(expected.tokens))
    page.selectbox(key="review_model").select("bilstm").run()
    assert component_data(page)["explanation"]["attention"] is None, "this network has none"


def test_an_example_goes_into_the_box() -> None:
    page = open_reviews()
    before = component_data(page)
    page.button(key="example_Sarcasm").click().run()
    after = component_data(page)
    assert after["text"].startswith("Oh great, another superhero")
    assert after["revision"] == before["revision"] + 1
    assert join(after["explanation"]["text"]) == after["text"]


def test_a_word_that_is_left_out_moves_the_probability_and_the_trail_says_so() -> None:
    page = open_reviews()
    page.session_state.review_text = "The film was great"
    page.session_state.review_edits = [TokenEdit(13, 18, ""), TokenEdit(13, 18, "boring")]
    page.session_state.review_at = 1
    page.run()
    assert component_data(page)["trail"]["texts"][0] == component_data(page)["trail"]["texts"][2] == "…"
    settle(page)
    shown, explainer = component_data(page), attnviz.load("luong")
    expected = [explainer.explain(f"The film was {word}").probability for word in ("great", "", "boring")]
    assert shown["trail"]["labels"] == ["as typed", "without “great”", "“boring” for “great”"]
    assert shown["trail"]["probabilities"] == pytest.approx(expected, abs=1e-6)
    assert shown["explanation"]["probability"] == pytest.approx(expected[1], abs=1e-6)
    assert shown["explanation"]["text"]["tokens"][3][7] == "left out"
    page.button(key="example_Sarcasm").click().run()
    assert component_data(page)["trail"] is None, "another text starts anew"


def test_the_steps_of_a_trail_are_asked_once_and_together(monkeypatch: pytest.MonkeyPatch) -> None:
    page, asked = open_reviews(), watch_engine(monkeypatch)
    page.session_state.review_text = "The film was great and the story was moving"
    page.session_state.review_edits = [leave_out(page, place) for place in range(6)]
    page.session_state.review_at = 6
    page.run()
    settle(page)
    assert asked.count(PredictReviews) == 1
    before = component_data(page)["trail"]["probabilities"]
    asked.clear()
    page.session_state.review_edits = [leave_out(page, place) for place in (0, 1, 2, 3, 8)]
    page.session_state.review_at = 5
    page.run()
    settle(page)
    after = component_data(page)["trail"]["probabilities"]
    assert after[:5] == before[:5], "what comes before the change is known"
    assert PredictReviews not in asked
    page.selectbox(key="review_model").select("bilstm").run()
    settle(page)
    other = component_data(page)["trail"]["probabilities"]
    text, edits = page.session_state.review_text, page.session_state.review_edits
    edited = [build_edited_text(text, edits[:at]).text for at in range(6)]
    expected = [found.probability for found in attnviz.load("bilstm").explain_batch(edited, "gradient")]
    assert other == pytest.approx(expected, abs=1e-6)


def leave_out(page: Any, place: int) -> TokenEdit:
    """Of the words of the text in the box, that of this place."""
    _, start, end = split_words(page.session_state.review_text)[place]
    return TokenEdit(start, end, "")


def test_a_text_is_explained_once_and_the_layers_of_a_network_are_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    settle(open_reviews())
    page, asked = open_reviews(), watch_engine(monkeypatch)
    page.session_state.review_text = "A film that is explained once"
    page.run()
    settle(page)
    page.run()
    assert asked.count(Explain) == 1
    assert DescribeLayers not in asked, "another visitor has looked at this network"
    page.selectbox(key="review_model").select("bilstm").run()
    assert asked.count(Explain) == 2
    assert component_data(page)["explanation"]["model"] == "bilstm"


def test_what_a_component_gets_later_is_newer_although_the_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_reviews()
    before = component_data(page)["made"]
    monkeypatch.setattr(components.time, "time", lambda: before - 3600)
    page.button(key="example_Sarcasm").click().run()
    assert component_data(page)["made"] > before


def watch_engine(monkeypatch: pytest.MonkeyPatch) -> list[type[Operation]]:
    """The operations that are asked of the engine from now on."""
    asked: list[type[Operation]] = []
    ask = Engine.ask

    def watch(engine: Engine, operation: Operation, **how: Any) -> Any:
        asked.append(type(operation))
        return ask(engine, operation, **how)

    monkeypatch.setattr(Engine, "ask", watch)
    return asked


def test_a_random_test_review_comes_with_its_rating() -> None:
    page = open_reviews()
    page.button(key="random_review").click().run()
    shown = component_data(page)
    assert "stars, so it counts as" in shown["message"]
    assert shown["text"].endswith("\n\nThe end!"), "the line breaks of the dataset are line breaks"


def test_a_refused_text_is_an_error_beside_the_last_answer() -> None:
    page = open_reviews()
    before = component_data(page)
    page.session_state.review_text = "a" * 1_000_001
    page.run()
    after = component_data(page)
    assert after["state"] == "error"
    assert "1,000,000 characters" in after["message"]
    assert after["explanation"] == before["explanation"]


@pytest.mark.usefixtures("loading_engine")
def test_while_the_engine_loads_an_example_shows_its_stored_answer() -> None:
    page = open_reviews()
    shown = component_data(page)
    stored = find_checkpoint("luong").examples[0]
    assert shown["explanation"]["probability"] == stored.probability
    assert (shown["message"], shown["network"] is None) == ("", False), "the browser answers any text by itself"
    page.session_state.review_text = "a text of my own"
    page.run()
    assert component_data(page)["message"] == ""


@pytest.mark.usefixtures("loading_engine")
def test_a_stored_answer_says_that_it_is_one_where_the_browser_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews_page, "get_network_address", lambda card: None)
    page = open_reviews()
    shown = component_data(page)
    stored = find_checkpoint("luong").examples[0]
    assert shown["explanation"]["probability"] == stored.probability
    assert "stored with the network" in shown["message"]
    page.session_state.review_text = "a text of my own"
    page.run()
    shown = component_data(page)
    assert shown["state"] == "loading"
    assert "Loading the network" in shown["message"]


def test_the_engine_measures_the_reading_curve_where_the_browser_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_curve, "get_network_address", lambda card: None)
    page = settle(open_reviews(model="luong", method="gradient", text="a dull start and a wonderful end"))
    shown, explainer = component_data(page), attnviz.load("luong")
    expected = explainer.measure_reading_curve("a dull start and a wonderful end")
    assert shown["curve"]["probabilities"] == pytest.approx(list(expected.probabilities), abs=1e-6)
    assert " ".join(token["shown"] for token in shown["curve"]["tokens"]) == "a dull start and a wonderful end"
    assert not shown["curve_is_old"]
    page.session_state.review_text = "a dull start"
    page.run()
    shown = component_data(page)
    new = len(shown["curve"]["counts"]) == 3
    assert shown["curve_is_old"] is not new, "the curve of the text before stays until the new one is there"
    settle(page)
    assert len(component_data(page)["curve"]["counts"]) == 3
    monkeypatch.undo()
    page.run()
    assert component_data(page)["curve"] is None, "here the browser measures it"


@pytest.mark.usefixtures("loading_engine")
def test_while_the_engine_loads_the_browser_has_the_network_and_signed_scores_are_waited_for() -> None:
    page = open_reviews(model="luong", method="gradient", text="a text of my own")
    shown = component_data(page)
    assert shown["network"].endswith(".bin")
    assert (shown["method"]["name"], shown["method"]["signed"], shown["target"]) == ("gradient", True, None)
    assert (shown["state"], shown["explanation"]) == ("loading", None)
    assert "Loading the network" in shown["message"]


def test_without_models_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    assert "no usable text network" in open_reviews().error[0].value
