"""The engine process: its answers, its end, and what waits in its lanes."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attnviz
from attnviz.engine import server
from attnviz.engine.client import RESTARTS, Engine
from attnviz.engine.server import Lane
from attnviz.engine.wire import read_message, write_message
from attnviz.errors import EngineError, SettingError, UnknownNameError
from attnviz.processes import child_environment, module_command
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Faithfulness

TEXTS = ["A great film, really!", "", "dull <br /> and 😀 boring\x00", "great " * 600, "\ud800 film"]
TIMEOUT = 120.0


@pytest.fixture(scope="module")
def engine(tiny_library: Path, cache: Path) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(tiny_library))
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        engine = Engine()
        assert engine.wait_until_ready(TIMEOUT)
        yield engine
        engine.close()


def test_the_engine_is_ready_in_a_process_of_its_own(engine: Engine) -> None:
    assert engine.state == "ready"
    assert engine.pid not in (None, os.getpid())


@pytest.mark.parametrize(
    ("model", "method"),
    [("luong", "attention"), ("luong", "integrated_gradients"), ("luong", "occlusion"), ("bilstm", "gradient")],
)
def test_answers_equal_those_of_an_explainer_in_this_process(engine: Engine, library: Path, model, method) -> None:
    explainer = attnviz.load(model)
    for text in TEXTS:
        theirs, ours = engine.explain(model, text, method), explainer.explain(text, method)
        assert (theirs.text, theirs.tokens, theirs.truncated) == (ours.text, ours.tokens, ours.truncated)
        if (
            method != "integrated_gradients" or len(ours.tokens) < 100
        ):  # over 600 words the untrained network is chaotic
            np.testing.assert_allclose(theirs.scores, ours.scores, atol=1e-5)
        assert theirs.probability == (None if ours.probability is None else pytest.approx(ours.probability, abs=1e-6))


def test_many_reviews_get_the_answers_of_one_by_one(engine: Engine) -> None:
    found = engine.ask("predict_reviews", model="luong", texts=TEXTS)
    explained = engine.ask("explain_reviews", model="luong", texts=TEXTS, method="attention")
    alone = [engine.explain("luong", text, "attention") for text in TEXTS]
    for probability, many, one in zip(found, explained, alone, strict=True):
        expected = None if one.probability is None else pytest.approx(one.probability, abs=1e-5)
        assert (probability, many["probability"]) == (expected, expected)
        assert Explanation.from_dict(many).tokens == one.tokens
        np.testing.assert_allclose(Explanation.from_dict(many).scores, one.scores, atol=1e-5)


def test_many_reviews_wait_for_somebody_who_types_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(server.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(server.time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    operations = server._Operations()
    operations._wait_for_quiet(0.5, at_most=2.0)
    assert clock[0] == pytest.approx(100.5), "the last text was typed at 100"
    operations._asked = 1000.0
    operations._wait_for_quiet(0.5, at_most=2.0)
    assert clock[0] == pytest.approx(102.5), "typing that never rests holds it up for two seconds"


def test_a_measurement_equals_one_in_this_process(engine: Engine, library: Path) -> None:
    ours = attnviz.load("luong").measure_faithfulness(TEXTS[0], "gradient")
    theirs = Faithfulness.from_dict(engine.ask("measure", model="luong", text=TEXTS[0], method="gradient"))
    assert theirs.comprehensiveness == pytest.approx(ours.comprehensiveness, abs=1e-5)
    assert theirs.agreement["occlusion"] == pytest.approx(ours.agreement["occlusion"], abs=1e-5)


def test_a_lab_run_in_the_engine_equals_one_in_this_process(engine: Engine) -> None:
    settings = {"task": "decoy", "attention_column": 2, "n": 500, "epochs": 3, "seed": 4, "temperature": 2.0}
    answer, inside = engine.ask("train_task", **settings), engine.ask("inspect_task", sample=1, **settings)
    run = attnviz.train_task(**settings)
    np.testing.assert_allclose(answer["attention"], run.attention, atol=1e-5)
    np.testing.assert_allclose(answer["watched"], run.watched, atol=1e-5)
    np.testing.assert_allclose(answer["history"]["val_loss"], run.history["val_loss"], atol=1e-5)
    assert (answer["score"], answer["chance"]) == pytest.approx((run.score, run.chance))
    np.testing.assert_allclose(answer["cost"], run.permutation_importance, atol=1e-5)
    assert inside["x"] == answer["samples"]["x"][1]
    np.testing.assert_allclose(inside["activations"]["attention_weights"], answer["watched"][-1][1], atol=1e-5)
    assert sum(layer["parameters"] for layer in inside["layers"]) == 369


def test_20_seeds_are_trained_at_once(engine: Engine) -> None:
    answer = engine.ask("repeat_task", task="column", n=500, epochs=2)
    assert np.array(answer["attention"]).shape == (20, 4)
    assert len(answer["scores"]) == len(answer["accuracies"]) == 20


def test_the_layer_table_is_that_of_the_network(engine: Engine, library: Path) -> None:
    layers = engine.ask("layers", model="luong")
    model = attnviz.load("luong").model
    assert [layer["name"] for layer in layers] == [layer.name for layer in model.layers]
    assert sum(layer["parameters"] for layer in layers) == model.count_params()
    assert next(layer for layer in layers if layer["name"] == "hidden_states")["output"] == [None, None, 100]


@pytest.mark.parametrize(
    ("op", "arguments", "kind", "message"),
    [
        ("explain", {"model": "nope", "text": "", "method": "attention"}, UnknownNameError, "'nope'.*luong"),
        ("explain", {"model": "bilstm", "text": "", "method": "attention"}, UnknownNameError, "names: gradient"),
        ("explain", {"model": "column", "text": "", "method": "attention"}, SettingError, "columns of numbers"),
        ("explain", {"model": "luong", "text": 3, "method": "attention"}, SettingError, "must be a str, got int"),
        ("explain", {"model": "luong"}, EngineError, "TypeError.*missing"),
        ("train_task", {"epochs": 0}, SettingError, "epochs must lie between 1 and 200"),
        ("fly", {}, UnknownNameError, "'fly'.*explain, measure, .*train_task, repeat_task, inspect_task, layers"),
    ],
)
def test_errors_come_back_with_their_type_and_message(
    engine: Engine, op: str, arguments: dict[str, Any], kind: type, message: str
) -> None:
    with pytest.raises(EngineError if kind is EngineError else kind, match=message) as caught:
        engine.ask(op, **arguments)
    assert type(caught.value) is kind
    assert engine.state == "ready"


def test_what_is_no_plain_data_is_refused_and_the_engine_goes_on(engine: Engine) -> None:
    with pytest.raises(ValueError, match="JSON"):
        engine.ask("train_task", seed=float("nan"))
    assert engine.explain("luong", "great", "attention").probability is not None
    assert engine._pending == {}


def test_requests_of_many_threads_get_their_own_answers(engine: Engine) -> None:
    texts = [f"great {'dull ' * (index % 6)}film {index}" for index in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: engine.explain("luong", text, "attention"), texts))
    assert [answer.text for answer in answers] == texts


def test_the_next_request_after_a_kill_is_answered_by_a_new_process(engine: Engine) -> None:
    killed = engine.pid
    os.kill(killed, signal.SIGKILL)
    assert engine.explain("luong", "great film", "attention").probability is not None
    assert engine.pid != killed
    assert engine.state == "ready"


def test_an_answer_that_does_not_come_in_time_is_an_error(engine: Engine) -> None:
    with pytest.raises(EngineError, match="did not answer within 0 s"):
        engine.ask("train_task", timeout=0.0, n=50_000, epochs=200)
    assert engine.explain("luong", "great", "attention").probability is not None


def fail_until_down(engine: Engine) -> str:
    """Ask until the engine stays down; what it says then."""
    for _ in range(RESTARTS + 2):
        with suppress(EngineError):
            engine.ask("layers", model="luong", timeout=TIMEOUT)
    assert engine.state == "down"
    assert engine.pid is None
    with pytest.raises(EngineError) as caught:
        engine.ask("layers", model="luong")
    return str(caught.value)


@pytest.fixture
def own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))


CURABLE = """
import json, os, sys
if not os.path.exists(sys.argv[1]):
    sys.exit("no room for TensorFlow")
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "result": "room again"}), flush=True)
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
    assert engine.ask("layers", model="luong") == "room again"
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
        write_message(process.stdin, {"id": 1, "op": "fly", "args": {}})
        messages = [read_message(process.stdout), read_message(process.stdout)]
        process.stdin.close()
        assert process.wait(TIMEOUT) == 0
    assert {"event": "ready"} in messages
    assert any("error" in message for message in messages)


