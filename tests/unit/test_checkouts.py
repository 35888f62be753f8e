"""The comparison of two checkouts: its rows, its table, and which rows count as slower."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.checkouts import Case, checkouts_to_markdown, find_slower, list_cases
from benchmarks.measure import Row
from benchmarks.remote import start_checkout


class Clock:
    """A process whose operations take the given seconds, one after the other; what it is asked is noted."""

    def __init__(self, name: str, log: list[str], seconds: list[float]) -> None:
        self.name, self.log, self.seconds = name, log, iter(seconds)

    def timed(self, op: str, repeat: int = 1, **arguments: Any) -> Callable[[], float]:
        def ask() -> float:
            self.log.append(self.name)
            return next(self.seconds)

        return ask


def row(now: float, before: float) -> Row:
    return Row("work", "before", [now, now, 9.0], [before, before, 9.0])


def test_both_are_asked_in_turns_and_the_first_answers_are_warm_ups() -> None:
    log: list[str] = []
    now, before = Clock("now", log, [9.0, 1.0, 2.0, 3.0]), Clock("before", log, [9.0, 4.0, 4.0, 5.0])
    measured = Case("work", "op", rounds=3).measure(now, before)
    assert log == ["now", "before"] * 4
    assert (measured.ours, measured.theirs) == ([1.0, 2.0, 3.0], [4.0, 4.0, 5.0])


@pytest.mark.parametrize(("now", "slower"), [(0.5, False), (1.0, False), (1.049, False), (1.051, True), (2.0, True)])
def test_slower_is_what_takes_more_than_5_percent_longer(now: float, slower: bool) -> None:
    assert bool(find_slower([row(now, 1.0)])) == slower


def test_the_table_has_the_ratio_now_to_before_and_marks_what_is_slower() -> None:
    lines = checkouts_to_markdown([row(0.5, 1.0), row(1.2, 1.0)]).splitlines()
    assert lines[0] == "| what | now | before | now / before |"
    assert lines[2].endswith("| 0.500 |")
    assert lines[3].endswith("| **1.200** |")


def test_every_row_is_named_once() -> None:
    names = [case.what for case in list_cases()]
    assert len(set(names)) == len(names) == 17
    assert {case.op for case in list_cases()} == {
        "explain",
        "explain_stream",
        "train_column",
        "train_step",
        "activations",
    }


def test_a_checkout_that_cannot_start_says_why(tmp_path: Path) -> None:
    remote = start_checkout(tmp_path)
    with pytest.raises(RuntimeError, match="'train_column' has ended"):
        remote.timed("train_column")()
    remote.close()
