"""Models of keras-hub, wrapped: ids with masks and segments, sub-words, special steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import attnviz
from attnviz.backend import keras

hub = pytest.importorskip("keras_hub", reason="its models are tested where it is installed")

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "film", "un", "##believ", "##able", "!", "a", "bad", "not"]
TEXTS = ["An unbelievable film!", "not a bad film", "bad, bad, bad and not unbelievable: a bad film it is"]
SMALL = {"vocabulary_size": len(PIECES), "num_layers": 2, "num_heads": 2, "hidden_dim": 8, "intermediate_dim": 16}


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return hub.models.BertTokenizer(vocabulary=PIECES, lowercase=True)


def test_a_bert_classifier_with_its_preprocessor(tokenizer: Any) -> None:
    keras.utils.set_random_seed(0)
    preprocessor = hub.models.BertTextClassifierPreprocessor(tokenizer, sequence_length=16)
    backbone = hub.models.BertBackbone(**SMALL, max_sequence_length=32)
    model = hub.models.BertTextClassifier(
        backbone=backbone, num_classes=3, preprocessor=preprocessor, activation="softmax"
    )
    for weight in model.weights:
        weight.assign(weight * 3.0)
    explainer = attnviz.wrap(model)
    np.testing.assert_allclose(explainer.predict_texts(TEXTS), model.predict(TEXTS, verbose=0), atol=1e-5)
    explanation = explainer.explain(TEXTS[0])
    assert [token.text for token in explanation.tokens] == ["an", "unbelievable", "film", "!"]
    attention = explainer.read_attention(TEXTS[0])
    assert attention.weights.shape == (4, 4, 4)  # 2 layers of 2 heads; 4 words, '[CLS]' and '[SEP]' are outside
    assert attention.outside is not None
    assert explainer.explain(TEXTS[2]).truncated_end == 2
    assert sum(explainer.explain(TEXTS[0], "integrated_gradients").scores) != 0


def test_a_backbone_with_a_head_takes_what_it_takes(tokenizer: Any) -> None:
    keras.utils.set_random_seed(0)
    backbone = hub.models.DistilBertBackbone(**SMALL, max_sequence_length=32)
    pooled = keras.layers.GlobalAveragePooling1D()(backbone.output)
    model = keras.Model(backbone.input, keras.layers.Dense(2, activation="softmax")(pooled))
    explainer = attnviz.wrap(model, tokenizer, ["bad", "good"])
    ids = np.array([[2, 12, 10, 11, 5, 3]], np.int32)
    expected = model.predict({"token_ids": ids, "padding_mask": np.ones_like(ids)}, verbose=0)
    np.testing.assert_allclose(explainer.predict_texts([TEXTS[1]]), expected, atol=1e-5)
    assert explainer.card.steps == 32
    assert any("padding_mask (mask)" in note for note in explainer.card.notes)
