"""The pages in other languages: everything on them comes from a catalogue, and the choice stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from attnviz.data.examples import EXAMPLES
from attnviz.models.registry import MODELS
from tests.browser.conftest import App, start_app, visit

MARKED_APP = """
from gettext import NullTranslations
from pathlib import Path
from re import sub

import attnviz.languages.messages
import attnviz.web.translation


class Marked(NullTranslations):
    def gettext(self, message):
        if message in ("en", "is learned"):  # the language, and the words in a formula
            return message
        parts = message.split("$")  # each second one is a formula
        parts[::2] = [sub(r"(^|\\})([^{}]+)", r"\\1⟦\\2⟧", part) for part in parts[::2]]
        return "$".join(parts)

    def ngettext(self, one, many, count):
        return self.gettext(one if count == 1 else many)


for module in (attnviz.languages.messages, attnviz.web.translation):
    module.find_catalogue = lambda language: Marked()
exec(compile(Path("app.py").read_text(), "app.py", "exec"))
"""
"""attnviz with a catalogue that marks what came from it: ⟦like ⟧this⟦ one⟧."""

FIND_TEXTS = """() => {
  const found = [];
  const look = (node) => {
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      const said = node.getAttribute?.(name);
      if (said) found.push(said);
    }
    if (['SCRIPT', 'STYLE', 'TEXTAREA', 'CODE', 'PRE', 'annotation'].includes(node.tagName)) return;
    if (node.matches?.('.textpoint, .ytick, [class*="katex"]')) return;
    if (node.matches?.('[data-testid="stJson"], [data-testid="stIconMaterial"]')) return;
    if (node.shadowRoot) look(node.shadowRoot);
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) found.push(child.data);
      else look(child);
    }
  };
  look(document.querySelector('[data-testid="stMain"]'));
  return found.join('\\u241f');
}"""


NAMES = "attnviz lstm bilstm svg png csv tsv json jsonl ndjson parquet txt zip softmax exp tanh english lime shap keras"
"""What is called alike in every language."""

STREAMLIT = "help for open increment decrement remove clear all file upload per search show hide columns copy clipboard"
STREAMLIT += " fullscreen download link heading choose option"
"""What Streamlit itself says, in English only."""

LAYERS = "word ids embedding dropout hidden columns attention attended scores weights context vector probability dense"
LAYERS += " inputlayer additiveattention temperaturesoftmax multiply weightedsum large movie review dataset"
"""Names of layers, as their network has them, and of the data."""


@pytest.fixture(scope="module")
def marked_app(tmp_path_factory: pytest.TempPathFactory, archive: Path, cache: Path, app: App) -> Iterator[App]:
    """The app whose catalogue marks what comes from it."""
    script = tmp_path_factory.mktemp("marked") / "marked_app.py"
    script.write_text(MARKED_APP, encoding="utf-8")
    running = start_app(app.library, cache, archive, script=str(script))
    yield running
    running.process.terminate()
    running.process.wait()


@pytest.fixture(scope="module")
def allowed() -> frozenset[str]:
    """Words that stay as they are: names, and those of the texts that the networks read."""
    texts = " ".join([NAMES, STREAMLIT, LAYERS, *MODELS, *EXAMPLES.values()])
    return frozenset(re.findall(r"[a-z]{3,}", texts.lower()))


def find_english(page: Page, allowed: frozenset[str]) -> list[str]:
    """The texts on the page that hold words from no catalogue."""
    text = re.sub(r"⟦[^⟧]*⟧", " ", page.evaluate(FIND_TEXTS))
    parts = {part.strip() for part in text.split("\u241f")}
    return sorted(part for part in parts if set(re.findall(r"[a-z]{3,}", part.lower())) - allowed)


def test_the_language_is_the_browsers_until_one_is_chosen_and_stays_in_the_address(browser: Browser, app: App) -> None:
    with visit(browser, "localStorage.setItem('attnviz-tour', 'closed')", locale="ru-RU") as page:
        page.goto(app.url)
        expect(page.get_by_role("heading", name="Отзывы", level=1)).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        assert "lang=" not in page.url
        page.get_by_role("combobox", name="Метод").click()
        page.get_by_role("option", name="Градиент × вход").click()
        expect(page).to_have_url(re.compile("method=gradient"))
        page.locator(".st-key-language").get_by_text("中文").click()
        expect(page.get_by_role("heading", name="影评", level=1)).to_be_visible()
        expect(page.get_by_role("combobox", name="方法")).to_have_value("梯度 × 输入")  # what was chosen stays
        expect(page.get_by_role("textbox", name="影评", exact=True)).not_to_be_empty()
        expect(page.locator("div.verdict")).to_contain_text("面")  # 正面 or 负面
        expect(page).to_have_url(re.compile("method=gradient.*lang=zh"))
        page.get_by_role("link", name="模型").click()
        expect(page.get_by_role("heading", name="模型", level=1)).to_be_visible()
        expect(page).to_have_url(re.compile("lang=zh"))
        page.reload()
        expect(page.get_by_role("heading", name="模型", level=1)).to_be_visible()


@pytest.mark.parametrize("path", ["", "how-it-works", "column-lab", "evidence", "training", "models", "lessons"])
def test_every_word_of_a_page_comes_from_a_catalogue(
    browser: Browser, marked_app: App, allowed: frozenset[str], path: str
) -> None:
    with visit(browser, "localStorage.setItem('attnviz-tour', 'closed')", locale="ru-RU") as page:
        page.goto(f"{marked_app.url}/{path}")
        expect(page.locator(".st-key-language")).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        assert "⟦" in page.evaluate(FIND_TEXTS)
        assert find_english(page, allowed) == []
