"""A model that somebody brings: from the file to the first explained text, with the engine running.

`python -m benchmarks.adding_model` measures only this.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attnviz.backend import keras
from attnviz.engine.client import Engine
from attnviz.engine.protocol import ExamineModel, Explain
from attnviz.runs.own_models import discard_model, stage_model
from attnviz.runs.own_record import OwnModelSettings
from benchmarks.figure import Figure

WORDS = 10_000
TEXT = " ".join(f"word{number}" for number in range(5, 205))
ROUNDS = 3
SECONDS = 120.0


def measure_adding() -> Iterator[Figure]:
    """What the page does when a file is chosen: check, a process of its own, examine, explain."""
    with tempfile.TemporaryDirectory() as folder, _running() as engine:
        file = _save_model(Path(folder) / "tutorial.keras")
        vocabulary = "\n".join(["", "[UNK]", *(f"word{number}" for number in range(WORDS - 2))]).encode()
        times = [_add(engine, file, vocabulary) for _ in range(ROUNDS)]
        size = file.stat().st_size / 1e6
        what = f"a brought model of {size:.1f} MB, from its file to the first explained text"
        yield Figure(f"{what}, median of {ROUNDS}", statistics.median(times), "s")
        yield Figure("the same, slowest", max(times), "s")


def _save_model(path: Path) -> Path:
    """A bidirectional LSTM with the attention that tutorials write, as large as `bilstm-additive`."""
    ids = keras.Input((None,), dtype="int32")
    states = keras.layers.Embedding(WORDS, 128)(ids)
    states = keras.layers.Bidirectional(keras.layers.LSTM(64, return_sequences=True))(states)
    weights = keras.layers.Softmax(axis=1)(keras.layers.Dense(1, activation="tanh")(states))
    summary = keras.layers.Flatten()(keras.layers.Dot(axes=1)([weights, states]))
    keras.Model(ids, keras.layers.Dense(1, activation="sigmoid")(summary)).save(path)
    return path


@contextmanager
def _running() -> Iterator[Engine]:
    engine = Engine()
    try:
        assert engine.wait_until_ready(SECONDS)
        yield engine
    finally:
        engine.close()


def _add(engine: Engine, file: Path, vocabulary: bytes) -> float:
    began = time.perf_counter()
    staged = stage_model(file.name, file, ("vocabulary.txt", vocabulary))
    try:
        card = engine.ask(ExamineModel(str(staged.folder), OwnModelSettings("a tutorial's")))
        explained = engine.ask(Explain(staged.folder.name, TEXT, card.methods[0]))
        assert len(explained.tokens) == 200
        return time.perf_counter() - began
    finally:
        discard_model(staged)


if __name__ == "__main__":
    for figure in measure_adding():
        print(f"{figure.what}: {figure.value:.2f} {figure.unit}")
