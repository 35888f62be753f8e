"""Runs in processes of their own: to the end, stopped, killed, resumed, in a queue."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import psutil
import pytest

import attnviz
from attnviz.errors import TrainingError
from attnviz.processes import child_environment, module_command
from attnviz.runs import runner
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import list_checkpoints
from attnviz.runs.loading import load_model
from attnviz.runs.run_files import STATE_FOLDER
from attnviz.runs.run_queue import queue_run, resume_run, stop_run
from attnviz.runs.runner import ensure_runner
from attnviz.runs.stored_run import StoredRun, find_run, list_runs
from attnviz.values.training_settings import TrainingSettings
from tests.unit.background_runs import wait_for_end, wait_for_epochs, wait_for_runner, wait_until

SHORT = TrainingSettings("luong", epochs=2, limit=40, batch_size=16, seed=5)
LONG = TrainingSettings("luong", epochs=2_000, limit=40, batch_size=8)


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    return tmp_path / "library"


def kill(run: StoredRun) -> None:
    """Kill -9 the processes that work on the library of a run: the runner and the run."""
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "attnviz.runs" in command and str(run.folder.parent) in command:
            process.kill()
            process.wait()


def test_a_run_from_python_returns_when_its_checkpoint_is_there() -> None:
    run = attnviz.train("luong", epochs=2, limit=40, batch_size=16, seed=5, name="mine")
    (checkpoint,) = list_checkpoints()
    assert isinstance(checkpoint, Checkpoint)
    assert (checkpoint.name, checkpoint.run.seed, checkpoint.run.data["train"]) == ("mine", 5, 36)
    assert (run.status.state, run.status.accuracy, run.status.epoch) == ("finished", checkpoint.run.accuracy, 2)
    assert run.read_epochs()["val_loss"].tolist() == pytest.approx(checkpoint.history["val_loss"].tolist())
    assert len(run.read_steps()["step"]) == 2 * 3
    assert not (run.folder / STATE_FOLDER).exists()


def test_a_run_that_is_stopped_keeps_its_best_epoch_and_the_next_one_begins(library: Path) -> None:
    first, second = queue_run(LONG), queue_run(SHORT)
    wait_for_epochs(first.name)
    assert (find_run(second.name).status.state, find_run(second.name).position) == ("queued", 1)
    stop_run(first.name)
    first = wait_for_end(first.name)
    assert (first.status.state, first.pinned, first.read_checkpoint().run.stopped) == ("stopped", True, True)
    assert 1 <= len(first.read_checkpoint().history) < 2_000
    assert wait_for_end(second.name).status.state == "finished"


def test_a_killed_run_goes_on_to_the_weights_of_one_that_was_not(library: Path) -> None:
    settings = TrainingSettings("luong", epochs=40, limit=40, batch_size=8)
    run = wait_for_epochs(queue_run(settings).name, 2)
    kill(run)
    run = find_run(run.name)
    assert (run.status.state, run.pinned) == ("interrupted", False)
    assert "finished epochs are kept" in run.status.message
    resume_run(run.name)
    whole = attnviz.train("luong", epochs=40, limit=40, batch_size=8)
    resumed = find_run(run.name)
    assert (resumed.status.state, len(resumed.read_epochs())) == ("finished", 40)
    assert resumed.read_checkpoint().run.selected_epoch == whole.read_checkpoint().run.selected_epoch
    pairs = zip(*(load_model(run.read_checkpoint()).get_weights() for run in (resumed, whole)), strict=True)
    assert all(np.abs(one - two).max() <= 1e-6 for one, two in pairs)


@pytest.mark.long
def test_who_opens_the_app_starts_what_waits_and_two_runners_do_nothing_twice(library: Path, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(runner, "_start_process", lambda *_: subprocess.Popen(["true"]))
        names = [queue_run(SHORT).name, queue_run(SHORT).name]
    ensure_runner()
    others = [
        subprocess.Popen(module_command("attnviz.runs", str(library.resolve())), env=child_environment())
        for _ in range(2)
    ]
    assert [wait_for_end(name).status.state for name in names] == ["finished", "finished"]
    assert [process.wait() for process in others] == [0, 0]
    wait_for_runner(find_run(names[0]))
    assert [len(run.read_epochs()) for run in list_runs()] == [2, 2]


def test_data_that_vanished_are_what_the_run_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ATTNVIZ_IMDB", str(tmp_path / "gone.tar.gz"))
    with pytest.raises(TrainingError, match=r"luong-2: .*gone\.tar\.gz"):
        attnviz.train("luong", epochs=1, limit=40)
    run = find_run("luong-2")
    assert (run.status.state, run.status.resumable, run.status.message.count("\n")) == ("failed", True, 0)


def test_a_run_whose_process_dies_at_once_does_not_wait_for_ever(library: Path) -> None:
    run = wait_until(queue_run(LONG).name, lambda run: run.status.alive)
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [])[-2:] == [str(library.resolve()), run.name]:
            os.kill(process.pid, signal.SIGKILL)
    assert wait_for_end(run.name).status.state == "interrupted"
