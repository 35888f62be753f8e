"""The engine's side of one model that somebody brought: its process, started, asked, watched and ended."""

from __future__ import annotations

import shutil
import tempfile
import time
from concurrent.futures import Future, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

from attnviz.engine.client import Engine, EngineDied
from attnviz.engine.protocol import ExamineModel, Operation, Result
from attnviz.errors import EngineError, SettingError
from attnviz.foreign.confined_environment import get_environment
from attnviz.languages import get_language, mark, tr
from attnviz.processes import module_command
from attnviz.runs.own_record import OwnModelSettings
from attnviz.values.model_card import ModelCard

EXAMINE_SECONDS, ASK_SECONDS = 110.0, 60.0
"""How long a model may take to be read and examined, and to answer; then its process is ended.

Less than `Engine.ask` waits, so that whoever asks learns why.
"""
IDLE_SECONDS = 600.0
"""A process that nobody asks for so long is ended."""

_OVERTAXED = mark("It needed more memory or time than a brought model may take, or is damaged.")
_SCRATCH, _SCRATCH_SECONDS = "attnviz-own-", 86_400


class OwnProcess:
    """The process that holds one model; every method may be called from any thread.

    Args:
        folder: of the model. settings: how it is read.

    Attributes:
        examined: the card to come, as plain data.
    """

    def __init__(self, folder: Path, settings: OwnModelSettings) -> None:
        self.folder, self.settings, self._language = folder.absolute(), settings, get_language()
        self._scratch = _make_scratch()
        command = module_command("attnviz.engine.own_start", str(self.folder), str(self._scratch))
        self._engine = Engine(command, get_environment(self._scratch), restarts=0)
        self._asked: dict[Future[Any], float] = {}
        self._used = time.monotonic()
        self._why = ""
        self.examined = self.send(ExamineModel(str(folder), settings), None, EXAMINE_SECONDS)

    @property
    def pid(self) -> int | None:
        """The process id, None once it has ended."""
        return self._engine.pid

    @property
    def busy(self) -> bool:
        """Whether it is asked something."""
        return bool(self._asked)

    @property
    def is_stale(self) -> bool:
        """Whether it could not read its model, and says why in another language than that of who asks now."""
        failed = self.examined.done() and self.examined.exception() is not None
        return failed and self._language != get_language()

    def send(self, operation: Operation[Any], editor: str | None = None, seconds: float = ASK_SECONDS) -> Future[Any]:
        """The answer to come, as plain data; its exception is an AttnvizError, also when the process ends meanwhile."""
        answer: Future[Any] = Future()
        try:
            future = self._engine.send(operation, editor)
        except EngineError as error:
            answer.set_exception(self._explain(error))
            return answer
        now = time.monotonic()
        self._used, self._asked[future] = now, now + seconds
        future.add_done_callback(lambda done: self._pass_on(done, answer))
        return answer

    def ask(self, operation: Operation[Result], seconds: float = ASK_SECONDS) -> Result:
        """The answer; if it does not come in time, the process is ended.

        Raises:
            AttnvizError: what the operation raised there; EngineError if there is no answer.
        """
        future = self.send(operation, None, seconds)
        wait([future], seconds)
        self.watch(time.monotonic())
        return read_answer(operation, future)

    def wait_until_examined(self) -> ModelCard:
        """The card, when the model was read.

        Raises:
            AttnvizError: the model cannot be read; says why.
        """
        wait([self.examined], EXAMINE_SECONDS)
        self.watch(time.monotonic())
        return read_answer(ExamineModel(str(self.folder), self.settings), self.examined)

    def watch(self, now: float) -> bool:
        """End the process if it takes too long or nobody asks it any more; whether it goes on.

        Args:
            now: seconds of `time.monotonic`.
        """
        if self._asked and now >= min(self._asked.values()):
            self.close(mark("It took too long and was stopped."))
        elif not self._asked and now - self._used > IDLE_SECONDS:
            self.close()
        return self.pid is not None

    def close(self, why: str = "") -> None:
        """End the process; what it is asked fails, for that reason, a marked message."""
        self._why = self._why or why
        self._engine.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _pass_on(self, done: Future[Any], answer: Future[Any]) -> None:
        self._asked.pop(done, None)
        self._used = time.monotonic()
        if (error := done.exception()) is None:
            answer.set_result(done.result())
        else:
            answer.set_exception(self._explain(error))

    def _explain(self, error: BaseException) -> BaseException:
        """An ended process is the model's affair: what is said of it names the model, and what to do."""
        if not isinstance(error, EngineDied) and (self.pid is not None or not isinstance(error, EngineError)):
            return error
        return EngineError(
            tr(
                "The process of the model {title} has ended. {why} Ask again to start it.",
                title=repr(self.settings.title),
                why=tr(self._why or _OVERTAXED),
            )
        )


def read_answer(operation: Operation[Result], answer: Future[Any]) -> Result:
    """What an answer that has come says.

    Raises:
        AttnvizError: the operation's error; EngineError for an answer of another kind.
    """
    data = answer.result(0)
    try:
        return operation.read_result(data)
    except SettingError as error:
        raise EngineError(str(error)) from error


def _make_scratch() -> Path:
    """An empty folder where one process may write; those that killed engines left a day ago are removed."""
    for left in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _SCRATCH_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_SCRATCH))
