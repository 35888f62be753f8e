"""The file of a run on its way into the library: checked in a thread, while its visitor sees that it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from attnviz.engine.work import Work
from attnviz.runs.run_import import import_run


class RunBringing:
    """A run that is being brought.

    Args:
        stream: the file.

    Attributes:
        work: its error says why the file was refused.
        name: of the run, once the work is finished.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.name = ""
        self.work = Work(lambda work: self._bring(stream), total=1)

    def _bring(self, stream: IO[bytes]) -> Iterator[None]:
        self.name = import_run(stream).name
        yield
