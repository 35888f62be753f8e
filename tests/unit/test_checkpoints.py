"""The checkpoint directory: what is written comes back, and what is damaged says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.errors import CheckpointError, UnknownNameError
from attnviz.models.architectures import build_column_network
from attnviz.processes import child_environment
from attnviz.runs import checkpoint as checkpoints
from attnviz.runs.checkpoint import (
    Checkpoint,
    DamagedCheckpoint,
    check_target,
    find_checkpoint,
    list_checkpoints,
    load_model,
    new_run_folder,
    read_checkpoint,
    save_checkpoint,
)
from attnviz.values.history import History
from attnviz.values.run import Run

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


@pytest.fixture
def copy(tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny library that the test may damage; it is the library of the test."""
    shutil.copytree(tiny_library, tmp_path / "copy")
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "copy"))
    return tmp_path / "copy"


def change_record(folder: Path, **changes: Any) -> None:
    """Set entries of run.json; None removes one."""
    record = json.loads((folder / "run.json").read_text(encoding="utf-8")) | changes
    record = {name: value for name, value in record.items() if value is not None}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")


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


def test_a_failing_overwrite_keeps_the_old_checkpoint(model: keras.Model, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "mine", model, RUN, HISTORY)
    with pytest.raises(CheckpointError, match="no space left"):
        save_checkpoint(tmp_path / "mine", FailingModel(OSError("no space left")), RUN, HISTORY, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert read_checkpoint(tmp_path / "mine").run == RUN


def test_a_failing_rename_brings_the_old_checkpoint_back(
    model: keras.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_checkpoint(tmp_path / "mine", model, RUN, HISTORY)
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "mine" and target.parent == tmp_path and path.parent == tmp_path:
            raise OSError("rename refused")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(CheckpointError, match="rename refused"):
        save_checkpoint(tmp_path / "mine", model, replace(RUN, seed=9), HISTORY, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert read_checkpoint(tmp_path / "mine").run.seed == 3


def test_an_existing_checkpoint_is_overwritten_only_if_asked(model: keras.Model, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "mine", model, RUN, HISTORY)
    with pytest.raises(CheckpointError, match="exists already"):
        save_checkpoint(tmp_path / "mine", model, replace(RUN, seed=4), HISTORY)
    assert read_checkpoint(tmp_path / "mine").run.seed == 3
    save_checkpoint(tmp_path / "mine", model, replace(RUN, seed=4), HISTORY, overwrite=True)
    assert read_checkpoint(tmp_path / "mine").run.seed == 4
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_checkpoint_is_never_overwritten(model: keras.Model, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "thesis"
    if kind == "folder":
        target.mkdir()
        (target / "chapter.txt").write_text("years of work")
    else:
        target.write_text("years of work")
    with pytest.raises(CheckpointError, match="is no checkpoint and is not overwritten"):
        save_checkpoint(target, model, RUN, HISTORY, overwrite=True)
    assert (target / "chapter.txt" if kind == "folder" else target).read_text() == "years of work"


@pytest.mark.parametrize("name", [".hidden", "a b", "ü", "-x", "x" * 81, "a\nb", "..", "x;y"])
def test_a_name_that_could_cause_trouble_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CheckpointError, match="cannot name a checkpoint"):
        check_target(tmp_path / name)


def test_damaged_checkpoints_are_listed_with_the_reason_and_the_rest_is_kept(copy: Path) -> None:
    with (copy / "bilstm" / "model.keras").open("ab") as file:
        file.write(b"!")
    (copy / "lstm-featurewise" / "vocabulary.txt").unlink()
    (copy / "empty").mkdir()
    (copy / ".luong-half-written").mkdir()
    (copy / "notes.txt").write_text("no folder")
    listed = list_checkpoints()
    assert [(item.name, type(item)) for item in listed] == [
        ("luong", Checkpoint),
        ("bilstm", DamagedCheckpoint),
        ("lstm-featurewise", DamagedCheckpoint),
        ("column", Checkpoint),
        ("empty", DamagedCheckpoint),
    ]
    reasons = {item.name: item.reason for item in listed if isinstance(item, DamagedCheckpoint)}
    assert "model.keras is damaged: its sha256 is" in reasons["bilstm"]
    assert "vocabulary.txt is missing" in reasons["lstm-featurewise"]
    assert "empty is no checkpoint: run.json is missing" in reasons["empty"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "run.json cannot be read"),
        ("", "run.json cannot be read"),
        ("[]", "run.json holds no JSON object"),
        ("{}", "has checkpoint format None; this version of attnviz reads format 1"),
        ("\ud800", "run.json cannot be read"),
    ],
)
def test_a_record_that_is_no_record_says_so(copy: Path, content: str, reason: str) -> None:
    (copy / "luong" / "run.json").write_text(content, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(CheckpointError, match=reason):
        find_checkpoint("luong")
    assert len(list_checkpoints()) == 4


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": 2}, "has checkpoint format 2"),
        ({"format": "1"}, "has checkpoint format '1'"),
        ({"seed": None}, "lacks the entry 'seed'"),
        ({"files": None}, "lacks the entry 'files'"),
        ({"files": 3}, "lacks the entry"),
        ({"files": {"model.keras": "0" * 64}}, "states no sha256 of history.csv, vocabulary.txt"),
        ({"network": "gpt"}, "unknown network 'gpt'; known: word-additive, lstm-dot, luong"),
        ({"network": ["luong"]}, "unknown network"),
        ({"accuracy": "high"}, "has 'high' as accuracy"),
        ({"data": {"train": 90}}, "has None as the number of reviews in data.held_out"),
    ],
    ids=str,
)
def test_a_record_with_a_wrong_entry_names_it(copy: Path, changes: dict[str, Any], reason: str) -> None:
    change_record(copy / "luong", **changes)
    with pytest.raises(CheckpointError, match=reason):
        find_checkpoint("luong")
    assert len(list_checkpoints()) == 4


