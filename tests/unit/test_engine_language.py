"""An answer's words come in the language of whoever asks, however the question travels."""

from __future__ import annotations

import io
import sys
from concurrent.futures import Future
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from attnviz.engine import explainer_cache
from attnviz.engine.client import Engine
from attnviz.engine.explainer_cache import ExplainerCache
from attnviz.engine.protocol import DescribeLayers, Explain
from attnviz.engine.request import Request, read_request
from attnviz.engine.server import Server
from attnviz.engine.wire import read_message
from attnviz.errors import SettingError, UnknownNameError
from attnviz.foreign import door_process
from attnviz.languages import LANGUAGES, get_language, tr, using_language

TIMEOUT = 60.0
SAID = {"en": "Reviews", "ru": "Отзывы", "zh": "影评"}


def refuse() -> None:
    raise SettingError(tr("Reviews"))


class Network:
    """An explainer that explains nothing."""

    methods = ("attention",)

    def explain(self, text: str, method: str, target: int | None) -> None:
        refuse()


class Answers(io.BytesIO):
    """A stream that hands out each line that was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Queue[bytes] = Queue()

    def write(self, line: Any) -> int:
        self.lines.put(bytes(line))
        return len(line)

    def next(self) -> Any:
        return read_message(io.BytesIO(self.lines.get(timeout=TIMEOUT)))


def load(name: str) -> Network:
    if name == "damaged":
        refuse()
    return Network()


@pytest.mark.parametrize("network", ["damaged", "luong"])
def test_the_engine_answers_everybody_in_his_language(network: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explainer_cache, "find_folder", lambda name: name)
    monkeypatch.setattr(explainer_cache, "get_marks", lambda folder: folder)
    answers = Answers()
    server = Server(answers)
    server._explainers = ExplainerCache(load)  # type: ignore[arg-type]
    server._loaded.set()
    for id, language in enumerate([*LANGUAGES, *LANGUAGES]):
        with using_language(language):
            message = Request(id, Explain(network, "", "attention")).to_message()
        server._receive(message)
        assert answers.next() == {"id": id, "error": {"type": "SettingError", "message": SAID[language]}}


def test_a_request_without_a_language_is_answered_in_english_and_one_of_no_catalogue_is_refused() -> None:
    message = Request(1, Explain("luong", "", "attention"), None, "ru").to_message()
    assert read_request(message).language == "ru"
    del message["language"]
    assert read_request(message).language == "en"
    with pytest.raises(UnknownNameError, match="Valid names: en, zh, ru"):
        read_request({**message, "language": "../ru"})


ECHO = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    error = {"type": "SettingError", "message": asked["language"]}
    print(json.dumps({"id": asked["id"], "error": error}), flush=True)
"""


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    engine = Engine((sys.executable, "-c", ECHO))
    yield engine
    engine.close()


def test_a_thread_asks_in_its_language(echo: Engine) -> None:
    for language in LANGUAGES:
        with using_language(language), pytest.raises(SettingError, match=language):
            echo.ask(DescribeLayers("luong"))


def test_what_waits_for_an_answer_goes_on_in_the_language_of_the_question(echo: Engine) -> None:
    heard: Future[str] = Future()
    with using_language("ru"):
        answer = echo.send(DescribeLayers("luong"))
        answer.add_done_callback(lambda _: heard.set_result(get_language()))
    assert heard.result(TIMEOUT) == "ru"


def test_a_door_speaks_the_language_of_who_knocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = list[tuple[str, ...]]()
    monkeypatch.setattr(door_process, "_run", lambda command, *_: commands.append(command) or {})
    with using_language("zh"):
        door_process.ask_apart("attnviz.foreign", tmp_path / "model.h5", 1.0, "broken")
    assert commands[0][-1] == "zh"
