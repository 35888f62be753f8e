"""What a visitor of the page Reviews takes away, and the links that bring one there."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.render.links import MAX_TEXT
from attnviz.runs.library import find_checkpoint
from attnviz.ui.reviews.export_tab import get_writers
from attnviz.ui.state import get_review_models
from attnviz.values.explanation import Explanation
from tests.app.visits import component_data, get_address, open_reviews, open_tab, said


def test_a_link_brings_model_method_and_text() -> None:
    text = "A <b>dull</b> film & a story?\nשלום 😀"
    page = open_reviews(model="bilstm", method="occlusion", text=text)
    shown = component_data(page)
    assert (shown["text"], shown["message"]) == (text, "")
    assert (shown["explanation"]["model"], shown["explanation"]["method"]) == ("bilstm", "occlusion")
    assert get_address(page) == {}, "it stays as it came"


def test_a_bad_link_opens_with_the_default_and_says_so() -> None:
    page = open_reviews(model="gpt", method="rollout", text="")
    shown = component_data(page)
    assert (shown["text"], shown["explanation"]["model"], shown["explanation"]["method"]) == ("", "luong", "attention")
    assert "asks for the model ‘gpt’, which is not here; it opened with luong." in shown["message"]
    assert "asks for the method ‘rollout’" in shown["message"]


def test_the_address_follows_what_is_chosen_and_typed() -> None:
    page = open_reviews()
    assert get_address(page) == {}, "a first visit needs no link"
    page.session_state.review_text = "a great film"
    page.run()
    assert get_address(page) == {"model": "luong", "method": "attention", "text": "a great film"}
    page.selectbox(key="review_model").select("bilstm").run()
    assert get_address(page) == {"model": "bilstm", "method": "gradient", "text": "a great film"}
    page.session_state.review_text = "great " * MAX_TEXT
    page.run()
    assert get_address(page) == {"model": "bilstm", "method": "gradient"}
    assert component_data(page)["text"].startswith("great great"), "the text stays"


def test_a_link_is_followed_once_and_what_is_typed_since_stays() -> None:
    page = open_reviews(model="lstm-featurewise", text="a dull film")
    page.session_state.review_text = "a great film"
    page.run()
    assert dict(page.query_params)["text"] == "a dull film", "the browser may still report the address before"
    assert component_data(page)["text"] == "a great film"
    assert get_address(page) == {"model": "lstm-featurewise", "method": "attention", "text": "a great film"}


def test_the_answer_is_taken_away_as_a_link_and_files() -> None:
    page = open_tab("Share and export", text="a great film <b>😀")
    (link,) = (block.value for block in page.code)
    assert link == "/?model=luong&method=attention&text=a+great+film+%3Cb%3E%F0%9F%98%80"
    assert "can read the text" in said(page)
    page.session_state.review_text = "great " * MAX_TEXT
    page.run()
    assert [block.value for block in page.code] == ["/?model=luong&method=attention"]
    assert "9,000 characters are more than the 1,500" in said(page)


@pytest.mark.parametrize("text", ["a great film", "", "half \ud83d a character"])
def test_the_files_hold_the_answer(text: str) -> None:
    answer = attnviz.load("luong").explain(text)
    writers = get_writers(get_review_models()["luong"], answer)
    files = {kind: write().decode("utf-8") for kind, write in writers.items()}
    assert files["html"].count("<label ") == files["csv"].count("\n") - 1 == len(answer.tokens)
    record = json.loads(files["json"])
    assert Explanation.from_dict(record).to_dict() == answer.to_dict()
    assert record["record"]["checkpoint"]["sha256"]["model.keras"] == find_checkpoint("luong").files["model.keras"]


def test_the_living_page_is_offered_with_its_size() -> None:
    page = open_tab("Share and export", text="a great film")
    whole = get_size(page)
    page.checkbox(key="live_float16").check().run()
    assert 0 < get_size(page) < whole < 1


def get_size(page: AppTest) -> float:
    """How many MB the living page is said to have."""
    (size,) = re.findall(r"luong in it, (\d\.\d) MB in all", " ".join(caption.value for caption in page.caption))
    return float(size)
