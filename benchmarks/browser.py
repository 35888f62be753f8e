"""The app in a real Chromium: how soon it shows, how fast it answers, and what memory it takes.

`python -m benchmarks.browser` measures only this.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from attnviz.render.links import DEFAULT_MODEL
from attnviz.runs.library import find_checkpoint
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.methods import METHODS
from benchmarks.figure import Figure, describe_times
from benchmarks.letters import PATIENCE_MS, measure_letters
from benchmarks.running_app import RunningApp, find_free_port, running
from benchmarks.sessions import VISITORS, measure_sessions
from benchmarks.texts import draw_lengths, draw_texts

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
STARTS = 3
EDITS = 15 + 5
REVIEWS = 1_000
STEPS = 100

# Puts a text into the box, presses Ctrl+Enter unless it waits for the pause after the last key (150 ms), and resolves
# with the milliseconds until the answer is on the screen, the browser's or the engine's.
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


def measure_app() -> Iterator[Figure]:
    """Start the app as a user does and visit it; nothing is measured where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no Chromium, so nothing is measured in a browser", file=sys.stderr)
        return
    port = find_free_port()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            yield from _start_often(browser, port)
            with running(port) as app:
                yield from _visit(browser, app)
        finally:
            browser.close()


def _start_often(browser: Browser, port: int) -> Iterator[Figure]:
    """At one port, as a user starts it, whose browser has what it kept of the last time."""
    starts = [_start(browser, port) for _ in range(1 + STARTS)][1:]  # the first warms the disk
    opened, typed = zip(*starts, strict=True)
    yield Figure("start to the first page with an explained example", statistics.median(opened), "s")
    yield Figure("start to the first typed review explained", statistics.median(typed), "s")


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.locator('[data-attnviz-ready="true"]').wait_for(state="attached", timeout=60_000)


def _start(browser: Browser, port: int) -> tuple[float, float]:
    """Seconds from the command, beside an open browser, to the first page with an explained example, and to a typed
    review explained."""
    page = browser.new_page()
    began = time.perf_counter()
    with running(port) as app:
        _open(page, app.url)
        opened = time.perf_counter() - began
        page.evaluate(ANSWER_TIME, ["The first review that somebody typed.", False])
        typed = time.perf_counter() - began
        page.close()
    return opened, typed


def _visit(browser: Browser, app: RunningApp) -> Iterator[Figure]:
    vocabulary = find_checkpoint(DEFAULT_MODEL).vocabulary
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    _open(page, app.url)
    yield from measure_letters(browser, app, vocabulary)
    yield from _attribute(page, app.url, vocabulary)
    outcome = measure_sessions(app.url, vocabulary[100:2_000])
    what = f"{VISITORS} visitors who ask for signed scores once a second: edit to answer, without a browser"
    yield from describe_times(what, [seconds * 1_000 for seconds in outcome.seconds])
    yield Figure("answers with another visitor's text, and errors", outcome.foreign + len(outcome.errors), "")
    yield from _drag(page, f"{app.url}/column-lab")
    _open(page, f"{app.url}/?method=gradient")
    for number, text in enumerate(draw_texts(draw_lengths(REVIEWS), vocabulary, seed=1), start=1):
        page.evaluate(ANSWER_TIME, [text, False])
        if number in (REVIEWS // 2, REVIEWS):
            what = f"memory of page and engine after {number:,} different reviews with signed scores"
            yield Figure(what, sum(app.memory), "MB")


def _edit(page: Page, text: str, *, waits: bool = False) -> float:
    """Milliseconds of one edit; then a pause such as a person makes, in which the last highlights stop gliding."""
    milliseconds = float(page.evaluate(ANSWER_TIME, [text, waits]))
    page.wait_for_timeout(300)
    return milliseconds


def _attribute(page: Page, url: str, vocabulary: Vocabulary) -> Iterator[Figure]:
    """What the engine answers: the signed scores."""
    for seed, name in enumerate(("gradient", "integrated_gradients", "occlusion"), start=3):
        _open(page, f"{url}/?method={name}")
        times = [_edit(page, text) for text in draw_texts([200] * EDITS, vocabulary, seed=seed)][5:]
        yield from describe_times(f"Ctrl+Enter to the changed highlight, 200 words, {METHODS[name].phrase}", times)
    times = [_edit(page, text, waits=True) for text in draw_texts([200] * EDITS, vocabulary, seed=2)][5:]
    yield from describe_times("last key to the changed highlight, the same, with the pause of 150 ms", times)


def _drag(page: Page, url: str) -> Iterator[Figure]:
    _open(page, url)
    times = page.evaluate(STEP_TIMES, STEPS)
    yield from describe_times("slider step to the redrawn bars, 20 epochs of 8,000 samples", times)


if __name__ == "__main__":
    for figure in measure_app():
        print(figure, flush=True)
