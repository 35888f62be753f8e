"""Which processes of brought models are alive, and how others are compared with them; no process is started here."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attnviz.engine.operations import Means, run
from attnviz.engine.own_explainers import MAX_ALIVE, OwnExplainers
from attnviz.engine.protocol import Compare, ExamineModel, Explain, Operation
from attnviz.engine.typing_pause import TypingPause
from attnviz.errors import CheckpointError, EngineError, SettingError
from attnviz.languages import get_language, using_language
from attnviz.runs.own_models import OwnModelSettings, keep_model, stage_model
from attnviz.values.explanation import Explanation
from attnviz.values.model_card import ModelCard
from attnviz.values.plain import to_plain
from attnviz.values.prediction import Prediction
from attnviz.values.tokens import Token
from tests.made_models import write_archive

CARD = ModelCard("made", "made", "", "yours", ("no", "yes"), None, ("occlusion",))


def explain(model: str, text: str, scores: tuple[float, ...] = (0.5, -0.25)) -> Explanation:
    tokens = [Token("good", 0, 4, 3, True), Token("film", 5, 9, 5, True)]
    prediction = Prediction(("no", "yes"), (0.25, 0.75))
    return Explanation(text, tokens, np.array(scores), 1, prediction, "occlusion", model)


class FakeProcess:
    """Stands in for `OwnProcess`: answers at once, and is busy or ended as the test says."""

    def __init__(self, folder: Path, settings: OwnModelSettings) -> None:
        self.folder, self.settings = folder, settings
        self.pid: int | None = 1
        self.busy, self.why, self.language = False, "", get_language()
        self.asked: list[Any] = []
        self.examined: Future[Any] = Future()
        self.examined.set_result(to_plain(replace(CARD, name=folder.name)))

    @property
    def is_stale(self) -> bool:
        return self.examined.exception() is not None and self.language != get_language()

    def send(self, operation: Operation[Any], editor: str | None = None, seconds: float = 1.0) -> Future[Any]:
        self.asked.append((operation, editor))
        answer: Future[Any] = Future()
        assert isinstance(operation, Explain)
        answer.set_result(to_plain(explain(operation.model, operation.text)))
        return answer

    def watch(self, now: float) -> bool:
        return self.pid is not None

    def close(self, why: str = "") -> None:
        self.pid, self.why = None, why


@pytest.fixture
def started() -> list[FakeProcess]:
    return []


@pytest.fixture
def own(started: list[FakeProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnExplainers:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))

    def start(folder: Path, settings: OwnModelSettings) -> Any:
        started.append(FakeProcess(folder, settings))
        return started[-1]

    return OwnExplainers(start)


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    return write_archive(tmp_path / "model.keras").read_bytes()


def keep(data: bytes, title: str) -> str:
    return keep_model(stage_model("model.keras", data), OwnModelSettings(title, pad="left"), CARD).name


def test_a_kept_model_is_read_as_its_record_says(own: OwnExplainers, started: list[FakeProcess], data: bytes) -> None:
    name = keep(data, "a")
    assert (own.holds(name), own.holds("luong"), own.holds("../a")) == (True, False, False)
    for _ in range(2):
        own.forward(Explain(name, "good film", "occlusion"), "editor").result(10)
    (process,) = started
    assert process.settings == OwnModelSettings("a", pad="left")
    assert process.folder.name == name
    assert [editor for _, editor in process.asked] == ["editor", "editor"]


def test_the_least_used_give_way_but_for_those_at_work(
    own: OwnExplainers, started: list[FakeProcess], data: bytes
) -> None:
    names = [keep(data, f"model {number}") for number in range(MAX_ALIVE + 2)]
    for name in names[:MAX_ALIVE]:
        own.forward(Explain(name, "good film", "occlusion"), None).result(10)
    started[0].busy = True
    own.forward(Explain(names[1], "good film", "occlusion"), None).result(10)  # is used again
    own.forward(Explain(names[MAX_ALIVE], "good film", "occlusion"), None).result(10)
    assert [process.pid for process in started] == [1, 1, None, 1]
    own.forward(Explain(names[2], "good film", "occlusion"), None).result(10)
    assert [process.pid for process in started] == [1, None, None, 1, 1]
    own.close()
    assert {process.pid for process in started} == {None}


def test_a_process_that_has_ended_is_started_again(own: OwnExplainers, started: list[FakeProcess], data: bytes) -> None:
    name = keep(data, "a")
    own.forward(Explain(name, "good film", "occlusion"), None).result(10)
    started[0].close()
    own.forward(Explain(name, "good film", "occlusion"), None).result(10)
    assert [process.pid for process in started] == [None, 1]


def test_a_staged_model_keeps_its_settings_while_it_waits(
    own: OwnExplainers, started: list[FakeProcess], data: bytes
) -> None:
    staged = stage_model("model.keras", data)
    with pytest.raises(SettingError, match="examined again"):
        own.forward(Explain(staged.name, "good film", "occlusion"), None).result(10)
    for pad in ("left", "right"):
        own.forward(ExamineModel(str(staged.folder), OwnModelSettings("a", pad=pad)), None).result(10)
    assert [(process.settings.pad, process.pid) for process in started] == [("left", None), ("right", 1)]
    started[-1].close()
    own.forward(Explain(staged.name, "good film", "occlusion"), None).result(10)
    assert started[-1].settings.pad == "right"


def test_a_damaged_model_answers_with_the_reason(own: OwnExplainers, started: list[FakeProcess], data: bytes) -> None:
    name = keep(data, "a")
    folder = stage_model("model.keras", data).folder.parent / name
    (folder / "model.keras").write_bytes(b"other")
    with pytest.raises(CheckpointError, match="Add the model again"):
        own.forward(Explain(name, "good film", "occlusion"), None).result(10)
    assert own.request(name).exception(10) is not None
    assert started == []


class Shipped:
    """Stands in for the explainer of a network of the table."""

    name, labels, methods = "shipped", ("no", "yes"), ("attention", "occlusion")

    def recall(self, text: str, method: str = "attention", target: int | None = None) -> Explanation:
        return explain("shipped", text, (0.25, 0.5))


def test_shipped_and_brought_models_are_compared(own: OwnExplainers, data: bytes) -> None:
    name = keep(data, "a")
    brought = own.request(name).result(10)
    means = Means([Shipped(), brought], TypingPause())  # type: ignore[list-item]
    found = run(Compare(("shipped", name), ("occlusion",), "good film"), means)
    assert [one.model for one in found.explanations] == ["shipped", name]
    np.testing.assert_array_equal(found.explanations[1].scores, [0.5, -0.25])


def test_a_brought_model_that_cannot_be_examined_is_no_explainer(
    own: OwnExplainers, started: list[FakeProcess], data: bytes
) -> None:
    name = keep(data, "a")
    own.forward(Explain(name, "good film", "occlusion"), None).result(10)
    started[0].examined = Future()
    started[0].examined.set_exception(EngineError("It has ended."))
    with pytest.raises(EngineError, match="has ended"):
        own.request(name).result(10)


def test_what_is_wrong_with_a_model_is_told_in_the_language_of_who_asks(
    own: OwnExplainers, started: list[FakeProcess], data: bytes
) -> None:
    name = keep(data, "a")
    for language in ("ru", "ru", "en"):
        with using_language(language):
            own.forward(Explain(name, "good film", "occlusion"), None).result(10)
        started[-1].examined = Future()
        started[-1].examined.set_exception(EngineError("It has ended."))
    assert [(process.language, process.pid) for process in started] == [("ru", None), ("en", 1)]
