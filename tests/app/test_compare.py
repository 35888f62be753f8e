"""The tab 'Compare' of the page Reviews."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.ui.reviews.compare_tab import TWO_TEXTS
from attnviz.values.methods import METHODS
from tests.app.visits import component_data, open_tab, said, settle


def read_maps(page: AppTest) -> dict[str, Any]:
    """What the maps were given to draw once their answer is there."""
    maps = component_data(settle(page), "maps")
    assert not maps["stale"]
    return maps


def choose(page: AppTest, label: str) -> Any:
    (widget,) = (widget for widget in page.multiselect if widget.label == label)
    return widget


def test_compare_shows_what_the_networks_say_and_follows_the_choices() -> None:
    page = open_tab("Compare")
    shown = read_maps(page)
    assert [cell["label"] for cell in shown["cells"]] == [
        f"{model}, {method}"
        for model in ("luong", "lstm-featurewise", "bilstm")
        for method in ("attention weights", "gradient × input")
    ]
    text = page.session_state.review_text
    for cell in shown["cells"]:
        if "empty" not in cell:
            method = "gradient" if cell["text"]["scale"]["signed"] else "attention"
            expected = attnviz.load(cell["name"]).explain(text, method)
            assert [token[4] for token in cell["text"]["tokens"]] == pytest.approx(expected.scores.tolist(), abs=1e-6)
            assert cell["answer"]["probabilities"][1] == pytest.approx(expected.probability, abs=1e-6)
    choose(page, "Networks").set_value(["bilstm"]).run()
    choose(page, "Scores").set_value(["attention"]).run()
    assert "bilstm has no attention: choose another" in said(page)
    choose(page, "Scores").set_value(["attention", "occlusion"]).run()
    assert [cell.get("empty", "") != "" for cell in read_maps(page)["cells"]] == [True, False]


@pytest.mark.skipif(not METHODS["lime"].is_installed, reason=METHODS["lime"].missing)
def test_scores_that_take_long_say_so_and_wait_for_a_click() -> None:
    page = open_tab("Compare")
    choose(page, "Networks").set_value(["luong"]).run()
    choose(page, "Scores").set_value(["attention", "lime"]).run()
    assert [cell["label"] for cell in read_maps(page)["cells"]] == ["luong, attention weights"]
    assert "LIME reads the text 1,000 times, with words left out at random. Here that is at most" in said(page)
    page.button(key="slow_order").click().run()
    cell = read_maps(page)["cells"][1]
    assert cell["label"] == "luong, LIME"
    assert any("R²" in note for note in cell["notes"])
    assert not [button for button in page.button if button.key == "slow_order"], "it was clicked"
    page.button(key="example_Sarcasm").click().run()
    assert len(read_maps(page)["cells"]) == 1, "another text needs another click"
    choose(page, "Scores").set_value(["lime"]).run()
    assert not settle(page).button(key="slow_order").disabled


def test_the_page_says_why_a_method_whose_library_is_missing_is_not_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("attnviz.values.methods._is_installed", lambda module: False)
    page = open_tab("Compare")
    assert "LIME" not in choose(page, "Scores").options
    captions = "".join(caption.value for caption in page.caption)
    assert "SHAP needs the extra: pip install attnviz[extras]." in captions.replace("\\", "")


def test_two_texts_are_compared_with_one_network() -> None:
    page = open_tab("Compare")
    page.button(key="example_A quiet triumph").click().run()
    page.radio(key="compare_mode").set_value(TWO_TEXTS).run()
    assert page.text_area[0].value == page.session_state.review_text
    read_maps(page)
    assert "Both texts have the same words" in said(page)
    first = page.session_state.review_text
    second = first.replace("wonderful", "boring")
    page.text_area[0].set_value(second).run()
    shown = read_maps(page)
    explainer = attnviz.load("luong")
    expected = [explainer.explain(text).probability for text in (first, second)]
    assert [cell["answer"]["probabilities"][1] for cell in shown["cells"]] == pytest.approx(expected, abs=1e-6)
    words = [pair for cell in shown["cells"] for pair in zip(cell["groups"], cell["text"]["tokens"], strict=True)]
    framed = [token[1] for group, token in words if group in shown["outlined"]]
    assert framed == ["wonderful", "boring"]
    page.button(key="example_Sarcasm").click().run()
    assert page.text_area[0].value == second, "what was written stays when the first text changes"
    page.button(key="restart_second").click().run()
    assert page.text_area[0].value == page.session_state.review_text


@pytest.mark.parametrize("text", ["", "great", "?!", "\ud800 <b>&amp;</b> 😀", "word " * 20_000])
def test_any_text_can_be_compared(text: str) -> None:
    page = open_tab("Compare")
    page.session_state.review_text = text
    page.run()
    assert read_maps(page)["cells"][0]["label"] == "luong, attention weights"
    page.radio(key="compare_mode").set_value(TWO_TEXTS).run()
    assert len(read_maps(page)["cells"]) == 2
