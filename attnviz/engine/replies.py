"""What a process answers, one message at a time whichever of its threads has it ready."""

from __future__ import annotations

import threading
from typing import Any, BinaryIO

from attnviz.engine.lanes import Job
from attnviz.engine.wire import describe_error, write_message
from attnviz.errors import Superseded
from attnviz.languages import tr, using_language


class Replies:
    """The answers of a process; every method may be called from any thread.

    Args:
        stream: where they go.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._writing = stream, threading.Lock()

    def tell_ready(self) -> None:
        """Work begins."""
        self._write({"event": "ready"})

    def tell_worn(self) -> None:
        """This process has kept so much memory that another one should take its place."""
        self._write({"event": "worn"})

    def send(self, id: int, result: Any) -> None:
        """The answer to a request, as plain data."""
        self._write({"id": id, "result": result})

    def fail(self, id: int, error: BaseException) -> None:
        """The answer to a request that could not be done."""
        self._write({"id": id, "error": describe_error(error)})

    def supersede(self, job: Job) -> None:
        """The answer to a request whose place a newer one of the same editor took."""
        with using_language(job.request.language):
            self.fail(job.request.id, Superseded(tr("A newer request took its place.")))

    def _write(self, message: dict[str, Any]) -> None:
        with self._writing:
            write_message(self._stream, message)
