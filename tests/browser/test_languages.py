"""The pages in other languages: everything on them comes from a catalogue, and the choice stays."""

from __future__ import annotations

import re

from playwright.sync_api import Page

MARKED_APP = """
from gettext import NullTranslations
from pathlib import Path
from re import sub

import attnviz.languages.messages
import attnviz.web.translation


class Marked(NullTranslations):
    def gettext(self, message):
        return "en" if message == "en" else sub(r"(^|\\})([^{}]+)", r"\\1⟦\\2⟧", message)

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
      if (said) found.push(`@${name} ${said}`);
    }
    if (['SCRIPT', 'STYLE', 'TEXTAREA', 'CODE', 'PRE'].includes(node.tagName)) return;
    if (node.shadowRoot) look(node.shadowRoot);
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) found.push(child.data);
      else look(child);
    }
  };
  look(document.querySelector('[data-testid="stMain"]'));
  return found.join('\\u241f');
}"""


def find_english(page: Page, allowed: frozenset[str]) -> list[str]:
    """The texts on the page that hold words from no catalogue."""
    text = re.sub(r"⟦[^⟧]*⟧", "", page.evaluate(FIND_TEXTS))
    parts = {part.strip() for part in text.split("\u241f")}
    return sorted(part for part in parts if set(re.findall(r"[a-z]{3,}", part.lower())) - allowed)
