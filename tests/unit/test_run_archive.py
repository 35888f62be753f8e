"""A run as one file: there and back, what stays at home, and what the door refuses."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attnviz
from attnviz.errors import AttnvizError, CheckpointError, ModelFileError, SettingError
from attnviz.runs import imported_content, run_queue
from attnviz.runs.library import find_checkpoint
from attnviz.runs.run_archive import MANIFEST_FILE, STATE_FILE
from attnviz.runs.run_export import measure_export, pack_run
from attnviz.runs.run_files import STATE_FOLDER, write_status
from attnviz.runs.run_lock import hold_run
from attnviz.runs.stored_run import find_run, list_runs
from attnviz.training.epoch_state import read_state
from attnviz.values.run import RunStatus
from tests.command import assert_refused
from tests.made_runs import build_archive, change_record, keep_state, make_run, read_members

TEXT = "A wonderful film, great and not dull"


@pytest.fixture
def own(tmp_path: Path, tiny_library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with one run, whose network needs no look of Keras to get in again."""
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "own"))
    monkeypatch.setattr(imported_content, "check_network", lambda folder: None)
    folder = make_run(tmp_path / "own", "luong-2", tiny_library / "luong", pinned=("good film",), csv="/tmp/log.csv")
    (folder / "log.txt").write_text(f"trained in {folder}")
    return tmp_path / "own"


def bring(content: bytes) -> str:
    """The name of the run in the library."""
    return attnviz.import_run(io.BytesIO(content)).name


def edit(file: str, **entries: Any) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """Members in whose JSON file some entries are others."""
    return lambda members: {**members, file: json.dumps({**json.loads(members[file]), **entries}).encode()}


def drop(*names: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda members: {name: data for name, data in members.items() if name not in names}


def add(**files: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda members: {**members, **{name.replace("__", "."): data for name, data in files.items()}}


def list_folder(library: Path) -> list[str]:
    """All of it but locks."""
    return sorted(path.name for path in library.iterdir() if not path.name.endswith(".lock"))


def test_a_run_is_the_same_there(own: Path, tmp_path: Path, tiny_library: Path, monkeypatch) -> None:
    before = find_run("luong-2")
    path = attnviz.export_run("luong-2", tmp_path)
    assert path == tmp_path / "luong-2.attnviz.zip"
    assert b"log.csv" not in b"".join(read_members(path.read_bytes()).values())
    assert "log.txt" not in read_members(path.read_bytes())
    expected = attnviz.load("luong-2").explain(TEXT, method="gradient")
    monkeypatch.undo()
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "elsewhere"))
    run = attnviz.import_run(path)  # with Keras' look at the weights
    assert (run.name, run.status.state, run.settings.csv) == ("luong-2", "finished", None)
    assert (run.settings.pinned, run.settings.seed) == (before.settings.pinned, before.settings.seed)
    assert run.read_epochs().to_frame().equals(before.read_epochs().to_frame())
    assert run.read_steps() == before.read_steps()
    assert find_checkpoint("luong-2").files == before.read_checkpoint().files
    again = attnviz.load("luong-2").explain(TEXT, method="gradient")
    assert again.probability == expected.probability
    assert again.scores.tolist() == expected.scores.tolist()
    members = read_members(path.read_bytes()) | {"model.keras": (tiny_library / "bilstm" / "model.keras").read_bytes()}
    record = json.loads(members["run.json"])
    record["files"]["model.keras"] = hashlib.sha256(members["model.keras"]).hexdigest()
    with pytest.raises(ModelFileError, match=r"The run in this file is not taken: Keras cannot read model\.keras"):
        bring(build_archive(members | {"run.json": json.dumps(record).encode()}))
    assert list_folder(tmp_path / "elsewhere") == ["luong-2"]


def test_a_name_that_is_taken_is_followed_by_the_next_free_one_and_the_newest_run_is_first(own: Path) -> None:
    content = pack_run("luong-2")
    assert [bring(content), bring(content)] == ["luong-3", "luong-4"]
    assert bring(build_archive(drop(MANIFEST_FILE)(read_members(content)), name="luong")) == "luong-5"
    assert [run.name for run in list_runs()] == ["luong-5", "luong-4", "luong-3", "luong-2"]
    assert pack_run("luong-3") != content, "it has a place in the order of runs of its own"
    assert pack_run("luong-2") == content


def test_what_a_run_says_of_itself_is_harmless_in_a_terminal(own: Path) -> None:
    members = edit("status.json", message="Finished\x1b[31m\nand more")(read_members(pack_run("luong-2")))
    assert find_run(bring(build_archive(drop(MANIFEST_FILE)(members)))).status.message == r"Finished\x1b[31m and more"


