"""Trained controls on the small archive: a file a run, going on, the table."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import attnviz
from attnviz.data.imdb import load_imdb
from attnviz.errors import DataError, EngineError, SettingError
from attnviz.evidence import trained_controls, training_processes
from attnviz.evidence.control_plan import Control, find_gap, list_controls
from attnviz.evidence.control_run import read_runs, read_shipped_runs, write_run
from attnviz.evidence.control_table import make_rows
from attnviz.evidence.control_training import Task, train_control
from attnviz.explain.adversarial import compute_divergence
from attnviz.models.registry import MODELS, get_spec
from attnviz.render.numerals import format_percent
from tests.command import assert_refused

pytestmark = pytest.mark.usefixtures("library")
SMALL = {"limit": 40, "epochs": 1}


@pytest.fixture
def trained_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Controls are trained in this process; the names of those that were."""
    names = []

    def train(module: str, task: Task, name: str, number: str, tell: bool) -> None:
        names.append(task.control.name)
        train_control(task, load_imdb())

    monkeypatch.setattr(trained_controls, "train_apart", train)
    return names


@pytest.fixture(scope="module")
def measured(tiny_library: Path, archive: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run of each kind but the liar."""
    out = tmp_path_factory.mktemp("controls") / "out"
    with pytest.MonkeyPatch.context() as patch:
        for name, folder in (("CHECKPOINTS", tiny_library), ("IMDB", archive), ("CACHE", cache)):
            patch.setenv(f"ATTNVIZ_{name}", str(folder))
        patch.setattr(trained_controls, "train_apart", lambda module, task, *_: train_control(task, load_imdb()))
        attnviz.measure_controls("luong", out, seeds=1, deceits=(), **SMALL)
    return out


def make_task(folder: Path, control: Control, network: str = "luong", **how) -> Task:
    given = {"limit": 40, "epochs": 1, "command": "attnviz evidence", **how}
    return Task(base=network, folder=str(folder), control=control, **given)


def test_a_folder_has_a_file_a_run_and_what_is_there_is_not_trained_again(
    measured: Path, tmp_path: Path, trained_here: list[str]
) -> None:
    there = sorted(path.name for path in measured.glob("*.json"))
    assert there == ["even-seed0.json", "own-seed0.json", "without-seed0.json"]
    out = shutil.copytree(measured, tmp_path / "out")
    found = attnviz.measure_controls("luong", out, seeds=1, deceits=(0.1,), **SMALL)
    assert trained_here == ["liar-0.1-seed0"]
    assert sorted(path.name for path in out.glob("*.json")) == sorted([*there, "liar-0.1-seed0.json"])
    assert [(row.kind, row.deceit, row.n) for row in found.rows] == [
        ("own", None, 1), ("even", None, 1), ("without", None, 1), ("liar", 0.1, 1)
    ]  # fmt: skip
    assert len(found.to_frame()) == 4


def test_a_row_is_the_mean_of_its_seeds(measured: Path) -> None:
    (run,) = (run for run in read_runs(measured) if run.control.kind == "even")
    runs = [
        replace(run, control=replace(run.control, seed=seed), run=replace(run.run, accuracy=accuracy))
        for seed, accuracy in enumerate((0.5, 0.6, 0.9))
    ]
    (row,) = make_rows(runs)
    assert row.n == 3
    assert row.accuracy == pytest.approx(np.mean([0.5, 0.6, 0.9]))
    assert row.spread == pytest.approx(np.std([0.5, 0.6, 0.9], ddof=1))


def test_a_file_says_how_the_run_was_made(tmp_path: Path) -> None:
    made = train_control(make_task(tmp_path, Control("liar", 3, 0.2)), load_imdb())
    (read,) = read_runs(tmp_path)
    assert read == made
    assert (read.control, read.limit, read.is_base) == (Control("liar", 3, 0.2), 40, False)
    assert read.base["sha256"] == read.base["sha256"]
    assert (read.run.seed, read.run.recipe["deceit"], read.run.recipe["base"]) == (3, 0.2, "luong")
    assert read.run.recipe["base_sha256"] == read.base["sha256"]["model.keras"]
    assert read.digest == load_imdb().digest
    assert {"tensorflow", "keras", "attnviz"} <= set(read.run.versions)
    assert len(read.history["val_loss"]) == 1


def test_the_base_network_is_its_own_control_and_agrees_with_itself(tmp_path: Path) -> None:
    """The tiny library's `luong` says that it was trained from seed 1 for 2 epochs and tested on 100 reviews."""
    data = load_imdb()
    task = make_task(tmp_path, Control("own", 1), limit=None, epochs=2)
    found = train_control(task, _cut(data, 100))
    assert found is not None
    assert found.is_base
    assert (found.agreement.n, found.agreement.same, found.agreement.distance) == (100, 1.0, 0.0)
    assert found.agreement.divergence == pytest.approx(0.0, abs=1e-7)
    (row,) = make_rows([found])
    assert (row.n, row.others, row.same, row.spread) == (1, 0, None, None)


def test_another_seed_is_trained_and_not_taken_for_the_base(tmp_path: Path) -> None:
    found = train_control(make_task(tmp_path, Control("own", 2), limit=None, epochs=1), load_imdb())
    assert found is not None
    assert not found.is_base


def test_the_agreement_is_that_of_what_both_networks_explain(tmp_path: Path) -> None:
    """Even weights on every test review, against `attnviz.load` on the same texts."""
    found = train_control(make_task(tmp_path, Control("even", 0), network="lstm-featurewise", limit=None), load_imdb())
    assert found is not None
    explanations = attnviz.load("lstm-featurewise").explain_batch(list(load_imdb().test.texts))
    words = [len(one.scores) for one in explanations]
    even = [np.full(count, 1 / count) for count in words]
    expected = np.mean([compute_divergence(one.scores, two) for one, two in zip(explanations, even, strict=True)])
    assert found.agreement.n == 120
    assert found.agreement.divergence == pytest.approx(expected, abs=1e-5)


def test_a_control_without_attention_has_no_divergence(tmp_path: Path) -> None:
    found = train_control(make_task(tmp_path, Control("without", 0)), load_imdb())
    assert found is not None
    assert found.agreement.divergence is None


@pytest.mark.parametrize("name", [name for name, spec in MODELS.items() if spec.task == "reviews"])
def test_what_a_network_has_no_control_of_is_said(name: str) -> None:
    kinds = {control.kind for control in list_controls(get_spec(name), 1, (0.1,))}
    for kind in ("own", "even", "without", "liar"):
        assert (kind in kinds) == (find_gap(get_spec(name), kind) == "")


def test_results_of_something_else_and_damaged_ones_are_refused(measured: Path, tmp_path: Path) -> None:
    out = shutil.copytree(measured, tmp_path / "out")
    for how in ({"limit": 60, "epochs": 1}, {"limit": 40, "epochs": 2}, {"limit": 40}, {"epochs": 1}):
        with pytest.raises(DataError, match="name another folder"):
            attnviz.measure_controls("luong", out, seeds=1, deceits=(), **how)
    with pytest.raises(DataError, match="name another folder"):
        attnviz.measure_controls("lstm-featurewise", out, seeds=1, **SMALL)
    (out / "even-seed0.json").write_text("{")
    with pytest.raises(DataError, match=r"even-seed0.json cannot be read .*trained again"):
        attnviz.measure_controls("luong", out, seeds=1, deceits=(), **SMALL)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"seeds": 0}, "1 to 100 seeds"),
        ({"limit": 3}, "limit must be at least 20"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"deceits": (-1.0,)}, "between 0 and 10"),
    ],
)
def test_settings_that_make_no_run_are_refused(tmp_path: Path, how: dict, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        attnviz.measure_controls("luong", tmp_path / "out", **how)
    assert not (tmp_path / "out").exists()


def test_a_network_without_attention_has_no_controls(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="nothing to control for"):
        attnviz.measure_controls("bilstm", tmp_path / "out")


def test_a_process_that_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_processes, "module_command", lambda *arguments: ("false",))
    with pytest.raises(EngineError, match="own-seed0 ended"):
        attnviz.measure_controls("luong", tmp_path / "out", **SMALL)


