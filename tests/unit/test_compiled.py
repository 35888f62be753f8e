"""The compiled trainer against Keras' own training on the same batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attnviz import get_data
from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.models.architectures import build_column_network, build_task_network
from attnviz.training.compiled import MEASURES, CompiledRun, CompiledTrainer, get_batches
from attnviz.values.arrays import FloatArray

EPOCHS, STEPS, BATCH = 2, 6, 8
X, Y = get_data(EPOCHS * STEPS * BATCH, 3, 1, seed=0)
X_TRAIN, Y_TRAIN, X_VAL, Y_VAL = X[:48], Y[:48], X[48:], Y[48:]

RATE = 0.01


@pytest.fixture(scope="module")
def batches() -> np.ndarray:
    return get_batches(len(X_TRAIN), EPOCHS, BATCH, np.random.default_rng(1))


@pytest.fixture(scope="module")
def initial() -> list[FloatArray]:
    rng = np.random.default_rng(2)
    return [rng.normal(scale=0.5, size=w.shape).astype(np.float32) for w in build_column_network(3).get_weights()]


def make_trainer(model: keras.Model | None = None, **options: Any) -> CompiledTrainer:
    return CompiledTrainer(model or build_column_network(3), "attention_weights", **options)


@pytest.fixture(scope="module")
def runs(batches: np.ndarray, initial: list[FloatArray]) -> tuple[CompiledRun, list]:
    """The compiled run, and what Keras has after each epoch: [weights, train measures, validation measures, probe]."""
    model = build_column_network(3)
    probe = keras.Model(model.input, model.get_layer("attention_weights").output)
    run = make_trainer().train(initial, X_TRAIN, Y_TRAIN, X_VAL, Y_VAL, batches, learning_rate=RATE)

    model.compile(keras.optimizers.Adam(RATE), loss="binary_crossentropy", metrics=["accuracy"])
    model.set_weights(initial)
    by_keras = []
    for epoch in batches:
        batch_measures = [_measure(model, X_TRAIN[rows], Y_TRAIN[rows], train=True) for rows in epoch]
        measures = [np.mean(batch_measures, axis=0), _measure(model, X_VAL, Y_VAL)]
        by_keras.append([model.get_weights(), *measures, np.asarray(probe(X_VAL)).mean(axis=0)])
    return run, by_keras


def _measure(model: keras.Model, x: FloatArray, y: FloatArray, train: bool = False) -> list[float]:
    """Loss and accuracy of one batch by Keras, in training before its update."""
    measures = model.evaluate(x, y, verbose=0, batch_size=len(x))
    if train:
        model.train_on_batch(x, y)
    return measures


def test_the_weights_equal_those_of_keras(runs: tuple[CompiledRun, list], initial: list[FloatArray]) -> None:
    run, by_keras = runs
    for ours, theirs, before in zip(run.weights, by_keras[-1][0], initial, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
        assert np.abs(ours - before).max() > 0.01, "training moved them"


def test_the_measures_of_every_epoch_equal_evaluations_by_keras(runs: tuple[CompiledRun, list]) -> None:
    run, by_keras = runs
    assert tuple(run.history.columns) == MEASURES == ("loss", "accuracy", "val_loss", "val_accuracy")
    for epoch, (_, train, validation, _) in enumerate(by_keras):
        np.testing.assert_allclose([run.history[name][epoch] for name in MEASURES], [*train, *validation], atol=1e-5)


def test_the_probe_is_the_mean_over_the_validation_samples_after_every_epoch(runs: tuple[CompiledRun, list]) -> None:
    run, by_keras = runs
    np.testing.assert_allclose(run.probe, [probe for *_, probe in by_keras], atol=1e-5)


def test_fit_over_the_same_order_ends_with_the_same_weights_and_history(batches: np.ndarray) -> None:
    model = build_column_network(3)
    initial = model.get_weights()
    run = make_trainer(model).train(initial, X_TRAIN, Y_TRAIN, X_VAL, Y_VAL, batches[:1], learning_rate=RATE)
    order = batches[0].ravel()
    model.compile(keras.optimizers.Adam(RATE), loss="binary_crossentropy", metrics=["accuracy"])
    history = model.fit(
        X_TRAIN[order], Y_TRAIN[order], validation_data=(X_VAL, Y_VAL), batch_size=BATCH, shuffle=False, verbose=0
    ).history
    for ours, theirs in zip(run.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
    for name in MEASURES:
        assert run.history[name][0] == pytest.approx(history[name][0], abs=1e-5)


@pytest.mark.parametrize("seed", [0, 7])
def test_drawn_weights_are_those_of_a_model_built_anew(seed: int) -> None:
    trainer = make_trainer()
    keras.utils.set_random_seed(seed)
    built = build_column_network(3).get_weights()
    for ours, theirs in zip(trainer.draw_weights(seed), built, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_second_run_starts_afresh_and_leaves_the_given_model_alone(batches: np.ndarray) -> None:
    model = build_column_network(3)
    initial = model.get_weights()
    trainer, data = make_trainer(model), (X_TRAIN, Y_TRAIN, X_VAL, Y_VAL, batches)
    first, second = (trainer.train(initial, *data, learning_rate=RATE) for _ in range(2))
    for one, two in zip(first.weights, second.weights, strict=True):
        np.testing.assert_array_equal(one, two)
    for now, before in zip(model.get_weights(), initial, strict=True):
        np.testing.assert_array_equal(now, before)


def test_another_learning_rate_is_that_of_the_optimizer(batches: np.ndarray, initial: list[FloatArray]) -> None:
    order = batches[0].ravel()
    run = make_trainer().train(initial, X_TRAIN, Y_TRAIN, X_VAL, Y_VAL, batches[:1], learning_rate=0.1)
    model = build_column_network(3)
    model.set_weights(initial)
    model.compile(keras.optimizers.Adam(0.1), loss="binary_crossentropy")
    model.fit(X_TRAIN[order], Y_TRAIN[order], batch_size=BATCH, shuffle=False, verbose=0)
    for ours, theirs in zip(run.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_weight_that_is_not_trained_can_be_given(batches: np.ndarray, initial: list[FloatArray]) -> None:
    def train(model: keras.Model, **constants: float) -> CompiledRun:
        data = (X_TRAIN, Y_TRAIN, X_VAL, Y_VAL, batches)
        return make_trainer(model).train(initial, *data, learning_rate=RATE, constants=constants)

    given = train(build_task_network("columns", 3), temperature=3.0)
    built = train(build_task_network("columns", 3, temperature=3.0))
    other = train(build_task_network("columns", 3))
    np.testing.assert_array_equal(given.weights[0], built.weights[0])
    assert not np.array_equal(given.weights[0], other.weights[0])


def test_watched_samples_and_predictions_are_those_of_the_trained_model(
    batches: np.ndarray, initial: list[FloatArray]
) -> None:
    model = build_column_network(3)
    trainer = make_trainer(model, watch=2)
    run = trainer.train(initial, X_TRAIN, Y_TRAIN, X_VAL, Y_VAL, batches, learning_rate=RATE)
    model.set_weights(run.weights)
    weights = np.asarray(keras.Model(model.input, model.get_layer("attention_weights").output)(X_VAL))
    assert run.watched.shape == (EPOCHS, 2, 3)
    np.testing.assert_allclose(run.watched[-1], weights[:2], atol=1e-6)
    answers, probe = trainer.predict(run.weights, X_VAL)
    np.testing.assert_allclose(answers, np.asarray(model(X_VAL)), atol=1e-6)
    np.testing.assert_allclose(probe, weights, atol=1e-6)


def test_what_counts_as_right_can_be_told(batches: np.ndarray, initial: list[FloatArray]) -> None:
    trainer = make_trainer(right=lambda y, answer: y < 2)
    run = trainer.train(initial, X_TRAIN, Y_TRAIN, X_VAL, Y_VAL, batches, learning_rate=RATE)
    assert run.history["accuracy"].tolist() == run.history["val_accuracy"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("shape", [(6, 8), (0, 6, 8), (2, 0, 8), (2, 6, 0), (1, 2, 6, 8)])
def test_batches_of_another_shape_are_refused(shape: tuple[int, ...], initial: list[FloatArray]) -> None:
    data = (X_TRAIN, Y_TRAIN, X_VAL, Y_VAL, np.zeros(shape, dtype=np.int32))
    with pytest.raises(SettingError, match=r"shape \(epochs, steps, batch size\), got"):
        make_trainer().train(initial, *data, learning_rate=RATE)


@pytest.mark.parametrize(("n", "batch_size"), [(48, 8), (50, 8), (7, 7), (5, 1)])
def test_every_epoch_takes_the_samples_once_in_another_order(n: int, batch_size: int) -> None:
    batches = get_batches(n, 4, batch_size, np.random.default_rng(0))
    assert batches.shape == (4, n // batch_size, batch_size)
    for epoch in batches:
        assert len(set(epoch.ravel())) == epoch.size
        assert set(epoch.ravel()) <= set(range(n))
    assert len({tuple(epoch.ravel()) for epoch in batches}) == 4


@pytest.mark.parametrize(("n", "epochs", "batch_size"), [(10, 1, 11), (10, 1, 0), (10, 0, 5), (0, 1, 1)])
def test_batches_that_cannot_be_cut_are_refused(n: int, epochs: int, batch_size: int) -> None:
    with pytest.raises(SettingError, match=f"{epochs} epochs of batches of {batch_size} cannot be cut from {n}"):
        get_batches(n, epochs, batch_size, np.random.default_rng(0))
