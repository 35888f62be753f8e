"""What the browser's code answers in Node, and texts to ask it for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT


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
    node = shutil.which("node")
    if node is None:
        reason = "no Node on this machine (Debian: apt-get install nodejs)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    command = [node, str(ROOT / "tests" / "web" / "answers.js")]
    result = subprocess.run(command, input=json.dumps(job).encode(), capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()
    return json.loads(result.stdout)
