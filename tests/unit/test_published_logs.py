"""The published runs: their logs as they were printed, and figures that follow from them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from attnviz.models.registry import MODELS, get_spec

LOGS = {  # epochs; first and last loss and accuracy in training; best and last accuracy, last loss in validation
    "luong": (10, 0.4666, 0.1270, 0.7668, 0.9502, 0.8856, 0.8767, 0.3788),
    "bilstm": (12, 0.4444, 0.1388, 0.7894, 0.9486, 0.8658, 0.8408, 0.5172),
    "bilstm-additive": (12, 0.4394, 0.0367, 0.7840, 0.9891, 0.8695, 0.8376, 0.7019),
    "column": (20, 0.6918, 0.0244, 0.5938, 1.0, 1.0, 1.0, 0.0235),
    "transformer": (2, 0.5112, 0.1942, 0.7070, 0.9297, 0.8745, 0.8745, 0.2977),
}


FILES = Path(__file__).parents[2] / ".." / "shared" / "data" / "published"


@pytest.mark.skipif(not FILES.is_dir(), reason="the authors' logs are not beside this checkout")
def test_the_logs_are_those_of_the_authors_files() -> None:
    files = {file.stem: file for file in FILES.glob("*.csv")}
    assert set(files) == {"luong", "bilstm", "bilstm-additive", "column"}
    for name, file in files.items():
        log = pd.read_csv(file)
        assert log.pop("epoch").tolist() == list(range(1, len(log) + 1))
        assert {column: list(values) for column, values in get_spec(name).published.curves.items()} == log.to_dict(
            "list"
        )


def test_nothing_in_the_table_is_said_to_be_unknown() -> None:
    for spec in MODELS.values():
        assert "unknown" not in repr(spec).lower()


@pytest.mark.parametrize("name", LOGS)
def test_a_log_has_the_epochs_and_values_that_were_printed(name: str) -> None:
    curves = get_spec(name).published.curves
    epochs, *values = LOGS[name]
    loss, accuracy = curves["loss"], curves["accuracy"]
    assert {len(curve) for curve in curves.values()} == {epochs}
    ends = [loss[0], loss[-1], accuracy[0], accuracy[-1]]
    assert [*ends, max(curves["val_accuracy"]), curves["val_accuracy"][-1], curves["val_loss"][-1]] == values


@pytest.mark.parametrize("name", MODELS)
def test_the_figures_of_a_published_run_are_those_of_its_log(name: str) -> None:
    published = get_spec(name).published
    if not published.curves:
        assert (published.accuracy, published.final_accuracy, published.loss) == (None, None, None)
        return
    validation = published.curves["val_accuracy"]
    assert (published.epochs, published.accuracy) == (len(validation), max(validation))
    assert (published.final_accuracy, published.loss) == (validation[-1], published.curves["val_loss"][-1])


def test_a_network_without_a_log_does_not_claim_that_the_test_set_was_read() -> None:
    without = {name: spec.published for name, spec in MODELS.items() if not spec.published.curves}
    assert set(without) == {"word-additive", "lstm-dot", "lstm-featurewise", "stars"}
    assert not any("test set" in published.protocol for published in without.values())
    featurewise = without.pop("lstm-featurewise")
    assert (featurewise.epochs, featurewise.protocol) == (5, "20\xa0% of the training reviews held out")
    assert {published.epochs for published in without.values()} == {0}, "nothing else was published"
