"""`attnviz train` on the small archive."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import attnviz
from attnviz.processes import child_environment
from attnviz.runs import run_queue
from attnviz.runs.checkpoint import read_checkpoint
from attnviz.values.training_settings import TrainingSettings
from tests.command import assert_refused


def attnviz_process(*arguments: object) -> subprocess.CompletedProcess[str]:
    """`python -m attnviz` in a process of its own: training sets TensorFlow's threads, once a process."""
    command = [sys.executable, "-m", "attnviz", *map(str, arguments)]
    return subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=False)


def test_train_saves_a_checkpoint_that_can_be_explained(tmp_path: Path) -> None:
    options = ("--out", tmp_path / "mine", "--epochs", 2, "--limit", 40, "--batch-size", 8, "--seed", 3)
    result = attnviz_process("train", "luong", *options)
    assert result.returncode == 0, result.stderr
    found = read_checkpoint(tmp_path / "mine")
    assert result.stdout.startswith(f"{tmp_path / 'mine'}: epoch {found.run.selected_epoch} kept, test accuracy ")
    assert "epoch 2/2: loss" in result.stderr
    assert (found.run.model, found.run.seed, len(found.history)) == ("mine", 3, 2)
    assert {example.method for example in found.examples} == {"attention", "gradient"}
    explainer = attnviz.load(tmp_path / "mine")
    for example in found.examples:
        again = explainer.explain(example.text, example.method)
        assert again.probability == pytest.approx(example.probability, abs=1e-5)


def test_train_refuses_an_existing_folder_before_it_trains_unless_told_to_overwrite(run, tmp_path: Path) -> None:
    settings = ("--epochs", 1, "--limit", 100, "--out", tmp_path / "toy")
    code, out, err = run("train", "column", *settings)
    assert code == 0, err
    assert "epoch 1 kept, validation accuracy" in out
    assert_refused(run("train", "column", *settings), "exists already")
    assert run("train", "column", *settings, "--overwrite", "--seed", 7)[0] == 0
    assert read_checkpoint(tmp_path / "toy").run.seed == 7


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["column", "--epochs", 0], "epochs must lie between 1 and 200, got 0"),
        (["column", "--seed", -1], "seed must lie between 0"),
        (["luong", "--out", "bad name"], "cannot name a checkpoint"),
    ],
)
def test_settings_that_make_no_run_are_refused(run, tmp_path: Path, monkeypatch, options: list, message: str) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    assert_refused(run("train", *options), message)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty library in which nobody does the runs that wait."""
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr(run_queue, "ensure_runner", lambda: None)
    return tmp_path


def test_runs_wait_are_listed_and_taken_out(run, waiting: Path) -> None:
    assert run("train", "luong", "--queue", "--epochs", 3) == (0, "luong-2: place 1 in the queue\n", "")
    assert run("train", "bilstm", "--queue") == (0, "bilstm-2: place 2 in the queue\n", "")
    code, out, _ = run("runs")
    assert (code, [line.split()[:4] for line in out.splitlines()]) == (
        0,
        [["bilstm-2", "queued,", "place", "2"], ["luong-2", "queued,", "place", "1"]],
    )
    assert [line.split()[0] for line in run("runs", "--stop", "luong-2")[1].splitlines()] == ["bilstm-2"]
    assert_refused(run("runs", "--stop", "luong-2"), "Unknown checkpoint 'luong-2'")


def test_an_interrupted_run_goes_on_here(run, waiting: Path) -> None:
    with run_queue.hold_new_run(TrainingSettings("column", epochs=2, limit=100)):
        pass
    assert "column-2                 interrupted" in run("runs")[1]
    code, out, err = run("train", "--resume", "column-2")
    assert (code, out.startswith(f"{waiting / 'column-2'}: epoch 2 kept, validation accuracy")) == (0, True), err
    assert "column-2                 finished" in run("runs")[1]
    assert_refused(run("train", "--resume", "column-2"), "column-2 is finished: runs go on that were stopped")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Give either the NAME of a network or a run to --resume"),
        (["luong", "--resume", "luong-2"], "Give either the NAME"),
        (["luong", "--queue", "--out", "x"], "leave out --out or --queue"),
        (["--resume", "nope"], "Unknown checkpoint 'nope'"),
    ],
)
def test_what_makes_no_sense_together_is_refused(run, waiting: Path, options: list, message: str) -> None:
    assert_refused(run("train", *options), message)
