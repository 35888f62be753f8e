"""The notebook's widget in a real browser; a few lines play the notebook, and the widget itself the kernel."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import attnviz
from attnviz.living.page_shell import get_script
from tests.browser.conftest import ROOT
from tests.browser.visits import type_review, wait_for_answer

pytest.importorskip("anywidget", reason="the widget needs the extra: pip install attnviz[extras]")
TEXT = "a <b>great</b> film 😀, never boring"

# What anywidget gives a module: traits, messages, and events of both. What is told is kept for the test.
PLAY_NOTEBOOK = """
async ([source, traits, opened, weights]) => {
  const module = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
  const listeners = {};
  window.told = [];
  window.sent = [];
  window.model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; },
    save_changes: () => window.told.push(structuredClone(traits)),
    on: (event, listener) => { (listeners[event] ??= new Set()).add(listener); },
    off: (event, listener) => listeners[event]?.delete(listener),
    emit: (event, ...given) => listeners[event]?.forEach((listener) => listener(...given)),
    send: (content) => {
      window.sent.push(content);
      const has = content.has.includes(opened.mark);
      setTimeout(() => window.model.emit('msg:custom', opened, has ? [] : [new DataView(bytes.buffer)]));
    },
  };
  window.show = () => {
    const el = document.body.appendChild(document.createElement('div'));
    return module.default.render({ model: window.model, el });
  };
  window.stop = window.show();
}
"""


@pytest.fixture
def widget(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(ROOT / "checkpoints"))
    return attnviz.load("luong").widget(TEXT)


@pytest.fixture
def open_widget(page: Page, widget: Any) -> Callable[[], None]:
    sent: list[tuple[dict[str, Any], list[bytes]]] = []
    widget.send = lambda content, buffers: sent.append((content, buffers))
    widget._open(widget, {"has": []}, [])
    (opened, (content,)) = sent[0]
    traits = {"text": widget.text, "method": widget.method}
    weights = base64.b64encode(content).decode()
    return lambda: page.evaluate(PLAY_NOTEBOOK, [get_script("widget.js"), traits, opened, weights])


def test_what_is_typed_is_read_in_the_page_and_told_to_python(page: Page, widget: Any, open_widget) -> None:
    open_widget()
    wait_for_answer(page, TEXT)
    shown = type_review(page, "A dull film, and far too long. 😀")
    page.wait_for_function("() => window.told.at(-1)?.text.startsWith('A dull')")
    told = json.loads(page.evaluate("() => JSON.stringify(window.told.at(-1))"))
    widget.set_state({"text": told["text"], "answer": told["answer"]})
    expected = attnviz.load("luong").explain("A dull film, and far too long. 😀")
    assert shown["engine"] == "browser"
    assert widget.explanation.tokens == expected.tokens
    assert widget.scores == pytest.approx(expected.scores, abs=1e-5)
    assert widget.explanation.probability == pytest.approx(expected.probability, abs=1e-5)
    assert widget.explanation.to_html().count("<span") == expected.to_html().count("<span")


def test_python_puts_another_text_there_and_chooses_the_method(page: Page, open_widget) -> None:
    open_widget()
    wait_for_answer(page, TEXT)
    page.evaluate("() => { model.set('text', 'a boring film'); model.emit('change:text'); }")
    wait_for_answer(page, "a boring film")
    page.evaluate("() => { model.set('method', 'occlusion'); model.emit('change:method'); }")
    page.wait_for_function("() => window.told.at(-1)?.answer?.method === 'occlusion'")
    scores = page.evaluate("() => window.told.at(-1).answer.explanation.tokens.map(({ score }) => score)")
    expected = attnviz.load("luong").explain("a boring film", "occlusion")
    assert scores == pytest.approx(expected.scores.tolist(), abs=1e-5)


def test_a_second_view_needs_no_second_network(page: Page, open_widget) -> None:
    open_widget()
    wait_for_answer(page, TEXT)
    page.evaluate("() => { window.stop(); document.body.replaceChildren(); window.stop = window.show(); }")
    wait_for_answer(page, TEXT)
    first, second = page.evaluate("() => window.sent")
    assert first == {"has": []}
    assert len(second["has"]) == 1
    expect(page.get_by_role("textbox", name="Review", exact=True)).to_have_value(TEXT)
