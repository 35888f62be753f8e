"""Scores from a network's own computation, against finite differences and activations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from attnviz import build_model, get_activations
from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.attribution import (
    attention_scores,
    gradient_scores,
    integrated_gradient_scores,
    occlusion_scores,
)
from attnviz.explain.parts import build_decision, find_embedding
from attnviz.models.architectures import build_column_network
from attnviz.models.registry import MODELS

TEXT_NETWORKS = [name for name, spec in MODELS.items() if spec.task == "reviews"]
IDS = np.array([[3, 4, 5, 6, 7, 8], [9, 10, 11, 0, 0, 0]], dtype=np.int32)


@cache
def network(name: str) -> keras.Model:
    """A small network whose probability moves a lot with its words."""
    keras.utils.set_random_seed(3)
    model = build_model(name, vocabulary_size=12)
    for weight in model.weights:
        weight.assign(weight * 3.0)
    return model


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_gradient_x_input_equals_the_change_when_a_word_vector_grows(name: str) -> None:
    model = network(name)
    probability, scores, _ = gradient_scores(model)(IDS)
    table = find_embedding(model).embeddings
    original, step = table.numpy(), 5e-3
    expected = np.zeros(IDS.shape)
    for (row, column), word in np.ndenumerate(IDS):  # every word occurs once, so its row of the table is one place
        if word == 0:
            continue
        answers = []
        for sign in (1, -1):
            scaled = original.copy()
            scaled[word] *= 1 + sign * step
            table.assign(scaled)
            answers.append(float(model(IDS, training=False)[row, 0]))
        expected[row, column] = (answers[0] - answers[1]) / (2 * step)
    table.assign(original)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(scores, expected, atol=max(2e-4, 0.01 * np.abs(expected).max()))
    np.testing.assert_allclose(probability, np.asarray(model(IDS))[:, 0], atol=1e-6)


@pytest.mark.parametrize("find", [gradient_scores, integrated_gradient_scores])
@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_gradients_on_padding_are_0_and_do_not_depend_on_the_batch(name: str, find: Callable) -> None:
    score = find(network(name))
    together, alone = score(IDS), score(IDS[1:, :3])
    assert (np.asarray(together.values)[IDS == 0] == 0).all()
    np.testing.assert_allclose(alone.values[0], together.values[1, :3], atol=1e-5)
    np.testing.assert_allclose(alone.probability[0], together.probability[1], atol=1e-5)


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_integrated_gradients_are_the_mean_slope_on_the_way_from_blank_words(name: str) -> None:
    model = network(name)
    found = integrated_gradient_scores(model)(IDS)
    table = find_embedding(model).embeddings
    original, expected = table.numpy(), np.zeros(IDS.shape)
    slopes = tf.function(gradient_scores(model))
    for share in (np.arange(100) + 0.5) / 100:  # the midpoint rule on the whole network, embedding and all
        table.assign(original * share)
        expected += slopes(tf.constant(IDS)).values.numpy() / share / 100
    table.assign(original * 0.0)
    baseline = np.asarray(model(IDS, training=False))[:, 0]
    table.assign(original)
    np.testing.assert_allclose(found.values, expected, atol=2e-3)
    np.testing.assert_allclose(found.probability, np.asarray(model(IDS))[:, 0], atol=1e-6)
    np.testing.assert_allclose(np.sum(found.values, axis=1), found.probability - baseline + found.gap, atol=1e-5)
    assert np.abs(found.gap).max() < 0.01


def test_occlusion_asks_once_and_subtracts_what_each_shortened_text_gets() -> None:
    asked: list[int] = []

    def predict(rows: list[np.ndarray]) -> np.ndarray:
        asked.append(len(rows))
        return np.array([0.1 + 0.2 * (7 in row) + 0.05 * list(row).count(5) for row in rows])

    found = occlusion_scores([np.array([7, 5, 5]), np.array([4]), np.array([3, 7])], predict)
    assert asked == [3 + 6]
    np.testing.assert_allclose(found.probability, [0.4, 0.1, 0.3])
    assert [values.round(6).tolist() for values in found.values] == [[0.2, 0.05, 0.05], [0.0], [0.0, 0.2]]


@pytest.mark.parametrize("name", ["luong", "bilstm-additive", "lstm-dot"])
def test_attention_scores_are_the_activations_of_the_attention_layer(name: str) -> None:
    probability, scores, _ = attention_scores(network(name), "attention_weights")(IDS)
    found = get_activations(network(name), IDS, ["attention_weights", "probability"])
    np.testing.assert_allclose(scores, found["attention_weights"], atol=1e-6)
    np.testing.assert_allclose(probability, found["probability"][:, 0], atol=1e-6)


def test_featurewise_attention_is_averaged_over_the_features() -> None:
    scores = np.asarray(attention_scores(network("lstm-featurewise"), "attention_weights")(IDS)[1])
    weights = get_activations(network("lstm-featurewise"), IDS, "attention_weights")["attention_weights"]
    assert weights.shape == (2, 6, 64)
    np.testing.assert_allclose(scores, weights.mean(axis=-1), atol=1e-6)
    np.testing.assert_allclose(scores.sum(axis=1), 1.0, atol=1e-5)


def test_a_network_without_an_embedding_has_no_gradient_of_words() -> None:
    with pytest.raises(SettingError, match="column has no Embedding layer"):
        gradient_scores(build_column_network())


@pytest.mark.parametrize("name", [name for name in TEXT_NETWORKS if MODELS[name].attention_layer])
def test_the_decision_with_the_network_s_own_weights_is_the_network_s(name: str) -> None:
    model = network(name)
    layer = MODELS[name].attention_layer
    states, weights = get_activations(model, IDS, ["hidden_states", layer]).values()
    decide = build_decision(model, layer)
    own = decide([tf.constant(states), tf.constant(IDS != 0), tf.constant(weights)], training=False)
    np.testing.assert_allclose(own.numpy(), model(IDS, training=False).numpy(), atol=1e-6)
    even = np.where(IDS != 0, 1.0, 0.0) / (IDS != 0).sum(axis=1, keepdims=True)
    even = even if weights.ndim == 2 else np.repeat(even[..., None], weights.shape[-1], axis=-1)
    other = decide([tf.constant(states), tf.constant(IDS != 0), tf.constant(even, tf.float32)], training=False)
    assert not np.allclose(other.numpy(), own.numpy(), atol=1e-4), "the weights that are put in count"
