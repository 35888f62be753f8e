"""Background training: real processes on the small archive, and the state they keep on disk."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from attnviz.errors import SettingError
from attnviz.runs import jobs
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.jobs import JobObserver, list_jobs, read_job, read_job_history, start_job, stop_job
from attnviz.runs.library import list_checkpoints
from attnviz.training.text_training import NothingTrained
from attnviz.values.run import JobStatus
from attnviz.values.training_settings import TrainingSettings

DEADLINE = 120.0


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache and a library of this test alone; runs that the test left are ended."""
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    monkeypatch.setattr(jobs, "_processes", {})
    yield tmp_path
    for process in jobs._processes.values():
        process.kill()
        process.wait()


def wait_for_end(job: JobStatus) -> JobStatus:
    jobs._processes[job.id].wait(DEADLINE)
    return read_job(job.id)


def wait_for_epoch(job: JobStatus) -> None:
    """Until the first epoch is in the history."""
    until = time.monotonic() + DEADLINE
    while not len(read_job_history(job.id)):
        assert time.monotonic() < until
        with suppress(subprocess.TimeoutExpired):
            jobs._processes[job.id].wait(0.1)
            pytest.fail(f"the run ended: {read_job(job.id)}")


@pytest.fixture
def make_run() -> Iterator[Callable[..., JobObserver]]:
    """Makes the run's side of a job, without a process."""
    made = []

    def make(name: str = "20260101-000000-abcdef") -> JobObserver:
        folder = jobs.job_folder(name)
        folder.mkdir(parents=True)
        made.append(JobObserver(folder, "luong"))
        made[-1].message("Reading")
        return made[-1]

    yield make
    for observer in made:
        observer._ended.set()  # ends its heartbeat


def test_a_finished_run_leaves_its_history_and_a_checkpoint(folders: Path) -> None:
    job = start_job(TrainingSettings("luong", epochs=2, limit=40, batch_size=16, seed=5))
    assert (job.state, job.running, job.epochs) == ("starting", True, 2)
    job = wait_for_end(job)
    assert (job.state, job.checkpoint, job.epoch) == ("finished", "luong-2", 2), job.message
    (checkpoint,) = list_checkpoints()
    assert isinstance(checkpoint, Checkpoint)
    assert job.message == f"Finished, saved as luong-2: {checkpoint.run.accuracy:.2%} of the test reviews right"
    assert (checkpoint.name, checkpoint.run.seed, checkpoint.run.data["train"]) == ("luong-2", 5, 36)
    history = read_job_history(job.id)
    assert len(history) == len(checkpoint.history) == 2
    assert history["val_loss"].tolist() == pytest.approx(checkpoint.history["val_loss"].tolist())
    assert [found.id for found in list_jobs()] == [job.id]


def test_a_run_that_is_stopped_keeps_its_best_epoch_and_no_second_one_starts_meanwhile() -> None:
    job = start_job(TrainingSettings("luong", epochs=200, limit=40, batch_size=8))
    wait_for_epoch(job)
    with pytest.raises(SettingError, match="A run of luong is under way"):
        start_job(TrainingSettings("bilstm"))
    stop_job(job.id)
    assert read_job(job.id).state in ("stopping", "stopped")
    job = wait_for_end(job)
    assert (job.state, job.checkpoint) == ("stopped", "luong-2"), job.message
    (checkpoint,) = list_checkpoints()
    assert isinstance(checkpoint, Checkpoint)
    assert checkpoint.run.stopped
    assert 1 <= len(checkpoint.history) < 200


def test_a_run_that_is_stopped_before_its_first_epoch_keeps_nothing(folders: Path) -> None:
    job = start_job(TrainingSettings("bilstm", epochs=200, limit=40, batch_size=4))
    stop_job(job.id)
    job = wait_for_end(job)
    assert (job.state, job.checkpoint) == ("stopped", None), job.message
    assert "nothing to keep" in job.message
    assert list_checkpoints() == []


