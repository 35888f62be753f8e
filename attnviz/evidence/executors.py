"""Who measures the parts of a corpus: this process, other processes of this machine, or Ray."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from attnviz.evidence.corpus_part import Part, Values

if TYPE_CHECKING:
    from attnviz.evidence.text_measures import TextMeasures


@dataclass(frozen=True)
class Job:
    """What a worker is to measure.

    Attributes:
        network: a checkpoint's name or folder. sha256: of its files, as the record of the results has them.
        methods: as `choose_methods` gives them. seed: of what is drawn at random.
    """

    network: str
    sha256: Mapping[str, str]
    methods: tuple[str, ...]
    seed: int


class Executor(Protocol):
    """Measures several parts at a time.

    Attributes:
        workers: how many.
    """

    workers: int

    def submit(self, part: Part) -> Future[Values]:
        """The values to come."""

    def close(self) -> None:
        """End the workers, whatever they do."""


class HereExecutor:
    """Measures in this process, while it is asked."""

    workers = 1

    def __init__(self, measures: TextMeasures) -> None:
        self._measures = measures

    def submit(self, part: Part) -> Future[Values]:
        """The values."""
        future: Future[Values] = Future()
        future.set_result(self._measures.measure(part))
        return future

    def close(self) -> None:
        """Nothing to end."""


def run_parts(executor: Executor, parts: Sequence[Part], numbers: Sequence[int]) -> Iterator[tuple[Part, Values]]:
    """The values of some parts as they come, not in order; no more texts are held than workers measure.

    Raises:
        what a part raised.
    """
    left, running = iter(numbers), dict[Future[Values], Part]()
    while True:
        while len(running) < executor.workers and (number := next(left, None)) is not None:
            part = parts[number]
            running[executor.submit(part)] = part
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result()
