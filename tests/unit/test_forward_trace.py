"""The forward trace through a network: its numbers are the network's own, and a temperature changes what it should."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.explain.explainer import Explainer
from attnviz.explain.followed_word import follow_word, select_rows
from attnviz.explain.forward_trace import ForwardTrace
from attnviz.models.architectures import build_model
from attnviz.models.registry import MODELS
from attnviz.runs.loading import build_classifier
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.trace import FollowedWord

NETWORKS = ("luong", "bilstm-additive", "lstm-featurewise", "lstm-dot")
WEIGHTED_SUMS = ("bilstm-additive", "lstm-featurewise", "lstm-dot")
TEXT = "The film was great, and the story moving; a great film with an awful xyzzy end."
LONG = "a great film was awful " * 200


@cache
def explainer(name: str) -> Explainer:
    """A small untrained network whose scores and answers differ a lot between words."""
    words = ("the", "film", "was", "great", "and", "story", "moving", "a", "with", "an", "awful", "end")
    vocabulary = Vocabulary(("<pad>", "<start>", "<unknown>", *words))
    keras.utils.set_random_seed(4)
    model = build_model(name, vocabulary_size=len(vocabulary))
    rng = np.random.default_rng(4)
    for weight in model.weights:  # biases too: they start at 0
        weight.assign(weight * 3.0 + rng.normal(scale=0.2, size=weight.shape).astype("float32"))
    return Explainer(build_classifier(model, vocabulary, MODELS[name], name))


def softmax(scores: np.ndarray, temperature: float) -> np.ndarray:
    powers = np.exp(scores.astype(np.float64) / temperature)
    return powers / powers.sum(axis=0)


@pytest.mark.parametrize("text", [TEXT, LONG, "great"])
@pytest.mark.parametrize("name", NETWORKS)
def test_at_temperature_1_the_trace_is_the_network(name: str, text: str) -> None:
    trace, explanation = explainer(name).trace(text), explainer(name).explain(text)
    np.testing.assert_allclose(trace.attention, explanation.scores, atol=1e-6)
    assert trace.probability == pytest.approx(explanation.probability, abs=1e-6)
    assert trace.usual_probability == trace.probability
    assert (tuple(trace.tokens), trace.truncated) == (tuple(explanation.tokens), explanation.truncated)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 4.0, 10.0])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_weights_are_the_softmax_of_the_scores_over_the_temperature(name: str, temperature: float) -> None:
    trace = explainer(name).trace(TEXT, temperature)
    np.testing.assert_allclose(trace.weights, softmax(trace.scores, temperature), atol=1e-5)
    np.testing.assert_allclose(trace.usual_weights, softmax(trace.scores, 1.0), atol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_score_is_made_of_the_products_that_are_shown(name: str) -> None:
    trace = explainer(name).trace(TEXT)
    products = trace.keys.astype(np.float64) @ trace.query / trace.scale
    expected = products if trace.bias is None else np.tanh(products + trace.bias)
    np.testing.assert_allclose(trace.scores, expected, atol=1e-5)
    assert trace.scores.std() > 0.01, "scores that are all alike would prove nothing"


@pytest.mark.parametrize("temperature", [0.2, 1.0])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_sum_before_the_sigmoid_gives_the_probability(name: str, temperature: float) -> None:
    trace = explainer(name).trace(TEXT, temperature)
    assert trace.probability == pytest.approx(1 / (1 + np.exp(-trace.logit)), abs=1e-5)
    np.testing.assert_allclose(trace.contributions.sum(axis=0), trace.context, atol=1e-5)


@pytest.mark.parametrize("name", WEIGHTED_SUMS)
def test_the_words_shares_and_the_bias_add_up(name: str) -> None:
    trace = explainer(name).trace(TEXT, 0.5)
    assert trace.shares is not None
    assert trace.shares.sum() + trace.kernel_bias == pytest.approx(trace.logit, abs=1e-4)


def test_for_the_other_label_the_sum_has_the_other_sign() -> None:
    positive, negative = (explainer("lstm-dot").trace(TEXT, target=target) for target in ("positive", "negative"))
    assert negative.logit == pytest.approx(-positive.logit)
    assert negative.probability == pytest.approx(1 - positive.probability)
    np.testing.assert_allclose(negative.shares, -positive.shares)


def test_behind_a_tanh_no_share_can_be_told() -> None:
    assert explainer("luong").trace(TEXT).shares is None


@pytest.mark.parametrize("name", WEIGHTED_SUMS)
def test_at_another_temperature_the_network_really_runs_on(name: str) -> None:
    trace = explainer(name).trace(TEXT, 0.1)
    weights = softmax(trace.scores, 0.1)
    weights = weights if weights.ndim == 2 else weights[:, None]
    logit = (weights * trace.states).sum(axis=0) @ trace.kernel + trace.kernel_bias
    assert trace.probability == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-5)
    assert abs(trace.probability - trace.usual_probability) > 1e-4


def test_colder_is_sharper() -> None:
    spread = [explainer("lstm-dot").trace(TEXT, temperature).effective_words for temperature in (0.1, 0.5, 1, 3, 10)]
    assert spread == sorted(spread)
    assert spread[0] < spread[-1] <= len(explainer("lstm-dot").trace(TEXT).tokens) + 1e-3


@pytest.mark.parametrize("temperature", [0, -1, 0.001, 1000, float("nan"), float("inf"), "hot", None])
def test_a_temperature_out_of_range_is_refused(temperature: object) -> None:
    with pytest.raises(SettingError, match=r"from 0\.01 to 100"):
        explainer("lstm-dot").trace(TEXT, temperature)  # type: ignore[arg-type]


def test_without_attention_there_is_nothing_to_trace() -> None:
    with pytest.raises(SettingError, match="no attention"):
        explainer("bilstm").trace(TEXT)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_text_without_words_has_a_trace_without_an_answer(name: str) -> None:
    trace = explainer(name).trace(" ?! ")
    assert (trace.probability, trace.usual_probability, len(trace.tokens)) == (None, None, 0)
    assert {len(values) for values in (trace.vectors, trace.states, trace.scores, trace.weights)} == {0}
    assert follow_word(trace) is None


@pytest.mark.parametrize("name", NETWORKS)
@given(text=st.text(), temperature=st.floats(0.01, 100))
@example(text="great " * 20_000, temperature=0.01)
@example(text="<b>İ שלום 👍</b>", temperature=100.0)
@settings(max_examples=25)
def test_every_text_has_a_trace_that_can_be_shown(name: str, text: str, temperature: float) -> None:
    trace = explainer(name).trace(text, temperature)
    shown = follow_word(trace)
    assert (shown is None) == (not trace.tokens)
    if shown:
        assert len(shown.weights) == len(trace.tokens)
        assert from_plain(FollowedWord, json.loads(json.dumps(to_plain(shown), allow_nan=False))) == shown
        assert sum(shown.weights) == pytest.approx(1, abs=1e-3)
        assert shown.word in shown.rows
        assert len(shown.vectors) == len(shown.states) == len(shown.rows)


def follow(name: str, **choice: int) -> tuple[ForwardTrace, FollowedWord]:
    trace = explainer(name).trace(TEXT)
    return trace, follow_word(trace, **choice)


def test_the_word_with_the_largest_weight_is_followed_unless_another_is_chosen() -> None:
    trace, shown = follow("lstm-dot")
    assert shown.word == int(trace.usual_weights.argmax())
    assert follow_word(trace, start=9).word == 2
    assert follow_word(trace, start=10).word == shown.word, "no word starts there"


def test_the_parts_of_all_words_make_up_the_context_vector() -> None:
    trace = explainer("lstm-featurewise").trace(TEXT)
    parts = [follow_word(trace, start=token.start).part for token in trace.tokens]
    assert sum(parts) == pytest.approx(1, abs=1e-4)


def test_one_feature_has_weights_of_its_own() -> None:
    trace, shown = follow("lstm-featurewise", feature=5)
    np.testing.assert_allclose(shown.weights, trace.weights[:, 5], atol=1e-6)
    assert shown.score.score == pytest.approx(trace.scores[shown.word, 5])
    assert shown.score.score == pytest.approx(np.tanh(shown.score.product + shown.score.bias), abs=1e-5)


@pytest.mark.parametrize(("name", "feature"), [("lstm-featurewise", 64), ("lstm-featurewise", -1), ("lstm-dot", 0)])
def test_a_feature_that_is_not_there_is_refused(name: str, feature: int) -> None:
    with pytest.raises(SettingError, match="features"):
        follow(name, feature=feature)


def test_both_ends_and_the_neighbours_of_a_word_are_shown() -> None:
    assert select_rows(3, 1) == [0, 1, 2]
    assert select_rows(100, 50) == [0, 1, 2, 49, 50, 51, 97, 98, 99]
    assert select_rows(100, 99) == [0, 1, 2, 97, 98, 99]
    assert select_rows(1, 0) == [0]
