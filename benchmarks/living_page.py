"""The living page in Chromium: from its opening, from the disk, to the first explained text.

`python -m benchmarks.living_page` measures only this.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from attnviz.living.live_networks import list_shipped_networks
from attnviz.living.live_page import LiveNetwork, format_size, render_live_page
from attnviz.runs.library import find_checkpoint
from benchmarks.browser import FLAGS
from benchmarks.figure import Figure
from benchmarks.texts import draw_texts

ROUNDS = 5
MEASURED = ("word-additive", "luong", "lstm-dot")
WORDS = 200

# The page's own clock begins when it is asked for.
OPENED = """
async () => {
  const host = document.querySelector('main');
  while (host.dataset.attnvizReady !== 'true') await new Promise((resolve) => setTimeout(resolve, 1));
  return performance.now();
}
"""


def measure_living_pages() -> Iterator[Figure]:
    """For some networks the size of the page, and the median of several openings, each in a fresh browser context."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for network in list_shipped_networks():
            if network.name in MEASURED:
                yield _measure(chromium, network, Path(folder) / f"{network.name}.html")
        chromium.close()


def _measure(chromium: Browser, network: LiveNetwork, file: Path) -> Figure:
    (text,) = draw_texts([WORDS], find_checkpoint(network.name).vocabulary)
    size = file.write_text(render_live_page(network, text, method=network.methods[0]), encoding="utf-8")
    seconds = [_open(chromium, file) for _ in range(ROUNDS)]
    what = f"living page of {network.name}, {format_size(size)}, from the disk to the first explained text"
    return Figure(f"{what}, median of {ROUNDS}", statistics.median(seconds), "s")


def _open(chromium: Browser, file: Path) -> float:
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        return float(page.evaluate(OPENED)) / 1e3
    finally:
        context.close()


if __name__ == "__main__":
    for figure in measure_living_pages():
        print(f"{figure.what}: {figure.value:.2f} {figure.unit}")
