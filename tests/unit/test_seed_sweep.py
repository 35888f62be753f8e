"""A network over several seeds: the folder, going on, the table; most of it with trainings that are made up."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attnviz
from attnviz.data.imdb import load_imdb
from attnviz.engine.wire import Line
from attnviz.errors import DataError
from attnviz.evidence import ray_tasks, seed_training, sweep_work
from attnviz.evidence.seed_run import SeedRun, read_seed_run
from attnviz.evidence.seed_training import MODULE, SeedTask, train_seed
from attnviz.evidence.sweep_plan import TRAINING
from attnviz.evidence.sweep_table import format_sweep, make_rows, make_spreads
from attnviz.evidence.training_processes import TrainingProcess
from attnviz.processes import child_environment, module_command
from attnviz.render.numerals import format_percent
from attnviz.runs.run_files import STATE_FOLDER, write_settings, write_status
from attnviz.runs.run_queue import adopt_run, hold_new_run
from attnviz.runs.stored_run import find_run, list_runs
from attnviz.values.plain import to_plain
from attnviz.values.run import Run, RunStatus
from attnviz.values.training_settings import TrainingSettings
from tests.command import assert_refused

SMALL = {"limit": 40, "epochs": 1}
SETTINGS = TrainingSettings("luong", epochs=1, limit=40)


def make_run(seed: int, accuracy: float = 0.5, held_out: int = 4, limit: int | None = 40) -> SeedRun:
    """A seed of `luong` over one epoch that nobody has trained."""
    run = Run(
        model=f"luong-seed{seed}",
        network="luong",
        parameters=248_929,
        data={"name": "made", "digest": load_imdb().digest, "train": 36, "held_out": held_out, "test": 40},
        seed=seed,
        recipe={"epochs": 1, "batch_size": 64},
        protocol="held-out",
        selected_epoch=1,
        accuracy=accuracy,
        loss=0.6 + seed / 100,
        versions={"attnviz": "0", "tensorflow": "2", "keras": "3"},
        created="2026-01-01T00:00:00+00:00",
        seconds=1.0 + seed,
    )
    return SeedRun(run, {"val_accuracy": (0.75,)}, limit, f"attnviz sweep luong --seeds {seed + 1}")


class Trained:
    """In the place of a process: it answers at once, or is stopped at that seed."""

    stopped_at = -1

    def __init__(self, task: SeedTask) -> None:
        self.seed = task.settings.seed
        SEEDS.append(self.seed)

    def wait(self) -> Line:
        if self.seed == Trained.stopped_at:
            raise KeyboardInterrupt
        return to_plain(make_run(self.seed, 0.5 + self.seed / 10))

    def close(self) -> None:
        pass


SEEDS: list[int] = []


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds that were asked for; nothing is trained."""
    monkeypatch.setattr(sweep_work, "start_training", Trained)
    monkeypatch.setattr(Trained, "stopped_at", -1)
    SEEDS.clear()
    return SEEDS


def test_a_folder_has_a_file_a_seed_and_what_is_there_is_not_trained_again(tmp_path: Path, trained: list[int]) -> None:
    first = attnviz.sweep("luong", tmp_path / "out", seeds=2, **SMALL)
    assert (trained, [row["seed"] for row in first.rows]) == ([0, 1], [0, 1])
    found = attnviz.sweep("luong", tmp_path / "out", seeds=3, **SMALL)
    assert (trained, len(found.runs)) == ([0, 1, 2], 3)
    names = {path.name for path in found.folder.iterdir()}
    assert names == {".lock", "seed0.json", "seed1.json", "seed2.json", "table.csv", "table.json"}
    assert read_seed_run(found.folder, 2) == found.runs[2]
    table = json.loads((found.folder / "table.json").read_text())
    assert (table["command"], table["digest"]) == (
        "attnviz sweep luong --seeds 3 --limit 40 --epochs 1", load_imdb().digest
    )  # fmt: skip
    assert (table["settings"]["batch_size"], table["seeds"]) == (64, found.rows)
    lines = pd.read_csv(found.folder / "table.csv")
    assert lines["test_accuracy"].tolist() == pytest.approx([0.5, 0.6, 0.7])
    assert (lines["digest"][0], str(lines["tensorflow"][0])) == (load_imdb().digest, "2")
    assert len(attnviz.sweep("luong", tmp_path / "out", seeds=2, **SMALL).runs) == 2


