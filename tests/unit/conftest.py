"""What several files of unit tests need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from attnviz.engine.client import Engine

TIMEOUT = 120.0


@pytest.fixture(scope="module")
def engine(tiny_library: Path, cache: Path) -> Iterator[Engine]:
    """An engine process with the tiny library."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(tiny_library))
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        engine = Engine()
        assert engine.wait_until_ready(TIMEOUT)
        yield engine
        engine.close()
