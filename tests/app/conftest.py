"""The pages under Streamlit's AppTest: what their scripts say, without a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit

from attnviz.engine.client import Engine
from attnviz.ui import asking, state
from attnviz.ui import layer_section as layers
from attnviz.ui.column_lab import lab_page as column_lab
from attnviz.ui.how_it_works import following as how_it_works
from attnviz.ui.reviews import edit_trail as trail
from attnviz.ui.reviews import kept_curve as curve
from attnviz.ui.reviews import reviews_page as reviews
from attnviz.ui.reviews import tabs as sections
from attnviz.ui.state import get_engine, get_readings
from tests.app.visits import TIMEOUT
from tests.conftest import ROOMY

USERS_OF_THE_ENGINE = (state, asking, reviews, sections, layers, trail, curve, column_lab, how_it_works)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if tuple(map(int, streamlit.__version__.split(".")[:2])) >= (1, 67):
        return
    reason = "AppTest of this Streamlit forgets components that were registered at import; the browser tests cover them"
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def _started() -> Iterator[list[Path]]:
    """The library of the engine that runs; starting one takes seconds, so files about one library share it."""
    started: list[Path] = []
    yield started
    if started:
        get_engine().close()
        get_engine.clear()


@pytest.fixture(scope="module", autouse=True)
def _engine(app_library: Path, archive: Path, cache: Path, _started: list[Path]) -> Iterator[None]:
    """One engine for all pages of a file, started with the tests' folders; readings of another file are forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(app_library))
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        patch.setenv("ATTNVIZ_IMDB", str(archive))
        patch.setenv("ATTNVIZ_MEMORY", ROOMY)
        if _started and (_started != [app_library] or get_engine().state != "ready"):
            get_engine().close()
            get_engine.clear()
        get_readings.clear()
        assert get_engine().wait_until_ready(TIMEOUT)
        _started[:] = [app_library]
        yield


@pytest.fixture(scope="module")
def app_library(tiny_library: Path) -> Path:
    """The library of the engine; a file that is about other networks overrides it."""
    return tiny_library


@pytest.fixture(autouse=True)
def library(app_library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same library for the pages."""
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(app_library))
    return app_library


@pytest.fixture
def loading_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An engine process that starts and never gets ready."""
    engine = Engine((sys.executable, "-c", "import sys; sys.stdin.read()"))
    for module in USERS_OF_THE_ENGINE:
        monkeypatch.setattr(module, "get_engine", lambda: engine)
    yield
    engine.close()
