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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from attnviz.runs.loading import load
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.methods import METHODS
from benchmarks.sessions import VISITORS, measure_sessions
from benchmarks.texts import draw_lengths, draw_texts

ROOT = Path(__file__).parents[1]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
STARTS = 3
EDITS = 40
REVIEWS = 1_000
STEPS = 100

# Puts a text into the box, presses Ctrl+Enter unless it waits for the pause after the last key (150 ms), and resolves
# with the milliseconds until the answer is on the screen.
ANSWER_TIME = """
async ([text, waits]) => {
  const host = document.querySelector('[data-attnviz-ready]');
  const box = host.shadowRoot.querySelector('textarea');
  const before = host.dataset.textHash;
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  const began = performance.now();
  if (!waits) box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }));
  while (host.dataset.textHash === before || host.dataset.attnvizReady !== 'true') {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - began;
}
"""

# From here on, the milliseconds from each key to the next painted frame.
WATCH_KEYS = """
() => {
  window.keyTimes = [];
  const note = (entry) => { if (entry.name === 'keydown') window.keyTimes.push(entry.duration); };
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: 'event', durationThreshold: 16 });
}
"""

# Moves the attention column from one end to the other and back, five steps a second, and resolves with the milliseconds
# of each step until the bars show it.
STEP_TIMES = """
async (count) => {
  const host = document.querySelector('[data-attnviz-ready]');
  const slider = host.shadowRoot.querySelector('#lab-attention_column');
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const times = [];
  for (let step = 1; step <= count; step += 1) {
    const last = Number(slider.max), place = (step + 1) % (2 * last);
    const column = String(place <= last ? place : 2 * last - place), began = performance.now();
    slider.value = column;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    while (host.dataset.attentionColumn !== column) await pause(1);
    times.push(performance.now() - began);
    await pause(Math.max(0, 200 - times.at(-1)));
  }
  return times;
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
    options = ("--server.headless", "true", "--server.port", str(port))
    command = (sys.executable, "-m", "streamlit", "run", "app.py", *options)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            starts = [_start(browser, command, port) for _ in range(1 + STARTS)][1:]  # the first warms the disk
            yield Figure(
                "start to the first page with an explained example", statistics.median(s[0] for s in starts), "s"
            )
            yield Figure("start to the first typed review explained", statistics.median(s[1] for s in starts), "s")
            with _running(command, port) as pid:
                yield from _visit(browser.new_page(), _url(port), pid)
        finally:
            browser.close()


@contextmanager
def _running(command: tuple[str, ...], port: int) -> Iterator[int]:
    """The app until the block ends: its process id."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_server(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _url(port: int) -> str:
    return f"http://localhost:{port}"


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.locator('[data-attnviz-ready="true"]').wait_for(state="attached")


def _start(browser: Browser, command: tuple[str, ...], port: int) -> tuple[float, float]:
    """Seconds from the command, beside an open browser, to the first page with an explained example, and to a typed
    review explained."""
    page = browser.new_page()
    began = time.perf_counter()
    with _running(command, port):
        _open(page, _url(port))
        opened = time.perf_counter() - began
        page.evaluate(ANSWER_TIME, ["The first review that somebody typed.", False])
        typed = time.perf_counter() - began
        page.close()
    return opened, typed


def _visit(page: Page, url: str, pid: int) -> Iterator[Figure]:
    _open(page, url)
    vocabulary = load("luong").classifier.reader.vocabulary
    texts = draw_texts([200] * EDITS, vocabulary)
    yield from _describe("Ctrl+Enter to the changed highlight, 200 words", [_edit(page, text) for text in texts][5:])
    texts = draw_texts([200] * EDITS, vocabulary, seed=2)
    times = [_edit(page, text, waits=True) for text in texts][5:]
    yield from _describe("last key to the changed highlight, with the pause of 150 ms", times)
    yield from _type(page)
    yield from _attribute(page, vocabulary)
    outcome = measure_sessions(url, vocabulary[100:2_000])
    what = f"{VISITORS} visitors, each an edit a second: edit to answer, without a browser"
    yield from _describe(what, [seconds * 1_000 for seconds in outcome.seconds])
    yield Figure("answers with another visitor's text, and errors", outcome.foreign + len(outcome.errors), "")
    yield from _drag(page, f"{url}/column-lab")
    _open(page, url)
    for number, text in enumerate(draw_texts(draw_lengths(REVIEWS), vocabulary, seed=1), start=1):
        page.evaluate(ANSWER_TIME, [text, False])
        if number in (REVIEWS // 2, REVIEWS):
            yield Figure(f"memory of page and engine after {number:,} different reviews", _memory(pid), "MB")


def _describe(what: str, milliseconds: list[float]) -> Iterator[Figure]:
    yield Figure(f"{what}, median", statistics.median(milliseconds), "ms")
    yield Figure("the same, 95th percentile", statistics.quantiles(milliseconds, n=20)[-1], "ms")


def _edit(page: Page, text: str, *, waits: bool = False) -> float:
    """Milliseconds of one edit; then a pause such as a person makes, in which the last highlights stop gliding."""
    milliseconds = float(page.evaluate(ANSWER_TIME, [text, waits]))
    page.wait_for_timeout(300)
    return milliseconds


def _type(page: Page) -> Iterator[Figure]:
    """Real keys at the end of a review of 200 words, while its highlights, its measures and the link follow."""
    page.evaluate(WATCH_KEYS)
    box = page.get_by_role("textbox", name="Review", exact=True)
    box.press("Control+End")
    for word in ("and", "slowly,", "after", "a", "while,", "it", "becomes", "truly", "wonderful."):
        box.press_sequentially(f" {word}", delay=90)
        page.wait_for_timeout(400)
    page.wait_for_timeout(500)
    times = [0.0, *page.evaluate("window.keyTimes")]  # shorter ones than 16 ms are not told
    yield Figure("key to the painted letter, longest", max(times), "ms")


def _attribute(page: Page, vocabulary: Vocabulary) -> Iterator[Figure]:
    for number, name in enumerate(("gradient", "integrated_gradients", "occlusion"), start=3):
        page.get_by_role("combobox", name="Method").click()
        page.get_by_role("option", name=METHODS[name].title).click()
        page.locator(f'[data-attnviz-ready="true"][data-method="{name}"]').wait_for(state="attached")
        times = [_edit(page, text) for text in draw_texts([200] * 15, vocabulary, seed=number)][3:]
        yield from _describe(f"Ctrl+Enter to the changed highlight, 200 words, {METHODS[name].phrase}", times)


def _drag(page: Page, url: str) -> Iterator[Figure]:
    _open(page, url)
    times = page.evaluate(STEP_TIMES, STEPS)
    yield from _describe("slider step to the redrawn bars, 20 epochs of 8,000 samples", times)


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
