"""The page Reviews: the editor and what the network says."""

from __future__ import annotations

from pathlib import Path

import pytest

import attnviz
from attnviz.checkpoints import find_checkpoint
from attnviz.models.registry import METHODS
from attnviz.what_if import Step
from tests.app.visits import component_data, open_reviews


def test_reviews_shows_what_the_model_says_of_the_first_example() -> None:
    page = open_reviews()
    shown = component_data(page)["explanation"]
    expected = attnviz.load("luong").explain(component_data(page)["text"])
    words = [piece for piece in shown["pieces"] if len(piece) > 1]
    assert [piece[4] for piece in words] == pytest.approx(expected.scores.tolist(), abs=1e-6)
    assert shown["probability"] == pytest.approx(expected.probability, abs=1e-6)
    assert "".join(piece[0] for piece in shown["pieces"]) == expected.text


def test_another_model_brings_its_own_methods() -> None:
    page = open_reviews()
    methods = page.selectbox(key=f"review_method_{'-'.join(METHODS)}")
    assert methods.options == ["Attention weights", "Gradient × input", "Integrated gradients", "Leave a word out"]
    page.selectbox(key="review_model").select("bilstm").run()
    assert not page.exception
    assert component_data(page)["explanation"]["method"] == "gradient"


def test_an_example_goes_into_the_box() -> None:
    page = open_reviews()
    before = component_data(page)
    page.button(key="example_Sarcasm").click().run()
    after = component_data(page)
    assert after["text"].startswith("Oh great, another superhero")
    assert after["revision"] == before["revision"] + 1
    assert "".join(piece[0] for piece in after["explanation"]["pieces"]) == after["text"]


def test_a_word_that_is_left_out_moves_the_probability_and_the_trail_says_so() -> None:
    page = open_reviews()
    page.session_state.review_text = "The film was great"
    page.session_state.review_steps = [Step(3, ""), Step(3, "boring")]
    page.session_state.review_at = 1
    page.run()
    shown, explainer = component_data(page), attnviz.load("luong")
    expected = [explainer.explain(f"The film was {word}").probability for word in ("great", "", "boring")]
    assert shown["trail"]["labels"] == ["as typed", "without “great”", "“boring” for “great”"]
    assert shown["trail"]["probabilities"] == pytest.approx(expected, abs=1e-6)
    assert shown["explanation"]["probability"] == pytest.approx(expected[1], abs=1e-6)
    assert shown["explanation"]["pieces"][7][8] == "left out"
    page.button(key="example_Sarcasm").click().run()
    assert component_data(page)["trail"] is None, "another text starts anew"


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
    assert "stored with the network" in shown["message"]
    page.session_state.review_text = "a text of my own"
    page.run()
    shown = component_data(page)
    assert shown["state"] == "loading"
    assert "Loading the network" in shown["message"]


def test_without_models_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    assert "no usable text network" in open_reviews().error[0].value
