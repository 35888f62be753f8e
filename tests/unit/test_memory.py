"""Networks, compiled programs and kept runs share one budget of memory; a worn engine gives way to a new one."""

from __future__ import annotations

import sys
from pathlib import Path
from queue import Queue

import pytest

from attnviz.engine import client, memory
from attnviz.engine.client import Engine
from attnviz.engine.memory import BUDGET_MB, MemoryBudget, measure_resident, read_budget
from attnviz.engine.protocol import DescribeLayers
from attnviz.errors import SettingError
from tests.unit.conftest import TIMEOUT


class Process:
    """A process that takes `base` MB, and more for what it keeps; letting go leaves `left` MB of that."""

    def __init__(self, left: float = 0.0) -> None:
        self.base, self.kept, self.left = 700.0, 0.0, left
        self.shed = self.worn = 0
        self.budget = MemoryBudget(self.let_go, self.tell_worn, 400.0, lambda: self.base + self.kept)
        self.budget.begin()

    def let_go(self) -> None:
        self.shed, self.kept = self.shed + 1, self.left

    def tell_worn(self) -> None:
        self.worn += 1

    def work(self, taken: float) -> None:
        self.kept += taken
        self.budget.keep()


def test_nothing_is_let_go_within_the_budget_and_tensorflow_itself_does_not_count() -> None:
    process = Process()
    process.work(400.0)
    assert (process.shed, process.kept) == (0, 400.0)


def test_what_is_kept_is_let_go_beyond_the_budget_again_and_again() -> None:
    process = Process(left=100.0)
    for _ in range(3):
        process.work(401.0)
    assert (process.shed, process.kept, process.worn) == (3, 100.0, 0)


def test_a_process_that_stays_large_with_nothing_to_let_go_asks_for_a_successor_once() -> None:
    process = Process(left=201.0)
    for _ in range(3):
        process.work(401.0)
    assert (process.shed, process.worn) == (3, 1)


def test_what_is_measured_grows_with_what_is_kept() -> None:
    before = measure_resident()
    block = b"x" * 50_000_000
    assert 45 < measure_resident() - before < 60, len(block)


@pytest.mark.parametrize(("written", "budget"), [("", BUDGET_MB), ("250", 250.0), ("1e3", 1000.0)])
def test_the_budget_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, written: str, budget: float) -> None:
    monkeypatch.setenv(memory.BUDGET_VARIABLE, written)
    assert read_budget() == budget


@pytest.mark.parametrize("written", ["0", "-5", "much", "nan", "inf"])
def test_a_budget_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv(memory.BUDGET_VARIABLE, written)
    with pytest.raises(SettingError, match="ATTNVIZ_MEMORY must be a number of MB above 0"):
        read_budget()


WEARS_OUT = """
import json, os, sys
number = len(os.listdir(sys.argv[1]))
open(os.path.join(sys.argv[1], str(number)), "w").close()
print(json.dumps({"event": "ready"}), flush=True)
for line in sys.stdin:
    row = {"name": f"engine {number}", "kind": "", "output": [], "parameters": 0}
    print(json.dumps({"id": json.loads(line)["id"], "result": [row]}), flush=True)
    if number == 0:
        print(json.dumps({"event": "worn"}), flush=True)
"""


def test_a_worn_engine_gives_way_when_nobody_asks_and_no_request_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    for name, seconds in (("QUIET_SECONDS", 0.0), ("POLL_SECONDS", 0.01)):
        monkeypatch.setattr(client, name, seconds)
    (tmp_path / "lives").mkdir()
    died: Queue[None] = Queue()
    monkeypatch.setattr(Engine, "_died", _after(Engine._died, lambda: died.put(None)))
    engine = Engine((sys.executable, "-c", WEARS_OUT, str(tmp_path / "lives")))
    assert engine.ask(DescribeLayers("luong"))[0].name == "engine 0"
    died.get(timeout=TIMEOUT)
    assert engine.ask(DescribeLayers("luong"))[0].name == "engine 1"
    engine.close()


def _after(method, then):
    def call(self: Engine) -> None:
        method(self)
        then()

    return call
