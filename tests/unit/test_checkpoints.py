"""The checkpoint directory: what is written comes back, and what is damaged says so."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.errors import CheckpointError
from attnviz.models.architectures import build_column_network
from attnviz.models.registry import MODELS
from attnviz.processes import child_environment
from attnviz.runs.checkpoint import finish_saving, read_checkpoint, save_checkpoint
from attnviz.runs.library import find_checkpoint
from attnviz.runs.loading import load_model
from attnviz.runs.run_queue import check_target
from attnviz.values.history import History
from attnviz.values.plain import to_plain
from attnviz.values.run import Run
from tests.conftest import ROOT

SHIPPED = ROOT / "checkpoints"
HISTORY = History({"loss": [0.7, 0.612345678901], "val_loss": [0.8, 0.75], "seconds": [1.0, 2.0]})
RUN = Run(
    model="mine",
    network="column",
    parameters=369,
    data={"name": "made here: Grüße 😀", "held_out": 10},
    seed=3,
    recipe={"epochs": 2},
    protocol="last epoch",
    selected_epoch=2,
    accuracy=0.75,
    loss=0.6,
    versions={"keras": "3"},
    created="2026-01-01T00:00:00+00:00",
    seconds=1.5,
    stopped=True,
)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return build_column_network()


def test_a_saved_checkpoint_comes_back_whole(model: keras.Model, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "deep" / "mine", model, RUN, HISTORY)
    found = read_checkpoint(tmp_path / "deep" / "mine")
    assert (found.run, found.name, found.spec.name) == (RUN, "mine", "column")
    assert {name: column.tolist() for name, column in found.history.columns.items()} == {
        name: column.tolist() for name, column in HISTORY.columns.items()
    }
    for loaded, weight in zip(load_model(found).get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(loaded, weight)


def test_a_text_checkpoint_keeps_its_vocabulary(library: Path) -> None:
    found = find_checkpoint("luong")
    assert list(found.vocabulary)[:3] == ["<pad>", "<start>", "<unknown>"]
    assert "wonderful" in found.vocabulary
    assert len(found.vocabulary) == load_model(found).get_layer("embedding").input_dim


def test_examples_come_back_as_they_were_explained(library: Path, tmp_path: Path) -> None:
    import attnviz

    source = find_checkpoint("luong")
    examples = attnviz.load("luong").explain_batch(["A great film 😀", ""])
    arguments = (load_model(source), source.run, source.history, source.vocabulary)
    save_checkpoint(tmp_path / "with", *arguments, examples)
    assert [example.to_dict() for example in read_checkpoint(tmp_path / "with").examples] == [
        example.to_dict() for example in examples
    ]
    assert find_checkpoint("bilstm").examples == (), "a checkpoint may have none"


def test_a_run_of_the_first_version_names_no_labels_and_still_loads(tiny_library: Path) -> None:
    found = read_checkpoint(tiny_library / "luong")
    assert not {"answer", "labels"} & found.run.data.keys()
    assert (found.spec.answer, found.spec.labels) == ("sentiment", ("negative", "positive"))


@pytest.mark.parametrize("name", MODELS)
def test_what_ships_is_read_entry_by_entry(name: str) -> None:
    found = read_checkpoint(SHIPPED / name)
    record = json.loads((SHIPPED / name / "run.json").read_text(encoding="utf-8"))
    assert record.pop("files") == found.files
    assert record == {**to_plain(found.run), "format": 1} | ({"extra": {}} if "extra" in record else {})
    assert found.files.keys() == {path.name for path in (SHIPPED / name).iterdir()} - {"run.json"}
    assert load_model(found).count_params() == found.run.parameters
    texts = found.spec.task == "reviews"
    assert (found.words is not None, len(found.examples) > 0) == (texts, texts)


def test_a_network_that_reads_no_text_has_no_vocabulary(tiny_library: Path) -> None:
    with pytest.raises(CheckpointError, match="column has no vocabulary: column reads no text"):
        _ = read_checkpoint(tiny_library / "column").vocabulary


def test_a_loss_that_is_no_number_is_not_kept(model: keras.Model, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="whose loss is no number is not kept"):
        save_checkpoint(tmp_path / "mine", model, replace(RUN, loss=float("nan")), HISTORY)
    assert list(tmp_path.iterdir()) == []


def test_plain_keras_loads_the_model_once_the_layers_are_imported(tiny_library: Path) -> None:
    code = (
        "import sys, keras, attnviz.models.architectures\n"
        "print(keras.saving.load_model(sys.argv[1]).count_params())\n"
        "assert not any(name.startswith(('attnviz.runs.checkpoint', 'attnviz.explain')) for name in sys.modules)"
    )
    path = tiny_library / "luong" / "model.keras"
    command = [sys.executable, "-c", code, str(path)]
    result = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=True)
    assert int(result.stdout) == read_checkpoint(path.parent).run.parameters


class FailingModel:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def save(self, path: Path) -> None:
        path.write_bytes(b"half a model")
        raise self.error


@pytest.mark.parametrize(
    ("error", "raised"), [(OSError("no space left"), CheckpointError), (ValueError("bad layer"), ValueError)]
)
def test_a_failing_save_leaves_nothing_behind(tmp_path: Path, error: Exception, raised: type) -> None:
    with pytest.raises(raised, match=str(error)):
        save_checkpoint(tmp_path / "mine", FailingModel(error), RUN, HISTORY)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_save_keeps_the_checkpoint_that_was_there(model: keras.Model, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "mine", model, RUN, HISTORY)
    with pytest.raises(CheckpointError, match="no space left"):
        save_checkpoint(tmp_path / "mine", FailingModel(OSError("no space left")), RUN, HISTORY)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert read_checkpoint(tmp_path / "mine").run == RUN


@pytest.mark.parametrize("moved", range(4))
def test_a_save_that_ended_while_its_files_moved_is_completed(
    model: keras.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    save_checkpoint(tmp_path / "mine", model, RUN, HISTORY)
    (tmp_path / "mine" / "examples.json").write_text("of the older one")
    replace_file, left = Path.replace, iter([True] * moved)

    def end(path: Path, target: Path) -> Path:
        if path.parent.name == ".pin" and target.parent.name == "mine" and not next(left, False):
            raise KeyboardInterrupt
        return replace_file(path, target)

    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(Path, "replace", end)
        save_checkpoint(tmp_path / "mine", model, replace(RUN, seed=9), HISTORY)
    for _ in range(2):  # completing it twice is as good as once
        finish_saving(tmp_path / "mine")
        assert read_checkpoint(tmp_path / "mine").run.seed == 9
        assert {path.name for path in (tmp_path / "mine").iterdir()} == {"model.keras", "history.csv", "run.json"}


def test_a_save_that_ended_before_all_was_written_is_forgotten(model: keras.Model, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "mine", model, RUN, HISTORY)
    (tmp_path / "mine" / ".pin").mkdir()
    (tmp_path / "mine" / ".pin" / "model.keras").write_bytes(b"half a model")
    (tmp_path / "mine" / ".pin" / ".run.json").write_bytes(b"{")
    finish_saving(tmp_path / "mine")
    assert read_checkpoint(tmp_path / "mine").run == RUN
    assert not (tmp_path / "mine" / ".pin").exists()


def test_another_save_takes_the_place_and_other_files_stay(model: keras.Model, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "mine", model, RUN, HISTORY)
    (tmp_path / "mine" / "status.json").write_text("{}")
    save_checkpoint(tmp_path / "mine", model, replace(RUN, seed=4), HISTORY)
    assert read_checkpoint(tmp_path / "mine").run.seed == 4
    assert (tmp_path / "mine" / "status.json").read_text() == "{}"


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_no_run_begins_in_what_is_no_checkpoint(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "thesis"
    if kind == "folder":
        target.mkdir()
    else:
        target.write_text("years of work")
    with pytest.raises(CheckpointError, match="is no checkpoint and is not overwritten"):
        check_target(target, overwrite=True)
    with pytest.raises(CheckpointError, match="exists already"):
        check_target(target)


@pytest.mark.parametrize("name", [".hidden", "a b", "ü", "-x", "x" * 81, "a\nb", "..", "x;y"])
def test_a_name_that_could_cause_trouble_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CheckpointError, match="cannot name a checkpoint"):
        check_target(tmp_path / name)
