"""Texts without words, unusual ones, and any text at all: each has an explanation, or none for a reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attnviz
from attnviz import Explainer, Explanation
from attnviz.text.words import split_words
from attnviz.values.methods import TYPED_METHODS, pick_typed
from tests.made import UNUSUAL, WORDLESS


@pytest.fixture(scope="module")
def explainers(tiny_library: Path) -> dict[str, Explainer]:
    return {name: attnviz.load(tiny_library / name) for name in ("luong", "bilstm", "lstm-featurewise")}


@pytest.fixture(params=["luong", "lstm-featurewise"])
def attentive(request: pytest.FixtureRequest, explainers: dict[str, Explainer]) -> Explainer:
    return explainers[request.param]


@pytest.fixture
def luong(explainers: dict[str, Explainer]) -> Explainer:
    return explainers["luong"]


@pytest.mark.parametrize("text", WORDLESS)
def test_a_text_without_words_has_no_answer(attentive: Explainer, text: str) -> None:
    for method in attentive.methods:
        explanation = attentive.explain(text, method)
        assert (explanation.tokens, len(explanation.scores), explanation.probability) == ((), 0, None)
        assert explanation.to_html()


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_text_is_explained_like_any_other(explainers: dict[str, Explainer], name: str) -> None:
    text = UNUSUAL[name]
    for explainer in explainers.values():
        for method in pick_typed(explainer.methods):
            explanation = explainer.explain(text, method)
            assert len(explanation.tokens) == len(split_words(text)) > 0
            assert np.isfinite(explanation.scores).all()
            assert 0 <= explanation.probability <= 1
            assert Explanation.from_dict(json.loads(explanation.to_json())).to_dict() == explanation.to_dict()
            assert explanation.to_frame()["token"].tolist() == [token.text for token in explanation.tokens]


@settings(max_examples=60)
@given(text=st.text(max_size=60), method=st.sampled_from(TYPED_METHODS))
def test_any_text_has_an_answer_exactly_if_it_has_a_word(tiny_explainer: Explainer, text: str, method: str) -> None:
    explanation = tiny_explainer.explain(text, method)
    assert (explanation.probability is None) == (not split_words(text))
    assert len(explanation.scores) == len(explanation.tokens)
    assert np.isfinite(explanation.scores).all()
    if explanation.tokens and method == "attention":
        assert explanation.scores.sum() == pytest.approx(1.0, abs=1e-5)


@pytest.fixture(scope="module")
def tiny_explainer(explainers: dict[str, Explainer]) -> Explainer:
    return explainers["luong"]
