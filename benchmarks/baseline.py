"""Keras 3 as anybody uses it: the same networks with stock layers, `fit` and `predict`, default threads."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from attnviz.backend import keras
from attnviz.data.synthetic import get_data
from attnviz.models.architectures import build_column_network, build_model
from attnviz.models.registry import get_spec
from attnviz.runs.library import find_checkpoint
from attnviz.runs.loading import load_model
from attnviz.training.batches import pad
from benchmarks.serve import Prepared, make_step_clock, serve
from benchmarks.texts import draw_ids


def predict(network: str, lengths: list[int], steps: int | None, batch_size: int) -> Prepared:
    """`model.predict` on reviews of these lengths, padded to `steps` or to the longest."""
    spec = get_spec(network)
    model = load_model(find_checkpoint(network))
    rows = draw_ids([min(length, spec.steps) for length in lengths], spec.vocabulary_size)
    ids = pad(rows, steps or max(map(len, rows)))
    return lambda: model.predict(ids, batch_size=batch_size, verbose=0)


def fit_column() -> Prepared:
    """The toy network, 20 epochs of 250 batches."""
    x, y = get_data(10_000, 4, 1, seed=0)

    def fit() -> None:
        model = build_column_network()
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        model.fit(x[:8_000], y[:8_000], validation_data=(x[8_000:], y[8_000:]), epochs=20, batch_size=32, verbose=0)

    return fit


def train(network: str, batch_size: int, batches: int) -> Prepared:
    """A step of `fit` of the same network on batches padded to its full length."""
    spec = get_spec(network)
    model = build_model(network)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    ids = pad(draw_ids([spec.steps] * (batches * batch_size), spec.vocabulary_size), spec.steps)
    labels = np.random.default_rng(0).integers(0, 2, size=(len(ids), 1)).astype(np.float32)
    clock = make_step_clock(keras)

    def step() -> float:
        model.fit(ids, labels, batch_size=batch_size, verbose=0, callbacks=[clock])
        return clock.seconds_a_step

    return step


if __name__ == "__main__":
    serve({"predict": predict, "fit_column": fit_column, "train": train})
