"""The tables of what a configuration may name, compared with the Keras that is installed."""

from __future__ import annotations

import importlib

import pytest

import attnviz.models.attention_layers
import attnviz.models.self_attention  # noqa: F401
from attnviz.backend import keras
from attnviz.foreign.known_classes import ACTIVATIONS, KERAS, OWN, PLAIN, REFUSED

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
    missing = {name for name in OWN if keras.saving.get_registered_object(f"attnviz>{name}") is None}
    assert missing <= {"Attention"}
