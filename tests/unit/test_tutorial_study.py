"""The tutorials repeated on the small archive: a file a run, going on, the table; and what ships of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attnviz.data.imdb import load_imdb
from attnviz.errors import DataError, EngineError, SettingError
from attnviz.evidence import training_processes, tutorial_study
from attnviz.evidence.tutorial_run import read_shipped_tutorials, read_tutorial_runs
from attnviz.evidence.tutorial_study import REPEATED, repeat_tutorials
from attnviz.evidence.tutorial_training import TutorialTask, train_tutorial
from attnviz.evidence.word_bag import read_shipped_bags, read_word_bags
from attnviz.models.registry import get_spec
from attnviz.models.tutorials import get_tutorial
from tests.command import assert_refused

pytestmark = pytest.mark.usefixtures("library")
SMALL = {"limit": 20, "epochs": 1}
SHORT = (("bilstm", "own"), ("lstm-featurewise", "own"), ("bilstm-additive", "even"))


@pytest.fixture
def trained_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three of the runs are trained, in this process; the names of those that were."""
    names: list[str] = []

    def train(module: str, task: TutorialTask, name: str, number: str, tell: bool) -> None:
        names.append(name)
        train_tutorial(task, load_imdb())

    monkeypatch.setattr(tutorial_study, "train_apart", train)
    monkeypatch.setattr(tutorial_study, "REPEATED", SHORT)
    return names


def test_the_first_seed_of_all_comes_first_and_what_is_there_is_not_trained_again(
    tmp_path: Path, trained_here: list[str]
) -> None:
    out = tmp_path / "out"
    repeat_tutorials(out, seeds=1, **SMALL)
    assert trained_here == ["bilstm, seed 0", "lstm-featurewise, seed 0", "bilstm-additive, even weights, seed 0"]
    (out / "bilstm" / "own-seed0.json").unlink()
    found = repeat_tutorials(out, seeds=1, **SMALL)
    assert trained_here[3:] == ["bilstm, seed 0"]
    assert len(found.runs) == 3
    (even,) = read_tutorial_runs(out, "bilstm-additive")
    assert (even.attention, even.run.recipe["attention"], even.reads_test) == ("even", "even", True)
    assert even.command == "attnviz reproduce tutorials --seeds 1 --limit 20 --epochs 1"
    assert even.history["val_accuracy"][-1] == pytest.approx(even.run.accuracy, abs=1e-5)
    text = found.to_text()
    assert "bilstm-additive, even weights" in text
    assert "Test reviews: 20." in text
    assert "here the seed chooses them" in text


def test_results_of_something_else_and_damaged_ones_are_refused(tmp_path: Path, trained_here: list[str]) -> None:
    out = tmp_path / "out"
    repeat_tutorials(out, seeds=1, **SMALL)
    for how in ({"limit": 30, "epochs": 1}, {"limit": 20, "epochs": 2}, {"limit": 20}):
        with pytest.raises(DataError, match="name another folder"):
            repeat_tutorials(out, seeds=1, **how)
    (out / "bilstm" / "own-seed0.json").write_text("{")
    with pytest.raises(DataError, match=r"own-seed0.json cannot be read .*trained again"):
        repeat_tutorials(out, seeds=1, **SMALL)


def test_settings_that_make_no_run_are_refused(tmp_path: Path) -> None:
    for how, message in (
        ({"seeds": 0}, "1 to 100 seeds"),
        ({"limit": 3}, "limit must"),
        ({"epochs": 0}, "epochs must"),
    ):
        with pytest.raises(SettingError, match=message):
            repeat_tutorials(tmp_path / "out", **how)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_a_process_that_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_processes, "module_command", lambda *arguments: ("false",))
    with pytest.raises(EngineError, match="bilstm-additive, seed 0 ended"):
        repeat_tutorials(tmp_path / "out", **SMALL)


def test_the_command_refuses_options_that_would_have_no_effect(run) -> None:  # type: ignore[no-untyped-def]
    assert_refused(run("reproduce", "tutorials", "--texts", 3), "--texts go without tutorials")
    assert_refused(run("reproduce", "tutorials", "--seed", 3), "--seeds")
    assert_refused(run("reproduce", "eraser", "--seeds", 3), "--seeds go with tutorials only")


def test_the_command_trains_in_processes_of_their_own(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(tutorial_study, "REPEATED", SHORT[1:2])
    options = ("--seeds", 1, "--limit", 20, "--epochs", 1, "--out", tmp_path)
    code, text, err = run("reproduce", "tutorials", *options)
    assert code == 0, err
    assert "lstm-featurewise, seed 0 (1 of 1)" in err
    assert [path.name for path in tmp_path.glob("*/*.json")] == ["own-seed0.json"]
    assert "lstm-featurewise" in text


@pytest.mark.parametrize("network", dict.fromkeys(name for name, _ in REPEATED))
def test_what_ships_was_trained_as_the_tutorial_on_all_reviews(network: str) -> None:
    spec, seen = get_spec(network), set()
    for found in read_shipped_tutorials(network):
        assert (found.run.network, found.run.protocol, found.limit) == (network, "tutorial", None)
        assert (network, found.attention) in REPEATED
        assert found.run.data["test"] == 25_000
        assert len(found.history["loss"]) == found.run.selected_epoch == get_tutorial(spec).recipe.epochs
        attention = 0 if found.attention == "own" else {"luong": 10_000, "bilstm-additive": 328}[network]
        assert found.run.parameters == spec.parameters - attention
        seen.add((found.attention, found.run.seed))
    assert len(seen) == len(read_shipped_tutorials(network))


def test_the_bags_of_words_that_ship_learned_from_the_same_reviews(tmp_path: Path) -> None:
    bags = read_shipped_bags()
    for network in ("bilstm", "luong"):
        for longest in (1, 2):
            for train in (22_500, 25_000):
                bag = bags.find(network, longest, train)
                assert bag is not None
                assert (bag.steps, bag.test) == (get_spec(network).steps, 25_000)
                assert 0.85 < bag.accuracy < 0.95
    (tmp_path / "bag.json").write_text(json.dumps({"rows": []}))
    with pytest.raises(DataError, match=r"bag.json cannot be read .* python -m benchmarks.bag_of_words"):
        read_word_bags(tmp_path / "bag.json")
