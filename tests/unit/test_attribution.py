"""Scores from a network's own computation, against finite differences and activations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from attnviz import build_model, get_activations
from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.attention_source import LayerAttention
from attnviz.explain.attribution import (
    Scores,
    as_targets,
    attention_scores,
    gradient_scores,
    integrated_gradient_scores,
    occlusion_scores,
)
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.explain.text_reader import VocabularyReader
from attnviz.models.registry import MODELS
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary

TEXT_NETWORKS = [name for name, spec in MODELS.items() if spec.task == "reviews"]
READER = VocabularyReader(Vocabulary((*SPECIAL_WORDS, *"abcdefghi")), 200)
IDS = np.array([[3, 4, 5, 6, 7, 8], [9, 10, 11, 0, 0, 0]], dtype=np.int32)


@cache
def network(name: str) -> keras.Model:
    """A small network whose probability moves a lot with its words."""
    keras.utils.set_random_seed(3)
    model = build_model(name, vocabulary_size=12)
    # Five layers in a row would be sure of everything.
    factor = 1.0 if name == "transformer" else 3.0
    for weight in model.weights:
        weight.assign(weight * factor)
    return model


@cache
def graph(name: str) -> ClassifierGraph:
    spec = MODELS[name]
    sources = [LayerAttention(spec.attention_layer, spec.attention_axes)] if spec.attention_layer else []
    found = ClassifierGraph(network(name), READER, sources, labels=len(spec.labels))
    assert found.plain
    return found


def run(score: Callable, ids: np.ndarray = IDS, target: int | None = 1) -> Scores:
    return Scores(
        *(
            None if value is None else np.asarray(value)
            for value in score(tf.constant(ids), as_targets(target, len(ids)))
        )
    )


def answer(model: keras.Model) -> np.ndarray:
    """(batch,) the probability of label 1."""
    found = np.asarray(model(IDS, training=False))
    return found[:, 0] if found.shape[1] == 1 else found[:, 1]


def find_embedding(model: keras.Model) -> keras.layers.Embedding:
    return model.get_layer("embedding")


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_gradient_x_input_equals_the_change_when_a_word_vector_grows(name: str) -> None:
    model = network(name)
    probabilities, scores, *_ = run(gradient_scores(graph(name)))
    table = find_embedding(model).embeddings
    original, step = table.numpy(), 1e-3 if name == "transformer" else 5e-3  # it has kinks
    expected = np.zeros(IDS.shape)
    for (row, column), word in np.ndenumerate(IDS):  # every word occurs once, so its row of the table is one place
        if word == 0:
            continue
        answers = []
        for sign in (1, -1):
            scaled = original.copy()
            scaled[word] *= 1 + sign * step
            table.assign(scaled)
            answers.append(answer(model)[row])
        expected[row, column] = (answers[0] - answers[1]) / (2 * step)
    table.assign(original)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(scores, expected, atol=max(2e-4, 0.01 * np.abs(expected).max()))
    np.testing.assert_allclose(probabilities[:, 1], answer(model), atol=1e-6)


@pytest.mark.parametrize("find", [gradient_scores, integrated_gradient_scores])
@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_gradients_on_padding_are_0_and_do_not_depend_on_the_batch(name: str, find: Callable) -> None:
    score = find(graph(name))
    together, alone = run(score), run(score, IDS[1:, :3])
    assert (np.asarray(together.values)[IDS == 0] == 0).all()
    np.testing.assert_allclose(alone.values[0], together.values[1, :3], atol=1e-5)
    np.testing.assert_allclose(alone.probabilities[0], together.probabilities[1], atol=1e-5)


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_integrated_gradients_are_the_mean_slope_on_the_way_from_blank_words(name: str) -> None:
    model = network(name)
    found = run(integrated_gradient_scores(graph(name)))
    table = find_embedding(model).embeddings
    original, expected = table.numpy(), np.zeros(IDS.shape)
    slopes = gradient_scores(graph(name))
    points = 1000 if name == "transformer" else 100  # layer normalisation is steep where the words are nearly blank
    for share in (np.arange(points) + 0.5) / points:  # the midpoint rule on the whole network, embedding and all
        table.assign(original * share)
        expected += run(slopes).values / share / points
    table.assign(original * 0.0)
    baseline = answer(model)
    table.assign(original)
    np.testing.assert_allclose(found.values, expected, atol=2e-3)
    np.testing.assert_allclose(found.probabilities[:, 1], answer(model), atol=1e-6)
    np.testing.assert_allclose(
        np.sum(found.values, axis=1), found.probabilities[:, 1] - baseline + found.gap, atol=1e-5
    )
    assert np.abs(found.gap).max() < 0.01


def test_occlusion_asks_once_and_subtracts_what_each_shortened_text_gets() -> None:
    asked: list[int] = []

    def predict(rows: list[np.ndarray]) -> np.ndarray:
        asked.append(len(rows))
        positive = np.array([0.1 + 0.2 * (7 in row) + 0.05 * list(row).count(5) for row in rows])
        return np.stack([1 - positive, positive], axis=1)

    rows = [np.array([7, 5, 5]), np.array([4]), np.array([3, 7])]
    found = occlusion_scores(rows, predict, 1)
    assert asked == [3 + 6]
    np.testing.assert_allclose(found.probabilities[:, 1], [0.4, 0.1, 0.3])
    assert [values.round(6).tolist() for values in found.values] == [[0.2, 0.05, 0.05], [0.0], [0.0, 0.2]]
    against = occlusion_scores(rows, predict, None)  # all three are negative
    assert [values.round(6).tolist() for values in against.values] == [[-0.2, -0.05, -0.05], [0.0], [0.0, -0.2]]


@pytest.mark.parametrize("name", ["luong", "bilstm-additive", "lstm-dot"])
def test_attention_scores_are_the_activations_of_the_attention_layer(name: str) -> None:
    probabilities, scores, *_ = run(attention_scores(graph(name)))
    found = get_activations(network(name), IDS, ["attention_weights", "probability"])
    np.testing.assert_allclose(scores, found["attention_weights"], atol=1e-6)
    np.testing.assert_allclose(probabilities[:, 1], found["probability"][:, 0], atol=1e-6)


def test_featurewise_attention_is_averaged_over_the_features() -> None:
    scores = run(attention_scores(graph("lstm-featurewise"))).values
    weights = get_activations(network("lstm-featurewise"), IDS, "attention_weights")["attention_weights"]
    assert weights.shape == (2, 6, 64)
    np.testing.assert_allclose(scores, weights.mean(axis=-1), atol=1e-6)
    np.testing.assert_allclose(scores.sum(axis=1), 1.0, atol=1e-5)


def test_a_network_without_an_embedding_has_no_gradient_of_words() -> None:
    inputs = keras.Input((None,), dtype="int32")
    counted = keras.layers.Lambda(lambda ids: keras.ops.cast(keras.ops.mean(ids, axis=1, keepdims=True) > 3, "float32"))
    with pytest.raises(SettingError, match="no Embedding of its word ids"):
        gradient_scores(ClassifierGraph(keras.Model(inputs, counted(inputs)), READER, labels=2))


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_the_gradients_of_all_labels_sum_to_0(name: str) -> None:
    labels = len(MODELS[name].labels)
    found = [run(gradient_scores(graph(name)), target=target).values for target in range(labels)]
    np.testing.assert_allclose(np.sum(found, axis=0), 0, atol=1e-5)
    predicted = run(gradient_scores(graph(name)), target=None)
    for row, label in enumerate(predicted.probabilities.argmax(axis=1)):
        np.testing.assert_allclose(predicted.values[row], found[label][row], atol=1e-6)
