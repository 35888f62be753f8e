"""Work in a thread: how it goes on, ends, stops and fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from attnviz.engine.work import Work
from attnviz.errors import DataError

TIMEOUT = 30.0


def test_work_counts_what_is_done_and_finishes() -> None:
    def steps(work: Work) -> Iterator[None]:
        for _ in range(3):
            work.done += 2
            yield

    work = Work(steps, total=6)
    assert work.wait(TIMEOUT)
    assert (work.state, work.done, work.total, work.error) == ("finished", 6, 6, "")


def test_stop_ends_it_after_the_chunk_that_is_under_way() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def steps(work: Work) -> Iterator[None]:
        for _ in range(3):
            begun.set()
            assert go_on.wait(TIMEOUT)
            work.done += 1
            yield

    work = Work(steps, total=3)
    assert begun.wait(TIMEOUT)
    assert (work.state, work.stopping) == ("running", False)
    work.stop()
    assert (work.state, work.stopping) == ("running", True)
    go_on.set()
    assert work.wait(TIMEOUT)
    assert (work.state, work.done, work.stopping) == ("stopped", 1, False)


@pytest.mark.parametrize(
    ("error", "told"), [(DataError("no reviews here"), "no reviews here"), (KeyError("x"), "KeyError: 'x'")]
)
def test_what_goes_wrong_is_told_and_what_was_done_is_counted(error: Exception, told: str) -> None:
    def steps(work: Work) -> Iterator[None]:
        work.done += 1
        yield
        raise error

    work = Work(steps, total=2)
    assert work.wait(TIMEOUT)
    assert (work.state, work.done, work.error) == ("failed", 1, told)


def test_work_that_is_stopped_too_late_is_finished() -> None:
    def steps(work: Work) -> Iterator[None]:
        work.done += 1
        work.stop()
        yield

    work = Work(steps, total=1)
    assert work.wait(TIMEOUT)
    assert work.state == "finished"
