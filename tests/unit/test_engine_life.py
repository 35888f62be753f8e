"""The engine process: its start, its deaths and its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from attnviz.engine.client import RESTARTS, Engine
from attnviz.engine.protocol import DescribeLayers, Explain, TrainTask
from attnviz.engine.wire import read_message, write_message
from attnviz.errors import EngineError
from attnviz.lab.tasks import TaskSettings
from attnviz.processes import child_environment, module_command
from attnviz.values.layer_row import LayerRow
from tests.unit.conftest import TIMEOUT


def test_the_engine_is_ready_in_a_process_of_its_own(engine: Engine) -> None:
    assert engine.state == "ready"
    assert engine.pid not in (None, os.getpid())


def test_the_next_request_after_a_kill_is_answered_by_a_new_process(engine: Engine) -> None:
    killed = engine.pid
    os.kill(killed, signal.SIGKILL)
    assert engine.ask(Explain("luong", "great film", "attention")).probability is not None
    assert engine.pid != killed
    assert engine.state == "ready"


def test_an_answer_that_does_not_come_in_time_is_an_error(engine: Engine) -> None:
    with pytest.raises(EngineError, match="did not answer within 0 s"):
        engine.ask(TrainTask(TaskSettings(n=50_000, epochs=200)), timeout=0.0)
    assert engine.ask(Explain("luong", "great", "attention")).probability is not None


def fail_until_down(engine: Engine) -> str:
    """Ask until the engine stays down; what it says then."""
    for _ in range(RESTARTS + 2):
        with suppress(EngineError):
            engine.ask(DescribeLayers("luong"), timeout=TIMEOUT)
    assert engine.state == "down"
    assert engine.pid is None
    with pytest.raises(EngineError) as caught:
        engine.ask(DescribeLayers("luong"))
    return str(caught.value)


@pytest.fixture
def own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))


CURABLE = """
import json, os, sys
if not os.path.exists(sys.argv[1]):
    sys.exit("no room for TensorFlow")
row = {"name": "room", "kind": "again", "output": [], "parameters": 0}
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "result": [row]}), flush=True)
"""


@pytest.mark.usefixtures("own_log")
def test_an_engine_that_always_dies_stays_down_and_says_why_until_it_is_restarted(tmp_path: Path) -> None:
    engine = Engine((sys.executable, "-c", CURABLE, str(tmp_path / "room")))
    message = "The engine does not start. Its last words: no room for TensorFlow"
    assert fail_until_down(engine) == message
    engine.restart()
    assert fail_until_down(engine) == message
    (tmp_path / "room").touch()
    engine.restart()
    assert engine.ask(DescribeLayers("luong")) == (LayerRow("room", "again", (), 0),)
    engine.close()
    assert engine.state == "down"


@pytest.mark.usefixtures("own_log")
def test_an_engine_without_tensorflow_goes_down_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "keras.py").write_text("raise ImportError('this Keras is broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
    engine = Engine()
    assert "ImportError: this Keras is broken" in fail_until_down(engine)
    engine.close()


@pytest.mark.usefixtures("own_log")
def test_the_process_ends_when_its_input_closes() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(module_command("attnviz.engine"), env=child_environment(), **pipes) as process:
        write_message(process.stdin, {"id": 1, "ask": "Fly", "args": {}})
        messages = [read_message(process.stdout), read_message(process.stdout)]
        process.stdin.close()
        assert process.wait(TIMEOUT) == 0
    assert {"event": "ready"} in messages
    assert any("error" in message for message in messages)


ODD = """
import json, sys
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "result": [["room"]]}), flush=True)
"""


@pytest.mark.usefixtures("own_log")
def test_an_answer_of_another_type_is_an_error_of_the_engine() -> None:
    engine = Engine((sys.executable, "-c", ODD))
    with pytest.raises(EngineError, match="no answer to DescribeLayers") as caught:
        engine.ask(DescribeLayers("luong"))
    assert type(caught.value) is EngineError
    engine.close()