class Stub:
    """Operations that answer with their arguments, or fail."""

    def run(self, op: Any, args: Any) -> Any:
        if op == "fail":
            raise SettingError("as asked")
        return args


@pytest.fixture
def lane() -> tuple[Lane, threading.Event, queue.Queue]:
    """A lane that starts to work when the event is set, and the answers it gave."""
    loaded, answers = threading.Event(), queue.Queue()
    return Lane("test", Stub(), loaded, answers.put), loaded, answers


def request(id: int, editor: str | None = None, op: str = "echo") -> dict[str, Any]:
    return {"id": id, "op": op, "args": {"n": id}, "editor": editor}


def collect(answers: queue.Queue, count: int) -> list[dict[str, Any]]:
    return [answers.get(timeout=TIMEOUT) for _ in range(count)]


def test_a_newer_request_of_the_same_editor_takes_the_place_of_one_that_waits(lane) -> None:
    lane, loaded, answers = lane
    for message in (request(1, "a"), request(2, "b"), request(3, "a"), request(4, "a")):
        lane.put(message)
    superseded = collect(answers, 2)
    assert [(answer["id"], answer["error"]["type"]) for answer in superseded] == [(1, "Superseded"), (3, "Superseded")]
    loaded.set()
    assert collect(answers, 2) == [{"id": 4, "result": {"n": 4}}, {"id": 2, "result": {"n": 2}}]
    assert answers.empty()