def test_who_stops_it_keeps_what_is_done(run, tmp_path: Path, trained: list[int], monkeypatch) -> None:
    monkeypatch.setattr(Trained, "stopped_at", 2)
    command = ("sweep", "luong", "--seeds", 4, "--limit", 40, "--epochs", 1, "--jobs", 1, "--out", tmp_path)
    code, out, err = run(*command)
    assert (code, out) == (130, "")
    assert err == "Stopped. The folder keeps the seeds that are done; the same command goes on.\n"
    assert len(pd.read_csv(tmp_path / "table.csv")) == 2
    monkeypatch.setattr(Trained, "stopped_at", -1)
    code, out, err = run(*command)
    assert (code, trained) == (0, [0, 1, 2, 2, 3]), err
    assert f"The folder {tmp_path} has the table" in out


def test_results_of_something_else_and_damaged_ones_are_refused(tmp_path: Path, trained: list[int]) -> None:
    attnviz.sweep("luong", tmp_path, seeds=1, **SMALL)
    for network, how, message in (
        ("luong", {"limit": 60, "epochs": 1}, r"seed0.json is of something else \(limit: 40, not 60\): name another"),
        ("luong", {"limit": 40, "epochs": 2}, "epochs: 1, not 2"),
        ("luong", {"limit": 40}, "epochs: 1, not "),
        ("luong", {**SMALL, "batch_size": 8}, "batch size: 64, not 8"),
        ("bilstm", SMALL, "network: luong, not bilstm"),
    ):
        with pytest.raises(DataError, match=message):
            attnviz.sweep(network, tmp_path, seeds=2, **how)
    (tmp_path / "seed0.json").write_text("{")
    with pytest.raises(DataError, match=r"seed0.json cannot be read .*trained again"):
        attnviz.sweep("luong", tmp_path, seeds=1, **SMALL)
    assert trained == [0]


def test_what_was_trained_on_other_data_is_not_taken(tmp_path: Path, trained: list[int], monkeypatch) -> None:
    other = make_run(0)
    other = replace(other, run=replace(other.run, data={**other.run.data, "digest": "0"}))
    monkeypatch.setattr(Trained, "wait", lambda self: to_plain(other))
    with pytest.raises(DataError, match="Seed 0 was trained on other data"):
        attnviz.sweep("luong", tmp_path, seeds=1, **SMALL)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["luong", "--seeds", 0], "1 to 100 seeds, got 0"),
        (["luong", "--limit", 3], "limit must be at least 20"),
        (["luong", "--jobs", 0], "jobs must be 1 or more"),
        (["luong", "--protocol", "other"], "protocol must be one of held-out, tutorial"),
        (["column"], "column reads no reviews"),
        (["nonsense"], "Unknown network 'nonsense'"),
        (["luong", "--text", "review"], "give --data FILE, too"),
        (["luong", "--data", "none.csv"], "Unknown data set"),
    ],
)
def test_settings_that_make_no_run_are_refused(run, tmp_path: Path, options: list, message: str) -> None:
    assert_refused(run("sweep", *options, "--out", tmp_path / "out"), message)
    assert not (tmp_path / "out").exists()


def test_what_ray_trains_is_not_kept(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_tasks, "find_spec", lambda name: name)
    assert_refused(run("sweep", "luong", "--ray", "--keep", "--out", tmp_path / "out"), "leave out keep or ray")
    monkeypatch.setattr(ray_tasks, "find_spec", lambda name: None)
    assert_refused(run("sweep", "luong", "--ray", "--out", tmp_path / "out"), "pip install ray")


@settings(max_examples=15)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_the_table_has_mean_spread_and_an_interval_of_the_mean(accuracies: list[float]) -> None:
    runs = [replace(make_run(0), run=replace(make_run(0).run, accuracy=accuracy)) for accuracy in accuracies]
    spread = next(one for one in make_spreads(make_rows(runs)) if one.measure == "test_accuracy")
    assert (spread.n, spread.smallest, spread.largest) == (len(runs), min(accuracies), max(accuracies))
    assert spread.mean == pytest.approx(np.mean(accuracies))
    assert spread.spread == pytest.approx(np.std(accuracies, ddof=1), abs=1e-9)
    assert spread.low is not None
    assert spread.high is not None
    assert spread.smallest - 1e-9 <= spread.low <= spread.high <= spread.largest + 1e-9