def test_a_model_file_that_keras_cannot_read_is_named(copy: Path) -> None:
    checkpoint = find_checkpoint("luong")
    (copy / "luong" / "model.keras").write_bytes(b"no model")
    with pytest.raises(CheckpointError, match=r"Keras cannot read .*luong/model\.keras"):
        load_model(checkpoint)


@pytest.mark.parametrize(("file", "attribute"), [("history.csv", "history"), ("vocabulary.txt", "vocabulary")])
@pytest.mark.parametrize("content", [b"", b"a,b\nx,y\n", b"\xff\xfe\x00"])
def test_a_file_that_became_something_else_is_named(copy: Path, file: str, attribute: str, content: bytes) -> None:
    checkpoint = find_checkpoint("luong")
    (copy / "luong" / file).write_bytes(content)
    with pytest.raises(CheckpointError, match=f"{file} is no {attribute}"):
        getattr(checkpoint, attribute)


@pytest.mark.parametrize("name", ["nope", "", "a review, not a name " * 300, "~nobody-of-this-name/x", "nul\x00"])
def test_an_unknown_checkpoint_lists_the_known_ones(library: Path, name: str) -> None:
    with pytest.raises(UnknownNameError, match="Valid names: bilstm, column, lstm-featurewise, luong"):
        find_checkpoint(name)


def test_a_checkpoint_outside_the_library_is_found_by_its_path(tiny_library: Path) -> None:
    assert find_checkpoint(tiny_library / "luong").name == "luong"
    assert find_checkpoint(str(tiny_library / "luong")).name == "luong"


def test_the_environment_chooses_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "absent"))
    assert list_checkpoints() == []
    assert new_run_folder("luong") == tmp_path / "absent" / "luong-2"
    with pytest.raises(UnknownNameError, match="Valid names: none"):
        find_checkpoint("luong")


def test_without_the_variable_the_library_is_that_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTNVIZ_CHECKPOINTS", raising=False)
    assert checkpoints.library_folders() == (Path(checkpoints.__file__).parents[2] / "checkpoints",)


def test_a_new_run_gets_the_first_free_number(copy: Path) -> None:
    assert new_run_folder("luong").name == "luong-2"
    (copy / "luong-2").mkdir()
    (copy / "luong-3").write_text("even a file takes the name")
    (copy / "luong-5").mkdir()
    assert new_run_folder("luong") == copy / "luong-4"
    assert new_run_folder("bilstm") == copy / "bilstm-2"