def test_requests_without_an_editor_are_all_answered_in_order(lane) -> None:
    lane, loaded, answers = lane
    for id in range(5):
        lane.put(request(id))
    loaded.set()
    assert [answer["id"] for answer in collect(answers, 5)] == list(range(5))


def test_a_result_that_is_no_json_does_not_end_the_lane() -> None:
    loaded, answers = threading.Event(), queue.Queue()

    def answer(message: dict[str, Any]) -> None:
        answers.put(json.loads(json.dumps(message, allow_nan=False)))

    lane = Lane("test", Stub(), loaded, answer)
    loaded.set()
    lane.put({**request(1), "args": {"n": float("nan")}})
    lane.put(request(2))
    assert [set(found) for found in collect(answers, 2)] == [{"id", "error"}, {"id", "result"}]


def test_a_request_that_fails_does_not_end_the_lane(lane) -> None:
    lane, loaded, answers = lane
    loaded.set()
    lane.put(request(1, op="fail"))
    lane.put(request(2))
    assert collect(answers, 2) == [
        {"id": 1, "error": {"type": "SettingError", "message": "as asked"}},
        {"id": 2, "result": {"n": 2}},
    ]


class Network:
    """An explainer that counts how often it was warmed up."""

    methods = ("attention",)

    def __init__(self) -> None:
        self.warmed = 0

    def warm_up(self, before_each: Any) -> None:
        self.warmed += 1


def test_a_network_that_gave_way_to_others_is_neither_held_nor_warmed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_LOADED_MODELS", 1)
    for name in ("find_folder", "get_marks", "find_checkpoint"):
        monkeypatch.setattr(server, name, lambda given: given)
    monkeypatch.setattr("attnviz.runs.loading.load_explainer", lambda checkpoint: Network())
    operations = server._Operations()
    forgotten = weakref.ref(operations._explainer("first"))
    held, kept = operations._explainer("second"), operations._explainer("third")
    assert forgotten() is None
    for _ in range(3):
        operations.warm_up_next()
    assert (held.warmed, kept.warmed) == (0, 1)
