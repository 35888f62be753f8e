"""Kill -9 at random moments leaves a library that loads whole and a run that goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.kills import SETTINGS, kill_often


@pytest.mark.long
def test_after_three_kills_the_library_is_whole_and_the_weights_are_those_of_a_run_that_was_never_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    done, difference = kill_often(3, seed=5, settings=replace(SETTINGS, epochs=3))
    assert sum(done.values()) == 3
    assert difference <= 1e-6
