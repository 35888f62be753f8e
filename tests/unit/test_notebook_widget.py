"""The notebook's widget: what the kernel sends, what it takes back, and when a cell shows it."""

from __future__ import annotations

import sys
from typing import Any

import pytest

import attnviz
from attnviz.errors import SettingError
from attnviz.living import notebook_display
from attnviz.values.explanation import Explanation

pytest.importorskip("anywidget", reason="the widget needs the extra: pip install attnviz[extras]")
pytestmark = pytest.mark.usefixtures("library")
TEXT = "a great <b>film</b>"


@pytest.fixture
def widget():
    found = attnviz.load("luong").widget(TEXT)
    yield found
    found.close()


def ask(widget, content: object, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], list[bytes]]:
    """What the kernel answers a page that sends this message."""
    sent: list[tuple[dict[str, Any], list[bytes]]] = []
    monkeypatch.setattr(widget, "send", lambda content, buffers: sent.append((content, buffers)))
    widget._handle_custom_msg(content, [])
    (answer,) = sent
    return answer


def test_a_page_gets_the_network_once(widget, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, (content,) = ask(widget, {"has": []}, monkeypatch)
    assert opened["entry"]["name"] == "luong"
    assert "<textarea" in opened["review"]
    again, buffers = ask(widget, {"has": [opened["mark"]]}, monkeypatch)
    assert (again["mark"], buffers) == (opened["mark"], [])
    assert content not in widget.get_state().values(), "the weights are not saved with the notebook"


@pytest.mark.parametrize("content", [{}, {"has": None}, {"has": "x"}, {"has": [[]]}])
def test_a_strange_message_is_answered_as_that_of_a_new_page(widget, content, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(ask(widget, content, monkeypatch)[1]) == 1


def test_what_the_page_computed_comes_back(widget) -> None:
    computed = attnviz.load("luong").explain("great great film")
    widget.text = "great boring film"
    widget.answer = {"typed": widget.text, "method": "attention", "explanation": computed.to_dict()}
    assert isinstance(widget.explanation, Explanation)
    assert widget.explanation.text == "great great film", "a word was changed in the page"
    assert widget.scores == pytest.approx(computed.scores)


def test_a_text_that_no_page_has_answered_is_explained_here(widget) -> None:
    assert widget.explanation.to_dict() == attnviz.load("luong").explain(TEXT).to_dict()
    widget.text, widget.method = "boring", "occlusion"
    assert (widget.explanation.text, widget.explanation.method) == ("boring", "occlusion")


def test_a_forged_answer_is_refused(widget) -> None:
    widget.answer = {"typed": TEXT, "method": "attention", "explanation": {"text": 3}}
    with pytest.raises(SettingError, match="explanation"):
        _ = widget.explanation


def test_a_cell_shows_the_widget_where_it_shows_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    explainer = attnviz.load("luong")
    explanation = explainer.explain(TEXT)
    assert explanation._repr_mimebundle_() == {}, "this is no notebook"
    monkeypatch.setattr(notebook_display, "_is_notebook", lambda: True)
    (data, _) = explanation._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert explainer.explain(TEXT, method="gradient")._repr_mimebundle_() == {}, "a page computes no gradients"
    assert explainer.explain(TEXT, target="negative")._repr_mimebundle_() == {}, "a page explains the other label"


def test_without_anywidget_a_cell_shows_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook_display, "_is_notebook", lambda: True)
    monkeypatch.setattr(notebook_display, "find_spec", lambda name: None)
    explanation = attnviz.load("luong").explain(TEXT)
    assert explanation._repr_mimebundle_() == {}
    with pytest.raises(SettingError, match=r"pip install attnviz\[extras\]"):
        explanation.widget()


def test_a_terminal_is_no_notebook() -> None:
    assert not notebook_display._is_notebook()
    assert "IPython" not in sys.modules or not hasattr(sys.modules["IPython"].get_ipython(), "kernel")
