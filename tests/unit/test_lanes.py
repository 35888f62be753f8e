"""What waits in the engine's lanes, in which order, and what it waits for."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import Queue

import pytest

from attnviz.engine.lanes import Job, Lane
from attnviz.engine.protocol import Explain
from attnviz.engine.request import Request

TIMEOUT = 60.0


class Watched:
    """A lane that begins when `started` is set, the ids of the jobs that it did, and of those that gave way."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.done: Queue[int] = Queue()
        self.superseded: Queue[int] = Queue()
        self.lane = Lane("test", self.started, self._run, lambda job: self.superseded.put(job.request.id))

    def _run(self, job: Job) -> None:
        self.done.put(job.request.id)

    def put(self, id: int, editor: str | None = None, *networks: Future) -> None:
        self.lane.put(Job(Request(id, Explain("luong", "", "attention"), editor), networks))


@pytest.fixture
def watched() -> Watched:
    return Watched()


def take(numbers: Queue[int], count: int) -> list[int]:
    return [numbers.get(timeout=TIMEOUT) for _ in range(count)]


def test_a_newer_request_of_the_same_editor_takes_the_place_of_one_that_waits(watched: Watched) -> None:
    for id, editor in ((1, "a"), (2, "b"), (3, "a"), (4, "a")):
        watched.put(id, editor)
    assert take(watched.superseded, 2) == [1, 3]
    watched.started.set()
    assert take(watched.done, 2) == [4, 2]
    assert watched.done.empty()


def test_requests_without_an_editor_are_all_done_in_order(watched: Watched) -> None:
    for id in range(5):
        watched.put(id)
    watched.started.set()
    assert take(watched.done, 5) == list(range(5))


def test_a_job_whose_network_loads_lets_those_behind_it_pass_and_then_has_its_turn(watched: Watched) -> None:
    loading: Future = Future()
    watched.started.set()
    watched.put(1, "a", loading)
    watched.put(2, "b")
    assert take(watched.done, 1) == [2]
    watched.put(3, "c", loading)
    watched.put(4, "b")
    assert take(watched.done, 1) == [4]
    loading.set_result(object())
    assert take(watched.done, 2) == [1, 3]


def test_a_job_that_waits_for_its_network_gives_way_to_a_newer_one_of_its_editor(watched: Watched) -> None:
    loading: Future = Future()
    watched.started.set()
    watched.put(1, "a", loading)
    watched.put(2, "a")
    assert take(watched.superseded, 1) == [1]
    assert take(watched.done, 1) == [2]
    loading.set_result(object())
    watched.put(3)
    assert take(watched.done, 1) == [3], "the one that gave way is not done"


def test_a_job_whose_network_cannot_be_loaded_is_done_so_that_it_says_why(watched: Watched) -> None:
    loading: Future = Future()
    watched.started.set()
    watched.put(1, None, loading)
    loading.set_exception(OSError("no such file"))
    assert take(watched.done, 1) == [1]
