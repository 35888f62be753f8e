"""The models that people brought, as the engine sees them: a process each, the last few of them alive."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from pathlib import Path
from typing import Any

from attnviz.engine.own_process import ASK_SECONDS, OwnProcess, read_answer
from attnviz.engine.protocol import EstimateCost, ExamineModel, Explain, Operation, Result
from attnviz.errors import AttnvizError, EngineError, SettingError
from attnviz.folders import library_folders
from attnviz.languages import mark, tr
from attnviz.render.numerals import format_count
from attnviz.runs.library import find_folder
from attnviz.runs.own_record import OwnModelSettings, is_own_folder, read_own_model
from attnviz.runs.own_sweep import STAGED
from attnviz.values.cost import Cost
from attnviz.values.explanation import Explanation
from attnviz.values.model_card import ModelCard
from attnviz.values.plain import from_plain

MAX_ALIVE = 3
"""How many processes there are at a time; one takes about 500 MB, and what its model takes."""
WATCH_SECONDS = 1.0

Start = Callable[[Path, OwnModelSettings], OwnProcess]


class OwnExplainers:
    """The last MAX_ALIVE models that were asked for; every method may be called from any thread.

    Args:
        start: starts the process of a model.
    """

    def __init__(self, start: Start = OwnProcess) -> None:
        self._start = start
        self._alive: OrderedDict[str, OwnProcess] = OrderedDict()
        self._staged: dict[str, OwnModelSettings] = {}
        self._lock = threading.Lock()
        self._watching = False
        self._turns = ThreadPoolExecutor(1, "own model")

    def holds(self, name: str) -> bool:
        """Whether the name is that of a model that somebody brought, staged or kept."""
        return _find_folder(name) is not None

    def forward(self, operation: Operation[Any], editor: str | None) -> Future[Any]:
        """The answer of the model's process to come, as plain data.

        Args:
            operation: `ExamineModel`, or an operation of this one model.
            editor: who asks.
        """
        if isinstance(operation, ExamineModel):
            return self._later(lambda: self._examine(operation))
        return self._later(lambda: self._get(operation.networks[0]).send(operation, editor))

    def request(self, name: str) -> Future[Any]:
        """A stand-in for the model's explainer to come, for what compares it with others."""
        return self._later(lambda: _build_stand_in(self._get(name)))

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            ended, self._alive = list(self._alive.values()), OrderedDict()
        for process in ended:
            process.close()

    def _later(self, begin: Callable[[], Future[Any]]) -> Future[Any]:
        """What `begin` will give: files are hashed and processes started in order, but not in the caller's thread."""
        answer: Future[Any] = Future()
        self._turns.submit(copy_context().run, _follow, begin, answer)  # with the language of who asks
        return answer

    def _examine(self, asked: ExamineModel) -> Future[Any]:
        folder = Path(asked.folder)
        if _find_folder(folder.name) != folder:
            raise SettingError(tr("This model is not there any more. Choose its file again."))
        with self._lock:
            old = self._alive.pop(folder.name, None)
            if folder.name.startswith(STAGED):
                self._staged[folder.name] = asked.own_settings
        if old is not None:
            old.close(mark("It is examined anew."))
        return self._open(folder, asked.own_settings).examined

    def _get(self, name: str) -> OwnProcess:
        """The model's process, started if it is not alive, or if it can't tell this language what is wrong."""
        with self._lock:
            found = self._alive.get(name)
        if found is not None and found.is_stale:
            found.close()
        if found is not None and found.pid is not None:
            with self._lock:
                self._alive.pop(name, None)
                self._alive[name] = found
            return found
        if (folder := _find_folder(name)) is None:
            raise SettingError(tr("The model {name} is not there any more.", name=repr(name)))
        return self._open(folder, self._get_settings(folder))

    def _get_settings(self, folder: Path) -> OwnModelSettings:
        if is_own_folder(folder):
            return read_own_model(folder).settings
        if folder.name not in self._staged:
            raise SettingError(tr("This model has to be examined again."))
        return self._staged[folder.name]

    def _open(self, folder: Path, settings: OwnModelSettings) -> OwnProcess:
        process = self._start(folder, settings)
        with self._lock:
            self._alive[folder.name] = process
            ended = self._take_ended()
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="own models", daemon=True).start()
        for one in ended:
            one.close(mark("Other models were asked for meanwhile."))
        return process

    def _take_ended(self) -> list[OwnProcess]:
        """Those that give way: the least used first, those that work last."""
        spare = sorted(self._alive, key=lambda name: self._alive[name].busy)[: max(0, len(self._alive) - MAX_ALIVE)]
        return [self._alive.pop(name) for name in spare]

    def _watch(self) -> None:
        """End what takes too long, and what nobody asks any more."""
        while True:
            time.sleep(WATCH_SECONDS)
            with self._lock:
                alive = dict(self._alive)
            for name, process in alive.items():
                if not process.watch(time.monotonic()):
                    self._forget(name, process)

    def _forget(self, name: str, process: OwnProcess) -> None:
        with self._lock:
            if self._alive.get(name) is process:
                del self._alive[name]


class OwnExplainer:
    """What the engine needs of an explainer to compare it with others; the model's process does the work."""

    def __init__(self, process: OwnProcess, card: ModelCard) -> None:
        self._process, self._card = process, card

    @property
    def name(self) -> str:
        """What its explanations call the model."""
        return self._card.name

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self._card.labels

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that it offers."""
        return self._card.methods

    def recall(self, text: str, method: str = "attention", target: int | None = None) -> Explanation:
        """As `Explainer.recall`.

        Raises:
            AttnvizError: what the model's process raises; EngineError if it does not answer.
        """
        return self._ask(Explain(self.name, text, method, target))

    def estimate_cost(self, text: str, methods: Sequence[str]) -> Cost:
        """As `Explainer.estimate_cost`.

        Raises:
            AttnvizError: as `recall`.
        """
        return self._ask(EstimateCost((self.name,), tuple(methods), text))

    def _ask(self, asked: Operation[Result]) -> Result:
        answer = self._process.send(asked)
        if not wait([answer], ASK_SECONDS).done:
            seconds = format_count(round(ASK_SECONDS))
            raise EngineError(tr("{name} did not answer within {seconds} s.", name=self.name, seconds=seconds))
        return read_answer(asked, answer)


def _find_folder(name: str) -> Path | None:
    """The folder of a brought model: a kept one, or a staged one under its hidden name."""
    if name.startswith(STAGED):
        folder = library_folders()[0] / Path(name).name
        return folder if folder.is_dir() else None
    try:
        folder = find_folder(name)
    except AttnvizError:
        return None
    return folder if is_own_folder(folder) else None


def _build_stand_in(process: OwnProcess) -> Future[Any]:
    future: Future[Any] = Future()

    def build(examined: Future[Any]) -> None:
        if (error := examined.exception()) is not None:
            future.set_exception(error)
        else:
            future.set_result(OwnExplainer(process, from_plain(ModelCard, examined.result(), "card of a model")))

    process.examined.add_done_callback(build)
    return future


def _follow(begin: Callable[[], Future[Any]], answer: Future[Any]) -> None:
    try:
        begin().add_done_callback(lambda done: _copy(done, answer))
    except Exception as error:  # whatever it is, it is the answer
        answer.set_exception(error)


def _copy(done: Future[Any], answer: Future[Any]) -> None:
    if (error := done.exception()) is None:
        answer.set_result(done.result())
    else:
        answer.set_exception(error)
