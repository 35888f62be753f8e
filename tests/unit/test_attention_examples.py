"""The examples of the package `attention`, shorter: find the maximum, add two numbers, IMDB reviews."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz import get_activations
from attnviz.backend import keras
from attnviz.data.imdb import Split, load_imdb
from attnviz.layers import Attention

STEPS = 10
RANDOM = np.random.default_rng(7)


def find_maximum(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers whose maximum is spread evenly, their maximum, and where it stands."""
    x = RANDOM.beta(1 / STEPS, 1, (count, STEPS, 1)).astype(np.float32)
    return x, x.max(axis=1), x[..., 0].argmax(axis=1)[:, None] == np.arange(STEPS)


def add_two_numbers(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers of which two follow a 0, half the sum of these two, and where they stand."""
    x = RANDOM.uniform(0, 1, (count, STEPS)).astype(np.float32)
    places = np.stack([RANDOM.choice(np.arange(1, STEPS), 2, replace=False) for _ in range(count)])
    y = np.take_along_axis(x, places, axis=1).mean(axis=1, keepdims=True)
    np.put_along_axis(x, places - 1, 0, axis=1)
    return x[..., None], y, (np.arange(STEPS) == places[..., None]).any(axis=1)


def train(score: str, x: np.ndarray, y: np.ndarray, epochs: int) -> keras.Model:
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input((STEPS, 1)),
            keras.layers.LSTM(32, return_sequences=True),
            Attention(32, score, name="attention"),
            keras.layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.Adam(5e-3), "mae")
    model.fit(x, y, epochs=epochs, batch_size=64, verbose=0)
    return model


def weights_of(model: keras.Model, x: np.ndarray) -> np.ndarray:
    name = "attention/attention_weight"
    return get_activations(model, x, name, nested=True)[name]


@pytest.mark.parametrize(("score", "epochs"), [("luong", 8), ("bahdanau", 4)])
def test_find_the_maximum(score: str, epochs: int) -> None:
    """The answer is right, and the largest weight stands on the maximum."""
    x, y, _ = find_maximum(3000)
    model = train(score, x, y, epochs)
    x, y, place = find_maximum(500)
    assert np.corrcoef(model.predict(x, verbose=0)[:, 0], y[:, 0])[0, 1] > 0.97
    assert (weights_of(model, x).argmax(axis=1) == place.argmax(axis=1)).mean() > 0.6


def test_add_two_numbers_looks_at_the_two_that_follow_a_delimiter() -> None:
    x, y, _ = add_two_numbers(4000)
    model = train("bahdanau", x, y, 14)
    x, y, places = add_two_numbers(500)
    assert np.corrcoef(model.predict(x, verbose=0)[:, 0], y[:, 0])[0, 1] > 0.8
    share = (weights_of(model, x) * places).sum(axis=1).mean()
    assert share > 0.7, "an even share of two places of ten is 0.2"


def train_on_reviews(count: int, steps: int, epochs: int) -> tuple[float, np.ndarray, np.ndarray]:
    """The package's network on reviews: accuracy on test reviews, their ids (count, steps) and weights."""
    data = load_imdb()
    (x, y), (test_x, test_y) = (encode(split, count, steps) for split in (data.train, data.test))
    keras.utils.set_random_seed(7)
    ids = keras.Input((steps,), dtype="int32")
    vectors = keras.layers.Embedding(5000, 32, mask_zero=True)(ids)
    states = keras.layers.LSTM(32, return_sequences=True)(keras.layers.Dropout(0.5)(vectors))
    vector = keras.layers.Dropout(0.5)(Attention(32, name="attention")(states))
    model = keras.Model(ids, keras.layers.Dense(1, activation="sigmoid")(vector))
    model.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)
    accuracy = model.evaluate(test_x, test_y, verbose=0)[1]
    return accuracy, test_x[:50], weights_of(model, test_x[:50])


def encode(split: Split, count: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Up to `count` reviews, padded on the left as the package's example pads, and their labels."""
    indices = np.random.default_rng(0).permutation(len(split))[:count]
    rows = [split.encode(int(index), 5000, steps).tolist() for index in indices]
    return keras.utils.pad_sequences(rows, steps), split.labels[indices, None].astype(np.float32)


def check_reviews(accuracy: float, ids: np.ndarray, weights: np.ndarray, bar: float) -> None:
    assert accuracy > bar
    assert (weights[ids == 0] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)
    times_even = weights.max(axis=1) * (ids != 0).sum(axis=1)
    assert times_even.mean() > 1.1, "some words get more than others"


def test_made_reviews_are_told_apart() -> None:
    check_reviews(*train_on_reviews(120, 40, 8), bar=0.9)


@pytest.mark.imdb
def test_imdb_reviews_are_told_apart(imdb_archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_IMDB", str(imdb_archive))
    monkeypatch.setenv("ATTNVIZ_CACHE", str(cache))
    check_reviews(*train_on_reviews(4000, 100, 3), bar=0.75)
