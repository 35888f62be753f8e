"""`python -m benchmarks.pictures` takes the pictures of README and docs from the running app: docs/images.

Four pages as they are, and a short film: a review is typed, the highlight follows each letter, and a word is left out.
`--only film` takes one of them.
"""

from __future__ import annotations

import argparse
import io
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect, sync_playwright

from attnviz.data.examples import EXAMPLES
from benchmarks.browser import FLAGS
from benchmarks.running_app import ROOT, running

IMAGES = ROOT / "docs" / "images"
READY = '[data-attnviz-ready="true"]'
PATIENCE_MS = 120_000
WIDTH, HEIGHT = 1280, 900
SHARP = 0.1
"""The lowest temperature."""

FILM = "film.webp"
FILM_SIZE, FILM_HEIGHT, MARGIN = (1120, 860), 545, 20
MOST_BYTES = 3_000_000
REVIEW = "The plot is thin and the jokes are old, but the two leads are wonderful together."
LEFT_OUT = "wonderful"
LETTER_MS, WORD_MS, LOOK_MS, END_MS = 70, 130, 1_100, 2_600

_POINTER = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12))


@dataclass
class Film:
    """Frames of a page, each with the milliseconds that it stands."""

    page: Page
    clip: FloatRect
    pointer: tuple[float, float] | None = None
    frames: list[Image.Image] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def take(self, milliseconds: int) -> None:
        """A frame of what is on the screen; one that shows nothing new makes the last one longer."""
        shot = Image.open(io.BytesIO(self.page.screenshot(animations="disabled", clip=self.clip))).convert("RGB")
        if self.pointer is not None:
            _draw_pointer(shot, (self.pointer[0] - self.clip["x"], self.pointer[1] - self.clip["y"]))
        if self.frames and shot.tobytes() == self.frames[-1].tobytes():
            self.times[-1] += milliseconds
        else:
            self.frames.append(shot)
            self.times.append(milliseconds)

    def point_at(self, place: Locator) -> None:
        """Bring the pointer to the middle of something."""
        box = place.bounding_box()
        assert box is not None
        self.pointer = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.move(*self.pointer)

    def write(self, path: Path) -> None:
        """As an animated picture that begins again at its end."""
        first, *others = self.frames
        first.save(path, save_all=True, append_images=others, duration=self.times, loop=0, quality=75, method=4)
        if (size := path.stat().st_size) > MOST_BYTES:
            raise SystemExit(f"{path} has {size:,} bytes, more than {MOST_BYTES:,}.")


def main() -> None:
    """Take all of them, or one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("--only", choices=PICTURES)
    only = parser.parse_args().only
    with running() as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS])
        for name in [only] if only else PICTURES:
            for path in PICTURES[name](browser, app.url):
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
        browser.close()


def take_reviews(browser: Browser, url: str) -> Iterator[Path]:
    """The page Reviews with a mixed review."""
    page = open_page(browser, url)
    title = "Good parts, bad film"
    page.get_by_role("button", name=title).click()
    expect(page.get_by_role("textbox", name="Review", exact=True)).to_have_value(EXAMPLES[title])
    expect(page.locator(f'{READY}[data-followed="true"]')).to_be_attached()
    expect(page.get_by_text("Does the answer need the highest words?")).to_be_visible()
    yield keep(page, "reviews.png")


def take_how_it_works(browser: Browser, url: str) -> Iterator[Path]:
    """The page How it works at its softmax, at a low temperature."""
    page = open_page(browser, f"{url}/how-it-works", 1_040)
    page.get_by_role("heading", name="4. Softmax").evaluate("node => node.scrollIntoView({block: 'start'})")
    slider = page.get_by_role("slider", name="Temperature")
    slider.press("Home")
    reached = page.locator(f'{READY}[data-temperature="{SHARP}"]')
    expect(reached).to_be_attached()
    expect(page.get_by_text(f"at temperature {SHARP}").first).to_be_visible()
    slider.evaluate("node => node.blur()")
    yield keep(page, "how-it-works.png")


def take_column_lab(browser: Browser, url: str) -> Iterator[Path]:
    """The Column lab with a decoy, and 20 seeds."""
    open_page(browser, f"{url}/column-lab").close()  # the first run of a size compiles, and would say how long it took
    page = open_page(browser, f"{url}/column-lab?task=decoy")
    page.get_by_role("button", name="Repeat with 20 seeds").click()
    expect(page.get_by_text("20 seeds in")).to_be_visible()
    yield keep(page, "column-lab.png")


def take_evidence(browser: Browser, url: str) -> Iterator[Path]:
    """The page Evidence."""
    page = open_page(browser, f"{url}/evidence", 1_400, ready=".js-plotly-plot")
    yield keep(page, "evidence.png")


def take_film(browser: Browser, url: str) -> Iterator[Path]:
    """A review is typed, the highlight follows, a word is left out."""
    page = open_page(browser, url, *reversed(FILM_SIZE))
    box = page.get_by_role("textbox", name="Review", exact=True)
    box.fill("")
    film = Film(page, _frame(page))
    film.take(LOOK_MS)
    for letter in REVIEW:
        box.press_sequentially(letter)
        expect(page.locator(READY)).to_be_attached()
        film.take(WORD_MS if letter == " " else LETTER_MS)
    film.take(LOOK_MS)
    leave_out(film)
    film.take(END_MS)
    film.write(IMAGES / FILM)
    yield IMAGES / FILM


def leave_out(film: Film) -> None:
    """Click the word, and choose to leave it out."""
    word = film.page.locator("[data-token]", has_text=LEFT_OUT).first
    film.point_at(word)
    film.take(LOOK_MS)
    film.page.mouse.click(*film.pointer or (0, 0))
    button = film.page.get_by_role("button", name="Leave out")
    button.wait_for()
    film.take(LOOK_MS)
    film.point_at(button)
    film.take(LOOK_MS // 2)
    button.click()
    film.pointer = None
    expect(film.page.locator(READY)).to_be_attached()


def open_page(browser: Browser, url: str, height: int = HEIGHT, width: int = WIDTH, ready: str = READY) -> Page:
    """A page as somebody sees it who has closed the tour, once its first answer is there."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
    context.add_init_script("localStorage.setItem('attnviz-tour', 'closed')")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page.goto(url)
    page.locator(ready).first.wait_for(state="attached")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return page


def keep(page: Page, name: str) -> Path:
    """A picture of what is on the screen, in few colours, as small as these pages allow."""
    path = IMAGES / name
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    shot.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def _frame(page: Page) -> FloatRect:
    """The editor with a margin at its sides, down to the trail of what was left out."""
    box = page.locator(READY).first.bounding_box()
    assert box is not None
    return {"x": box["x"] - MARGIN, "y": box["y"], "width": box["width"] + 2 * MARGIN, "height": FILM_HEIGHT}


def _draw_pointer(shot: Image.Image, place: tuple[float, float]) -> None:
    corners = [(place[0] + x, place[1] + y) for x, y in _POINTER]
    ImageDraw.Draw(shot).polygon(corners, fill="black", outline="white")


PICTURES: Mapping[str, Callable[[Browser, str], Iterator[Path]]] = {
    "reviews": take_reviews,
    "how-it-works": take_how_it_works,
    "column-lab": take_column_lab,
    "evidence": take_evidence,
    "film": take_film,
}

if __name__ == "__main__":
    main()