def test_the_text_says_what_one_seed_lacks_and_what_the_numbers_are() -> None:
    alone = format_sweep(make_rows([make_run(0)]))
    assert "One seed: there is no spread and no interval." in alone
    assert "mean" not in alone
    several = format_sweep(make_rows([make_run(seed, 0.5 + seed / 10) for seed in range(3)]))
    lines = {line.partition("  ")[0]: line.split()[1:] for line in several.splitlines()}
    assert lines["mean"] == ["75.00", "%", "60.00", "%", "0.6100", "2.0", "s"]
    assert lines["± SD"][-5:] == ["10.00", "%", "0.0100", "1.0", "s"]
    assert "over n = 3 seeds" in several
    assert "the spread is theirs, too" in several
    unlimited = format_sweep(make_rows([make_run(0, held_out=0, limit=None)]))
    assert "theirs" not in unlimited
    assert "–" in next(line for line in unlimited.splitlines() if line.startswith("seed 0"))


@pytest.fixture
def task(tmp_path: Path, library: Path) -> SeedTask:
    return SeedTask(replace(SETTINGS, seed=1), str(tmp_path / TRAINING / "luong-seed1"), "attnviz sweep luong")


def test_a_training_that_was_broken_off_goes_on_and_one_of_other_settings_does_not(
    task: SeedTask, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = []
    shipped = find_run(library / "luong").read_checkpoint()

    def carry_out(folder: Path):
        met.append((folder / STATE_FOLDER).exists())
        return shipped

    monkeypatch.setattr(seed_training, "carry_out", carry_out)
    with hold_new_run(task.settings, Path(task.folder)):  # its process ends here
        (Path(task.folder) / STATE_FOLDER).mkdir()
    found = train_seed(task)
    assert found is not None
    assert (found.run, found.limit, found.command) == (shipped.run, 40, "attnviz sweep luong")
    train_seed(replace(task, settings=replace(task.settings, epochs=2)))
    assert met == [True, False]


def test_a_training_that_was_done_is_read(task: SeedTask, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed_training, "carry_out", lambda folder: pytest.fail("it was trained again"))
    folder = shutil.copytree(library / "luong", Path(task.folder))
    write_settings(folder, task.settings)
    write_status(folder, RunStatus("finished", "Finished"))
    found = train_seed(task)
    assert found is not None
    assert found.held_out_accuracy == 0.7


def test_a_run_joins_the_library_under_a_name_that_is_free(
    task: SeedTask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    for name in ("luong-seed1", "luong-seed1-2"):
        Path(task.folder).mkdir(parents=True)
        write_settings(Path(task.folder), task.settings)
        write_status(Path(task.folder), RunStatus("finished", "Finished"))
        assert adopt_run(Path(task.folder)).name == name
        assert find_run(name).status.state == "finished"
        assert not Path(task.folder).exists()
    assert [run.name for run in list_runs()] == ["luong-seed1-2", "luong-seed1"]


def test_a_process_that_trains_ends_when_its_parent_does(task: SeedTask) -> None:
    process = TrainingProcess(MODULE, task, task.name)
    process._process.stdin.close()  # as the system does
    with pytest.raises(KeyboardInterrupt):
        process.wait()
    process.close()


@pytest.mark.long
def test_the_command_trains_side_by_side_and_keeps_the_networks(tmp_path: Path, monkeypatch) -> None:
    """Two seeds in processes of their own; what they reached is what the networks in the library say."""
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    options = ("--seeds", "2", "--limit", "40", "--epochs", "1", "--jobs", "2", "--keep")
    command = module_command("attnviz", "sweep", "word-additive", *options, "--out", str(tmp_path / "out"))
    result = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    for seed in (0, 1):
        record, kept = read_seed_run(tmp_path / "out", seed), find_run(f"word-additive-seed{seed}")
        assert record is not None
        assert (record.kept, record.run) == (kept.name, kept.read_checkpoint().run)
        assert (kept.status.state, kept.settings.seed, record.run.seed) == ("finished", seed, seed)
        assert format_percent(record.run.accuracy, 2) in result.stdout
    assert "In the library: word-additive-seed0, word-additive-seed1." in result.stdout
    assert not (tmp_path / "out" / TRAINING).exists()
