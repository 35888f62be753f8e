"""The app in a real Chromium: how soon it shows, how fast it answers, and what memory it takes."""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from attnviz.explain.explainer import load
from benchmarks.texts import draw_lengths, draw_texts

ROOT = Path(__file__).parents[1]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
EDITS = 40
REVIEWS = 1_000

# Types a text, presses Ctrl+Enter, and resolves with the milliseconds until its answer is on the screen.
ANSWER_TIME = """
async (text) => {
  const host = document.querySelector('[data-attnviz-ready]');
  const box = host.shadowRoot.querySelector('textarea');
  const before = host.dataset.textHash;
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  const began = performance.now();
  box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }));
  while (host.dataset.textHash === before || host.dataset.attnvizReady !== 'true') {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - began;
}
"""


@dataclass(frozen=True)
class Figure:
    """One figure of the app in a browser."""

    what: str
    value: float
    unit: str

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return {"what": self.what, "value": round(self.value, 3), "unit": self.unit}


def measure_app() -> Iterator[Figure]:
    """Start the app as a user does and visit it; nothing is measured where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no Chromium, so nothing is measured in a browser", file=sys.stderr)
        return
    port = _free_port()
    command = (
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.headless",
        "true",
        "--server.port",
        str(port),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            _wait_for_server(port)
            yield from _visit(page, f"http://localhost:{port}", process.pid, began)
        finally:
            browser.close()
            process.terminate()
            process.wait()


def _visit(page: Page, url: str, pid: int, began: float) -> Iterator[Figure]:
    page.goto(url)
    page.locator('[data-attnviz-ready="true"]').wait_for(state="attached")
    yield Figure("start to the first page with an explained example", time.perf_counter() - began, "s")
    page.evaluate(ANSWER_TIME, "The first review that somebody typed.")
    yield Figure("start to the first typed review explained", time.perf_counter() - began, "s")
    vocabulary = load("luong").vocabulary
    texts = draw_texts([200] * EDITS, vocabulary)
    times = [page.evaluate(ANSWER_TIME, text) for text in texts][5:]
    yield Figure("Ctrl+Enter to the changed highlight, 200 words, median", statistics.median(times), "ms")
    yield Figure("the same, 95th percentile", statistics.quantiles(times, n=20)[-1], "ms")
    for number, text in enumerate(draw_texts(draw_lengths(REVIEWS), vocabulary, seed=1), start=1):
        page.evaluate(ANSWER_TIME, text)
        if number in (REVIEWS // 2, REVIEWS):
            yield Figure(f"memory of page and engine after {number:,} different reviews", _memory(pid), "MB")


def _memory(pid: int) -> float:
    """Resident MB of a process and its children."""
    total = 0.0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if pid in (parent, int(folder.name)):
                    status = (folder / "status").read_text()
                    total += int(status.partition("VmRSS:")[2].split()[0]) / 1024
            except (OSError, IndexError, ValueError):  # it ended while we looked
                continue
    return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_server(port: int) -> None:
    while True:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
