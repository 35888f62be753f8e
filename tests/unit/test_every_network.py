"""What holds for every text network of the table, whatever its labels, heads and kind of attention."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnviz import Explainer
from attnviz.backend import keras
from attnviz.models.architectures import build_model
from attnviz.models.registry import MODELS
from attnviz.runs.loading import build_classifier
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.text.words import split_words
from attnviz.values.methods import pick_typed
from tests.unit.explained import list_numbers

NETWORKS = [name for name, spec in MODELS.items() if spec.task == "reviews"]
WITH_ATTENTION = [name for name in NETWORKS if MODELS[name].attention_layer]
VOCABULARY = Vocabulary((*SPECIAL_WORDS, "great", "dull", "film", "the", "was"))
TEXTS = st.text(max_size=40) | st.lists(st.sampled_from(["great", "Dull!", "film", "<b>", "&", "😀", "שלום"])).map(
    " ".join
)


@cache
def explainer(name: str) -> Explainer:
    """A small untrained network whose answers differ between texts."""
    keras.utils.set_random_seed(8)
    model = build_model(name, vocabulary_size=len(VOCABULARY))
    for weight in model.trainable_weights:
        weight.assign(weight * 2.0)
    return Explainer(build_classifier(model, VOCABULARY, MODELS[name], name))


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=15)
@given(text=TEXTS)
def test_scores_are_parallel_to_tokens_and_weights_sum_to_1(name: str, text: str) -> None:
    for method in pick_typed(explainer(name).methods):
        found = explainer(name).explain(text, method)
        assert len(found.scores) == len(found.tokens) == len(split_words(text))
        assert np.isfinite(found.scores).all()
        assert (found.prediction.probabilities is None) == (not found.tokens)
        if found.tokens:
            assert sum(found.prediction.probabilities) == pytest.approx(1, abs=1e-5)
        if found.tokens and method == "attention":
            assert found.scores.sum() == pytest.approx(1, abs=1e-5)
            assert found.scores.min() >= 0


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_said_of_a_text_does_not_depend_on_its_batch(name: str) -> None:
    texts = ["great", "the film was dull", "great film " * 40, "unknown words here", "the film was dull"]
    for method in pick_typed(explainer(name).methods):
        alone = [explainer(name).explain(text, method) for text in texts]
        for one, two in zip(explainer(name).explain_batch(texts, method), alone, strict=True):
            np.testing.assert_allclose(one.scores, two.scores, atol=1e-5)
            assert one.prediction.probabilities == pytest.approx(two.prediction.probabilities, abs=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_integrated_gradients_are_complete_for_every_label(name: str) -> None:
    for target in explainer(name).labels:
        for text in ("great", "the film was dull", "great film " * 40):
            assert abs(explainer(name).explain(text, "integrated_gradients", target).gap) < 0.01


@pytest.mark.parametrize("name", WITH_ATTENTION)
def test_every_query_of_every_map_shares_1_out_over_the_words(name: str) -> None:
    attention = explainer(name).read_attention("the great film was dull")
    spec = MODELS[name]
    assert attention.is_matrix == ("queries" in spec.attention_axes)
    assert (len(attention.names) > 1) == bool({"heads", "features"} & {*spec.attention_axes})
    np.testing.assert_allclose(attention.weights.sum(axis=-1), 1, atol=1e-5)
    np.testing.assert_allclose(attention.reduce(), explainer(name).explain("the great film was dull").scores, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_measure_can_be_taken(name: str) -> None:
    text = "the great film was dull and great"
    for method in explainer(name).methods:
        measured = explainer(name).measure_faithfulness(text, method)
        assert np.isfinite(
            [value for one in (measured.comprehensiveness, measured.sufficiency) for value in list_numbers(one)]
        ).all()
        curve = explainer(name).measure_erasure_curve(text, method)
        assert curve.without[0] == pytest.approx(explainer(name).explain(text, method).probability, abs=1e-5)
    if name in WITH_ATTENTION:
        found = explainer(name).find_adversarial_attention(text)
        assert found.change <= 0.01
        assert found.other.scores.sum() == pytest.approx(1, abs=1e-5)


class Tags(HTMLParser):
    """The tags that a browser would meet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)


@pytest.mark.parametrize("name", ["stars", "transformer", "word-additive"])
@settings(max_examples=15)
@given(text=TEXTS)
def test_no_text_breaks_out_of_the_html(name: str, text: str) -> None:
    for method in explainer(name).methods:
        html = explainer(name).explain(text + " <script>", method).to_html()
        assert Tags(html).found <= {"section", "p", "b", "div", "span", "small"}
        html.encode("utf-8")
