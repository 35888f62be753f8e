"""What the heat maps of heads are given to draw, and whether it is what the network computed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
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
from attnviz.ui.components.attention_heads import AT_ONCE, describe_heads, describe_maps, describe_sketch, list_first
from attnviz.values.attention import Attention, Reduction
from attnviz.values.attention_sketch import AttentionSketch, cut_rows, sketch_attention
from attnviz.values.plain import from_plain, to_plain
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


def travel(data: Any) -> Any:
    """As the browser gets it."""
    return json.loads(json.dumps(data, allow_nan=False))


@pytest.mark.parametrize("name", WITH_MAPS)
@settings(max_examples=15)
@given(text=TEXTS.filter(lambda text: len(explain(text).tokens) > 1))
def test_what_is_sent_is_what_the_network_computed_of_any_text(name: str, text: str) -> None:
    answer, attention = explainer(name).explain(text), explainer(name).read_attention(text)
    shown = travel(describe_sketch(sketch_attention(attention), answer))
    sketch, tokens, count = from_plain(AttentionSketch, shown["maps"]), shown["text"]["tokens"], len(answer.tokens)
    assert (len(sketch.maps), *sketch.shape) == ((2, count, count) if name == "transformer" else (64, 1, count))
    assert [token[0] for token in tokens] == [text[token.start : token.end] for token in answer.tokens]
    received = np.concatenate([one.received.unpack() for one in sketch.maps])
    np.testing.assert_allclose(received, attention.weights.mean(axis=1), atol=1e-5)
    np.testing.assert_allclose(received.sum(axis=-1), 1, atol=1e-3)
    assert [token[4] for token in tokens] == pytest.approx(answer.scores.tolist(), abs=1e-5)


def test_of_another_method_the_words_keep_their_places_and_get_attention_weights() -> None:
    text = "a great, dull film"
    attention, answer = (
        explainer("transformer").read_attention(text),
        explainer("transformer").explain(text, "gradient"),
    )
    shown = describe_sketch(sketch_attention(attention), answer)
    heads = describe_heads(1, shown, (), answer)
    assert (heads["above"], heads["method"]) == ("", "gradient × input")
    assert [token[4] for token in shown["text"]["tokens"]] == pytest.approx(attention.reduce().tolist(), abs=1e-5)
    assert shown["text"]["scale"]["signed"] is False


@pytest.mark.parametrize(("unread", "note"), [(0, ""), (1, "the first one is not"), (1200, "the first 1,200 are not")])
def test_what_was_not_read_is_said(unread: int, note: str) -> None:
    tokens = explain("great film").tokens
    answer = explain_as("great film", tokens, [0.5, 0.5], 0.7, truncated=unread)
    shown = describe_heads(1, None, (), answer)
    assert note in shown["note"]
    assert bool(shown["note"]) == bool(unread)


def make_sketch(maps: int, queries: int, names: Sequence[str], layers: Sequence[str] = ()) -> AttentionSketch:
    return sketch_attention(Attention(np.full((maps, queries, 2), 0.5), tuple(names), tuple(layers)))


def test_the_maps_are_named() -> None:
    assert "every word here, in 2 heads:" in describe_maps(make_sketch(2, 2, ["head 1", "head 2"]))
    assert "in one head:" in describe_maps(make_sketch(1, 2, ["head 1"]))
    assert "2 attention weights here, one a feature" in describe_maps(make_sketch(2, 1, ["feature 1", "feature 2"]))
    names = [f"layer {layer}, head {head}" for layer in (1, 2) for head in (1, 2)]
    assert "in 2 layers × 2 heads: choose a head" in describe_maps(make_sketch(4, 2, names, list("aabb")))


def test_all_maps_of_a_short_text_are_sent_at_once_and_of_a_long_one_what_was_looked_at_before() -> None:
    sketch = make_sketch(4, 2, ["a, head 1", "a, head 2", "b, head 1", "b, head 2"], list("aabb"))
    every = list_first(sketch, Reduction())
    assert len(every) == len(set(every)) == 1 + 2 + 4 + 1
    long = replace(sketch, shape=(512, 512))
    assert len(every) * 512 * 512 > AT_ONCE
    assert list_first(long, Reduction(map=2)) == (Reduction(map=2),)
    assert list_first(long, Reduction(map=9)) == (Reduction(),), "of a network with more heads"


def test_the_browsers_tests_compare_with_what_python_reduces() -> None:
    """The numbers of tests/web/attention_sketch.test.js are what Python makes of the same weights."""
    kept = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert kept == travel([make_reductions(*one) for one in FIXTURES])


def make_reductions(maps: int, queries: int, names: Sequence[str], layers: Sequence[str] = ()) -> dict[str, Any]:
    """Weights as the browser gets them, and all that Python makes of them."""
    raw = np.random.default_rng(maps).random((maps, queries, 3))
    attention = Attention(raw / raw.sum(-1, keepdims=True), tuple(names), tuple(layers))
    sketch = sketch_attention(attention)
    merged = [how for how in list_first(sketch, Reduction()) if sketch.is_matrix or how.layer is None]
    ways = [replace(how, query=query) for how in merged for query in (None, *range(queries))]
    reductions = [
        {"how": to_plain(how), "scores": attention.reduce(how).round(6).tolist(), "said": attention.describe(how)}
        for how in ways
    ]
    rows = [cut_rows(attention, how) for how in merged]
    return {"sketch": to_plain(sketch), "rows": to_plain(rows), "reductions": reductions}


FIXTURES = (
    (2, 3, ["head 1", "head 2"]),
    (3, 1, ["feature 1", "feature 2", "feature 3"]),
    (4, 3, [f"layer {layer}, head {head}" for layer in (1, 2) for head in (1, 2)], ["layer 1"] * 2 + ["layer 2"] * 2),
)