@pytest.mark.long
def test_the_command_trains_in_processes_of_their_own(run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--controls", "--seeds", 1, "--limit", 40, "--epochs", 1, "--out", out)
    code, text, err = run("evidence", "lstm-featurewise", *options)
    assert (code, len(read_runs(out))) == (0, 3), err
    assert "even-seed0 (2 of 3)" in err
    assert "liar: lstm-featurewise has no single attention weight for each word" in text
    assert "Trained on at most 40 reviews" in text
    run_of_even = next(one for one in read_runs(out) if one.control.kind == "even")
    assert format_percent(run_of_even.run.accuracy, 2) in next(
        line for line in text.splitlines() if line.startswith("even  ")
    )
    expected = "attnviz evidence lstm-featurewise --controls --seeds 1 --limit 40 --epochs 1"
    assert run_of_even.command == expected


def test_options_that_would_have_no_effect_are_refused(run) -> None:
    assert_refused(run("evidence", "luong", "--controls", "--texts", 3), "--texts go without --controls")
    assert_refused(run("evidence", "luong", "--seeds", 3, "--limit", 20), "--seeds and --limit need --controls")
    assert_refused(run("evidence", "nonsense", "--controls"), "nonsense")


def test_what_ships_can_be_read_and_is_of_the_networks_that_ship(tmp_path: Path) -> None:
    for name, spec in MODELS.items():
        for found in read_shipped_runs(name):
            assert found.base["name"] == name
            assert found.limit is None
            assert find_gap(spec, found.control.kind) == ""
            assert found.agreement.n == 25_000
            write_run(tmp_path, found)
            assert json.loads((tmp_path / f"{found.control.name}.json").read_text())["command"].startswith("attnviz ")


def _cut(data, count: int):
    test = data.test
    labels, offsets = test.labels[-count:], test.word_offsets[-count - 1 :]
    return replace(data, test=replace(test, labels=labels, word_offsets=offsets))
