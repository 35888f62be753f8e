"""What a letter costs while the network runs in the browser: time to the painted highlight, and work for the server."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

from attnviz.text.vocabulary import Vocabulary
from attnviz.values.methods import METHODS
from benchmarks.figure import Figure, describe_times
from benchmarks.running_app import RunningApp
from benchmarks.texts import draw_texts

READY = '[data-attnviz-ready="true"]'
LENGTHS = (200, 500)
SIGNED = "gradient"
PATIENCE_MS = 120_000
"""A machine that is busy with something else makes the figures worthless, but not the benchmark fail."""

LETTERS = " and slowly, after a while, it becomes truly wonderful."
VISITORS = 20
KEYS = 60
KEY_MS = 150
IDLE_MS = 4_000
"""Long after the pause (600 ms) in which the sections below follow."""

# Keeps the JavaScript of each component that Streamlit loads.
WATCH_MODULES = """
window.modules = [];
const make = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  if (blob.type === 'text/javascript') window.modules.push(blob);
  return make.call(URL, blob);
};
"""

# From here on, the milliseconds from each key to the end of the frame in which its highlight is painted.
WATCH_KEYS = """
() => {
  const host = document.querySelector('[data-attnviz-ready]');
  window.letterTimes = [];
  let pressed = 0;
  document.addEventListener('keydown', (event) => { pressed = event.timeStamp; }, { capture: true });
  new MutationObserver(() => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      if (pressed) window.letterTimes.push(performance.now() - pressed);
      pressed = 0;
    };
    port2.postMessage(null);
  })).observe(host, { attributeFilter: ['data-text-hash'] });
}
"""

# Types by itself, a letter each so many milliseconds.
TYPE_ALONE = """
async ([keys, milliseconds]) => {
  const box = document.querySelector('[data-attnviz-ready]').shadowRoot.querySelector('textarea');
  for (let key = 0; key < keys; key += 1) {
    box.value += 'wonderful film '[key % 15];
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}
"""


def measure_letters(browser: Browser, app: RunningApp, vocabulary: Vocabulary) -> Iterator[Figure]:
    """In a page of its own for each length, and then many pages at once."""
    for words in LENGTHS:
        (text,) = draw_texts([words], vocabulary)
        times = _type(browser, app.url, text)
        yield from describe_times(f"key to the painted highlight of {words} words, attention", times)
    (text,) = draw_texts([LENGTHS[0]], vocabulary)
    times = _type(browser, f"{app.url}/?method={SIGNED}", text)
    what = f"key to the painted underline and probability of {LENGTHS[0]} words, {METHODS[SIGNED].phrase}"
    yield from describe_times(what, times)
    yield from _weigh(browser, app.url)
    yield from _crowd(browser, app)


def _open(browser: Browser, url: str) -> Page:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(WATCH_MODULES)
    page.goto(url)
    page.locator(READY).wait_for(state="attached")
    return page


def _type(browser: Browser, url: str, text: str) -> list[float]:
    page = _open(browser, url)
    try:
        box = page.get_by_role("textbox", name="Review", exact=True)
        box.fill(text)
        page.locator(f'{READY}[data-engine="browser"]').wait_for(state="attached")
        page.wait_for_timeout(IDLE_MS)
        page.evaluate(WATCH_KEYS)
        box.press("Control+End")
        box.press_sequentially(LETTERS, delay=90)
        page.wait_for_timeout(300)
        times: list[float] = page.evaluate("window.letterTimes")
        return times[5:]
    finally:
        page.close()


def _weigh(browser: Browser, url: str) -> Iterator[Figure]:
    """The JavaScript of attnviz that the page Reviews loads, without Streamlit's."""
    page = _open(browser, url)
    page.wait_for_timeout(IDLE_MS)
    texts: list[str] = page.evaluate("Promise.all(window.modules.map((blob) => blob.text()))")
    page.close()
    ours = [text.encode() for text in dict.fromkeys(texts) if "attnviz" in text]
    yield Figure(f"JavaScript of attnviz on the page Reviews, {len(ours)} components", sum(map(len, ours)) / 1e3, "kB")
    yield Figure("the same, compressed by gzip", sum(len(gzip.compress(text)) for text in ours) / 1e3, "kB")


def _crowd(browser: Browser, app: RunningApp) -> Iterator[Figure]:
    """What VISITORS who type at the same time ask of the server, while they type and when they rest."""
    sent: list[BackMsg] = []
    pages = [_open_counted(browser, app.url, sent) for _ in range(VISITORS)]
    pages[-1].wait_for_timeout(IDLE_MS)
    sent.clear()
    used, began = app.seconds, time.monotonic()
    for page in pages:
        page.evaluate(f"(given) => {{ window.typing = ({TYPE_ALONE})(given); }}", [KEYS, KEY_MS])
    typed = len(sent)
    for page in pages:
        page.evaluate("window.typing")
        typed = typed if page is not pages[0] else len(sent)
    load = (app.seconds - used) / (time.monotonic() - began)
    pages[-1].wait_for_timeout(IDLE_MS)
    for page in pages:
        page.close()
    what = f"{VISITORS} visitors typing {KEYS} letters each"
    yield Figure(f"{what}: messages to the server until the first of them rests", typed, "")
    yield Figure("the same: messages a visitor, with what follows when he rests", len(sent) / VISITORS, "")
    yield Figure("the same: processor time of page and engine for a second of typing", load, "s")


def _open_counted(browser: Browser, url: str, sent: list[BackMsg]) -> Page:
    page = browser.new_page()

    def note(frame: str | bytes) -> None:
        """What a fragment asks by itself, as while the engine loads, is nothing that typing costs."""
        message = BackMsg()
        message.ParseFromString(frame)  # type: ignore[arg-type]
        if not message.rerun_script.is_auto_rerun:
            sent.append(message)

    def count(socket: WebSocket) -> None:
        socket.on("framesent", note)

    page.set_default_timeout(PATIENCE_MS)
    page.on("websocket", count)
    page.goto(url)
    page.locator(f'{READY}[data-engine="browser"]').wait_for(state="attached")
    return page
