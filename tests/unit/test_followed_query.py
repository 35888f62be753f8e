"""One word followed through self-attention: its numbers are the network's own, head by head."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.explain.explainer import Explainer
from attnviz.explain.followed_query import asks_in_heads, follow_query
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.trace import FollowedWord
from tests.unit.test_forward_trace import TEXT, explainer


def heads() -> Explainer:
    return explainer("transformer")


def follow(text: str = TEXT, temperature: float = 1.0, **choice: int) -> FollowedWord:
    followed = follow_query(heads().classifier, text, temperature, **choice)
    assert followed is not None
    return followed


def test_only_self_attention_has_words_that_ask() -> None:
    assert asks_in_heads(heads().classifier)
    assert not any(asks_in_heads(explainer(name).classifier) for name in ("luong", "lstm-dot", "bilstm"))


def test_at_temperature_1_the_maps_and_the_answer_are_the_network() -> None:
    shown, own = follow(), heads().read_attention(TEXT).weights
    for found, expected in zip(shown.maps, own, strict=True):
        np.testing.assert_allclose(found, expected[list(shown.rows)], atol=2e-6)
    np.testing.assert_allclose(shown.weights, own[:, shown.word].mean(axis=0), atol=2e-6)
    explanation = heads().explain(TEXT, target=shown.target)
    assert shown.probability == pytest.approx(explanation.probability, abs=1e-6)
    assert shown.usual_probability == pytest.approx(shown.probability, abs=1e-6)
    assert shown.word == int(own.mean(axis=(0, 1)).argmax())


def test_a_score_is_the_product_of_a_query_and_a_key_and_the_weights_are_their_softmax() -> None:
    shown = follow(temperature=0.5, start=9)
    pair = shown.score
    assert (shown.word, shown.scored) == (2, pair.place)
    assert pair.score == pytest.approx(np.dot(pair.key, pair.query) / pair.scale, abs=1e-4)
    assert shown.scores[pair.place][pair.example] == pytest.approx(pair.score, abs=1e-5)
    powers = np.exp(np.array(shown.scores) / 0.5)
    np.testing.assert_allclose(shown.weights, (powers / powers.sum(axis=0)).mean(axis=1), atol=1e-5)


def test_at_another_temperature_the_network_really_runs_on() -> None:
    cold = follow(temperature=0.1)
    assert abs(cold.last.logit - follow().last.logit) > 0.01
    logit = np.dot(cold.last.inputs, cold.last.kernel) + cold.last.bias
    assert cold.probability == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-4)


def test_one_head_has_weights_of_its_own() -> None:
    own = heads().read_attention(TEXT).weights
    for head in (0, 1):
        shown = follow(head=head)
        np.testing.assert_allclose(shown.weights, own[head, shown.word], atol=2e-6)
        assert (shown.score.example, shown.scored) == (head, int(own[head, shown.word].argmax()))


@pytest.mark.parametrize("head", [-1, 2])
def test_a_head_that_is_not_there_is_refused(head: int) -> None:
    with pytest.raises(SettingError, match="has 2 heads"):
        follow(head=head)


@given(text=st.text(max_size=200), temperature=st.floats(0.01, 100))
@settings(max_examples=15)
def test_every_text_can_be_followed(text: str, temperature: float) -> None:
    shown = follow_query(heads().classifier, text, temperature)
    assert (shown is None) == (not heads().classifier.encode(text).tokens)
    if shown:
        assert from_plain(FollowedWord, json.loads(json.dumps(to_plain(shown), allow_nan=False))) == shown
        assert {shown.word, shown.scored} <= set(shown.rows)
