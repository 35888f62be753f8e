"""Who does tasks, several at a time: this process, other processes of this machine, or Ray."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from attnviz.evidence.corpus_part import Part, Values

if TYPE_CHECKING:
    from attnviz.evidence.text_measures import TextMeasures

Task = TypeVar("Task")
GivenTask = TypeVar("GivenTask", contravariant=True)
Result = TypeVar("Result")

IDLE_SECONDS = 0.5
"""How often whoever waits may look around."""


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


class Executor(Protocol[GivenTask, Result]):
    """Does several tasks at a time.

    Attributes:
        workers: how many.
    """

    workers: int

    def submit(self, task: GivenTask, /) -> Future[Result]:
        """The result to come."""

    def close(self) -> None:
        """End the workers, whatever they do."""


class HereExecutor:
    """Measures in this process, while it is asked."""

    workers = 1

    def __init__(self, measures: TextMeasures) -> None:
        self._measures = measures

    def submit(self, part: Part, /) -> Future[Values]:
        """The values."""
        future: Future[Values] = Future()
        future.set_result(self._measures.measure(part))
        return future

    def close(self) -> None:
        """Nothing to end."""


def run_tasks(
    executor: Executor[Task, Result], tasks: Iterable[Task], idle: Callable[[], None] | None = None
) -> Iterator[tuple[Task, Result]]:
    """The results as they come, not in order; no more tasks are taken than workers do.

    Args:
        idle: called now and then while nothing comes.

    Raises:
        what a task raised.
    """
    left, running = iter(tasks), dict[Future[Result], Task]()
    while True:
        while len(running) < executor.workers and (task := next(left, None)) is not None:
            running[executor.submit(task)] = task
        if not running:
            return
        done = wait(running, timeout=IDLE_SECONDS if idle else None, return_when=FIRST_COMPLETED).done
        for future in done:
            yield running.pop(future), future.result()
        if idle and not done:
            idle()
