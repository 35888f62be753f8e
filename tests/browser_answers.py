"""What the browser's code answers in Node, and texts to ask it for."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.node import run_node


def draw(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many values of a strategy, the same in each run; one process of Node then takes them all at once."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def ask_browser(**job: Any) -> Any:
    """What tests/web/answers.js says; without Node the test is skipped, but under CI it fails."""
    result = run_node(str(ROOT / "tests" / "web" / "answers.js"), given=json.dumps(job))
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)