def test_texts_of_a_data_set_of_ones_own_stay_and_its_words_go(own: Path, tiny_library: Path) -> None:
    folder = make_run(own, "mine", tiny_library / "luong", data="letters")
    labels = ["bad", "good"]
    change_record(folder, {"name": "letters", "answer": "own", "labels": labels, "unit": "words"}, model="mine")
    text = json.loads((folder / "examples.json").read_text())[0]["text"]
    content = pack_run("mine")
    members = read_members(content)
    assert "examples.json" not in members
    assert "vocabulary.txt" in members
    assert not any(text.encode() in data or json.dumps(text).encode() in data for data in members.values())
    assert find_checkpoint(bring(content)).spec.labels == ("bad", "good")
    assert "examples.json" in read_members(pack_run("luong-2")), "those of the reviews are everybody's"


def test_a_stopped_run_goes_on_only_with_its_state(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_queue, "ensure_runner", lambda: None)
    folder = make_run(own, "half", state="stopped")
    state = keep_state(folder)
    sizes = measure_export(find_run("half"))
    assert sizes.state == (folder / STATE_FILE).stat().st_size
    bare = bring(pack_run("half"))
    assert not find_run(bare).status.resumable
    with pytest.raises(SettingError, match="came from a file without what training needs to go on"):
        attnviz.resume(bare)
    whole = bring(pack_run("half", state=True))
    assert attnviz.resume(whole, background=True).status.state == "queued"
    found = read_state(own / whole / STATE_FOLDER)
    assert found == state
    assert all(map(np.array_equal, found.variables, state.variables))


def test_what_has_not_ended_or_ships_is_not_taken_along(own: Path, tiny_library: Path, tmp_path: Path) -> None:
    make_run(own, "waits", state="queued")
    with pytest.raises(SettingError, match="waits in the queue"):
        pack_run("waits")
    with hold_run(own / "luong-2"), pytest.raises(CheckpointError, match="A process works on luong-2"):
        pack_run("luong-2")
    with pytest.raises(SettingError, match="was not trained here"):
        attnviz.export_run(str(tiny_library / "luong"), tmp_path / "x.zip")
    (tmp_path / "there.zip").write_text("mine")
    with pytest.raises(SettingError, match="exists already"):
        attnviz.export_run("luong-2", tmp_path / "there.zip")
    with pytest.raises(CheckpointError, match="cannot be written"):
        attnviz.export_run("luong-2", tmp_path / "nowhere" / "x.zip")
    (own / "luong-2" / "model.keras").write_text("damaged")
    with pytest.raises(CheckpointError, match="sha256"):
        attnviz.export_run("luong-2", tmp_path / "x.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "there.zip"]


MISFITS: Mapping[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "out": (lambda members: {**members, "../out": b"x"}, r"holds '\.\./out', which no run has"),
    "absolute": (lambda members: {**members, "/etc/passwd": b"x"}, "which no run has"),
    "more": (add(virus__py=b"x"), "holds 'virus.py', which no run has"),
    "twice": (lambda members: {**members, "STATUS.JSON": b"{}"}, "two of one name"),
    "bomb": (add(steps__csv=b"0" * 900_000), "would unpack to 900,000 bytes"),
    "large": (add(steps__csv=b"epoch,step,loss,accuracy\n" + b"1,2,0.5,0.75\n" * 90_000), "that is too much"),
    "no settings": (drop("settings.json"), "settings.json is missing"),
    "no network": (drop("run.json", "model.keras", "vocabulary.txt", "history.csv", "examples.json"), "its network is"),
    "no record": (drop("run.json"), "run.json is missing, without which"),
    "no words": (drop("vocabulary.txt"), "vocabulary.txt is missing"),
    "other network": (edit("settings.json", network="bilstm"), "ask for network bilstm, its network was trained with"),
    "other seed": (edit("settings.json", seed=9), "ask for seed 9, its network was trained with 1"),
    "other data": (edit("settings.json", data="mine"), "ask for data mine"),
    "unknown network": (edit("settings.json", network="nope"), "Unknown network 'nope'"),
    "no run": (edit("settings.json", limit=3), "The limit must be at least 20"),
    "a log elsewhere": (edit("settings.json", csv="/home/me/.profile"), "name files of another machine"),
    "goes on": (edit("status.json", state="running"), "says that it is running"),
    "no state": (edit("status.json", state="dreams"), "status.json is damaged"),
    "numbers": (edit("status.json", epoch=-1), "numbers that no run has"),
    "best": (edit("status.json", best_epoch=7), "numbers that no run has"),
    "checkpoint": (edit("run.json", format=9), "it has checkpoint format 9"),
    "other model": (add(model__keras=b"PK"), "its sha256 is"),
    "epochs": (add(epochs__csv=b"epoch,accuracy\n1,0.5\n2,2.5\n"), "numbers as accuracy that are no fractions"),
    "steps": (add(steps__csv=b"a,b\n1,2\n"), "steps.csv is damaged"),
    "lapse": (add(snapshots__jsonl=b"{}\n"), "snapshots.jsonl is no time-lapse"),
    "state": (lambda members: {**members, STATE_FILE: b"PK\x03\x04"}, "epoch.npz is damaged"),
}


@pytest.mark.parametrize("case", MISFITS)
def test_members_that_do_not_fit_are_refused_in_one_sentence(own: Path, case: str) -> None:
    change, message = MISFITS[case]
    content = build_archive(change(read_members(pack_run("luong-2"))))
    before = list_folder(own)
    with pytest.raises(ModelFileError, match=message) as caught:
        bring(content)
    assert str(own) not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list_folder(own) == before


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ({"format": 2}, "has format 2; this version of attnviz reads format 1"),
        ({"name": "../luong"}, "which cannot name one"),
        ({"files": {"status.json": "0" * 64}}, "states no sha256 of"),
        ({"files": {**dict.fromkeys(("settings.json",), "")}, "name": 3}, "attnviz-run.json is damaged"),
    ],
)
def test_a_record_that_does_not_fit_is_refused(own: Path, manifest: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelFileError, match=message):
        bring(build_archive(drop(MANIFEST_FILE)(read_members(pack_run("luong-2"))), **manifest))
    assert list_folder(own) == ["luong-2"]


