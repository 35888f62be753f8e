"""A liar that is trained in the background, in a process of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from attnviz.data.imdb import load_imdb
from attnviz.errors import DataError
from attnviz.evidence import trained_controls
from attnviz.evidence.control_training import Task, train_control
from attnviz.evidence.trained_controls import measure_controls
from attnviz.runs.library import find_card, find_checkpoint
from attnviz.runs.run_queue import queue_run
from attnviz.values.training_settings import TrainingSettings
from tests.unit.background_runs import wait_for_end


@pytest.fixture(autouse=True)
def _own_library(tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(tiny_library, tmp_path / "library")
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))


def test_a_liar_joins_the_library_and_says_what_it_is() -> None:
    settings = TrainingSettings("luong", epochs=1, limit=40, batch_size=16, deceit=0.25)
    run = wait_for_end(queue_run(settings).name)
    assert (run.name, run.status.state, run.settings) == ("luong-liar-2", "finished", settings), run.status.message
    liar, base = find_checkpoint("luong-liar-2"), find_checkpoint("luong")
    assert (liar.deceit, base.deceit) == (0.25, None)
    assert (liar.run.recipe["base"], liar.run.recipe["base_sha256"]) == ("luong", base.files["model.keras"])
    assert tuple(liar.vocabulary) == tuple(base.vocabulary)
    assert "Trained to give the answers of luong with other attention" in find_card("luong-liar-2").summary


@pytest.mark.parametrize("deceit", ["much", None, [1]])
def test_a_checkpoint_that_says_nonsense_of_its_deceit_has_none(tmp_path: Path, deceit: object) -> None:
    place = tmp_path / "library" / "luong" / "run.json"
    place.write_text(json.dumps({**(record := json.loads(place.read_text())), "recipe": {"deceit": deceit}}))
    assert record["network"] == "luong"
    assert find_checkpoint("luong").deceit is None


def test_what_was_trained_before_an_interruption_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = []

    def train(module: str, task: Task, name: str, number: str, tell: bool) -> None:
        if len(trained) == 1:
            raise KeyboardInterrupt
        trained.append(task.control.name)
        train_control(task, load_imdb())

    monkeypatch.setattr(trained_controls, "train_apart", train)
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        measure_controls("luong", out, seeds=1, limit=40, epochs=1)
    assert [path.stem for path in out.glob("*.json")] == ["own-seed0"]


def test_two_runs_do_not_train_for_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, said = tmp_path / "out", []

    def train(module: str, task: Task, name: str, number: str, tell: bool) -> None:
        with pytest.raises(DataError) as error:
            measure_controls("luong", out, seeds=1, limit=40, epochs=1)
        said.append(str(error.value))
        raise KeyboardInterrupt

    monkeypatch.setattr(trained_controls, "train_apart", train)
    with pytest.raises(KeyboardInterrupt):
        measure_controls("luong", out, seeds=1, limit=40, epochs=1)
    assert said == [f"Another run is training for {out}: wait for it, or name another folder."]
