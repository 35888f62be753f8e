"""`python -m benchmarks`: prints the table in Markdown and writes benchmarks/results.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from attnviz.backend import keras
from attnviz.datasets.synthetic import get_data
from attnviz.explain.explainer import Explainer, load
from attnviz.models.architectures import build_column_network, build_model
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.training.batches import pad
from attnviz.training.column import train_column
from attnviz.training.versions import get_versions
from benchmarks.measure import Row, compare, to_markdown

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Run every comparison."""
    rows: list[Row] = []
    for section in (explaining, explaining_many, training_the_toy, training_steps):
        for row in section():
            print(f"{row.what}: {row.ratio:.1f}x", file=sys.stderr)
            rows.append(row)
    machine = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), **get_versions()}
    record = {
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": machine,
        "rows": [row.to_dict() for row in rows],
    }
    RESULTS.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(", ".join(f"{name} {value}" for name, value in machine.items()) + "\n")
    print(to_markdown(rows))


def explaining() -> Iterator[Row]:
    """One review from raw text in a warm process, against `model.predict` on its ids alone."""
    for name in ("luong", "bilstm-additive"):
        explainer = load(name)
        stock = keras.saving.load_model(explainer.checkpoint.folder / "model.keras", compile=False)
        for words in [count for count in (20, 200, 500) if count <= explainer.spec.steps]:
            text = _text(explainer, words)
            ids = pad([np.array([token.id for token in explainer.explain(text).tokens], dtype=np.int32)])
            for method in explainer.methods:
                yield compare(
                    f"{name}: {method} of a review of {words} words",
                    _explain(explainer, text, method),
                    "model.predict",
                    _predict(stock, ids),
                )


def explaining_many() -> Iterator[Row]:
    """Many reviews of mixed length from raw text, against `model.predict` on ids padded to the network's steps."""
    explainer = load("luong")
    stock = keras.saving.load_model(explainer.checkpoint.folder / "model.keras", compile=False)
    rng = np.random.default_rng(0)
    lengths = np.minimum(rng.lognormal(5.2, 0.6, size=512).astype(int) + 10, 1500)
    texts = [_text(explainer, int(length), seed) for seed, length in enumerate(lengths)]
    rows = [[token.id for token in explanation.tokens] for explanation in explainer.explain_batch(texts)]
    ids = pad([np.array(row, dtype=np.int32) for row in rows], explainer.spec.steps)
    yield compare(
        f"luong: attention of {len(texts)} reviews",
        lambda: explainer.explain_batch(texts),
        "model.predict, padded",
        lambda: stock.predict(ids, batch_size=64, verbose=0),
        rounds=3,
    )


def training_the_toy() -> Iterator[Row]:
    """The toy network, 20 epochs of 250 batches, warm, against `model.fit` on the same samples."""
    x, y = get_data(10_000, 4, 1, seed=0)

    def fit() -> None:
        model = build_column_network()
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        model.fit(x[:8_000], y[:8_000], validation_data=(x[8_000:], y[8_000:]), epochs=20, batch_size=32, verbose=0)

    yield compare("column: 20 epochs", lambda: train_column(seed=0), "model.fit", fit, rounds=3)


def training_steps() -> Iterator[Row]:
    """Ten steps on batches as they come in training (225 words, right padding), against the same Keras model."""
    rng = np.random.default_rng(0)
    for name, batch_size, steps in (("luong", 64, 225), ("bilstm-additive", 128, 175), ("lstm-dot", 128, 175)):
        ids = rng.integers(3, 5_000, size=(10 * batch_size, steps)).astype(np.int32)
        labels = rng.integers(0, 2, size=(len(ids), 1)).astype(np.float32)
        towers = 1 if name.startswith("bilstm") else 2
        yield compare(
            f"{name}: 10 training steps of {batch_size} reviews",
            _fit(fuse_lstms(build_model(name), towers), ids, labels, batch_size),
            "the same Keras model",
            _fit(build_model(name), ids, labels, batch_size),
            rounds=3,
        )


def _text(explainer: Explainer, words: int, seed: int = 0) -> str:
    vocabulary = explainer.vocabulary
    return " ".join(vocabulary[index] for index in np.random.default_rng(seed).integers(3, len(vocabulary), words))


def _explain(explainer: Explainer, text: str, method: str) -> Callable[[], object]:
    return lambda: explainer.explain(text, method)


def _predict(model: keras.Model, ids: np.ndarray) -> Callable[[], object]:
    return lambda: model.predict(ids, verbose=0)


def _fit(model: keras.Model, ids: np.ndarray, labels: np.ndarray, batch_size: int) -> Callable[[], object]:
    model.compile("adam", "binary_crossentropy", jit_compile=False)
    return lambda: model.fit(ids, labels, batch_size=batch_size, verbose=0)


if __name__ == "__main__":
    from attnviz.training.fit import use_training_threads

    use_training_threads()
    main()
