"""What the tab 'Attention heads' of the page Reviews says and shows."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.engine.protocol import Operation, ReadAttentionRows, SketchAttention
from attnviz.ui.components.attention_heads import AskedMap
from attnviz.ui.reviews.heads_tab import READING, TOO_SHORT
from attnviz.ui.state import get_engine
from attnviz.values.attention import Reduction
from attnviz.values.attention_sketch import AttentionRows, AttentionSketch
from attnviz.values.plain import from_plain, to_plain
from tests.app.visits import TIMEOUT, component_data, join, open_tab, said, send, settle
from tests.conftest import ROOT

HEADS = "attention_heads"


@pytest.fixture(scope="module")
def app_library() -> Path:
    """The networks that ship."""
    return ROOT / "checkpoints"


def open_heads(model: str) -> AppTest:
    return settle(open_tab("Attention heads", model=model))


def shows_maps(page: AppTest) -> bool:
    return any(HEADS in one.proto.component_name for one in page.get("bidi_component"))


def get_heads(page: AppTest) -> dict[str, Any]:
    return component_data(page, HEADS)["heads"]


def ask_for(page: AppTest, how: Reduction, number: int | None = None, model: str = "transformer") -> AppTest:
    """Choose a map as the browser does, which holds the sketch of that number, or else the one of the page."""
    held = get_heads(page)["number"] if number is None else number
    return send(page, HEADS, json.dumps({"asked": to_plain(AskedMap(held, model, how))}))


def make_everything_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the maps of the text were too many to send at once."""
    monkeypatch.setattr("attnviz.ui.components.attention_heads.AT_ONCE", 0)


@pytest.mark.parametrize(("model", "told"), [("transformer", "2 heads"), ("lstm-featurewise", "64 attention weights")])
def test_the_tab_shows_all_weights_of_the_text(model: str, told: str) -> None:
    page = open_heads(model)
    text = page.session_state.review_text
    expected = attnviz.load(model).read_attention(text)
    shown = component_data(page, HEADS)
    sketch = from_plain(AttentionSketch, shown["heads"]["sketch"]["maps"])
    received = np.concatenate([one.received.unpack() for one in sketch.maps])
    np.testing.assert_allclose(received, expected.weights.mean(axis=1), atol=1e-5)
    assert sketch.names == expected.names
    assert join(shown["heads"]["sketch"]["text"]) == text
    assert shown["model"] == model
    assert shown["heads"]["above"] == expected.describe()
    assert told in said(page)
    rows = [from_plain(AttentionRows, one) for one in shown["heads"]["rows"]]
    for one in rows:
        np.testing.assert_allclose(one.weights.unpack(), expected.merge(one.how), atol=1e-5)
    ways = [Reduction(), Reduction(map=0), Reduction(map=1)]
    assert [one.how for one in rows] == (ways if model == "transformer" else [])


def test_the_same_sketch_is_not_made_or_sent_again_with_each_run_of_the_page() -> None:
    page = open_heads("transformer")
    before, made = component_data(page, HEADS), page.session_state.heads_sketch[2]
    page.run()
    assert component_data(page, HEADS) == before, "the same data have the same time"
    assert page.session_state.heads_sketch[2] is made


def test_a_map_that_is_chosen_comes_alone_without_the_sketch(monkeypatch: pytest.MonkeyPatch) -> None:
    make_everything_long(monkeypatch)
    page = open_heads("transformer")
    assert [row["how"] for row in get_heads(page)["rows"]] == [to_plain(Reduction())]
    how = Reduction(map=1, query=2)
    heads = get_heads(settle(ask_for(page, how)))
    assert heads["sketch"] is None
    (rows,) = (from_plain(AttentionRows, one) for one in heads["rows"])
    expected = attnviz.load("transformer").read_attention(page.session_state.review_text)
    assert rows.how == how
    np.testing.assert_allclose(rows.weights.unpack(), expected.weights[1], atol=1e-5)
    np.testing.assert_allclose(rows.scores.unpack()[0], expected.weights[1, 2], atol=1e-5)


def test_a_browser_that_lost_the_sketch_gets_it_again() -> None:
    page = open_heads("transformer")
    assert get_heads(ask_for(page, Reduction(map=1)))["sketch"] is None
    assert get_heads(ask_for(page, Reduction(), number=0))["sketch"] is not None


def test_the_next_text_comes_with_the_head_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    make_everything_long(monkeypatch)
    page = settle(ask_for(open_heads("transformer"), Reduction(map=1, query=2)))
    page.button(key="example_Sarcasm").click().run()
    heads = get_heads(settle(page))
    assert heads["sketch"] is not None
    assert [row["how"] for row in heads["rows"]] == [to_plain(Reduction(map=1))], "but another text has other queries"


@pytest.mark.parametrize("plain", ['{"asked": {"sketch": "x"}}', '{"asked": 7}', '{"asked": null}'])
def test_what_no_browser_of_ours_asks_is_left_aside(plain: str) -> None:
    assert get_heads(send(open_heads("transformer"), HEADS, plain))["sketch"] is not None


def test_a_map_that_there_is_not_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attnviz.ui.reviews.heads_tab.PATIENCE_SECONDS", TIMEOUT)
    page = ask_for(open_heads("transformer"), Reduction(map=7))
    assert "The map must lie between 0 and 1" in page.error[0].value


def test_until_the_new_maps_are_there_none_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_heads("transformer")
    ask, may_answer = get_engine().ask, Event()

    def hold(operation: Operation, **how: Any) -> Any:
        assert not isinstance(operation, SketchAttention) or may_answer.wait(TIMEOUT)
        return ask(operation, **how)

    monkeypatch.setattr(get_engine(), "ask", hold)
    page.button(key="example_Sarcasm").click().run()
    waiting = component_data(page, HEADS)
    assert (waiting["heads"], waiting["model"]) == (None, "transformer")
    assert READING in said(page)
    may_answer.set()
    after = component_data(settle(page), HEADS)
    assert join(after["heads"]["sketch"]["text"]).startswith("Oh great")
    assert after["made"] > waiting["made"]


def test_a_map_that_takes_long_is_looked_for_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    make_everything_long(monkeypatch)
    monkeypatch.setattr("attnviz.ui.reviews.heads_tab.PATIENCE_SECONDS", 0)
    page = open_heads("transformer")
    ask, may_answer = get_engine().ask, Event()

    def hold(operation: Operation, **how: Any) -> Any:
        assert not isinstance(operation, ReadAttentionRows) or may_answer.wait(TIMEOUT)
        return ask(operation, **how)

    monkeypatch.setattr(get_engine(), "ask", hold)
    assert get_heads(ask_for(page, Reduction(map=1)))["rows"] == []
    may_answer.set()
    assert len(get_heads(settle(page))["rows"]) == 1


@pytest.mark.parametrize(
    ("model", "why"), [("luong", "one attention weight a word"), ("bilstm", "This network has no attention.")]
)
def test_a_network_without_several_maps_says_so_and_which_ones_have_them(model: str, why: str) -> None:
    page = open_heads(model)
    assert why in said(page)
    assert "Choose lstm-featurewise or transformer" in said(page)
    assert not shows_maps(page)


@pytest.mark.parametrize("text", ["", "?!", "great"])
def test_a_text_of_less_than_two_words_has_no_map(text: str) -> None:
    page = open_heads("transformer")
    page.session_state.review_text = text
    page.run()
    assert TOO_SHORT in said(settle(page))
    assert not shows_maps(page)
