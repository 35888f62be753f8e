"""What several files of unit tests need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from attnviz.cli import main
from attnviz.engine.client import Engine
from tests.conftest import ROOMY

TIMEOUT = 120.0


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run the command; returns the exit code, standard output and standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture(scope="session")
def engine(tiny_library: Path, cache: Path) -> Iterator[Engine]:
    """An engine process with the tiny library; its environment is that of its start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(tiny_library))
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        patch.setenv("ATTNVIZ_MEMORY", ROOMY)
        engine = Engine()
    assert engine.wait_until_ready(TIMEOUT)
    yield engine
    engine.close()
