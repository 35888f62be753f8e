"""What a process takes away from itself before it opens a stranger's file, seen from inside such a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from attnviz.foreign import confinement, landlock
from attnviz.processes import child_environment

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forbids a process files")
LANDLOCK = pytest.mark.skipif(landlock.get_version() == 0, reason="this system has no Landlock")

PROGRAM = """
import json, os, socket, sys
from pathlib import Path
from attnviz.foreign.confinement import end_loading, get_memory, limit_loading, shut_doors

folder, scratch, secret = map(Path, sys.argv[1:])
server = socket.create_server(("127.0.0.1", 0))
notes = shut_doors(folder, scratch)

def possible(do, *arguments):
    try:
        do(*arguments)
    except (OSError, MemoryError):
        return False
    return True

found = {
    "read the model": possible((folder / "model.keras").read_bytes),
    "write into the scratch folder": possible((scratch / "a").write_bytes, b"x"),
    "read another file": possible(secret.read_bytes),
    "list another folder": possible(os.listdir, secret.parent),
    "list the home folder": possible(os.listdir, Path.home()),
    "change the model": possible((folder / "model.keras").write_bytes, b"x"),
    "write beside": possible((secret.parent / "b").write_bytes, b"x"),
    "read the parent's variables": possible(Path(f"/proc/{os.getppid()}/environ").read_bytes),
    "connect": possible(socket.create_connection, server.getsockname(), 1),
    "signal the parent": possible(os.kill, os.getppid(), 0),
}
import numpy, h5py, msgspec  # what is imported later is still found
notes += limit_loading()
found["take too much memory"] = possible(bytearray, 2 * get_memory())
found["write a large file"] = possible(lambda: os.truncate(scratch / "a", 10**10))
end_loading()
print(json.dumps([notes, found]))
"""


@pytest.fixture
def inside(tmp_path: Path) -> tuple[list[str], dict[str, bool]]:
    folder, scratch, secret = tmp_path / "model", tmp_path / "scratch", tmp_path / "elsewhere" / "secret"
    for path in (folder, scratch, secret.parent):
        path.mkdir()
    (folder / "model.keras").write_bytes(b"model")
    secret.write_text("secret")
    command = [sys.executable, "-c", PROGRAM, str(folder), str(scratch), str(secret)]
    done = subprocess.run(command, env=child_environment(), cwd=scratch, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    notes, found = json.loads(done.stdout)
    return notes, found


@LINUX
def test_what_the_system_cannot_forbid_is_said(inside: tuple[list[str], dict[str, bool]]) -> None:
    notes, found = inside
    assert found["read the model"]
    assert found["write into the scratch folder"]
    files = any("other files" in note for note in notes)
    assert found["read another file"] == found["write beside"] == files
    assert found["connect"] <= (files or any("network" in note for note in notes))
    assert not found["take too much memory"]
    assert not found["write a large file"]
    assert all(note.endswith(".") for note in notes)


@LINUX
@LANDLOCK
def test_landlock_leaves_the_model_and_the_scratch_folder(inside: tuple[list[str], dict[str, bool]]) -> None:
    notes, found = inside
    assert not any("other files" in note for note in notes)
    assert {name for name, possible in found.items() if possible} - {"signal the parent"} == {
        "read the model",
        "write into the scratch folder",
    }
    assert found["signal the parent"] == (landlock.get_version() < 6)


@pytest.mark.parametrize("refuse", ["get_version", "restrict", "forbid_new_privileges"])
def test_every_limit_that_fails_is_a_note(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refuse: str) -> None:
    monkeypatch.setattr(landlock, "get_version", lambda: 3)
    monkeypatch.setattr(landlock, "restrict", lambda rules, version: True)
    monkeypatch.setattr(landlock, "forbid_new_privileges", lambda: True)
    monkeypatch.setattr(confinement, "_leave_network", lambda: True)
    assert confinement.shut_doors(tmp_path, tmp_path) == ()
    monkeypatch.setattr(landlock, refuse, lambda *arguments: 0)
    (note,) = confinement.shut_doors(tmp_path, tmp_path)
    assert note.startswith("This system cannot forbid the model's process")


def test_a_network_that_cannot_be_left_is_a_note(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(landlock, "get_version", lambda: 0)
    monkeypatch.setattr(landlock, "forbid_new_privileges", lambda: True)
    monkeypatch.setattr(confinement, "_leave_network", lambda: False)
    assert [note.split()[-1] for note in confinement.shut_doors(tmp_path, tmp_path)] == ["files.", "network."]


def test_rules_allow_the_scratch_folder_alone_to_be_written(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "model", tmp_path / "scratch"
    rules = list(confinement._list_rules(folder, scratch))
    writable = {path for path, allowed in rules if allowed == landlock.READ_AND_WRITE}
    assert writable == {scratch, Path("/dev/null")}
    assert (folder.resolve(), landlock.READ) in rules
    readable = {path for path, allowed in rules if allowed == landlock.READ}
    assert not {Path("/"), Path("/etc"), Path("/proc"), Path.home()} & readable
