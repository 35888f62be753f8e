"""Two visitors in Chromium who try everything at random, at the same time: is anything that they typed lost?

`python -m benchmarks.visitors --seconds 600 --seed 0` prints what they met; it ends with 1 if a text was lost or a page
failed.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import Error, Locator, Page, sync_playwright

from attnviz.data.examples import EXAMPLES
from benchmarks.browser import FLAGS
from benchmarks.running_app import RunningApp, running

VISITORS = 2
PATIENCE_MS = 10_000
"""That a control may take to be there, and a text that was asked for to arrive."""

PAUSES_MS = (0, 0, 30, 200, 700, 1_500)
"""Between two actions: from at once to long enough for the sections below to follow."""

PAGES = ("How it works", "Column lab", "Evidence", "Training", "Models")
WORDS = ("a", "film", "that", "is", "not", "bad", "but", "wonderful", "boring,", "I", "loved", "it", "👍", "awful!")


@dataclass
class Diary:
    """What a visitor met.

    Attributes:
        actions: how often each was done.
        missed: how often something could not be clicked, because the page was changing.
        lost: what should have stood in the box, and what did.
        failures: exceptions on the page or in its JavaScript.
    """

    actions: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Visitor:
    """One open page, and what should stand in its box; None where a random review was asked for."""

    def __init__(self, page: Page, url: str, draw: random.Random) -> None:
        self.page, self.url, self.draw, self.diary = page, url, draw, Diary()
        self.text: str | None = None
        self.left = 0
        """Entries of the browser's history that lead back into the app."""
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.diary.failures.append(f"JavaScript: {error}"))

    def visit(self, until: float) -> Diary:
        """Do things until that time of the monotonic clock."""
        self.page.goto(self.url)
        self.page.locator('[data-attnviz-ready="true"]').wait_for(state="attached", timeout=60_000)
        while time.monotonic() < until:
            self._act()
        return self.diary

    def _act(self) -> None:
        actions = self._here if self._is_in_reviews else self._elsewhere
        name = self.draw.choice(list(actions))
        try:
            actions[name]()
            self.diary.actions[name] += 1
        except Error as error:
            self.diary.missed[f"{name}: {str(error).splitlines()[0]}"] += 1
        self._check(name)
        self.page.wait_for_timeout(self.draw.choice(PAUSES_MS))

    @property
    def _is_in_reviews(self) -> bool:
        heading = self.page.get_by_role("heading", name="Reviews", level=1)  # How it works has a box of this name, too
        return heading.count() > 0 and self._box.count() > 0

    @property
    def _here(self) -> dict[str, Callable[[], None]]:
        """What can be done on the page Reviews; typing, which may be lost, comes most often."""
        return {
            "write a text": self._write,
            "write another text": self._write,
            "type on": self._type_on,
            "type on, again": self._type_on,
            "press Ctrl+Enter": lambda: self._box.press("Control+Enter"),
            "click an example": self._click_example,
            "draw a test review": self._draw_review,
            "click a word": self._click_word,
            "choose a network": partial(self._choose, "Model"),
            "choose a method": partial(self._choose, "Method"),
            "open a tab": lambda: self._click_one(self.page.get_by_role("tab")),
            "go to a page": self._go,
        }

    @property
    def _elsewhere(self) -> dict[str, Callable[[], None]]:
        return {
            "go to a page": self._go,
            "go back": self._go_back,
            "return": lambda: self._open("Reviews"),
            "return again": lambda: self._open("Reviews"),
        }

    @property
    def _box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Review", exact=True)

    def _write(self) -> None:
        self.text = " ".join(self.draw.choices(WORDS, k=self.draw.randint(1, 40)))
        self._box.fill(self.text)

    def _type_on(self) -> None:
        """Real keys; what comes late must not replace them."""
        if self.text is None:
            self._write()
        word = f" {self.draw.choice(WORDS)}"
        self._box.press("Control+End")
        self.text = f"{self.text}{word}"
        self._box.press_sequentially(word, delay=self.draw.choice((20, 90, 250)))

    def _click_example(self) -> None:
        title = self.draw.choice(list(EXAMPLES))
        self.page.get_by_role("button", name=title, exact=True).click()
        self.text = EXAMPLES[title]

    def _draw_review(self) -> None:
        self.page.get_by_role("button", name="Random test review").click(timeout=1_000)
        self.text = None

    def _click_word(self) -> None:
        """Leave a word out, if the click meets one: that changes what is read, not what is typed."""
        tokens = self.page.locator(".reading .token")
        tokens.nth(self.draw.randrange(max(1, tokens.count()))).dispatch_event("click", timeout=2_000)
        self.page.get_by_role("button", name=re.compile("^(Leave out|Bring back)$")).click(timeout=2_000)

    def _choose(self, label: str) -> None:
        self.page.get_by_role("combobox", name=label).click()
        self._click_one(self.page.get_by_role("option"))

    def _click_one(self, found: Locator) -> None:
        found.first.wait_for()
        found.nth(self.draw.randrange(max(1, found.count()))).click()

    def _go(self) -> None:
        self._open(self.draw.choice(PAGES))

    def _open(self, title: str) -> None:
        before = self.page.url
        self.page.get_by_role("link", name=title).first.click()
        self.page.get_by_role("heading", name=title, level=1).wait_for()
        self.left += self.page.url != before

    def _go_back(self) -> None:
        if self.left:
            self.left -= 1
            self.page.go_back()

    def _check(self, action: str) -> None:
        for said in self.page.get_by_test_id("stException").all_inner_texts():
            self.diary.failures.append(f"after '{action}': {said[:500]}")
        if self.text is not None and self._is_in_reviews and not self._is_there():
            found = self._box.input_value() if self._is_in_reviews else "(no box)"
            self.diary.lost.append(f"after '{action}': {self.text!r} was to stand there, not {found[:200]!r}")
            self.text = None  # one loss is told once

    def _is_there(self) -> bool:
        """Whether the text stands in the box, or comes in time: after a click the server has to send it."""
        script = """([box, text, until]) => new Promise((resolve) => {
            const look = () => (box.value === text || Date.now() > until ? resolve(box.value === text)
                                                                        : setTimeout(look, 20));
            look();
        })"""
        try:
            box = self._box.element_handle()
            return bool(self.page.evaluate(script, [box, self.text, time.time() * 1e3 + PATIENCE_MS]))
        except Error:  # the box left the page meanwhile
            return not self._is_in_reviews


