"""Attention in the models of keras-hub; without keras-hub these tests are skipped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attnviz import find_attention
from attnviz.backend import keras, tf
from attnviz.graph.attention_search import search_attention
from attnviz.graph.traced import TracedModel
from tests.hub_models import (
    BACKBONES,
    HEADS,
    build_backbone,
    build_classifier,
    build_decoder,
    build_encoder,
    make_hub_inputs,
)
from tests.tutorial_models import make_ids

MATRIX = ("heads", "queries", "tokens")

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


def read_all(model: keras.Model, x: Any) -> list[np.ndarray]:
    flat = keras.tree.flatten(x)
    signature = keras.tree.map_structure(lambda array: tf.TensorSpec((None, None), array.dtype), x)
    traced = TracedModel(model, signature)
    found = search_attention(traced, flat).attentions
    values = traced.function(traced.inputs, [one.locate(traced) for one in found])(*map(tf.constant, flat))
    return [np.asarray(value) for value in values]


@pytest.mark.parametrize("name", BACKBONES)
def test_every_layer_of_a_backbone_attends(name: str) -> None:
    found = find_attention(build_backbone(name), make_hub_inputs(name))
    assert [(one.axes, one.maps, one.reaches_output) for one in found] == [(MATRIX, HEADS, True)] * 2
    assert len({one.name for one in found}) == 2
    assert all("Attention" in one.kind for one in found)


def test_a_classifier_attends_as_its_backbone() -> None:
    found = find_attention(build_classifier(), make_hub_inputs())
    assert [(one.layer.rpartition("/")[2], one.axes) for one in found] == [("self_attention_layer", MATRIX)] * 2


def test_padding_gets_no_attention_and_nothing_comes_from_later_words() -> None:
    for weights in read_all(build_backbone("gpt2"), make_hub_inputs("gpt2")):
        assert weights[1, :, :11, 11:].max() < 1e-6
        assert np.triu(weights[0, 0], 1).max() < 1e-6


@pytest.mark.parametrize(("build", "layers"), [(build_encoder, 2), (build_decoder, 1)])
def test_layers_of_transformers_in_a_functional_model(build: Any, layers: int) -> None:
    found = find_attention(build(), make_ids())
    assert [one.axes for one in found] == [MATRIX] * layers
    assert all(one.layer.startswith(("encoder_", "decoder")) for one in found)