def test_what_is_no_such_file_is_refused(own: Path, tmp_path: Path) -> None:
    whole = pack_run("luong-2")
    members = drop(MANIFEST_FILE)(read_members(whole))
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        info = zipfile.ZipInfo("settings.json")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr(MANIFEST_FILE, "{}")
    for content, message in (
        (b"", "no file of a run"),
        (b"PK\x03\x04 and no more", "no file of a run"),
        (whole[:-500], "no file of a run"),
        (b"<html>" + whole, "something else at the same time"),
        (build_archive({}), "settings.json is missing"),
        (build_archive(members, files={**digests, "steps.csv": "0" * 64}), "steps.csv is damaged: its sha256"),
        (
            build_archive(members, files={**digests, "snapshots.jsonl": "0" * 64}),
            "snapshots.jsonl is missing",
        ),
        (link.getvalue(), "is a link or encrypted"),
    ):
        with pytest.raises(ModelFileError, match=message):
            bring(content)
    for path, message in ((tmp_path, "is no file but a folder"), (tmp_path / "nowhere", "cannot be read")):
        with pytest.raises(ModelFileError, match=message):
            attnviz.import_run(path)
    assert list_folder(own) == ["luong-2"]


def test_a_state_whose_arrays_claim_to_be_larger_than_they_are_is_refused(own: Path) -> None:
    keep_state(make_run(own, "half", state="stopped"))
    members = drop(MANIFEST_FILE)(read_members(pack_run("half", state=True)))
    claimed = members[STATE_FILE].replace(b"'shape': (2, 3), }", b"'shape': (2**50,)}")
    for hostile in (members[STATE_FILE].replace(b"(2, 3)", b"(9, 9)"), claimed, members[STATE_FILE][:-30]):
        with pytest.raises(ModelFileError, match=r"state/epoch.npz is damaged"):
            bring(build_archive({**members, STATE_FILE: hostile}))
    packed = io.BytesIO()
    np.savez_compressed(packed, record=np.zeros(10_000_000, np.uint8))
    with pytest.raises(ModelFileError, match="not as large as it says"):
        bring(build_archive({**members, STATE_FILE: packed.getvalue()}))


def test_where_the_library_is_closed_or_full_nothing_comes_in(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = pack_run("luong-2")
    (own.parent / "file").write_text("")
    for name, value, message in (
        ("ATTNVIZ_READ_ONLY", "1", "ATTNVIZ_READ_ONLY is set"),
        ("ATTNVIZ_CHECKPOINTS", str(own.parent / "file"), "cannot be written"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            with pytest.raises(AttnvizError, match=message):
                bring(content)
    assert list_folder(own) == ["luong-2"]


def test_the_command_takes_a_run_along_and_brings_it_back(run, own: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.zip"
    code, out, err = run("runs", "export", "luong-2", file)
    assert (code, err) == (0, "")
    assert out.startswith(f"{file}: 0.4 MB. Bring it in elsewhere with")
    assert run("runs", "import", file)[1] == "luong-3: Finished. Next: `attnviz explain luong-3 TEXT`.\n"
    write_status(own / "luong-3", RunStatus("queued", "Waiting"))
    assert_refused(run("runs", "export", "luong-3", tmp_path / "x.zip"), "waits in the queue")
    assert_refused(run("runs", "import", tmp_path / "own" / "luong-2" / "log.txt"), "no file of a run")
