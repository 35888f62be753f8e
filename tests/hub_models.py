"""Small models of keras-hub with random weights; whoever asks for them is skipped where keras-hub is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from attnviz.backend import keras
from tests.tutorial_models import VOCABULARY, make_ids

LAYERS, HEADS = 2, 4
SIZES = {"vocabulary_size": VOCABULARY, "num_layers": LAYERS, "num_heads": HEADS, "hidden_dim": 32}
SIZES |= {"intermediate_dim": 64, "max_sequence_length": 64}

BACKBONES = {
    "bert": "BertBackbone",
    "distilbert": "DistilBertBackbone",
    "gpt2": "GPT2Backbone",
    "deberta": "DebertaV3Backbone",
}
"""Each attends with LAYERS layers of HEADS heads."""


def import_hub() -> Any:
    """keras-hub; the test is skipped where there is none."""
    return pytest.importorskip("keras_hub", reason="keras-hub is not installed: it is in requirements-extras.txt")


def build_backbone(name: str) -> keras.Model:
    """(batch, steps, 32) states of the inputs that `make_hub_inputs` gives."""
    keras.utils.set_random_seed(0)
    return getattr(import_hub().models, BACKBONES[name])(**SIZES)


def build_classifier(labels: int = 3) -> keras.Model:
    """A BERT that gives (batch, labels) numbers, without its tokenizer."""
    backbone = build_backbone("bert")
    return import_hub().models.BertTextClassifier(backbone=backbone, num_classes=labels, preprocessor=None)


def build_encoder() -> keras.Model:
    """Two of keras-hub's TransformerEncoder layers in a functional model, as its guides have them."""
    return _build(lambda hub: [hub.layers.TransformerEncoder(64, HEADS, name=f"encoder_{n}") for n in (1, 2)])


def build_decoder() -> keras.Model:
    """A causal TransformerDecoder."""
    return _build(lambda hub: [hub.layers.TransformerDecoder(64, HEADS, name="decoder")])


def make_hub_inputs(name: str = "bert") -> dict[str, np.ndarray]:
    """Three texts of 13 steps, the last ones of two of them padding."""
    ids = make_ids()
    inputs = {"token_ids": ids, "padding_mask": (ids != 0).astype(np.int32)}
    return {**inputs, "segment_ids": np.zeros_like(ids)} if name == "bert" else inputs


def _build(make_layers: Callable[[Any], list[Any]]) -> keras.Model:
    hub = import_hub()
    keras.utils.set_random_seed(0)
    inputs = keras.Input((None,), dtype="int32")
    states = hub.layers.TokenAndPositionEmbedding(VOCABULARY, 64, 32, mask_zero=True)(inputs)
    for layer in make_layers(hub):
        states = layer(states)
    pooled = keras.layers.GlobalAveragePooling1D()(states)
    return keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(pooled))
