"""The app in a process of its own, and a real Chromium that visits it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import ROOMY, write_archive

ROOT = Path(__file__).parents[2]
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY = '[data-attnviz-ready="true"]'
TIMEOUT_MS = 60_000
expect.set_options(timeout=TIMEOUT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class App:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]
    library: Path
    environment: dict[str, str] = field(repr=False)

    def engine_pid(self) -> int:
        """The process id of the app's engine."""
        return next(pid for pid, line in _children(self.process.pid) if "attnviz.engine" in line)


def _children(parent: int) -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # it ended while we looked
                continue
            if int(fields[1]) == parent and fields[0] != "Z":
                yield int(folder.name), line


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def start_app(library: Path, cache: Path, archive: Path, port: int = 0, script: str = "app.py", **more: str) -> App:
    """Start the app as a user does, on this or a free port, with a library and a cache of its own.

    Another script is a page that a test wrote; more variables go into the environment.
    """
    port = port or _free_port()
    environment = {
        **os.environ,
        "ATTNVIZ_CHECKPOINTS": str(library),
        "ATTNVIZ_CACHE": str(cache),
        "ATTNVIZ_DATASETS": str(cache / "datasets"),
        "ATTNVIZ_MEMORY": ROOMY,
        "ATTNVIZ_IMDB": str(archive),
        **more,
    }
    command = (
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.headless",
        "true",
        "--server.port",
        str(port),
    )
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    app = App(f"http://localhost:{port}", process, library, environment)
    while not _is_up(app.url):
        assert process.poll() is None, "the app ended before it served a page"
    return app


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Large enough that a run of 50 epochs is still under way when somebody reaches for its Stop."""
    return write_archive(tmp_path_factory.mktemp("data") / "aclImdb_v1.tar.gz", reviews_a_class=400)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, archive: Path, cache: Path) -> Iterator[App]:
    """The app with a copy of the checkpoints that ship, and the small archive to train on."""
    library = tmp_path_factory.mktemp("app") / "checkpoints"
    shutil.copytree(ROOT / "checkpoints", library)
    running = start_app(library, cache, archive)
    yield running
    running.process.terminate()
    running.process.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without one the browser tests are skipped, but under CI they fail."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        reason = "no Chromium on this machine (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor, who has closed the guided tour."""
    with visit(browser, "localStorage.setItem('attnviz-tour', 'closed')") as visitor:
        yield visitor


@pytest.fixture
def first_visit(browser: Browser) -> Iterator[Page]:
    """Somebody who was never here."""
    with visit(browser) as visitor:
        yield visitor


@contextmanager
def visit(browser: Browser, begin: str = "", locale: str = "en-US") -> Iterator[Page]:
    """A visitor. At the end: nothing threw in the page, and nothing was asked of another host."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale)
    context.add_init_script(begin)
    visitor = context.new_page()
    visitor.set_default_timeout(TIMEOUT_MS)
    thrown: list[str] = []
    hosts: set[str] = set()
    visitor.on("pageerror", lambda error: thrown.append(str(error)))
    visitor.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
    yield visitor
    context.close()
    assert thrown == []
    assert hosts <= {"localhost", ""}, "data: and blob: addresses have no host; everything else is the app's own"
