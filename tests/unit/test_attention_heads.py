"""What the heat maps of heads are given to draw, and whether it is what the network computed."""

from __future__ import annotations

import json
from base64 import b64decode
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from attnviz import Explainer
from attnviz.backend import keras
from attnviz.models.architectures import build_model
from attnviz.models.registry import MODELS
from attnviz.runs.loading import build_classifier
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.ui.components.attention_heads import describe_heads, describe_maps
from attnviz.ui.reviews.heads_tab import has_several_maps
from attnviz.values.attention import Attention, Reduction
from tests.conftest import ROOT
from tests.made import explain_as
from tests.unit.test_erasure_slider import TEXTS, explain

VOCABULARY = Vocabulary((*SPECIAL_WORDS, "great", "dull", "film"))
WITH_MAPS = ["transformer", "lstm-featurewise"]
FIXTURE = ROOT / "tests" / "web" / "reductions.json"


@cache
def explainer(name: str) -> Explainer:
    """A small untrained network."""
    keras.utils.set_random_seed(8)
    return Explainer(build_classifier(build_model(name, vocabulary_size=6), VOCABULARY, MODELS[name], name))


def read_weights(shown: dict[str, Any]) -> np.ndarray[Any, Any]:
    """The weights as the browser reads them."""
    plain = shown["attention"]
    return np.frombuffer(b64decode(plain["weights"]), "<f4").reshape(plain["shape"])


@pytest.mark.parametrize("name", WITH_MAPS)
@settings(max_examples=15)
@given(text=TEXTS.filter(lambda text: len(explain(text).tokens) > 1))
def test_rows_and_columns_are_the_words_of_any_text_and_every_row_sums_to_1(name: str, text: str) -> None:
    answer, attention = explainer(name).explain(text), explainer(name).read_attention(text)
    shown = json.loads(json.dumps(describe_heads(attention, answer), allow_nan=False))
    weights, tokens = read_weights(shown), shown["text"]["tokens"]
    count = len(answer.tokens)
    assert weights.shape == ((2, count, count) if name == "transformer" else (64, 1, count))
    assert [token[0] for token in tokens] == [text[token.start : token.end] for token in answer.tokens]
    np.testing.assert_array_equal(weights, attention.weights)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)
    assert [token[4] for token in tokens] == pytest.approx(answer.scores.tolist(), abs=1e-6)
    assert shown["above"] == attention.describe() == answer.reduction


def test_of_another_method_the_words_keep_their_places_and_get_attention_weights() -> None:
    text = "a great, dull film"
    attention = explainer("transformer").read_attention(text)
    shown = describe_heads(attention, explainer("transformer").explain(text, "gradient"))
    assert (shown["above"], shown["method"]) == ("", "gradient × input")
    assert [token[4] for token in shown["text"]["tokens"]] == pytest.approx(attention.reduce().tolist())
    assert shown["text"]["scale"]["signed"] is False


@pytest.mark.parametrize(("unread", "note"), [(0, ""), (1, "the first one is not"), (1200, "the first 1,200 are not")])
def test_what_was_not_read_is_said(unread: int, note: str) -> None:
    tokens = explain("great film").tokens
    answer = explain_as("great film", tokens, [0.5, 0.5], 0.7, truncated=unread)
    shown = describe_heads(Attention(np.full((2, 2, 2), 0.5), ("head 1", "head 2")), answer)
    assert note in shown["note"]
    assert bool(shown["note"]) == bool(unread)


def test_the_maps_are_named() -> None:
    assert "every word here, in 2 heads:" in describe_maps(Attention(np.full((2, 2, 2), 0.5), ("head 1", "head 2")))
    assert "in one head:" in describe_maps(Attention(np.full((1, 2, 2), 0.5), ("head 1",)))
    assert "2 attention weights here, one a feature" in describe_maps(
        Attention(np.full((2, 1, 2), 0.5), ("feature 1", "feature 2"))
    )


def test_the_networks_of_the_table_with_several_maps() -> None:
    assert sorted(name for name, spec in MODELS.items() if has_several_maps(spec)) == sorted(WITH_MAPS)


def test_the_browsers_tests_compare_with_what_python_reduces() -> None:
    """The numbers of tests/web/attention_weights.test.js are what Python makes of the same weights."""
    made = [make_reductions(2, 3, "head"), make_reductions(3, 1, "feature")]
    for kept, fresh in zip(json.loads(FIXTURE.read_text(encoding="utf-8")), made, strict=True):
        assert kept["attention"] == fresh["attention"]
        for one, two in zip(kept["reductions"], fresh["reductions"], strict=True):
            assert one == {**two, "scores": pytest.approx(two["scores"], abs=1e-7)}


def make_reductions(maps: int, queries: int, kind: str) -> dict[str, Any]:
    """Weights as the browser gets them, and all that Python makes of them."""
    raw = np.random.default_rng(maps).random((maps, queries, 3))
    attention = Attention(raw / raw.sum(-1, keepdims=True), tuple(f"{kind} {place + 1}" for place in range(maps)))
    tokens = explain("a great film").tokens
    shown = describe_heads(attention, explain_as("a great film", tokens, [1 / 3] * 3, 0.7))
    ways = [Reduction(one, two) for one in (None, *range(maps)) for two in (None, *range(queries))]
    reductions = [
        {"map": how.map, "query": how.query, "scores": attention.reduce(how).tolist(), "said": attention.describe(how)}
        for how in ways
    ]
    return {"attention": shown["attention"], "reductions": reductions}
