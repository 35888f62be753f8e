"""Files of models that are refused at the door, and honest ones that pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from attnviz.errors import ModelFileError
from attnviz.foreign import door_process
from attnviz.foreign import model_door as door
from attnviz.foreign.archive_door import MAX_MEMBERS
from attnviz.foreign.limits import check_size
from attnviz.foreign.model_door import check_at_door
from attnviz.foreign.model_file import check_model_file
from attnviz.foreign.vocabulary_file import check_vocabulary_file
from attnviz.foreign.weights_file import check_archived_weights, check_weights_file
from attnviz.processes import child_environment
from tests.hostile_models import HONEST, HOSTILE, link_out, store_outside
from tests.made_models import build_config, build_weights, spoil_weights, write_archive, write_legacy


def make(folder: Path, name: str) -> Path:
    ending, write, _ = HOSTILE[name]
    return write(folder / f"model{ending}")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_one_sentence(tmp_path: Path, name: str) -> None:
    path = make(tmp_path, name)
    with pytest.raises(ModelFileError, match=HOSTILE[name][2]) as caught:
        check_model_file(path)
    message = str(caught.value)
    assert len(message) < 300
    assert message.endswith(".")
    assert message.isprintable()
    assert str(tmp_path) not in message
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_passes(tmp_path: Path, name: str) -> None:
    ending, write = HONEST[name]
    path = write(tmp_path / f"model{ending}")
    report = check_model_file(path)
    assert report.keras_version == "3.15.1"
    assert report.classes == ("Dense", "Embedding", "GlobalAveragePooling1D", "InputLayer", "Sequential")
    assert report.parameters == 6 * 4 + 1
    assert report.bytes == path.stat().st_size


def test_the_door_needs_no_keras(tmp_path: Path) -> None:
    """All files in one fresh process, which is as it was afterwards: no Keras, nothing written, nothing in its way."""
    for number, name in enumerate(HOSTILE):
        (folder := tmp_path / str(number)).mkdir()
        make(folder, name)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    code = """
import json, sys
from pathlib import Path
from attnviz.errors import ModelFileError
from attnviz.foreign.model_file import check_model_file
refused = 0
for path in Path(sys.argv[1]).glob("*/model.*"):
    try:
        check_model_file(path)
    except ModelFileError:
        refused += 1
loaded = sorted({"keras", "tensorflow", "torch", "evil"} & set(sys.modules))
print(json.dumps([refused, loaded, sys.getrecursionlimit()]))
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [len(HOSTILE), [], 1000]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_folder_a_link_and_what_is_not_there_are_refused(tmp_path: Path) -> None:
    folder, link = tmp_path / "folder.keras", tmp_path / "link.keras"
    folder.mkdir()
    link.symlink_to(write_archive(tmp_path / "model.keras"))
    for path in (folder, link):
        with pytest.raises(ModelFileError, match="no file"):
            check_model_file(path)
    with pytest.raises(ModelFileError, match="cannot be read"):
        check_model_file(tmp_path / "absent.keras")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.keras")
    with pytest.raises(ModelFileError, match="no file"):
        check_model_file(tmp_path / "pipe.keras")


def test_another_ending_is_refused(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "model.keras").rename(tmp_path / "model.pkl")
    with pytest.raises(ModelFileError, match="ends in"):
        check_model_file(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"12345")
    assert check_size(path, 5) == 5
    with pytest.raises(ModelFileError, match="1 to 4 are possible"):
        check_size(path, 4)


def test_an_archive_has_so_many_members_at_most(tmp_path: Path) -> None:
    more = [(f"assets/{number}", b"x") for number in range(MAX_MEMBERS - 3)]
    check_model_file(write_archive(tmp_path / "model.keras", more=more))
    with pytest.raises(ModelFileError, match="too many members"):
        check_model_file(write_archive(tmp_path / "model.keras", more=[*more, ("assets/last", b"x")]))


@pytest.mark.parametrize("spoil", [link_out, store_outside])
def test_weights_in_an_archive_may_not_point_elsewhere(tmp_path: Path, spoil) -> None:
    path = write_archive(tmp_path / "model.keras", weights=spoil_weights(spoil))
    with pytest.raises(ModelFileError, match="another file"):
        check_archived_weights(path, tmp_path)
    assert list(tmp_path.iterdir()) == [path]


def test_the_bytes_of_weights_are_counted(tmp_path: Path) -> None:
    (tmp_path / "weights.h5").write_bytes(build_weights())
    assert check_weights_file(tmp_path / "weights.h5") == 4 * (6 * 4 + 4 + 1)


def test_what_the_model_was_compiled_with_is_not_looked_at(tmp_path: Path) -> None:
    """Keras does not build it either when it loads a model for use."""
    config = {**build_config(), "compile_config": {"loss": {"class_name": "MyLoss", "module": "mine", "config": {}}}}
    check_model_file(write_archive(tmp_path / "model.keras", config))
    check_model_file(write_legacy(tmp_path / "model.h5", config))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("words.txt", b"good\n\xff\xfe\n", "UTF-8"),
        ("words.txt", b"good\0bad\n", "one a line"),
        ("words.txt", b"x" * 5_000, "one a line"),
        ("words.json", b"[" * 1_000, "nested too deep"),
        ("words.json", b"{", "no JSON"),
        ("words.json", b"", "0 bytes"),
    ],
)
def test_a_file_of_words_is_checked(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ModelFileError, match=message):
        check_vocabulary_file(tmp_path / name)


def test_honest_files_of_words_pass(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("<pad>\n[UNK]\ngut\nüble\n不错\n", encoding="utf-8")
    (tmp_path / "words.json").write_text(json.dumps({"the": 1, 'quo"te\\': 2}), encoding="utf-8")
    check_vocabulary_file(tmp_path / "words.txt")
    check_vocabulary_file(tmp_path / "words.json")


def test_hdf5_is_read_in_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_legacy(tmp_path / "model.h5", build_config())
    assert check_at_door(path) == check_model_file(path)
    monkeypatch.setattr(door, "check_model_file", lambda path: pytest.fail("it was read here"))
    assert check_at_door(path).parameters == 25
    with pytest.raises(ModelFileError, match="another file"):
        check_at_door(make(tmp_path, "a link to another file"))


@pytest.mark.parametrize("program", ["import os; os.abort()", "print('no JSON')", "pass"])
def test_a_file_that_brings_its_reader_down_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(door_process, "module_command", lambda *arguments: (sys.executable, "-c", program))
    with pytest.raises(ModelFileError, match="damaged"):
        check_at_door(write_legacy(tmp_path / "model.h5", build_config()))
