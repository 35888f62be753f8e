"""The page Reviews with a network of four labels, the one that ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.data.examples import EXAMPLES
from attnviz.models.registry import MODELS
from attnviz.render.adversarial_report import describe_adversarial
from attnviz.render.erasure_report import describe_erasure
from attnviz.render.verdict import describe_trust
from tests.app.visits import component_data, get_address, look_at_other_map, open_reviews, open_tab, said, settle

LABELS = MODELS["stars"].labels


@pytest.fixture(scope="module")
def app_library() -> Path:
    return Path(attnviz.__file__).parents[1] / "checkpoints"


@pytest.fixture(scope="module")
def stars(app_library: Path) -> attnviz.Explainer:
    return attnviz.load(app_library / "stars")


def choose_label(page: AppTest, label: str) -> AppTest:
    (select,) = (select for select in page.selectbox if select.label == "Explained class")
    select.select_index(select.options.index(label)).run()
    assert not page.exception
    return page


def test_the_answer_has_a_probability_for_each_label(stars: attnviz.Explainer) -> None:
    page = open_reviews(model="stars")
    answer = component_data(page)["explanation"]["answer"]
    expected = stars.explain(page.session_state.review_text).prediction
    assert tuple(answer["labels"]) == LABELS == expected.labels
    assert answer["probabilities"] == pytest.approx(expected.probabilities, abs=1e-6)
    assert answer["predicted"] == expected.predicted
    assert "Explained class" not in [select.label for select in page.selectbox], "attention speaks for no label"


def test_the_chosen_class_is_explained_measured_and_linked(stars: attnviz.Explainer) -> None:
    page = choose_label(open_reviews(model="stars", method="gradient"), LABELS[0])
    text = page.session_state.review_text
    shown = component_data(page)["explanation"]
    expected = stars.explain(text, "gradient", LABELS[0])
    assert shown["answer"]["target"] == 0
    assert shown["probability"] == pytest.approx(expected.probability, abs=1e-6)
    assert [token[4] for token in shown["text"]["tokens"]] == pytest.approx(expected.scores.tolist(), abs=1e-6)
    assert get_address(page)["label"] == LABELS[0]
    settle(page)
    assert f"**{describe_trust(stars.measure_faithfulness(text, 'gradient', 0))}**" in said(page)


def test_a_link_brings_the_class_back() -> None:
    page = open_reviews(model="stars", method="occlusion", label=LABELS[2])
    assert component_data(page)["explanation"]["answer"]["target"] == 2
    assert component_data(page)["target"] == 2, "the browser's network explains it, too"


def test_taking_words_away_names_the_label_that_the_answer_turns_to(stars: attnviz.Explainer) -> None:
    page = settle(open_tab("Remove words", model="stars"))
    curve = stars.measure_erasure_curve(page.session_state.review_text)
    assert f"**{describe_erasure(curve)}**" in said(page)


def test_another_map_keeps_the_label(stars: attnviz.Explainer) -> None:
    page = look_at_other_map(open_reviews(model="stars", text=EXAMPLES["Two hours lost"]))
    found = stars.find_adversarial_attention(EXAMPLES["Two hours lost"])
    assert found.other.prediction.label == found.own.prediction.label
    assert f"**{describe_adversarial(found)}**" in said(page)
