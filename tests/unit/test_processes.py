"""The processes that attnviz starts, or becomes."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from attnviz.data.imdb import is_parsed
from attnviz.processes import child_environment, module_command

PATIENCE = 60.0


def test_the_reviews_are_read_by_a_process_of_its_own(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    assert not is_parsed(archive)
    result = subprocess.run(module_command("attnviz.data"), env=child_environment(), capture_output=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert is_parsed(archive)


def test_reviews_that_cannot_be_read_are_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_IMDB", str(tmp_path / "absent"))
    result = subprocess.run(module_command("attnviz.data"), env=child_environment(), capture_output=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith(b"ATTNVIZ_IMDB names")
    assert result.stderr.count(b"\n") == 1


@pytest.fixture
def server(library: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`attnviz app` on a free port, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ("--server.headless", "true", "--server.port", str(port), "--server.address", "127.0.0.1")
    command = module_command("attnviz", "app", *options)
    with subprocess.Popen(command, env=child_environment(), stdout=subprocess.DEVNULL) as process:
        while not _answers(port):
            assert process.poll() is None, "the app ended before it served a page"
        yield process, port
        process.kill()


def _answers(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
        return True
    return False


def _visit(port: int) -> None:
    """Ask for the first page, until it is there."""
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as visitor:
        visitor.send(BackMsg(rerun_script={}).SerializeToString())
        kind = None
        while kind != "script_finished":
            kind = ForwardMsg.FromString(visitor.recv(PATIENCE)).WhichOneof("type")


def _children(pid: int) -> dict[int, str]:
    """The command lines of the processes that a process started, by their id."""
    found = [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]
    return {child: Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in found}


def _wait_for_engine(app: subprocess.Popen[bytes]) -> int:
    """The app starts it beside the first page, which may be there earlier."""
    while app.poll() is None:
        if found := [pid for pid, line in _children(app.pid).items() if "attnviz.engine" in line]:
            (engine,) = found
            return engine
    raise AssertionError("the app ended before it started an engine")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_app_and_its_engine(
    server: tuple[subprocess.Popen[bytes], int], number: signal.Signals
) -> None:
    process, port = server
    assert b"streamlit" in Path(f"/proc/{process.pid}/cmdline").read_bytes(), "the command has become the server"
    _visit(port)
    engine = _wait_for_engine(process)
    engine_handle = os.pidfd_open(engine)
    try:
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
        assert select.select([engine_handle], [], [], PATIENCE)[0], "the engine has ended"
    finally:
        os.close(engine_handle)


def test_the_exit_code_of_the_app_is_that_of_the_server() -> None:
    command = module_command("attnviz", "app", "--server.port", "no port")
    assert subprocess.run(command, env=child_environment(), capture_output=True, check=False).returncode == 2


def test_our_own_processes_load_keras_without_what_only_others_hand_to_it() -> None:
    code = (
        "import sys, attnviz.engine.server, attnviz.training.process; found = set(sys.modules)\n"
        "import pandas; print(sorted(found & {'keras', 'tensorflow', 'pandas', 'scipy', 'sklearn', 'matplotlib'}))"
    )
    done = subprocess.run((sys.executable, "-c", code), env=child_environment(), capture_output=True, check=True)
    assert done.stdout.decode().strip() == "['keras', 'tensorflow']"
