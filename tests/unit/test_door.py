"""What comes from a browser is a whole question, or refused with the reason."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.lab.controls import read_settings
from attnviz.text.edits import MAX_EDITS, TokenEdit, build_edited_text
from attnviz.ui import door
from attnviz.ui.door import EditorAsk, LabAsk, MarksAsk, SoftmaxAsk, read_ask, read_text

NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 2**53, 1e308, math.nan, math.inf])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["text", "steps", "at", "session", "values", "seq", "repeat", "settled", "temperature", "word", "marked", "of"]
)
QUESTIONS = JSON | st.dictionaries(NAMES, JSON)
DEEP: Any = json.loads("[" * 500 + "]" * 500)
KINDS = (EditorAsk, LabAsk, MarksAsk, SoftmaxAsk)


def read(kind: type, asked: Any) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "st", SimpleNamespace(session_state={"part": {"ask": asked}}))
        return read_ask("part", kind)


@given(QUESTIONS)
@example("x")
@example({"text": "kept", "steps": [[0, 1, ""]], "at": math.nan})
@example({"values": {"n": 10**400, "seed": math.nan, "task": "x" * 10**6}, "seq": 1})
@example({"values": {"n": math.inf, "seed": 2**53, "noise": "9" * 99, "task": "xor"}, "seq": 1})
@example({"temperature": math.nan, "seq": 1})
@example({"temperature": math.inf, "seq": 1})
def test_any_json_is_a_question_that_can_be_answered_or_refused(asked: Any) -> None:
    for kind in KINDS:
        try:
            found = read(kind, asked)
        except SettingError:
            continue  # told in words
        assert found is None if asked is None else type(found) is kind
        if isinstance(found, LabAsk):
            read_settings(found.values)
        if isinstance(found, SoftmaxAsk):
            assert 0 < found.temperature <= 1000
        if isinstance(found, EditorAsk):
            build_edited_text(found.text, found.steps)


def test_what_the_pages_send_is_read_whole() -> None:
    asked = {
        "text": "a \ud800 film",
        "steps": [[0, 1, ""], [2, 7, None], [9, 13, "two words"]],
        "at": 2,
        "session": "ab",
    }
    steps = (TokenEdit(0, 1, ""), TokenEdit(2, 7, None), TokenEdit(9, 13, "two words"))
    assert read(EditorAsk, asked) == EditorAsk("a \ud800 film", steps, 2, "ab")
    asked = {"values": {"task": "xor", "n": 500, "noise": 0.1}, "seq": 3, "repeat": True, "settled": False}
    assert read(LabAsk, asked) == LabAsk({"task": "xor", "n": 500, "noise": 0.1}, 3, True)
    assert read(SoftmaxAsk, {"temperature": 1, "word": None, "settled": True, "seq": 0}) == SoftmaxAsk(
        1.0, 0, None, True
    )
    assert [read(kind, None) for kind in KINDS] == [None] * len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked", ["x", {"text": DEEP}, {"values": {"n": DEEP}, "seq": 1}, DEEP])
def test_deep_nesting_is_refused_like_anything_else(kind: type, asked: Any) -> None:
    with pytest.raises(SettingError, match="This is no question of this page: "):
        read(kind, asked)


TOO_MANY = [[0, 1, ""]] * (MAX_EDITS + 1)


@pytest.mark.parametrize(
    "steps",
    [
        None,
        "text",
        [[-1, 1, ""]],
        [[0, 1]],
        [["0", 1, ""]],
        [[0, 1, 5]],
        [[0, 1, "x" * 201]],
        [[1.0, 2, ""]],
        [[0, True, ""]],
        TOO_MANY,
        DEEP,
    ],
)
def test_a_text_is_kept_although_its_changes_are_refused(steps: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"text": "kept", "steps": steps, "at": 0}
    with pytest.raises(SettingError, match=r"\$\.steps"):
        read(EditorAsk, asked)
    monkeypatch.setattr(door, "st", SimpleNamespace(session_state={"part": {"ask": asked}, "odd": {"ask": "text"}}))
    assert (read_text("part"), read_text("odd")) == ("kept", None)
