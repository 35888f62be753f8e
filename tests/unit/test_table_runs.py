"""Runs of the Column lab on a table of somebody's own: what the network uses is what the figures say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import attnviz
from attnviz.cli import main
from attnviz.errors import DataError, SettingError
from attnviz.lab.truth import compute_use_agreement


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """The answer follows from `cause`, loudly; the rest is noise on other scales."""
    rng = np.random.default_rng(0)
    columns = {f"noise {i}": rng.normal(50, 10**i, 400) for i in range(3)}
    cause = rng.normal(1_000, 5, 400)
    return pd.DataFrame({**columns, "cause": cause, "answer": np.where(cause > 1_000, "up", "down")})


@pytest.fixture(scope="module")
def run(frame: pd.DataFrame) -> attnviz.LabRun:
    return attnviz.train_table(frame, "answer", seed=1)


def test_a_table_is_learned_and_its_use_is_measured(run: attnviz.LabRun) -> None:
    assert run.history["val_accuracy"][-1] > 0.9 > run.majority_baseline
    assert run.permutation_importance.argmax() == 3
    assert run.permutation_importance[:3] == pytest.approx([0, 0, 0], abs=0.05)
    assert run.chance == 0.5
    assert run.score == compute_use_agreement(run.attention[-1], run.permutation_importance, 1 / 80)
    assert (run.settings.n, run.settings.input_dim, len(run.validation)) == (400, 4, 80)


def test_a_file_gives_the_run_of_its_frame(frame: pd.DataFrame, run: attnviz.LabRun, tmp_path: Path) -> None:
    frame.to_csv(tmp_path / "mine.csv", index=False)
    again = attnviz.train_table(tmp_path / "mine.csv", "answer", yes="up", seed=1)
    np.testing.assert_array_equal(again.attention, run.attention)


def test_the_importance_is_measured_on_the_rows_that_were_held_out(run: attnviz.LabRun) -> None:
    answers = np.asarray(run.model(run.validation.x))[:, 0] > 0.5
    assert (answers == (run.validation.y[:, 0] > 0.5)).mean() == pytest.approx(run.history["val_accuracy"][-1])


def test_the_command_line_says_what_the_run_says(
    frame: pd.DataFrame, run: attnviz.LabRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame.to_csv(tmp_path / "mine.csv", index=False)
    assert main(["table", str(tmp_path / "mine.csv"), "--answer", "answer", "--seed", "1"]) == 0
    head, accuracy, said, _, *columns = capsys.readouterr().out.splitlines()
    assert head == "mine.csv, answer is up: 320 rows train, 80 are held out"
    assert accuracy.startswith(f"accuracy {run.history['val_accuracy'][-1] * 100:.1f}\xa0%, always the same answer")
    assert said == run.describe()
    assert "“cause” most" in said
    assert [float(line.split()[-3]) for line in columns] == pytest.approx(run.attention[-1], abs=1e-3)
    assert main(["table", str(tmp_path / "mine.csv"), "--answer", "nope"]) == 2
    assert "no column 'nope'. Its columns: noise 0" in capsys.readouterr().err


def test_what_is_no_table_and_no_setting_is_refused(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv cannot be read \(No such file"):
        attnviz.train_table(tmp_path / "none.csv", "answer")
    for setting in ("n", "noise", "depth", "task"):
        with pytest.raises(SettingError, match=f"Unknown setting '{setting}' for a table"):
            attnviz.train_table(frame, "answer", **{setting: 1})
    with pytest.raises(SettingError, match=r"train_table reads them"):
        attnviz.train_task("table")
