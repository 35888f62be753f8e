"""The networks that the engine holds: how they are loaded, and which give way."""

from __future__ import annotations

import gc
import io
import math
import threading
import weakref
from collections.abc import Callable
from queue import Queue
from typing import Any

import pytest

from attnviz.engine import explainer_cache
from attnviz.engine.explainer_cache import ExplainerCache
from attnviz.engine.protocol import Explain
from attnviz.engine.request import Request
from attnviz.engine.server import Server
from attnviz.engine.wire import read_message
from attnviz.errors import CheckpointError, UnknownNameError
from attnviz.values.explanation import Explanation
from attnviz.values.prediction import SENTIMENT, Prediction

TIMEOUT = 60.0
NOT_A_NUMBER = Prediction(SENTIMENT, (math.nan, math.nan))


class Network:
    """An explainer of texts without words."""

    methods = ("attention",)

    def __init__(self, name: str) -> None:
        self.name = name

    def explain(self, text: str, method: str, target: int | None) -> Explanation:
        return Explanation(text, (), [], target or 0, Prediction(SENTIMENT, None), method, self.name)

    def warm_up(self, before_each: Callable[[], None]) -> None:
        pass


class Loader:
    """Loads what is asked for; a name that begins with 'slow' when it may."""

    def __init__(self) -> None:
        self.begun: Queue[str] = Queue()
        self.may_load = threading.Event()
        self.broken = False

    def __call__(self, name: str) -> Network:
        self.begun.put(name)
        if name.startswith("slow"):
            assert self.may_load.wait(TIMEOUT)
        if self.broken:
            raise CheckpointError("not today")
        return Network(name)


@pytest.fixture(autouse=True)
def _folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are their own folders and marks."""
    monkeypatch.setattr(explainer_cache, "find_folder", lambda name: name)
    monkeypatch.setattr(explainer_cache, "get_marks", lambda folder: folder)


@pytest.fixture
def loader() -> Loader:
    return Loader()


def test_two_visitors_who_ask_for_one_network_load_it_once(loader: Loader) -> None:
    cache = ExplainerCache(loader)
    one, two = cache.request("slow"), cache.request("slow")
    assert not one.done()
    loader.may_load.set()
    assert one.result(TIMEOUT) is two.result(TIMEOUT) is cache.request("slow").result(TIMEOUT)
    assert (loader.begun.get(), loader.begun.empty()) == ("slow", True)


def test_a_network_that_loads_keeps_no_other_waiting(loader: Loader) -> None:
    cache = ExplainerCache(loader)
    slow, other = cache.request("slow"), cache.request("slow too")
    assert cache.request("quick").result(TIMEOUT).name == "quick"
    assert {loader.begun.get(timeout=TIMEOUT) for _ in range(3)} == {"slow", "slow too", "quick"}, "all have begun"
    assert not slow.done()
    loader.may_load.set()
    assert (slow.result(TIMEOUT).name, other.result(TIMEOUT).name) == ("slow", "slow too")


def test_a_load_that_fails_is_tried_again_when_the_network_is_asked_for_again(loader: Loader) -> None:
    cache = ExplainerCache(loader)
    loader.broken = True
    with pytest.raises(CheckpointError, match="not today"):
        cache.request("luong").result(TIMEOUT)
    loader.broken = False
    assert cache.request("luong").result(TIMEOUT).name == "luong"


def test_a_name_of_nothing_is_an_error_of_the_answer(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> str:
        raise UnknownNameError("checkpoint", name, ["luong"])

    monkeypatch.setattr(explainer_cache, "find_folder", fail)
    with pytest.raises(UnknownNameError, match="luong"):
        ExplainerCache(loader).request("nope").result(TIMEOUT)
    assert loader.begun.empty()


def test_the_network_that_nobody_asked_for_the_longest_gives_way(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explainer_cache, "KEPT", 2)
    cache = ExplainerCache(loader)
    first, second = (cache.request(name).result(TIMEOUT) for name in ("first", "second"))
    cache.request("first").result(TIMEOUT)
    third = cache.request("third").result(TIMEOUT)
    assert [cache.holds(network) for network in (first, second, third)] == [True, False, True]
    forgotten = weakref.ref(second)
    del second
    gc.collect()
    assert forgotten() is None


def test_beyond_the_budget_only_the_network_that_was_asked_for_last_stays(loader: Loader) -> None:
    cache = ExplainerCache(loader)
    networks = [cache.request(name).result(TIMEOUT) for name in ("first", "second", "third")]
    cache.shed()
    assert [cache.holds(network) for network in networks] == [False, False, True]
    cache.shed()
    assert cache.holds(networks[2])


class Answers(io.BytesIO):
    """A stream that hands out each line that was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Queue[bytes] = Queue()

    def write(self, line: Any) -> int:
        self.lines.put(bytes(line))
        return len(line)

    def next(self) -> dict[str, Any]:
        message = read_message(io.BytesIO(self.lines.get(timeout=TIMEOUT)))
        assert message is not None
        return message


def test_a_typed_text_of_a_loaded_network_does_not_wait_for_the_load_of_another(loader: Loader) -> None:
    answers = Answers()
    server = Server(answers)
    server._explainers = ExplainerCache(loader)
    server._loaded.set()
    for id, network, editor in ((1, "slow", "a"), (2, "quick", "b"), (3, "slow", "c"), (4, "slow", "a")):
        server._receive(Request(id, Explain(network, f"text {id}", "attention"), editor).to_message())
    found = [answers.next(), answers.next()]
    assert {answer["id"]: answer.get("error", {}).get("type") for answer in found} == {1: "Superseded", 2: None}
    loader.may_load.set()
    found = [answers.next(), answers.next()]
    assert [(answer["id"], answer["result"]["text"]) for answer in found] == [(4, "text 4"), (3, "text 3")]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"id": 1, "ask": "Fly", "args": {}}, "UnknownNameError"),
        ({"id": 1, "ask": "Explain", "args": {"model": "luong"}}, "SettingError"),
        ({"id": 1, "ask": "TrainTask", "args": {"settings": {"epochs": 0}}}, "SettingError"),
        ({"id": 1}, "SettingError"),
    ],
)
def test_a_request_that_cannot_be_read_is_answered(message: dict[str, Any], error: str) -> None:
    answers = Answers()
    Server(answers)._receive(message)
    answer = answers.next()
    assert (answer["id"], answer["error"]["type"]) == (1, error)


def test_a_result_that_is_no_json_is_an_error_and_the_next_one_is_answered(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers()
    server = Server(answers)
    server._explainers = ExplainerCache(loader)
    server._loaded.set()
    with monkeypatch.context() as patch:
        patch.setattr(Network, "explain", lambda *_: Explanation("", (), [], 0, NOT_A_NUMBER, "attention", "luong"))
        server._receive(Request(1, Explain("luong", "", "attention")).to_message())
        answer = answers.next()
        assert (answer["id"], answer["error"]["type"]) == (1, "EngineError")
    server._receive(Request(2, Explain("luong", "", "attention")).to_message())
    assert set(answers.next()) == {"id", "result"}