def test_a_killed_run_has_failed_and_the_next_one_may_start() -> None:
    job = start_job(TrainingSettings("luong"))
    jobs._processes[job.id].kill()
    job = wait_for_end(job)
    assert (job.state, job.running) == ("failed", False)
    assert job.message.startswith("The run ended unexpectedly.")
    assert start_job(TrainingSettings("luong")).state == "starting"


def test_a_run_that_cannot_begin_has_failed_with_its_last_words() -> None:
    job = wait_for_end(start_job(TrainingSettings("gpt")))
    assert job.state == "failed"
    assert "Unknown network 'gpt'. Valid names: " in job.message


def test_what_a_run_tells_is_read_back(make_run) -> None:
    observer = make_run()
    observer.on_start(3, 10)
    assert read_job("20260101-000000-abcdef").message == "Training"
    observer.on_step(1, 7)
    for epoch in (1, 2):
        observer.on_epoch(epoch, {"loss": 0.5 / epoch, "accuracy": 0.75})
    job = read_job("20260101-000000-abcdef")
    assert (job.state, job.network, job.epoch, job.epochs, job.step, job.steps) == ("running", "luong", 1, 3, 7, 10)
    assert read_job_history(job.id)["loss"].tolist() == [0.5, 0.25]
    observer.finish("luong-2", accuracy=0.75, stopped=False)
    assert read_job(job.id).state == "finished"


@pytest.mark.parametrize(
    ("error", "stop", "state", "message"),
    [
        (SettingError("The limit is odd."), False, "failed", "The limit is odd."),
        (MemoryError("too large"), False, "failed", "MemoryError: too large"),
        (NothingTrained("Stopped early."), True, "stopped", "Stopped early."),
    ],
)
def test_a_run_that_ends_with_an_error_says_it(
    make_run, error: Exception, stop: bool, state: str, message: str
) -> None:
    observer = make_run("run")
    if stop:
        stop_job("run")
        assert observer.should_stop()
        assert read_job("run").state == "stopping"
    observer.fail(error)
    job = read_job("run")
    assert (job.state, job.message) == (state, message)


def test_a_run_of_another_process_that_fell_silent_has_failed(make_run) -> None:
    observer = make_run("run")
    observer._ended.set()  # no heartbeat
    status = jobs.job_folder("run") / "status.json"
    (jobs.job_folder("run") / "log.txt").write_text("first line\nout of memory\n")
    os.utime(status, (time.time() - 29, time.time() - 29))
    assert read_job("run").state == "running"
    os.utime(status, (time.time() - 31, time.time() - 31))
    job = read_job("run")
    assert (job.state, job.message) == ("failed", "The run ended unexpectedly. Its last words: out of memory")
    assert json.loads(status.read_text())["state"] == "failed"


def test_a_run_without_an_epoch_has_an_empty_history(make_run) -> None:
    make_run("run")
    assert len(read_job_history("run")) == 0


@pytest.mark.parametrize("id", ["", ".", "..", ".hidden", "../x", "a/b", "/etc"])
def test_an_id_that_leaves_the_folder_of_runs_is_refused(id: str) -> None:
    for use in (read_job, stop_job, read_job_history):
        with pytest.raises(SettingError, match="is no id of a training run"):
            use(id)


@pytest.mark.parametrize("id", ["nope", "nul\x00", "x" * 300])
def test_a_run_that_does_not_exist_is_refused(id: str) -> None:
    for use in (read_job, stop_job):
        with pytest.raises(SettingError, match="There is no training run"):
            use(id)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": 1, "surprise": 2}'])
def test_a_folder_without_a_proper_status_is_no_run(make_run, content: str) -> None:
    folder = jobs.job_folder("odd")
    folder.mkdir(parents=True)
    (folder / "status.json").write_text(content)
    make_run("good")
    assert [job.id for job in list_jobs()] == ["good"]


def test_runs_are_listed_from_the_newest_to_the_oldest(make_run) -> None:
    for name in ("20260102-000000-aaaaaa", "20260103-000000-aaaaaa", "20260101-000000-bbbbbb"):
        make_run(name).finish("luong-2", accuracy=0.75, stopped=False)
    assert [job.id[:8] for job in list_jobs()] == ["20260103", "20260102", "20260101"]
