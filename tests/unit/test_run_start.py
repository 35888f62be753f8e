"""Many who start a training run at once, many who write its status at once, and runs that cannot begin."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from attnviz.errors import SettingError
from attnviz.processes import child_environment, module_command
from attnviz.runs import jobs
from attnviz.runs.jobs import JobObserver, list_jobs, read_job, start_job
from attnviz.runs.training_run import TrainingSettings
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.run import JobStatus

VISITORS = 16
PATIENCE = 60.0

# Waits for a line, and starts a run whose process is none; when it knows which runs there are, it waits for another.
VISITOR = """
from attnviz.errors import SettingError
from attnviz.runs import jobs
from attnviz.runs.training_run import TrainingSettings
jobs._start_process = lambda folder: None
list_jobs = jobs.list_jobs
def list_and_wait():
    found = list_jobs()
    print("looked", flush=True)
    input()
    return found
jobs.list_jobs = list_and_wait
print("ready", flush=True)
input()
try:
    print(jobs.start_job(TrainingSettings("luong")).state)
except SettingError as error:
    print(error)
"""
REFUSED = "A run of luong is under way. Stop it or wait for its end."


class Running:
    """A process that goes on for ever."""

    def poll(self) -> None:
        return None


@pytest.fixture(autouse=True)
def cache_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    monkeypatch.setattr(jobs, "_processes", {})
    return tmp_path


@pytest.fixture
def observer() -> Iterator[JobObserver]:
    folder = jobs.job_folder("run")
    folder.mkdir(parents=True)
    made = JobObserver(folder, "luong")
    made.message("Reading")
    yield made
    made._ended.set()  # ends its heartbeat


def in_threads(count: int, do: Any) -> None:
    """Call `do(number)` in so many threads that begin together, and wait for all."""
    together = threading.Barrier(count)

    def begin(number: int) -> None:
        together.wait(PATIENCE)
        do(number)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)


def test_of_many_threads_that_start_a_run_at_once_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    all_have_looked = threading.Barrier(VISITORS)

    def look_together() -> list[JobStatus]:
        found = list_jobs()
        with suppress(threading.BrokenBarrierError):  # if they look one after the other, the first waits in vain
            all_have_looked.wait(0.1)
        return found

    monkeypatch.setattr(jobs, "list_jobs", look_together)
    monkeypatch.setattr(jobs, "_start_process", lambda folder: Running())
    said: list[str] = []

    def start(number: int) -> None:
        try:
            said.append(start_job(TrainingSettings("luong", seed=number)).state)
        except SettingError as error:
            said.append(str(error))

    in_threads(VISITORS, start)
    assert sorted(said) == sorted(["starting", *[REFUSED] * (VISITORS - 1)])
    assert len(list_jobs()) == 1


def test_of_many_processes_that_start_a_run_at_once_one_does() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", VISITOR]
    visitors = [subprocess.Popen(command, env=child_environment(), **pipes) for _ in range(4)]
    for visitor in visitors:
        assert visitor.stdout.readline() == "ready\n"
    first, *others = visitors
    tell(first, "\n")
    assert first.stdout.readline() == "looked\n"
    for visitor in others:
        tell(visitor, "\n\n")
    looked = select.select([visitor.stdout for visitor in others], [], [], 0.5)[0]
    said = [first.communicate("\n")[0], *(visitor.communicate()[0] for visitor in others)]
    assert looked == [], "the others wait while the first looks and starts"
    assert said == ["starting\n", *[f"looked\n{REFUSED}\n"] * 3]
    assert len(list_jobs()) == 1


def tell(process: subprocess.Popen[str], lines: str) -> None:
    process.stdin.write(lines)
    process.stdin.flush()


def test_a_change_of_the_status_waits_for_the_one_that_is_being_made(
    observer: JobObserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, others = jobs.replace, []

    def replace_while_others_write(status: Any, **changes: Any) -> Any:
        if "step" in changes:
            others.append(threading.Thread(target=observer.on_start, args=(3, 10)))
            others[0].start()
            others[0].join(0.1)  # it has ended by now, unless it waits for its turn
        return replace(status, **changes)

    monkeypatch.setattr(jobs, "replace", replace_while_others_write)
    observer.on_step(1, 7)
    others[0].join(PATIENCE)
    job = read_job("run")
    assert (job.message, job.epochs, job.steps, job.epoch, job.step) == ("Training", 3, 10, 1, 7)


def test_no_change_of_many_threads_is_lost_and_every_status_is_whole(observer: JobObserver) -> None:
    rounds, found = 20, []

    def work(number: int) -> None:
        for step in range(1, rounds + 1):
            if number == 0:
                observer.on_step(1, step)
            elif number == 1:
                observer.on_start(7, step)
            elif number == 2:
                observer.on_epoch(step, {"loss": 1 / step})
            else:
                found.append(read_job("run").state)

    in_threads(4, work)
    observer.message("Reading the test set")
    job = read_job("run")
    assert (job.epoch, job.step, job.epochs, job.steps) == (1, rounds, 7, rounds)
    assert len(jobs.read_job_history("run")) == rounds
    assert found == ["running"] * rounds
    assert not [path.name for path in jobs.job_folder("run").iterdir() if path.name.startswith(".")]


def test_a_run_whose_process_does_not_start_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(jobs, "_start_process", refuse)
    with pytest.raises(OSError, match="no more processes"):
        start_job(TrainingSettings("luong"))
    assert list_jobs() == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"network": "luong", "epochs": "many"}, "This is no training settings: Expected `int | null`, got `str`"),
        ({"epochs": 3}, "missing required field `network`"),
        ([], "This is no training settings: Expected `object`, got `array`"),
        ({"network": "gpt"}, "Unknown network 'gpt'"),
    ],
    ids=["a wrong type", "an entry is missing", "a list", "an unknown network"],
)
def test_settings_that_make_no_run_are_what_the_run_says(settings: Any, message: str) -> None:
    folder = jobs.job_folder("run")
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text(json.dumps(settings))
    (folder / "status.json").write_text(json.dumps(to_plain(JobStatus("run", "luong", "starting", ""))))
    command = module_command("attnviz.runs", str(folder))
    result = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=False)
    job = read_job("run")
    assert result.returncode == 2
    assert job.state == "failed"
    assert message in job.message
    assert result.stderr.strip() == job.message


def test_settings_come_back_as_they_were_asked() -> None:
    settings = TrainingSettings("luong", epochs=2, batch_size=None, seed=5, limit=40, protocol="tutorial")
    assert from_plain(TrainingSettings, json.loads(json.dumps(to_plain(settings)))) == settings
