"""The toy run: the attention finds the planted column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz import get_data, train_column
from attnviz.errors import SettingError
from attnviz.lab.lab_run import LabRun, describe_column_run
from attnviz.lab.tasks import LIMITS
from attnviz.runs.checkpoint import read_checkpoint, save_checkpoint


@pytest.fixture(scope="module")
def run() -> LabRun:
    return train_column(2, seed=0)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("column", "input_dim"), [(c, 4) for c in range(4)] + [(c, 5) for c in range(5)])
def test_the_attention_is_largest_on_the_planted_column(column: int, input_dim: int, seed: int) -> None:
    run = train_column(column, input_dim, seed=seed)
    assert run.attention[-1].argmax() == column
    assert run.history["val_accuracy"][-1] >= 0.999


def test_a_run_has_a_row_of_weights_that_sum_to_1_for_every_epoch(run: LabRun) -> None:
    assert run.attention.shape == (20, 4)
    np.testing.assert_allclose(run.attention.sum(axis=1), 1.0, atol=1e-5)
    assert len(run.history) == 20
    assert set(run.history.columns) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_the_returned_model_is_the_trained_one(run: LabRun) -> None:
    x, y = get_data(10_000, 4, 2, seed=0)
    model = run.model
    model.compile(loss="binary_crossentropy", metrics=["accuracy"])
    loss, accuracy = model.evaluate(x[8000:], y[8000:], verbose=0)
    assert loss == pytest.approx(run.history["val_loss"][-1], abs=1e-5)
    assert accuracy == pytest.approx(run.history["val_accuracy"][-1], abs=1e-6)


def test_the_same_seed_gives_the_same_run_and_another_seed_does_not(run: LabRun) -> None:
    again, other = train_column(2, seed=0), train_column(2, seed=1)
    np.testing.assert_array_equal(again.attention, run.attention)
    np.testing.assert_array_equal(again.history["loss"], run.history["loss"])
    assert not np.array_equal(other.attention, run.attention)


def test_a_run_without_a_seed_tells_the_one_that_repeats_it() -> None:
    first = train_column(n=200, epochs=2)
    again = train_column(n=200, epochs=2, seed=first.settings.seed)
    np.testing.assert_array_equal(again.attention, first.attention)


@pytest.mark.parametrize(
    ("name", "value"), [(name, limit) for name in ("input_dim", "n", "epochs", "batch_size") for limit in LIMITS[name]]
)
def test_settings_beyond_the_limits_are_refused_with_the_limits(name: str, value: int) -> None:
    least, most = LIMITS[name]
    beyond = value - 1 if value == least else value + 1
    with pytest.raises(SettingError, match=f"{name} must lie between {least} and {most}, got {beyond}"):
        train_column(**{name: beyond})


@pytest.mark.parametrize("column", [-1, 4])
def test_a_column_that_does_not_exist_is_refused(column: int) -> None:
    with pytest.raises(SettingError, match=f"between 0 and 3 for 4 columns, got {column}"):
        train_column(column)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_what_is_no_seed_is_refused(seed: int) -> None:
    with pytest.raises(SettingError, match=f"seed must lie between 0 and 4294967295, got {seed}"):
        train_column(seed=seed)


def test_the_largest_seed_and_a_batch_larger_than_the_data_make_a_run() -> None:
    run = train_column(n=100, epochs=1, batch_size=1024, seed=2**32 - 1)
    assert len(run.history) == 1


def test_a_described_run_comes_back_from_its_checkpoint(run: LabRun, tmp_path: Path) -> None:
    record, history = describe_column_run(run, "mine")
    save_checkpoint(tmp_path / "mine", run.model, record, history)
    found = read_checkpoint(tmp_path / "mine")
    assert found.run == record
    assert (record.parameters, record.seed, record.selected_epoch, record.network) == (369, 0, 20, "column")
    assert record.data["attention_column"] == 2
    assert record.accuracy == run.history["val_accuracy"][-1]
    for column in range(4):
        np.testing.assert_allclose(found.history[f"attention_{column}"], run.attention[:, column], atol=1e-7)
