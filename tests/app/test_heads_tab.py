"""What the tab 'Attention heads' of the page Reviews says and shows."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.engine.protocol import Operation, ReadAttention
from attnviz.ui.reviews.heads_tab import READING, TOO_SHORT
from attnviz.ui.state import get_engine
from tests.app.visits import TIMEOUT, component_data, join, open_tab, said, settle
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


@pytest.mark.parametrize(("model", "told"), [("transformer", "2 heads"), ("lstm-featurewise", "64 attention weights")])
def test_the_tab_shows_all_weights_of_the_text(model: str, told: str) -> None:
    page = open_heads(model)
    text = page.session_state.review_text
    expected = attnviz.load(model).read_attention(text)
    shown = component_data(page, HEADS)
    plain = shown["heads"]["attention"]
    weights = np.frombuffer(b64decode(plain["weights"]), "<f4").reshape(plain["shape"])
    np.testing.assert_allclose(weights, expected.weights, atol=1e-6)
    assert plain["names"] == list(expected.names)
    assert join(shown["heads"]["text"]) == text
    assert shown["model"] == model
    assert shown["heads"]["above"] == expected.describe()
    assert told in said(page)


def test_the_same_weights_are_not_made_or_sent_again_with_each_run_of_the_page() -> None:
    page = open_heads("transformer")
    before, made = component_data(page, HEADS), page.session_state.heads_shown[2]
    page.run()
    assert component_data(page, HEADS) == before, "the same data have the same time"
    assert page.session_state.heads_shown[2] is made


def test_until_the_new_weights_are_there_none_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_heads("transformer")
    ask, may_answer = get_engine().ask, Event()

    def hold(operation: Operation, **how: Any) -> Any:
        assert not isinstance(operation, ReadAttention) or may_answer.wait(TIMEOUT)
        return ask(operation, **how)

    monkeypatch.setattr(get_engine(), "ask", hold)
    page.button(key="example_Sarcasm").click().run()
    waiting = component_data(page, HEADS)
    assert (waiting["heads"], waiting["model"]) == (None, "transformer")
    assert READING in said(page)
    may_answer.set()
    after = component_data(settle(page), HEADS)
    assert join(after["heads"]["text"]).startswith("Oh great")
    assert after["made"] > waiting["made"]


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
