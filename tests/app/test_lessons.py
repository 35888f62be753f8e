"""The page Lessons: a prediction, then the check."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from attnviz.lessons.lesson_table import LESSONS, ColumnCase, MapCase, WordCase
from attnviz.ui import lessons_page
from tests.app.visits import open_page, said, settle

PAGE = "lessons_page"
TEXT = "a wonderful film, and then a dull end"


@pytest.fixture(autouse=True)
def _few_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """One case a lesson, of a network that the tests have."""
    column = LESSONS["planted-column"].cases[0]
    assert isinstance(column, ColumnCase)
    cases = {
        "planted-column": replace(column, settings=replace(column.settings, n=500, epochs=2)),
        "strongest-word": WordCase("a text", "luong", TEXT),
        "another-map": MapCase("a text", "luong", TEXT),
    }
    few = {name: replace(LESSONS[name], cases=(case,)) for name, case in cases.items()}
    monkeypatch.setattr(lessons_page, "LESSONS", few)


def predict(page: AppTest, name: str, choice: int) -> AppTest:
    page.radio(key=f"lesson_choice_{name}_0").set_value(choice).run()
    page.button(key=f"lesson_check_{name}_0").click().run()
    return settle(page)


@pytest.mark.parametrize("name", list(LESSONS))
def test_a_link_opens_its_lesson_and_nothing_is_told_before_a_prediction(name: str) -> None:
    page = settle(open_page(PAGE, {"lesson": name}))
    assert page.header[0].value == LESSONS[name].title
    assert page.button(key=f"lesson_check_{name}_0").disabled
    assert "predicted" not in said(page)


@pytest.mark.parametrize("name", list(LESSONS))
def test_exactly_one_of_two_predictions_is_right(name: str) -> None:
    results = []
    for choice in (0, 1):
        page = predict(settle(open_page(PAGE, {"lesson": name})), name, choice)
        results.append(f"{'1' if 'As you predicted.' in said(page) else '0'} of 1 predictions were right.")
        assert results[-1] in said(page)
        assert LESSONS[name].moral in said(page)
    assert len(set(results)) == 2


def test_it_can_be_begun_again() -> None:
    page = predict(settle(open_page(PAGE, {"lesson": "strongest-word"})), "strongest-word", 0)
    next(button for button in page.button if button.label == "Begin again").click().run()
    assert "predictions were right" not in said(page)
    assert page.radio(key="lesson_choice_strongest-word_0").value is None


def test_an_unknown_lesson_gives_way_to_the_first_one() -> None:
    assert open_page(PAGE, {"lesson": "<script>"}).header[0].value == LESSONS["planted-column"].title


def test_networks_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons_page, "get_review_models", dict)
    page = open_page(PAGE, {"lesson": "another-map"})
    assert "luong" in page.error[0].value
