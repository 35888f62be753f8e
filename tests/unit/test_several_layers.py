"""A Keras model with two layers of attention heads: its maps, their means, and the rollout."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz import Explainer
from attnviz.backend import keras
from attnviz.engine.operations import Means, run
from attnviz.engine.protocol import ReadAttentionRows, SketchAttention
from attnviz.engine.typing_pause import TypingPause
from attnviz.errors import SettingError
from attnviz.explain.attention_source import LayerAttention
from attnviz.explain.keras_classifier import KerasClassifier
from attnviz.explain.text_reader import VocabularyReader
from attnviz.models.self_attention import MaskedMean, MultiHeadSum, MultiHeadWeights
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.values.attention import Reduction

VOCABULARY = Vocabulary((*SPECIAL_WORDS, "great", "dull", "film", "the", "was"))
TEXT = "the great film was dull"
AXES = ("heads", "queries", "tokens")


@pytest.fixture(scope="module")
def own() -> Explainer:
    """Two blocks of two heads each, with a residual connection."""
    keras.utils.set_random_seed(4)
    ids = keras.Input((None,), dtype="int32")
    states = keras.layers.Embedding(len(VOCABULARY), 8, mask_zero=True)(ids)
    for block in ("first", "second"):
        queries, keys = keras.layers.Dense(8)(states), keras.layers.Dense(8)(states)
        weights = MultiHeadWeights(2, name=block)([queries, keys])
        states = keras.layers.Add()([states, MultiHeadSum()([weights, states])])
    model = keras.Model(ids, keras.layers.Dense(1, activation="sigmoid")(MaskedMean()(states)))
    for weight in model.weights:
        weight.assign(weight * 8.0)
    sources = [LayerAttention("first", AXES), LayerAttention("second", AXES)]
    return Explainer(KerasClassifier(model, VocabularyReader(VOCABULARY, 20), name="own", attention=sources))


def test_the_maps_of_all_layers_are_named(own: Explainer) -> None:
    attention = own.read_attention(TEXT)
    assert attention.names == tuple(f"layer {layer}, head {head}" for layer in (1, 2) for head in (1, 2))
    explained = own.explain(TEXT)
    assert explained.reduction == attention.describe() == "mean of 2 layers × 2 heads, received from all words"
    np.testing.assert_allclose(explained.scores, attention.weights.mean(axis=(0, 1)), atol=1e-6)


def test_a_layer_and_the_rollout_are_explanations(own: Explainer) -> None:
    weights = own.read_attention(TEXT).weights
    layer = own.explain(TEXT, reduction=Reduction(layer=1, query=2))
    np.testing.assert_allclose(layer.scores, weights[2:, 2].mean(axis=0), atol=1e-6)
    assert layer.reduction == "mean of 2 heads of layer 2, from word 3"
    rolled = own.explain(TEXT, reduction=Reduction(rollout=True, query=2))
    first, second = (0.5 * weights[start : start + 2].mean(axis=0) + 0.5 * np.eye(5) for start in (0, 2))
    np.testing.assert_allclose(rolled.scores, (second @ first)[2], atol=1e-6)
    assert rolled.reduction == "rollout through 2 layers, from word 3"


def test_only_attention_is_reduced(own: Explainer) -> None:
    with pytest.raises(SettingError, match="gradient has none"):
        own.explain(TEXT, "gradient", reduction=Reduction(map=1))


def test_the_engine_reads_a_text_once_and_then_cuts_what_is_looked_at(
    own: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    means, text = Means([own], TypingPause()), f"{TEXT} film"
    sketch = run(SketchAttention("own", text), means)
    assert (len(sketch.maps), sketch.shape, sketch.rollout is None) == (4, (6, 6), False)
    attention = own.read_attention(text)
    monkeypatch.setattr(own, "read_attention", None)
    asked = (Reduction(map=3, query=1), Reduction(rollout=True))
    head, rollout = run(ReadAttentionRows("own", text, asked, (1, 4), (0, 2)), means)
    np.testing.assert_allclose(head.weights.unpack(), attention.weights[3, 1:4, :2], atol=1e-5)
    np.testing.assert_allclose(head.scores.unpack()[0], attention.weights[3, 1], atol=1e-5)
    np.testing.assert_allclose(rollout.weights.unpack(), attention.roll_out()[1:4, :2], atol=1e-5)
