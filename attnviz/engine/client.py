"""The page's side of the engine: starts the process, asks it, and starts it again when it dies."""

from __future__ import annotations

import atexit
import itertools
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from attnviz.engine.protocol import Operation, Result
from attnviz.engine.request import Request
from attnviz.engine.wire import Line, read_message, restore_error, write_message
from attnviz.errors import EngineError, SettingError
from attnviz.folders import cache_folder
from attnviz.languages import tr, using_language
from attnviz.processes import child_environment, module_command
from attnviz.render.numerals import format_count

RESTARTS = 3
RESTART_WINDOW_SECONDS = 60.0
"""An engine that dies more often than RESTARTS times in this window stays down; the page says why."""

QUIET_SECONDS, PATIENCE_SECONDS = 20.0, 60.0
"""A worn engine gives way when nobody has asked it for so long; if somebody always asks, then after this time, at the
first moment without a request."""

POLL_SECONDS = 0.5

_engines = itertools.count(1)


class EngineDied(EngineError):
    """The engine process ended while a request was under way."""


class _Asked(NamedTuple):
    """A request that is under way: the answer to come, and the language of who waits for it."""

    answer: Future[Any]
    language: str


class Engine:
    """One engine process and its requests; every method may be called from any thread.

    An error is told in the language of the thread that asks.

    Args:
        command: what to start; by default attnviz' own engine.
        environment: of the process, also when it is started again; by default this one's as it is now.
        restarts: how often within a minute it is started again when it dies.
    """

    def __init__(
        self,
        command: tuple[str, ...] | None = None,
        environment: Mapping[str, str] | None = None,
        restarts: int = RESTARTS,
    ) -> None:
        self._command = command or module_command("attnviz.engine")
        self._environment, self._restarts = dict(environment or child_environment()), restarts
        self._ids = itertools.count(1)
        self._pending: dict[int, _Asked] = {}
        self._lock = threading.Lock()
        self._deaths: deque[float] = deque(maxlen=restarts + 1)
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = threading.Event()
        self._asked = time.monotonic()
        self._closed = False
        self._log = _log_path()
        self._start()
        atexit.register(self.close)

    @property
    def state(self) -> str:
        """'loading', 'ready' or 'down'."""
        if self._process is None:
            return "down"
        return "ready" if self._ready.is_set() else "loading"

    @property
    def pid(self) -> int | None:
        """The process id of the engine, None when it is down."""
        return self._process.pid if self._process else None

    def wait_until_ready(self, timeout: float) -> bool:
        """Wait for TensorFlow to be loaded; whether it is."""
        return self._ready.wait(timeout)

    def ask(self, operation: Operation[Result], *, editor: str | None = None, timeout: float = 120.0) -> Result:
        """The answer to one request. If the engine dies meanwhile, the request goes to the next one, once.

        Args:
            operation: what is asked.
            editor: who asks; a newer request of the same editor replaces one that has not started.
            timeout: seconds.

        Raises:
            AttnvizError: what the operation raised there; Superseded; EngineError if there is no answer.
        """
        try:
            answer = self._ask(operation, editor, timeout)
        except EngineDied:
            answer = self._ask(operation, editor, timeout)
        try:
            return operation.read_result(answer)
        except SettingError as error:
            raise EngineError(str(error)) from error

    def restart(self) -> None:
        """Try again after the engine stayed down."""
        with self._lock:
            if self._process is None and not self._closed:
                self._deaths.clear()
                self._start()

    def close(self) -> None:
        """End the engine process."""
        self._closed = True
        atexit.unregister(self.close)
        if process := self._process:
            process.kill()
            self._reader.join()
        self._log.unlink(missing_ok=True)

    def send(self, operation: Operation[Any], editor: str | None = None) -> Future[Any]:
        """The answer to come, as plain data; its exception is an AttnvizError.

        Raises:
            EngineError: the process is down.
        """
        request = Request(next(self._ids), operation, editor)
        future = self._send(request)
        future.add_done_callback(lambda _: self._pending.pop(request.id, None))
        return future

    def _ask(self, operation: Operation[Any], editor: str | None, timeout: float) -> Any:
        """The answer as plain data."""
        request = Request(next(self._ids), operation, editor)
        try:
            return self._send(request).result(timeout)
        except FutureTimeout:
            raise EngineError(
                tr("The engine did not answer within {seconds} s.", seconds=format_count(round(timeout)))
            ) from None
        finally:
            self._pending.pop(request.id, None)

    def _send(self, request: Request[Any]) -> Future[Any]:
        """The answer to come."""
        future: Future[Any] = Future()
        message = request.to_message()
        with self._lock:
            self._asked = time.monotonic()
            if self._process is None or self._process.stdin is None:
                raise EngineError(_add_last_words(tr("The engine does not start."), self._log))
            self._pending[request.id] = _Asked(future, request.language)
            with suppress(OSError):  # it just died: the reading thread fails every pending request
                write_message(self._process.stdin, message)
        return future

    def _start(self) -> None:
        self._process = process = _open(self._command, self._environment, self._log)
        self._reader = threading.Thread(target=self._read, args=(process,), name="engine-answers", daemon=True)
        self._reader.start()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        try:
            while (message := read_message(process.stdout)) is not None:
                self._receive(message, process)
        except Exception:  # it says what is no message: it is broken, or no friend
            process.kill()
        process.wait()
        self._died()
        with suppress(BrokenPipeError), process:  # closes the pipes now that nobody writes; one may hold half a request
            pass

    def _receive(self, message: Line, process: subprocess.Popen[bytes]) -> None:
        if message.get("event") == "ready":
            self._ready.set()
        elif message.get("event") == "worn":
            threading.Thread(target=self._replace, args=(process,), name="engine-successor", daemon=True).start()
        elif asked := self._pending.pop(message["id"], None):  # else whoever asked gave up waiting
            with using_language(asked.language):  # for what waits for the answer
                _settle(asked.answer, message)

    def _replace(self, process: subprocess.Popen[bytes]) -> None:
        """End a worn process when it disturbs nobody; `_died` starts the next one."""
        worn = time.monotonic()
        while not self._closed and self._process is process:
            with self._lock:
                now = time.monotonic()
                quiet = now - self._asked > QUIET_SECONDS or now - worn > PATIENCE_SECONDS
                if quiet and not self._pending and process.stdin is not None:
                    process.kill()
                    return
            time.sleep(POLL_SECONDS)

    def _died(self) -> None:
        """Start anew, unless it keeps dying; then fail what was pending, so that `ask` asks the new process."""
        with self._lock:
            self._ready.clear()
            self._process = None
            lost, self._pending = self._pending, {}
            if not self._closed and not self._dies_often():
                self._start()
        for asked in lost.values():
            with using_language(asked.language):
                why = _add_last_words(tr("The engine ended while it was working."), self._log)
                asked.answer.set_exception(EngineDied(why))

    def _dies_often(self) -> bool:
        """Count one more death."""
        self._deaths.append(time.monotonic())
        return len(self._deaths) > self._restarts and self._deaths[-1] - self._deaths[0] < RESTART_WINDOW_SECONDS


def _open(command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as errors:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,  # Ctrl-C at the page's terminal ends the page; its closed pipe ends the engine
        )


def _settle(future: Future[Any], message: Line) -> None:
    """Raises whatever a message raises that is none."""
    try:
        error, result = (restore_error(message["error"]), None) if "error" in message else (None, message["result"])
    except Exception:
        future.set_exception(EngineDied(tr("The answer of the engine is no message.")))
        raise
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _log_path() -> Path:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"engine-{os.getpid()}-{next(_engines)}.log"


def _add_last_words(what: str, log: Path) -> str:
    """What happened, and the end of what the process printed."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return tr("{what} Its last words: {words}", what=what, words=lines[-1][-300:]) if lines else what