@contextmanager
def _browsing() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            yield browser.new_page(viewport={"width": 1440, "height": 900})
        finally:
            browser.close()


def _visit(app: RunningApp, seconds: float, seed: int) -> Diary:
    with _browsing() as page:
        return Visitor(page, app.url, random.Random(seed)).visit(time.monotonic() + seconds)


def visit_all(app: RunningApp, seconds: float, seed: int) -> list[Diary]:
    """Each visitor in a browser and a thread of its own."""
    with ThreadPoolExecutor(VISITORS) as threads:
        return list(threads.map(lambda number: _visit(app, seconds, seed + number), range(VISITORS)))


def describe(diaries: list[Diary]) -> str:
    """What they did and met, in lines."""
    actions = sum((diary.actions for diary in diaries), Counter[str]())
    missed = sum((diary.missed for diary in diaries), Counter[str]())
    lost = [text for diary in diaries for text in diary.lost]
    failures = [text for diary in diaries for text in diary.failures]
    lines = [f"{actions.total():,} actions: {dict(actions.most_common())}"]
    lines += [f"{missed.total():,} could not be done: {dict(missed.most_common())}"]
    lines += [f"{len(lost)} lost texts", *lost, f"{len(failures)} failures", *dict.fromkeys(failures)]
    return "\n".join(lines)


def main() -> int:
    """Print what the visitors met and what the server takes then."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.visitors", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with running() as app:
        diaries = visit_all(app, options.seconds, options.seed)
        page, engine = app.memory
    print(f"{describe(diaries)}\nmemory at the end: page {page:,.0f} MB, engine {engine:,.0f} MB")
    return int(any(diary.lost or diary.failures for diary in diaries))


if __name__ == "__main__":
    sys.exit(main())
