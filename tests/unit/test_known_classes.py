"""The tables of what a configuration may name, compared with the Keras that is installed."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import attnviz.layers
import attnviz.models.attention_layers
import attnviz.models.many_to_one
import attnviz.models.self_attention
from attnviz.backend import keras
from attnviz.foreign.known_classes import ACTIVATIONS, KERAS, OWN, PLAIN, REFUSED
from attnviz.foreign.model_file import check_model_file
from tests.conftest import ROOT

FOLDER = ROOT / "checkpoints"

OLD = {"ThresholdedReLU"}
"""Layers of Keras 2 that Keras 3 reads under another name."""


@pytest.mark.parametrize("module", [name for name in KERAS if name != "keras.src.ops.einops"])
def test_every_name_is_a_class_of_that_module(module: str) -> None:
    found = importlib.import_module(module)
    missing = {name for name in KERAS[module] if not isinstance(getattr(found, name, None), type)}
    assert missing <= OLD | {"Functional", "SeedGenerator", "DTypePolicy"}


def test_activations_are_functions_of_keras() -> None:
    assert all(callable(getattr(keras.activations, name)) for name in ACTIVATIONS)
    assert {"get", "deserialize", "serialize"}.isdisjoint(ACTIVATIONS)


def test_what_is_refused_is_in_no_table() -> None:
    assert not {name for names in KERAS.values() for name in names} & (REFUSED.keys() | PLAIN)


def test_the_layers_of_attnviz_are_registered() -> None:
    assert all(keras.saving.get_registered_object(f"attnviz>{name}") is not None for name in OWN)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/model.keras")), ids=lambda path: path.parent.name)
def test_the_shipped_networks_pass_the_door(path: Path) -> None:
    assert check_model_file(path).parameters > 0


def test_a_model_with_attnviz_own_attention_passes_the_door(tmp_path: Path) -> None:
    states = keras.layers.LSTM(4, return_sequences=True)(inputs := keras.Input((5, 3)))
    keras.Model(inputs, attnviz.layers.Attention(4, score="bahdanau")(states)).save(tmp_path / "model.keras")
    assert "Attention" in check_model_file(tmp_path / "model.keras").classes
