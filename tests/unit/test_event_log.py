"""Logs for TensorBoard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz.backend import keras, tf
from attnviz.errors import DataError
from attnviz.training.event_log import EventLog


def read(folder: Path) -> dict[tuple[str, int], float]:
    """The numbers of the only event file of a folder, by name and step."""
    (file,) = folder.iterdir()
    events = tf.compat.v1.train.summary_iterator(str(file))
    found = [(event.step, value) for event in events for value in event.summary.value]
    assert {value.metadata.plugin_data.plugin_name for _, value in found} == {"scalars"}
    return {(value.tag, step): float(tf.make_ndarray(value.tensor)) for step, value in found}


def fit(log: EventLog) -> dict[str, list[float]]:
    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    x, y = np.random.default_rng(0).normal(size=(32, 3)), np.ones((32, 1))
    return model.fit(x, y, epochs=2, validation_data=(x, y), verbose=0, callbacks=[log]).history


def test_the_files_hold_what_keras_measured(tmp_path: Path) -> None:
    history = fit(EventLog(tmp_path / "logs"))
    for part, prefix in (("train", ""), ("validation", "val_")):
        found = read(tmp_path / "logs" / part)
        for name in ("loss", "accuracy"):
            assert [found[f"epoch_{name}", step] for step in (0, 1)] == pytest.approx(history[prefix + name])
        assert len(found) == 4


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="no log for TensorBoard"):
        fit(EventLog(tmp_path / "file" / "logs"))
