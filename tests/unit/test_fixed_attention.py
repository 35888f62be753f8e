"""Networks whose attention is replaced by weights that nobody learned."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.errors import SettingError, UnknownNameError
from attnviz.models.architectures import build_model
from attnviz.models.fixed_attention import PATTERNS, count_trained
from attnviz.models.registry import MODELS, get_spec

WORDS = 40
ATTENDING = [name for name, spec in MODELS.items() if spec.task == "reviews" and spec.attention_layer]
IDS = np.array([[5, 6, 7, 0, 0, 0], [5, 6, 7, 8, 9, 10], [4, 0, 0, 0, 0, 0]], np.int32)

OWN_PARAMETERS = {
    "word-additive": 64 + 500,
    "stars": 32 + 500,
    "bilstm-additive": 128 + 200,
    "luong": 100 * 100,
    "lstm-dot": 2 * 64 * 64,
    "lstm-featurewise": 64 * 64 + 64,
    "transformer": 2 * (32 * 64 + 64),
}


def build(name: str, attention: str = "own") -> keras.Model:
    keras.utils.set_random_seed(3)
    return build_model(name, vocabulary_size=WORDS, attention=attention)


def read_weights(model: keras.Model) -> np.ndarray:
    return keras.Model(model.input, model.get_layer("attention_weights").output)(IDS).numpy()


@pytest.mark.parametrize("name", ATTENDING)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_weights_are_those_of_the_pattern_and_padding_has_none(name: str, pattern: str) -> None:
    axes, weights = get_spec(name).attention_axes, read_weights(build(name, pattern))
    for row, count in zip(weights, (3, 6, 1), strict=True):
        if axes == ("heads", "queries", "tokens"):
            words = np.full((count, count), 1 / count) if pattern == "even" else np.eye(count)
            expected = np.zeros((2, 6, 6))
            expected[:, :count, :count] = words
        else:
            expected = np.zeros(6)
            expected[:count] = 1 / count if pattern == "even" else np.eye(count)[-1]
            expected = np.tile(expected[:, None], 64) if "features" in axes else expected
        np.testing.assert_allclose(row, expected, atol=1e-7)


@pytest.mark.parametrize("name", ATTENDING)
def test_all_else_starts_from_the_same_weights_and_only_those_of_the_attention_are_gone(name: str) -> None:
    own, even = build(name), build(name, "even")
    assert count_trained(own) - count_trained(even) == OWN_PARAMETERS[name]
    for layer in even.layers:
        for one, two in zip(own.get_layer(layer.name).get_weights(), layer.get_weights(), strict=False):
            np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("name", ATTENDING)
def test_what_a_text_gets_does_not_depend_on_its_padding(name: str) -> None:
    model = build(name, "even")
    np.testing.assert_allclose(model(IDS)[:1], model(IDS[:1, :3]), atol=1e-6)


def test_alone_is_the_answer_from_the_last_state() -> None:
    model = build("lstm-dot", "alone")
    layers = model.get_layer("last_hidden_state").output, model.get_layer("context_vector").output
    last, context = keras.Model(model.input, layers)(IDS)
    np.testing.assert_allclose(last, context, atol=1e-7)


def test_a_network_with_fixed_weights_is_saved_and_loaded(tmp_path) -> None:
    model = build("lstm-featurewise", "even")
    model.save(tmp_path / "even.keras")
    np.testing.assert_array_equal(model(IDS), keras.saving.load_model(tmp_path / "even.keras")(IDS))


def test_an_unknown_pattern_and_a_network_without_attention_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="own, even, alone"):
        build("luong", "odd")
    with pytest.raises(SettingError, match="bilstm has no attention"):
        build("bilstm", "even")
